"""Destroying takes down what state knows, in order, and tells the truth about what is left."""

import unittest

from support import CHANNEL, RECORDING, EndToEnd, recording


class Destroy(EndToEnd):
    def test_works_without_the_program(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r"))
        self.deploy("app.ts")
        (self.project / "app.ts").unlink()
        self.athanor("destroy", "--app", "app", "--yes")
        self.assertEqual(aws.resources(RECORDING), {})

    def test_works_with_a_program_that_no_longer_runs(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r"))
        self.deploy("app.ts")
        self.write("app.ts", "this is not a program\n")
        self.athanor("destroy", "app.ts", "--yes")
        self.assertEqual(aws.resources(RECORDING), {})

    def test_deletes_independent_resources_at_the_same_time(self):
        aws = self.start_aws(latency=500)
        self.write("app.ts", "".join(recording(f"r{n}") for n in range(4)))
        self.deploy("app.ts")
        self.athanor("destroy", "app.ts", "--yes")
        asked = [one["EventTime"] for one in aws.requests(operation="DELETE")]
        self.assertEqual(len(asked), 4)
        self.assertLess((max(asked) - min(asked)).total_seconds(), 0.5, "the last began before the first had ended")

    def test_exits_1_and_keeps_in_state_what_could_not_be_deleted(self):
        aws = self.start_aws()
        self.write("app.ts", recording("used", name="used") + recording("free", name="free"))
        self.deploy("app.ts")
        used = next(id for id, one in aws.resources(RECORDING).items() if one["Name"] == "used")
        channel = aws.create(CHANNEL, {"RecordingConfigurationArn": used})
        run = self.athanor("destroy", "app.ts", "--yes", status=1)
        self.assert_says(run, "used")
        self.assertEqual(list(aws.resources(RECORDING)), [used])
        self.assertEqual(self.ids("--app", "app"), ["used"])
        aws.delete(CHANNEL, channel)
        self.athanor("destroy", "app.ts", "--yes")
        self.assertEqual(aws.resources(RECORDING), {})

    def test_what_is_gone_already_is_no_failure(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r"))
        self.deploy("app.ts")
        aws.delete(RECORDING, aws.only(RECORDING)[0])
        self.athanor("destroy", "app.ts", "--yes")
        self.assertEqual(self.ids("--app", "app"), [])

    def test_of_nothing_succeeds_and_says_so(self):
        self.start_aws()
        run = self.athanor("destroy", "--app", "nothing", "--yes")
        self.assert_says(run, "nothing")

    def test_off_a_terminal_does_nothing_without_yes(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r"))
        self.deploy("app.ts")
        self.assert_says(self.athanor("destroy", "app.ts", status=1), "--yes")
        self.assertEqual(len(aws.resources(RECORDING)), 1)


if __name__ == "__main__":
    unittest.main()
