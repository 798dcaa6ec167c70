"""A program that branches on what is not known yet: the plan, what ran ahead, what waited, and how it ends."""

import unittest

from scenarios import Scenario, queue


def branch(condition):
    return queue("q", "q") + f"if ({condition}) {{\n" + queue("yes") + "} else {\n" + queue("no") + "}\n"


class Branches(Scenario):
    def test_if_on_a_part_of_a_text_ends_the_preview_and_the_right_branch_is_deployed(self):
        self.write("app.ts", branch('q.arn.endsWith(":q")'))
        self.plans({"q": "create"}, ends=(3, "q.arn"))
        trace = self.happens()
        self.assert_order(trace, "create q", "create q done", "create yes", "create yes done")
        self.assert_never(trace, "create no", "delete")
        self.assert_settled("q", "yes")
        self.write("app.ts", branch('!q.arn.endsWith(":q")'))
        self.plans({"yes": "delete", "no": "create"})
        self.assert_order(self.happens(), "create no done", "delete yes", "delete yes done")
        self.assert_settled("q", "no")
        self.assert_destroys()

    def assert_the_wrong_branch_is_cleaned_up(self, right, wrong):
        """The preview took the branch of `wrong`: it ran ahead, and goes once the program has ended."""
        self.plans({"q": "create", wrong: "create"})
        trace = self.happens()
        self.assert_order(trace, f"create {wrong}", "create q done", f"create {right}", f"create {right} done",
                          f"delete {wrong}", f"delete {wrong} done")
        self.assert_order(trace, f"note {right} was not in the plan")
        self.assert_order(trace, f"note {wrong} was created ahead, but the program did not declare it: it is deleted")
        self.assert_never(trace, f"delete {right}", "delete q")
        self.assert_settled("q", right)

    def test_strict_equality_is_not_seen_so_the_wrong_branch_is_cleaned_up_and_reported(self):
        self.write("app.ts", branch('q.queueName === "q"'))
        self.assert_the_wrong_branch_is_cleaned_up("yes", "no")
        self.write("app.ts", branch('q.queueName === "other"'))
        self.plans({"no": "create", "yes": "delete"})
        self.happens()
        self.assert_settled("q", "no")
        self.assert_destroys()

    def test_truth_is_not_seen_so_the_wrong_branch_is_cleaned_up_and_reported(self):
        self.write("app.ts", branch("q.kmsMasterKeyId"))
        self.assert_the_wrong_branch_is_cleaned_up("no", "yes")
        self.write("app.ts", branch("!q.kmsMasterKeyId"))
        self.plans({"yes": "create", "no": "delete"})
        self.happens()
        self.assert_settled("q", "yes")
        self.assert_destroys()

    def test_typeof_is_not_seen_so_the_wrong_branch_is_cleaned_up_and_reported(self):
        self.write("app.ts", branch('typeof q.arn === "string"'))
        self.assert_the_wrong_branch_is_cleaned_up("yes", "no")
        self.assert_destroys()

    def test_switch_is_not_seen_so_the_wrong_case_is_cleaned_up_and_reported(self):
        program = (queue("q", "q") + "switch (q.queueName) {\n" + 'case "q":\n' + queue("yes") + "break;\n" +
                   "default:\n" + queue("no") + "}\n")
        self.write("app.ts", program)
        self.assert_the_wrong_branch_is_cleaned_up("yes", "no")
        self.write("app.ts", program.replace('case "q"', 'case "p"'))
        self.plans({"no": "create", "yes": "delete"})
        self.happens()
        self.assert_settled("q", "no")
        self.assert_destroys()

    def test_a_choice_between_values_that_can_be_changed_is_put_right_by_an_update(self):
        program = (queue("q", "q") + 'await AWS.SQS.Queue("x", {queueName: "x", '
                   'delaySeconds: q.queueName === "q" ? 1 : 2});\n')
        self.write("app.ts", program)
        self.plans({"q": "create", "x": "create"})
        trace = self.happens()
        self.assert_order(trace, "create x", "create q done", "note x was declared otherwise than planned",
                          "update x", "update x done")
        self.assertEqual(self.delay_of("x"), 1)
        self.assert_settled("q", "x")
        self.write("app.ts", program.replace('"q" ?', '"p" ?'))
        self.plans({"x": "update"})
        self.happens()
        self.assertEqual(self.delay_of("x"), 2)
        self.assert_settled("q", "x")
        self.assert_destroys()

    def delay_of(self, name):
        return [one["DelaySeconds"] for one in self.aws.resources("AWS::SQS::Queue").values()
                if one["QueueName"] == name][0]

    def test_a_choice_between_values_that_cannot_be_changed_replaces_what_was_created_ahead(self):
        program = queue("q", "q") + 'await AWS.SQS.Queue("x", {queueName: q.queueName === "q" ? "a" : "b"});\n'
        self.write("app.ts", program)
        self.plans({"q": "create", "x": "create"})
        self.assert_order(self.happens(), "create x", "create q done", "note x was declared otherwise than planned",
                          "replace x", "replace x done")
        names = {one["QueueName"] for one in self.aws.resources("AWS::SQS::Queue").values()}
        self.assertEqual(names, {"q", "a"})
        self.assert_settled("q", "x")
        self.write("app.ts", program.replace('"q" ?', '"p" ?'))
        self.plans({"x": "replace"})
        self.happens()
        self.assert_settled("q", "x")
        self.assert_destroys()

    def test_branches_that_give_one_id_to_two_types_leave_the_right_one(self):
        program = (queue("q", "q") + 'if (q.queueName === "q") await AWS.SQS.Queue("x", {queueName: "x"});\n'
                   'else await AWS.SNS.Topic("x", {topicName: "x"});\n')
        self.write("app.ts", program)
        self.plans({"q": "create", "x": "create"})
        self.happens()
        self.assertEqual(len(self.aws.resources("AWS::SQS::Queue")), 2)
        self.assert_settled("q", "x")
        self.write("app.ts", program.replace("===", "!=="))
        self.plans({"x": "replace"})
        self.happens()
        self.assertEqual(len(self.aws.resources("AWS::SNS::Topic")), 1)
        self.assert_settled("q", "x")
        self.assert_destroys()

    def test_a_default_for_an_output_that_does_not_come_waits_for_the_program(self):
        program = queue("q", "q") + 'await AWS.SQS.Queue("x", {queueName: q.kmsMasterKeyId ?? "plain"});\n'
        self.write("app.ts", program)
        self.plans({"q": "create", "x": "create"})
        trace = self.happens()
        self.assert_order(trace, "create q done", "create x", "create x done")
        self.assert_never(trace, "replace", "update", "delete")
        self.assert_settled("q", "x")
        self.write("app.ts", program.replace("plain", "other"))
        self.plans({"x": "replace"})
        self.happens()
        self.assert_settled("q", "x")
        self.assert_destroys()

    def test_a_default_of_another_type_under_one_id_deploys_what_the_program_declares(self):
        self.write("app.ts", queue("q", "q") + 'if (q.kmsMasterKeyId) '
                   'await AWS.SNS.Topic("x", {topicName: "x", kmsMasterKeyId: q.kmsMasterKeyId});\n'
                   'else await AWS.SQS.Queue("x", {queueName: "x"});\n')
        self.plans({"q": "create", "x": "create"})
        self.assert_never(self.happens(), "delete", "replace")
        self.assertEqual(len(self.aws.resources("AWS::SQS::Queue")), 2)
        self.assert_settled("q", "x")
        self.assert_destroys()

    def test_optional_chaining_passes_on_what_is_not_known_yet(self):
        program = (queue("q", "q", tags=[{"key": "k", "value": "first"}]) +
                   'await AWS.SQS.Queue("x", {queueName: q.tags?.[0]?.value});\n')
        self.write("app.ts", program)
        self.plans({"q": "create", "x": "create"})
        trace = self.happens()
        self.assert_order(trace, "create q done", "create x")
        self.assert_settled("q", "x")
        self.write("app.ts", program.replace("first", "second"))
        self.plans({"q": "update", "x": "replace"})
        self.happens()
        self.assert_settled("q", "x")
        self.assert_destroys()

    def test_optional_chaining_to_a_method_ends_the_preview(self):
        self.write("app.ts", queue("q", "q") + 'if (q.arn?.includes(":q")) {\n' + queue("yes") + "}\n")
        self.plans({"q": "create"}, ends=(3, "q.arn"))
        self.assert_order(self.happens(), "create q done", "create yes")
        self.assert_settled("q", "yes")
        self.assert_destroys()


if __name__ == "__main__":
    unittest.main()
