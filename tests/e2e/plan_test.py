"""A plan shows what a deployment would do, to people and to programs."""

import unittest

from support import CHANNEL, RECORDING, EndToEnd, recording


class Plan(EndToEnd):
    def test_json_has_the_documented_shape_and_nothing_else_is_on_stdout(self):
        self.start_aws()
        self.write("app.ts", 'console.log("not on stdout");\n' + recording("r", "r") +
                   'await AWS.IVS.Channel("c", {recordingConfigurationArn: r.arn});\n')
        plan = self.plan("app.ts", "--stage", "dev")
        self.assertEqual((plan["format"], plan["app"], plan["stage"]), (1, "app", "dev"))
        self.assertIsInstance(plan["target"], dict)
        self.assertIsInstance(plan["summary"], dict)
        self.assertEqual(plan["summary"]["create"], 2)
        steps = {step["id"]: step for step in plan["steps"]}
        self.assertEqual({id: step["type"] for id, step in steps.items()}, {"r": RECORDING, "c": CHANNEL})
        for step in steps.values():
            self.assertLessEqual({"id", "type", "action", "reasons", "changes", "dependsOn", "source"}, step.keys())
            self.assertEqual(step["action"], "create")
        self.assertEqual(steps["c"]["dependsOn"], ["r"])
        self.assertEqual(steps["r"]["source"]["line"], 3)
        self.assertRegex(steps["r"]["source"]["file"], r"app\.ts$")

    def test_every_action_has_its_name(self):
        self.start_aws()
        self.write("app.ts", recording("kept") + recording("updated", tags={"a": "1"}) + recording("replaced")
                   + recording("deleted"))
        self.deploy("app.ts")
        self.write("app.ts", recording("kept") + recording("updated", tags={"a": "2"})
                   + recording("replaced", window=60) + recording("created"))
        plan = self.plan("app.ts")
        self.assertEqual({step["id"]: step["action"] for step in plan["steps"]},
                         {"kept": "keep", "updated": "update", "replaced": "replace", "created": "create",
                          "deleted": "delete"})
        summary = plan["summary"]
        self.assertEqual([summary[name] for name in ("create", "update", "replace", "delete", "keep")], [1] * 5)

    def test_detailed_exitcode_is_0_for_nothing_2_for_changes_1_for_an_error(self):
        self.start_aws()
        self.write("app.ts", recording("r"))
        self.athanor("plan", "app.ts", "--detailed-exitcode", status=2)
        self.deploy("app.ts")
        self.athanor("plan", "app.ts", "--detailed-exitcode", status=0)
        self.write("app.ts", "throw new Error('no');\n")
        self.athanor("plan", "app.ts", "--detailed-exitcode", status=1)

    def test_a_plan_changes_nothing(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r"))
        self.athanor("plan", "app.ts")
        self.assertEqual(aws.requests(), [])
        self.assertEqual(aws.resources(RECORDING), {})

    def test_without_reading_live_state_the_plan_says_what_was_not_checked(self):
        self.start_aws()
        self.write("app.ts", recording("r"))
        self.deploy("app.ts")
        self.assert_says(self.athanor("plan", "app.ts", "--no-refresh"), "not (been )?(checked|read)")

    def test_the_text_shows_each_changed_property_from_old_to_new_and_a_summary(self):
        self.start_aws()
        self.write("app.ts", recording("r", tags={"a": "first"}))
        self.deploy("app.ts")
        self.write("app.ts", recording("r", tags={"a": "second"}))
        run = self.athanor("plan", "app.ts")
        self.assert_says(run, "tags", "first.*(→|->).*second", "1 (to )?update")
        self.assertNotIn("\x1b[", run.out, "no colour off a terminal")


if __name__ == "__main__":
    unittest.main()
