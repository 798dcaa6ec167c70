"""What a deployment may do that its plan did not show, and what it refuses."""

import unittest

from scenarios import Scenario, queue
from support import QUEUE


def gate(then, otherwise=""):
    """The preview cannot know the first, and takes it for false."""
    return queue("q", "q") + 'if (q.queueName === "q") {\n' + then + "} else {\n" + otherwise + "}\n"


class Unplanned(Scenario):
    def test_a_deletion_that_the_plan_did_not_show_is_refused_without_allow_unplanned(self):
        self.write("app.ts", queue("old") + queue("q"))
        self.happens()
        self.write("app.ts", 'const n = await AWS.SQS.Queue("n", {queueName: "n"});\n'
                   'if (n.arn.endsWith("x")) ' + queue("old") + queue("q"))
        self.plans({"n": "create"}, ends=(3, "n.arn"))
        trace = self.happens(status=1)
        self.assert_order(trace, "create n done",
                          "delete old failed: the approved plan did not show that old is to be deleted")
        self.assert_holds("n", "old", "q")
        self.plans({"old": "delete"})
        self.write("app.ts", 'const m = await AWS.SQS.Queue("m", {queueName: "m"});\n'
                   'if (m.arn.endsWith("x")) ' + queue("old") + queue("q"))
        self.assert_order(self.happens("--allow-unplanned"), "create m done", "delete n done")
        self.assert_settled("m", "q")
        self.assert_destroys()

    def test_a_replacement_that_the_plan_did_not_show_is_refused_without_allow_unplanned(self):
        self.write("app.ts", queue("old"))
        self.happens()
        before = self.aws.only(QUEUE)[0]
        self.write("app.ts", 'const n = await AWS.SQS.Queue("n", {queueName: "n"});\n'
                   'await AWS.SQS.Queue("old", {queueName: n.arn.split(":").at(-1) + "ew"});\n')
        self.plans({"n": "create"}, ends=(3, "n.arn"))
        trace = self.happens(status=1)
        self.assert_order(trace, "create n done",
                          "replace old failed: the approved plan did not show that old is to be replaced")
        self.assertIn(before, self.aws.resources(QUEUE))
        self.plans({"old": "replace"})
        self.write("app.ts", 'const n = await AWS.SQS.Queue("n", {queueName: "n", delaySeconds: 3});\n'
                   'await AWS.SQS.Queue("old", {queueName: `${n.delaySeconds}`.padStart(3, "x")});\n')
        self.plans({"n": "update"}, ends=(3, "n.delaySeconds"))
        self.assert_order(self.happens("--allow-unplanned"), "update n done", "replace old done")
        self.assertNotIn(before, self.aws.resources(QUEUE))
        self.assert_settled("n", "old")
        self.assert_destroys()

    def test_an_agreed_replacement_is_no_agreement_to_a_deletion(self):
        self.write("app.ts", queue("old"))
        self.happens()
        self.write("app.ts", gate("", 'await AWS.SQS.Queue("old", {queueName: "new"});\n'))
        self.plans({"q": "create", "old": "replace"})
        trace = self.happens(status=1)
        self.assert_order(trace, "create q done",
                          "delete old failed: the approved plan did not show that old is to be deleted")
        self.assert_never(trace, "replace old")
        self.assert_holds("q", "old")
        self.plans({"old": "delete"})
        self.happens()
        self.assert_settled("q")
        self.assert_destroys()

    def test_what_the_plan_shows_as_deleted_and_the_program_declares_stays(self):
        self.write("app.ts", queue("old"))
        self.happens()
        identifier = self.aws.only(QUEUE)[0]
        self.write("app.ts", gate(queue("old")))
        self.plans({"q": "create", "old": "delete"})
        trace = self.happens()
        self.assert_order(trace, "create q done", "note old stays: the plan showed its deletion")
        self.assert_never(trace, "delete")
        self.assertIn(identifier, self.aws.resources(QUEUE))
        self.assert_settled("q", "old")
        self.assert_destroys()

    def test_an_update_after_an_unknown_waits_for_the_program_and_one_before_it_does_not(self):
        self.write("app.ts", queue("before") + queue("after"))
        self.happens()
        self.write("app.ts", queue("before", delaySeconds=1) + queue("q", "q") + 'console.log("q is there");\n' +
                   queue("after", delaySeconds=1))
        self.plans({"before": "update", "q": "create", "after": "update"})
        trace = self.happens()
        self.assert_order(trace, "update before", "create q done", "says q is there", "update after")
        self.assert_settled("before", "q", "after")
        self.assert_destroys()

    def test_what_waits_ahead_for_something_that_is_then_not_declared_does_not_wait_for_ever(self):
        self.write("app.ts", queue("u"))
        self.happens()
        self.write("app.ts", queue("q", "q") + "let options = {};\n" + 'if (q.queueName !== "q") {\n' +
                   queue("u", delaySeconds=2) + 'options = {dependsOn: ["u"]};\n' + "}\n" +
                   'await AWS.SQS.Queue("x", {queueName: "x"}, options);\n')
        self.plans({"u": "update", "q": "create", "x": "create"})
        trace = self.happens(status=1)
        self.assert_order(trace, "create q done", "create x done",
                          "delete u failed: the approved plan did not show that u is to be deleted")
        self.assert_never(trace, "update u")
        self.assert_holds("q", "u", "x")
        self.plans({"u": "delete"})
        self.happens()
        self.assert_settled("q", "x")
        self.assert_destroys()

    def test_an_update_that_turns_out_to_be_none_is_not_done(self):
        self.write("app.ts", queue("x", delaySeconds=1))
        self.happens()
        self.write("app.ts", queue("q", "q") +
                   'await AWS.SQS.Queue("x", {queueName: "x", delaySeconds: q.queueName === "q" ? 1 : 2});\n')
        self.plans({"q": "create", "x": "update"})
        self.assert_never(self.happens(), "update x")
        self.assert_settled("q", "x")
        self.assert_destroys()

    def test_an_update_that_the_plan_did_not_show_is_done(self):
        self.write("app.ts", queue("x", delaySeconds=1))
        self.happens()
        self.write("app.ts", queue("q", "q") + 'await AWS.SQS.Queue("x", {queueName: "x", '
                   'delaySeconds: q.queueName === "q" ? 2 : 1});\n')
        self.plans({"q": "create"})
        self.assert_order(self.happens(), "create q done", "update x", "update x done")
        self.assert_settled("q", "x")
        self.assert_destroys()

    def test_a_program_that_throws_deletes_nothing_and_the_next_run_tidies_up(self):
        self.write("app.ts", queue("old"))
        self.happens()
        self.write("app.ts", 'import { previewing } from "athanor";\n' + gate("", queue("ahead")) +
                   'if (!previewing) throw new Error("half way");\n' + queue("never"))
        self.plans({"q": "create", "ahead": "create", "never": "create", "old": "delete"})
        trace = self.happens(status=1)
        self.assert_never(trace, "delete")
        self.assert_holds("old", "q", "ahead", "never")
        self.write("app.ts", queue("q"))
        self.plans({"old": "delete", "ahead": "delete", "never": "delete"})
        self.happens()
        self.assert_settled("q")
        self.assert_destroys()

    def test_a_program_that_throws_before_it_reads_an_unknown_deploys_nothing(self):
        self.write("app.ts", queue("q", "q") + 'throw new Error("not today");\n')
        self.assert_says(self.athanor("plan", "app.ts", status=1), "not today")
        self.deploy("app.ts", status=1)
        self.assertEqual(self.aws.requests(), [])

    def test_a_program_that_throws_over_an_unknown_ends_the_preview_and_is_deployed(self):
        self.write("app.ts", queue("q", "q") + 'if (q.queueName !== "q") throw new Error("not the queue");\n' + queue("x"))
        plan = self.plan("app.ts")
        self.assertEqual(plan["endedEarly"]["source"]["line"], 3)
        self.assertEqual(plan["endedEarly"]["reason"], 'the program ended with "not the queue", after it had been '
                         "handed values that are not known yet")
        self.assert_says(self.athanor("plan", "app.ts"), "The preview ended at app.ts:3:", "decided during the deployment")
        self.assert_order(self.happens(), "create q done", "create x done")
        self.assert_settled("q", "x")
        self.assert_destroys()

    def test_a_program_that_throws_over_an_unknown_and_then_again_deletes_nothing(self):
        self.write("app.ts", queue("old"))
        self.happens()
        self.write("app.ts", queue("q", "q") + 'if (q.arn !== "") throw new Error("never mind");\n')
        run = self.deploy("app.ts", status=1)
        self.assert_says(run, "never mind")
        self.assert_holds("old", "q")
        # Now nothing is unknown: it throws in the preview, and nothing is deployed.
        self.assert_says(self.athanor("plan", "app.ts", status=1), "never mind")

    def test_what_only_the_preview_declares_is_never_deleted_for_that(self):
        self.write("app.ts", queue("x"))
        self.happens()
        self.write("app.ts", 'import { previewing } from "athanor";\nif (previewing) ' + queue("x", delaySeconds=1))
        self.plans({"x": "update"})
        trace = self.happens(status=1)
        self.assert_order(trace, "delete x failed: the approved plan did not show that x is to be deleted")
        self.assert_holds("x")


if __name__ == "__main__":
    unittest.main()
