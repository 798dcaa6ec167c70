"""Promises and failures: a program that waits for several at once, or catches what fails."""

import unittest

from scenarios import BUCKET, Scenario, declare, queue


def bucket(id):
    return declare("S3.Bucket", id, bucketName="taken-bucket")


def expression(statement):
    """A declaration without its `await` and `;`."""
    return statement.strip().removeprefix("await ").removesuffix(";")


class Promises(Scenario):
    def test_all_runs_everything_at_once_and_what_comes_after_passes_references_on(self):
        program = (f"const [a, b] = await Promise.all([{expression(queue('a'))}, {expression(queue('b'))}]);\n"
                   'await AWS.SQS.Queue("c", {queueName: `${a.queueName}-${b.queueName}`});\n')
        self.write("app.ts", program)
        plan = self.plans({"a": "create", "b": "create", "c": "create"})
        self.assertEqual(plan["steps"][2]["dependsOn"], ["a", "b"])
        trace = self.happens()
        self.assertEqual(trace[:2], ["create a", "create b"])
        self.assert_order(trace, "create a done", "create c")
        self.assert_order(trace, "create b done", "create c", "create c done")
        self.assert_settled("a", "b", "c")
        self.write("app.ts", program.replace("}-${", "}--${"))
        self.plans({"c": "replace"})
        self.happens()
        self.assert_settled("a", "b", "c")
        self.assert_destroys()

    def test_the_winner_of_a_race_decides_in_the_replay_and_nothing_of_it_stays_wrong(self):
        # The preview lets the first declared win. In the replay b, which is there already, is sooner than a.
        self.write("app.ts", queue("b"))
        self.happens()
        self.write("app.ts", f"const first = await Promise.race([{expression(queue('a'))}, "
                   f"{expression(queue('b'))}]);\n"
                   'if (first.queueName.endsWith("b")) ' + queue("b-won") + "else " + queue("a-won"))
        self.plans({"a": "create"}, ends=(3, "a.queueName"))
        trace = self.happens()
        self.assert_order(trace, "create a", "create b-won")
        self.assert_never(trace, "create a-won", "delete")
        self.assert_holds("a", "b", "b-won")
        self.assert_destroys()

    def test_all_settled_tells_the_program_what_failed_and_the_exit_status_tells_everyone(self):
        identifier = self.aws.create(BUCKET, {"BucketName": "taken-bucket"})
        program = (f"const all = await Promise.allSettled([{expression(queue('q'))}, {expression(bucket('b'))}]);\n"
                   'console.log(all.map((one) => one.status).join(" "));\n'
                   'if (all[1].status === "rejected") ' + queue("instead"))
        self.write("app.ts", program)
        self.plans({"q": "create", "b": "create"})
        trace = self.happens(status=1)
        self.assert_order(trace, "create q", "create b", "create b failed: could not create AWS::S3::Bucket",
                          "says fulfilled rejected", "note instead was not in the plan", "create instead done")
        self.assertEqual(self.ids("--app", "app"), ["instead", "q"])
        # It fails again: what was declared because of that is declared again, and stays.
        self.plans({"b": "create"})
        trace = self.happens(status=1)
        self.assert_order(trace, "create b failed", "note instead stays: the program declares it again")
        self.assert_never(trace, "delete")
        # Once it works, what stood in its place goes, as the plan says.
        self.aws.delete(BUCKET, identifier)
        self.plans({"b": "create"})
        self.assert_order(self.happens(), "create b done", "says fulfilled fulfilled", "delete instead done")
        self.assert_settled("q", "b")
        self.assert_destroys()

    def test_any_goes_on_with_the_first_that_works(self):
        # The preview lets the first declared win, as if it worked.
        identifier = self.aws.create(BUCKET, {"BucketName": "taken-bucket"})
        program = (f"const one = await Promise.any([{expression(bucket('b'))}, {expression(queue('q'))}]);\n"
                   'await AWS.SQS.Queue("x", {queueName: one.queueName ? "queue" : "bucket"});\n')
        self.write("app.ts", program)
        self.plans({"b": "create", "q": "create", "x": "create"})
        trace = self.happens(status=1)
        self.assert_order(trace, "create x", "create q done", "note x was declared otherwise than planned",
                          "replace x done")
        self.assert_order(trace, "create b failed", "replace x done")
        self.assertEqual({one["QueueName"] for one in self.aws.resources("AWS::SQS::Queue").values()}, {"q", "queue"})
        self.aws.delete(BUCKET, identifier)
        self.write("app.ts", program.replace("any", "all").replace("one.queueName", "one[1].queueName"))
        self.plans({"b": "create"})
        self.happens()
        self.assert_settled("b", "q", "x")
        self.assert_destroys()

    def test_what_is_not_awaited_is_deployed_too(self):
        self.write("app.ts", f"{expression(queue('a'))};\n" + queue("b"))
        self.plans({"a": "create", "b": "create"})
        self.happens()
        self.assert_settled("a", "b")
        self.assert_destroys()


