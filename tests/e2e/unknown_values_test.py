"""A program that needs an output's value, or only passes it on: where its preview ends, and that the rest is right."""

import unittest

from scenarios import Scenario, declare, queue
from support import CHANNEL, QUEUE, RECORDING

TAGS = [{"key": "first", "value": "a"}, {"key": "second", "value": "b"}]


def named(expression):
    """A queue whose name is computed."""
    return f'await AWS.SQS.Queue("x", {{queueName: {expression}}});\n'


def recorded(**props):
    return declare("IVS.RecordingConfiguration", "r", "r",
                   destinationConfiguration={"s3": {"bucketName": "recordings"}}, **props)


class NeededValues(Scenario):
    """Each statement needs a value of q, and declares x with what comes of it."""

    def assert_ends_and_goes_on(self, statements, needed, name, tags=TAGS, line=3):
        """x is not in the plan, waits for q, and gets this name; changing q's tags is then seen by the plan."""
        self.write("app.ts", queue("q", "q", tags=tags, delaySeconds=2) + statements)
        self.plans({"q": "create"}, ends=(line, needed))
        trace = self.happens()
        self.assert_order(trace, "create q", "create q done", "create x", "create x done")
        self.assert_never(trace, "delete", "replace", "update", "note")
        self.assertEqual(self.names(), {"q", name})
        self.assert_settled("q", "x")

    def names(self):
        return {one["QueueName"] for one in self.aws.resources(QUEUE).values()}

    def assert_ends_and_is_destroyed(self, *arguments, **more):
        self.assert_ends_and_goes_on(*arguments, **more)
        self.write("app.ts", queue("q", "q", tags=TAGS, delaySeconds=2))
        self.plans({"x": "delete"})
        self.happens()
        self.assert_settled("q")
        self.assert_destroys()

    def test_split(self):
        self.assert_ends_and_is_destroyed(named('"x-" + q.arn.split(":").at(-1)'), "q.arn", "x-q")

    def test_starts_with(self):
        self.assert_ends_and_is_destroyed(named('q.arn.startsWith("arn:aws:sqs") ? "sqs" : "none"'), "q.arn", "sqs")

    def test_slice(self):
        self.assert_ends_and_is_destroyed(named("q.arn.slice(0, 3)"), "q.arn", "arn")

    def test_replace(self):
        self.assert_ends_and_is_destroyed(named('q.arn.replace(/^.*:/, "y-")'), "q.arn", "y-q")

    def test_a_regular_expression(self):
        self.assert_ends_and_is_destroyed(named('"z-" + /:(\\d+):/.exec(q.arn)[1]'), "q.arn", "z-123456789012")

    def test_a_text_made_from_it(self):
        self.assert_ends_and_is_destroyed(named('`${q.queueName}-x`.toUpperCase()'), "q.queueName", "Q-X")

    def test_a_search_for_it(self):
        self.assert_ends_and_is_destroyed(named('"q,p".includes(q.queueName) ? "in" : "out"'), "q.queueName", "in")

    def test_arithmetic(self):
        self.assert_ends_and_is_destroyed(named('`n${q.delaySeconds + 1}`'), "q.delaySeconds", "n3")

    def test_a_comparison_of_numbers(self):
        self.assert_ends_and_is_destroyed(named('q.delaySeconds > 1 ? "more" : "less"'), "q.delaySeconds", "more")

    def test_math(self):
        self.assert_ends_and_is_destroyed(named('"m" + Math.max(q.delaySeconds, 1)'), "q.delaySeconds", "m2")

    def test_map_of_a_list(self):
        self.assert_ends_and_is_destroyed(named('q.tags.map((tag) => tag.key).join("-")'), "q.tags", "first-second")

    def test_the_length_of_a_list(self):
        self.assert_ends_and_is_destroyed(named('"l" + q.tags.length'), "q.tags", "l2")

    def test_destructuring_a_list(self):
        self.assert_ends_and_is_destroyed("const [{key}] = q.tags;\n" + named("key"), "q.tags", "first")

    def test_destructuring_with_a_rest(self):
        self.assert_ends_and_is_destroyed("const {arn, ...rest} = q;\n" + named('"r-" + rest.queueName'), "q", "r-q")

    def test_spreading_an_object(self):
        self.assert_ends_and_is_destroyed("const copy = {...q.tags[0]};\n" + named("copy.key"), "q.tags[0]", "first")

    def test_spreading_a_list(self):
        self.assert_ends_and_is_destroyed(named('[...q.tags, {key: "c"}].map((tag) => tag.key).join("")'), "q.tags",
                                          "firstsecondc")

    def test_object_keys(self):
        self.assert_ends_and_is_destroyed(named('Object.keys(q.tags[0]).join("-")'), "q.tags[0]", "key-value")

    def test_the_in_operator(self):
        self.assert_ends_and_is_destroyed(named('"tags" in q ? "tagged" : "bare"'), "q", "tagged")

    def test_json_of_a_whole_resource(self):
        self.assert_ends_and_is_destroyed(named("JSON.parse(JSON.stringify(q)).tags[1].key"), "q", "second")

    def test_structured_clone(self):
        self.assert_ends_and_is_destroyed(named("structuredClone(q.tags)[0].key"), "q.tags", "first")

    def test_it_as_a_name_of_a_property(self):
        # The keys of tags are the user's own, here in an IAM policy.
        self.write("app.ts", queue("q", "q") + 'await AWS.IAM.Role("role", {assumeRolePolicyDocument: {Version: '
                   '"2012-10-17", Statement: [{Effect: "Allow", Principal: {AWS: "*"}, Action: "sts:AssumeRole", '
                   'Condition: {StringEquals: {[`${q.queueName}:aud`]: "x"}}}]}});\n')
        self.plans({"q": "create"}, ends=(3, "q.queueName"))
        self.assert_order(self.happens(), "create q done", "create role")
        policy = self.aws.only("AWS::IAM::Role")[1]["AssumeRolePolicyDocument"]
        self.assertEqual(policy["Statement"][0]["Condition"], {"StringEquals": {"q:aud": "x"}})
        self.assert_settled("q", "role")
        self.assert_destroys()

    def test_it_as_the_id_of_a_resource(self):
        self.write("app.ts", queue("q", "q") + 'await AWS.SQS.Queue(q.queueName + "2", {queueName: "x"});\n')
        self.plans({"q": "create"}, ends=(3, "the id of AWS.SQS.Queue"))
        self.assert_order(self.happens(), "create q done", "create q2")
        self.assert_settled("q", "q2")
        self.assert_destroys()

    def test_it_as_an_option(self):
        self.write("app.ts", queue("q", "q", delaySeconds=300) +
                   'await AWS.SQS.Queue("x", {queueName: "x"}, {timeout: q.delaySeconds});\n')
        self.plans({"q": "create"}, ends=(3, "the option timeout"))
        self.assert_order(self.happens(), "create q done", "create x")
        self.assert_settled("q", "x")
        self.assert_destroys()

    def test_a_loop_over_a_list_declares_each_in_turn(self):
        program = (queue("q", "q", tags=TAGS) + "for (const tag of q.tags) {\n" +
                   "await AWS.SQS.Queue(tag.key, {queueName: tag.key});\n" + "}\n")
        self.write("app.ts", program)
        self.plans({"q": "create"}, ends=(3, "q.tags"))
        self.assert_order(self.happens(), "create q done", "create first", "create first done", "create second")
        self.assert_settled("q", "first", "second")
        # The list itself changes: what it will be is known only once q is updated, so nothing else is shown, and what
        # would be deleted is refused.
        self.write("app.ts", program.replace("second", "third"))
        self.plans({"q": "update"}, ends=(3, "q.tags"))
        trace = self.happens(status=1)
        self.assert_order(trace, "update q done", "create third done")
        self.assert_order(trace, "delete second failed: the approved plan did not show that second is to be deleted")
        self.assert_holds("q", "first", "second", "third")
        # Now it is known.
        self.plans({"second": "delete"})
        self.happens()
        self.assert_settled("q", "first", "third")
        self.assert_destroys()

    def test_where_the_value_is_needed_in_a_function_of_another_file_the_plan_names_that_line(self):
        (self.project / "names.ts").write_text("export function last(arn: string): string {\n"
                                               '  return arn.split(":").at(-1)!;\n}\n')
        self.write("app.ts", 'import { last } from "./names.ts";\n' + queue("q", "q") + named('"x" + last(q.arn)'))
        self.assertRegex(self.athanor("plan", "app.ts").out, r"preview ended at names\.ts:2:\d+: .*the value of q\.arn")
        self.happens()
        self.assert_settled("q", "x")
        self.assert_destroys()


