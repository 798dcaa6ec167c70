"""What others change, with the AWS CLI and behind Athanor's back, is told, repaired or accepted."""

import json
import subprocess
import unittest

from support import CHANNEL, RECORDING, EndToEnd, recording

PROGRAM = recording("r", "r", tags={"team": "video"}) + \
    'await AWS.IVS.Channel("c", {name: "live", recordingConfigurationArn: r.arn});\n'


class Drift(EndToEnd):
    def setUp(self):
        super().setUp()
        self.aws = self.start_aws()
        self.write("app.ts", PROGRAM)
        self.deploy("app.ts")

    def cli(self, *arguments):
        """Debian's AWS CLI; it is from before AWS_ENDPOINT_URL."""
        done = subprocess.run(["/usr/bin/aws", "--endpoint-url", self.environment["AWS_ENDPOINT_URL"], "cloudcontrol",
                               *arguments, "--output", "json"],
                              env=self.environment, text=True, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.aws.finish(json.loads(done.stdout)["ProgressEvent"])

    def change(self, type, path, value):
        identifier, _ = self.aws.only(type)
        self.cli("update-resource", "--type-name", type, "--identifier", identifier, "--patch-document",
                 json.dumps([{"op": "replace", "path": path, "value": value}]))

    def remove(self, type):
        identifier, _ = self.aws.only(type)
        self.cli("delete-resource", "--type-name", type, "--identifier", identifier)

    def drift(self, *arguments, **options):
        """The report as documented, by id."""
        report = json.loads(self.athanor("drift", "app.ts", "--json", *arguments, **options).out)
        return {one["id"]: one for one in report["resources"]}

    def states(self, *arguments):
        return {id: one["state"] for id, one in self.drift(*arguments).items()}

    def test_there_is_none_after_a_deployment(self):
        self.assertEqual(self.states(), {"r": "inSync", "c": "inSync"})
        self.assert_says(self.athanor("drift", "app.ts"), "No drift: 2 resources are as recorded")

    def test_what_changed_is_told_from_recorded_to_live_and_what_is_gone(self):
        self.change(RECORDING, "/Tags", [{"Key": "team", "Value": "sport"}])
        self.remove(CHANNEL)
        found = self.drift()
        self.assertEqual({id: one["state"] for id, one in found.items()}, {"r": "changed", "c": "gone"})
        self.assertEqual(found["r"]["changes"], [{"path": "tags", "recorded": [{"key": "team", "value": "video"}],
                                                  "live": [{"key": "team", "value": "sport"}]}])
        self.assert_says(self.athanor("drift", "app.ts"), "video.*→.*sport", "1 changed, 1 gone")

    def test_detailed_exitcode_is_0_in_sync_2_for_drift_1_for_an_error(self):
        self.athanor("drift", "app.ts", "--detailed-exitcode", status=0)
        self.remove(CHANNEL)
        self.athanor("drift", "app.ts", "--detailed-exitcode", status=2)
        self.athanor("drift", "app.ts", status=0)
        self.athanor("drift", "--app", "nothing", "--detailed-exitcode", status=1)

    def test_a_plan_shows_it_and_a_deployment_repairs_it(self):
        self.change(CHANNEL, "/Name", "dead")
        steps = {step["id"]: step for step in self.plan("app.ts")["steps"]}
        self.assertEqual(steps["c"]["action"], "update")
        self.assertEqual(steps["c"]["changes"], [{"path": "name", "old": "dead", "new": "live",
                                                  "drift": True}])
        self.deploy("app.ts")
        self.assertEqual(self.aws.only(CHANNEL)[1]["Name"], "live")
        self.assertEqual(self.states(), {"r": "inSync", "c": "inSync"})

    def test_what_is_gone_is_planned_as_a_create(self):
        self.remove(CHANNEL)
        self.assertEqual(self.actions("app.ts"), {"c": "create"})
        self.deploy("app.ts")
        self.assertEqual(self.states(), {"r": "inSync", "c": "inSync"})

    def test_tags_that_others_set_are_no_drift_and_outlive_a_deployment(self):
        self.change(RECORDING, "/Tags", [{"Key": "team", "Value": "video"}, {"Key": "cost", "Value": "7"}])
        self.assertEqual(self.states(), {"r": "inSync", "c": "inSync"})
        self.assertEqual(self.actions("app.ts"), {})
        self.write("app.ts", PROGRAM.replace("video", "sport"))
        self.deploy("app.ts")
        tags = {tag["Key"]: tag["Value"] for tag in self.aws.only(RECORDING)[1]["Tags"]}
        self.assertEqual(tags, {"team": "sport", "cost": "7"})

    def test_accepting_records_it_so_that_the_program_is_what_differs(self):
        self.change(CHANNEL, "/Name", "dead")
        before = self.aws.requests()
        self.assert_says(self.athanor("drift", "app.ts", "--accept", "--yes"), "Accepted: 1")
        self.assert_unchanged_by(self.aws, before)
        self.assertEqual(self.states(), {"r": "inSync", "c": "inSync"})
        changes = [step["changes"] for step in self.plan("app.ts")["steps"] if step["id"] == "c"][0]
        self.assertEqual([(one["path"], one["old"], one["new"], one.get("drift")) for one in changes],
                         [("name", "dead", "live", None)])
        self.write("app.ts", PROGRAM.replace('"live"', '"dead"'))
        self.assertEqual(self.actions("app.ts"), {})

    def test_accepting_forgets_what_is_gone(self):
        self.remove(CHANNEL)
        self.athanor("drift", "app.ts", "--accept", "--yes")
        self.assertEqual(self.ids("--app", "app"), ["r"])

    def test_accepting_asks_first(self):
        self.remove(CHANNEL)
        self.assert_says(self.athanor("drift", "app.ts", "--accept", status=1), "--yes")
        self.assertEqual(self.ids("--app", "app"), ["c", "r"])
        self.athanor("drift", "app.ts", "--accept", "--json", status=1)
        self.assertEqual(self.ids("--app", "app"), ["c", "r"])

    def test_the_program_need_not_be_there(self):
        (self.project / "app.ts").unlink()
        self.assertEqual(self.states(), {"r": "inSync", "c": "inSync"})


if __name__ == "__main__":
    unittest.main()