class Failures(Scenario):
    def setUp(self):
        super().setUp()
        self.taken = self.aws.create(BUCKET, {"BucketName": "taken-bucket"})
        self.foreign = {(BUCKET, self.taken)}

    def free_the_name(self):
        self.aws.delete(BUCKET, self.taken)
        self.foreign = frozenset()

    def assert_the_fallback_stands_until_the_bucket_works(self, program):
        self.write("app.ts", program)
        self.plans({"q": "create", "b": "create"})
        trace = self.happens(status=1)
        self.assert_order(trace, "create q", "create b failed: could not create AWS::S3::Bucket",
                          "note fallback was not in the plan", "create fallback", "create fallback done")
        self.assert_never(trace, "delete")
        self.assert_holds("fallback", "q")
        plan = self.plans({"b": "create"})
        self.assertEqual([(step["id"], step["action"]) for step in plan["undecided"]], [("fallback", "delete")])
        self.assert_says(self.athanor("plan", "app.ts"), "Decided during the deployment 1", r"\? fallback",
                         "declared it only after b had failed")
        self.assert_says(self.athanor("plan", "app.ts", "--out", "app.plan", status=1), "cannot be saved", "fallback")
        before = self.aws.requests(operation="DELETE")
        trace = self.happens(status=1)
        self.assert_order(trace, "create b failed", "note fallback stays")
        self.assertEqual(self.aws.requests(operation="DELETE"), before)
        self.free_the_name()
        self.assert_order(self.happens(), "create b done", "delete fallback done")
        self.assert_settled("q", "b")
        self.assert_destroys()

    def test_what_is_declared_only_in_a_catch_block_stays_while_it_is_declared(self):
        self.assert_the_fallback_stands_until_the_bucket_works(
            queue("q") + "try {\n" + bucket("b") + "} catch {\n" + queue("fallback") + "}\n")

    def test_what_is_declared_only_in_a_catch_callback_stays_while_it_is_declared(self):
        self.assert_the_fallback_stands_until_the_bucket_works(
            queue("q") + f"await {expression(bucket('b'))}.catch(() => {expression(queue('fallback'))});\n")

    def test_a_caught_failure_leaves_the_rest_as_declared_and_still_ends_in_exit_status_1(self):
        self.write("app.ts", "try {\n" + bucket("b") + "} catch (error) {\n"
                   'console.log("caught", error.code, error.resource);\n' + "}\n" + queue("q"))
        self.plans({"b": "create", "q": "create"})
        trace = self.happens(status=1)
        self.assert_order(trace, "create b failed", "says caught provider b")
        self.assert_order(trace, "create q", "create q done")
        self.assertEqual(self.ids("--app", "app"), ["q"])

    def test_what_depends_on_a_failed_step_is_not_run_and_says_so_and_the_rest_finishes(self):
        self.write("app.ts", f"await {expression(bucket('b'))}.catch(() => 0);\n" +
                   'await AWS.SQS.Queue("x", {queueName: "x"}, {dependsOn: ["b"]}).catch(() => 0);\n' + queue("q"))
        self.plans({"b": "create", "x": "create", "q": "create"})
        trace = self.happens(status=1)
        self.assert_order(trace, "create b failed", "create x failed: not run because b failed")
        self.assert_order(trace, "create q done")
        self.assert_holds("q")
        self.free_the_name()
        self.happens()
        self.assert_settled("b", "x", "q")
        self.assert_destroys()

    def test_what_uses_an_output_of_a_failed_step_is_never_asked_for(self):
        self.write("app.ts", "const b = " + bucket("b") + 'await AWS.SQS.Queue("x", {queueName: b.arn});\n')
        self.plans({"b": "create", "x": "create"})
        self.assert_never(self.happens(status=1), "create x")
        self.assert_holds()

    def test_an_unknown_in_a_try_block_ends_the_preview_past_every_catch_and_finally(self):
        self.write("app.ts", queue("q", "q") + "try {\n" + 'if (q.arn.includes("sqs")) ' + queue("yes") +
                   "} catch {\n" + queue("no") + "} finally {\n" + queue("last") + "}\n")
        self.plans({"q": "create"}, ends=(4, "q.arn"))
        trace = self.happens()
        self.assert_order(trace, "create q done", "create yes done", "create last done")
        self.assert_never(trace, "create no", "delete")
        self.assert_settled("q", "yes", "last")
        self.assert_destroys()

    def test_a_step_that_failed_ahead_but_is_not_declared_is_no_failure(self):
        self.write("app.ts", queue("q", "q") + 'if (q.queueName !== "q") ' + bucket("b"))
        self.plans({"q": "create", "b": "create"})
        self.assert_order(self.happens(), "create b failed", "note b could not be created ahead, but the program did "
                                          "not declare it: nothing is missing")
        self.assert_settled("q")
        self.assert_destroys()

    def test_a_step_that_failed_ahead_is_tried_again_as_the_program_declares_it(self):
        self.write("app.ts", queue("q", "q") +
                   'await AWS.S3.Bucket("b", {bucketName: q.queueName === "q" ? "free-bucket" : "taken-bucket"});\n')
        self.plans({"q": "create", "b": "create"})
        self.assert_order(self.happens(), "create b failed", "note b was declared otherwise than planned",
                          "create b", "create b done")
        self.assert_settled("q", "b")
        self.assert_destroys()


if __name__ == "__main__":
    unittest.main()