class ValuesPassedOn(Scenario):
    """What only passes a value on keeps a reference, so that the plan is whole."""

    def test_a_text_a_json_and_a_destructured_output_are_references(self):
        program = (queue("q", "q") + "const { arn, ...known } = { arn: q.arn };\n"
                   'await AWS.SQS.Queue("x", {queueName: "x", redrivePolicy: '
                   'JSON.stringify({deadLetterTargetArn: arn, maxReceiveCount: 3})});\n'
                   'await AWS.SQS.Queue("y", {queueName: `y-${q.queueName}`});\n')
        self.write("app.ts", program)
        plan = self.plans({"q": "create", "x": "create", "y": "create"})
        self.assertEqual({step["id"]: step["dependsOn"] for step in plan["steps"]}, {"q": [], "x": ["q"], "y": ["q"]})
        trace = self.happens()
        self.assert_order(trace, "create q done", "create x")
        self.assert_order(trace, "create y", "create x done")
        self.assert_never(trace, "note", "update", "replace", "delete")
        self.assert_settled("q", "x", "y")
        self.write("app.ts", program.replace("maxReceiveCount: 3", "maxReceiveCount: 4"))
        self.plans({"x": "update"})
        self.happens()
        self.assert_settled("q", "x", "y")
        self.assert_destroys()

    def test_what_is_read_twice_is_one_value(self):
        self.write("app.ts", queue("q", "q") + 'const names = [...new Set([q.arn, q.Arn, q.arn])];\n'
                   "if (names.length === 1 && q.arn === q.arn) " + queue("one") + "else " + queue("many"))
        self.plans({"q": "create", "one": "create"})
        trace = self.happens()
        self.assert_order(trace, "create one", "create q done")
        self.assert_never(trace, "create many", "delete", "note")
        self.assert_settled("q", "one")
        self.assert_destroys()

    def test_awaits_in_a_loop_do_not_make_one_wait_for_another(self):
        self.write("app.ts", 'for (const id of ["a", "b", "c"]) await AWS.SQS.Queue(id, {queueName: id});\n')
        self.plans({"a": "create", "b": "create", "c": "create"})
        trace = self.happens()
        self.assertEqual(trace[:3], ["create a", "create b", "create c"])
        self.assert_settled("a", "b", "c")
        self.write("app.ts", 'for (const id of ["c", "a"]) await AWS.SQS.Queue(id, {queueName: id});\n')
        self.plans({"b": "delete"})
        self.happens()
        self.assert_settled("a", "c")
        self.assert_destroys()

    def test_a_reference_to_a_property_that_an_update_changes_is_shown_as_a_change(self):
        program = (recorded(tags=[{"key": "k", "value": "one"}]) +
                   'await AWS.IVS.Channel("c", {name: r.tags[0].value, recordingConfigurationArn: r.arn});\n')
        self.write("app.ts", program)
        self.plans({"r": "create", "c": "create"})
        self.happens()
        self.assert_settled("r", "c")
        self.write("app.ts", program.replace("one", "two"))
        self.plans({"r": "update", "c": "update"})
        self.assert_order(self.happens(), "update r done", "update c", "update c done")
        self.assertEqual(self.aws.only(CHANNEL)[1]["Name"], "two")
        self.assert_settled("r", "c")
        self.assert_destroys()

    def test_a_change_from_outside_that_is_put_right_does_not_reach_what_refers_to_it(self):
        self.write("app.ts", recorded(tags=[{"key": "k", "value": "one"}]) +
                   'await AWS.IVS.Channel("c", {name: r.tags[0].value});\n')
        self.happens()
        self.aws.update(RECORDING, self.aws.only(RECORDING)[0],
                        [{"op": "replace", "path": "/Tags/0/Value", "value": "strange"}])
        self.plans({"r": "update"})
        self.assert_never(self.happens(), "update c", "note")
        self.assert_settled("r", "c")
        self.assert_destroys()


if __name__ == "__main__":
    unittest.main()
