"""A saved plan is carried out as it was shown, by itself, or not at all."""

import json
import stat
import unittest

from support import CHANNEL, RECORDING, EndToEnd, recording


class SavedPlan(EndToEnd):
    def save(self, program, *arguments, **options):
        return self.athanor("plan", program, "--out", "app.plan", *arguments, **options)

    def apply(self, *arguments, **options):
        return self.athanor("apply", "app.plan", "--yes", *arguments, **options)

    def refused(self, *words, arguments=()):
        run = self.apply(*arguments, status=1)
        self.assert_says(run, *words)
        return run

    def test_is_carried_out_without_its_program(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r", "r") + 'await AWS.IVS.Channel("c", { name: "live", '
                                                   'recordingConfigurationArn: r.arn });\n')
        self.assert_says(self.save("app.ts"), "2 to create", "athanor apply app.plan")
        self.assertEqual(aws.requests(), [])
        self.write("app.ts", "throw new Error('the program ran');\n")
        self.assert_says(self.apply(), "creating r", "Deployed: 2 created")
        self.assertEqual(aws.only(CHANNEL)[1]["RecordingConfigurationArn"], aws.only(RECORDING)[0])
        self.assertEqual(self.ids("--app", "app"), ["c", "r"])

    def test_is_found_and_aimed_from_any_folder(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r"))
        self.save("app.ts", "--stage", "prod", "--app", "shop")
        self.finish(self.start("apply", str(self.project / "app.plan"), "--yes", prefix=["env", "-C", "/"]))
        self.assertEqual(len(aws.resources(RECORDING)), 1)
        self.assertEqual(self.ids("--app", "shop", "--stage", "prod"), ["r"])

    def test_for_the_aws_that_runs_here_needs_no_flag(self):
        self.write("app.ts", recording("r"))
        self.save("app.ts", "--local")
        self.assert_says(self.apply(), "Deployed: 1 created")
        self.assertEqual(self.ids("--app", "app", "--local"), ["r"])

    def test_is_no_good_a_second_time(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r"))
        self.save("app.ts")
        self.apply()
        before = aws.requests()
        self.refused("deployed or changed since the plan was saved", "plan again: athanor plan ", "app.ts --out FILE")
        self.assert_unchanged_by(aws, before)

    def test_is_refused_after_another_deployment(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r"))
        self.save("app.ts")
        self.write("app.ts", recording("other"))
        self.deploy("app.ts")
        before = aws.requests()
        self.refused("deployed or changed since")
        self.assert_unchanged_by(aws, before)

    def test_is_refused_where_an_interrupted_deployment_has_to_be_finished_first(self):
        aws = self.start_aws(latency=3000)
        self.write("app.ts", recording("r"))
        self.save("app.ts")
        process = self.start_and_wait_for_a_request(aws, "deploy", "app.ts", "--yes")
        process.kill()
        self.finish(process, status=None)
        self.assert_says(self.athanor("plan", "app.ts", "--out", "late.plan", status=1),
                         "interrupted operation is still open", "athanor deploy")
        self.refused("deployed or changed since")
        self.assertEqual(len(aws.resources(RECORDING)), 1)
        self.assertEqual(self.ids("--app", "app"), ["r"])

    def test_is_refused_at_another_target(self):
        self.start_aws()
        self.write("app.ts", recording("r"))
        self.save("app.ts")
        other = self.start_aws(data="other")
        self.refused("the plan was made for local:", "aimed at local:", "--endpoint")
        self.assertEqual(other.requests(), [])

    def test_is_not_saved_where_the_preview_ended_early(self):
        self.start_aws()
        self.write("app.ts", recording("r", "r") + 'console.log(r.arn.split("/"));\n')
        run = self.save("app.ts", status=1)
        self.assert_says(run, "cannot be saved", "needs the value of r.arn", r"app\.ts:3:")
        self.assertFalse((self.project / "app.plan").exists())

    def test_is_read_by_nobody_without_its_key(self):
        self.start_aws()
        self.write("app.ts", recording("r", bucket="a-name-that-nobody-sees"))
        self.save("app.ts")
        file = self.project / "app.plan"
        self.assertNotIn(b"a-name-that-nobody-sees", file.read_bytes())
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        key = self.project / ".athanor/key"
        key.rename(self.folder / "key")
        self.refused("cannot be opened", "key")
        self.environment["ATHANOR_PASSWORD"] = "another"
        self.refused("cannot be opened")
        del self.environment["ATHANOR_PASSWORD"]
        (self.folder / "key").rename(key)
        self.apply()

    def test_that_is_damaged_missing_or_something_else_is_refused(self):
        self.start_aws()
        self.write("app.ts", recording("r"))
        self.save("app.ts")
        file = self.project / "app.plan"
        whole = file.read_bytes()
        line, _, sealed = whole.partition(b"\n")
        heading = json.loads(line)
        self.assertEqual((heading["heading"]["app"], heading["heading"]["stage"]), ("app", "tester"))
        for damaged in [whole[:-1], whole[:-1] + bytes([whole[-1] ^ 1]), line + b"\n",
                        line.replace(b'"tester"', b'"prod"') + b"\n" + sealed]:
            file.write_bytes(damaged)
            self.refused("cannot be opened", "damaged")
        file.write_bytes(json.dumps({**heading, "format": 99}).encode() + b"\n" + sealed)
        self.refused("another version", "athanor plan PROGRAM --out FILE")
        file.write_text("resources: []\n")
        self.refused("is no plan")
        file.unlink()
        self.refused("there is no plan")

    def test_asks_before_it_is_carried_out(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r"))
        self.save("app.ts")
        self.assert_says(self.athanor("apply", "app.plan", status=1), "apply asks before", "--yes")
        self.assertEqual(aws.requests(), [])

    def test_tells_programs_what_it_tells_people(self):
        self.start_aws()
        self.write("app.ts", recording("r"))
        saved = json.loads(self.save("app.ts", "--json").out)
        events = [json.loads(line) for line in self.apply("--json").out.splitlines()]
        self.assertEqual(events[0]["plan"]["steps"], saved["steps"])
        self.assertEqual(events[-1]["done"]["create"], 1)
        error = json.loads(self.apply("--json", status=1).out.splitlines()[-1])
        self.assertEqual(error["error"]["code"], "refused")

    def test_does_what_was_selected_and_overridden_when_it_was_made(self):
        aws = self.start_aws()
        declared = ('await AWS.SQS.Queue("kept", { queueName: "kept" }, { protect: true });\n'
                    'await AWS.SQS.Queue("other", { queueName: "other" });\n')
        self.write("app.ts", declared)
        self.deploy("app.ts")
        self.write("app.ts", "")
        self.assert_says(self.save("app.ts", status=1), "kept is protected")
        self.assert_says(self.save("app.ts", "--override-protect", "kept", "--target", "kept"),
                         "1 to delete, 1 not selected")
        self.apply()
        self.assertEqual([one["QueueName"] for one in aws.resources("AWS::SQS::Queue").values()], ["other"])


if __name__ == "__main__":
    unittest.main()
