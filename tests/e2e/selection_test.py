"""Of a plan, only what was asked for is done."""

import unittest

from support import CHANNEL, QUEUE, RECORDING, EndToEnd, recording

PROGRAM = (recording("recording", "recording")
           + 'await AWS.IVS.Channel("channel", { name: "live", recordingConfigurationArn: recording.arn });\n'
           + 'await AWS.SQS.Queue("queue", { queueName: "jobs" });\n')


class Selection(EndToEnd):
    def test_a_target_is_deployed_with_what_it_needs(self):
        aws = self.start_aws()
        self.write("app.ts", PROGRAM)
        self.assertEqual(self.actions("app.ts", "--target", "channel"), {"recording": "create", "channel": "create"})
        self.assertEqual(self.plan("app.ts", "--target", "channel")["unselected"], ["queue"])
        self.assert_says(self.athanor("plan", "app.ts", "--target", "channel"), "Plan: 2 to create, 1 not selected")
        self.assert_says(self.deploy("app.ts", "--target", "channel"), "2 created, 1 not selected")
        self.assertEqual(self.ids("--app", "app"), ["channel", "recording"])
        self.assertEqual(aws.resources(QUEUE), {})

    def test_targets_may_be_several(self):
        self.start_aws()
        self.write("app.ts", PROGRAM)
        self.deploy("app.ts", "--target", "recording", "--target", "queue")
        self.assertEqual(self.ids("--app", "app"), ["queue", "recording"])

    def test_a_flag_takes_one_id_so_that_the_program_may_follow(self):
        self.start_aws()
        self.write("app.ts", PROGRAM)
        self.athanor("deploy", "--yes", "--target", "queue", "app.ts")
        self.assertEqual(self.ids("--app", "app"), ["queue"])

    def test_what_is_excluded_waits_with_what_needs_it(self):
        aws = self.start_aws()
        self.write("app.ts", PROGRAM)
        self.deploy("app.ts", "--exclude", "recording")
        self.assertEqual(self.ids("--app", "app"), ["queue"])
        self.assertEqual(aws.resources(CHANNEL), {})

    def test_a_deletion_that_was_not_selected_is_not_done(self):
        aws = self.start_aws()
        self.write("app.ts", PROGRAM)
        self.deploy("app.ts")
        self.write("app.ts", "")
        self.assert_says(self.deploy("app.ts", "--target", "queue"), "1 deleted", "2 not selected")
        self.assertEqual(self.ids("--app", "app"), ["channel", "recording"])
        self.assertEqual(len(aws.resources(RECORDING)), 1)

    def test_nothing_to_do_says_what_was_left_out(self):
        self.start_aws()
        self.write("app.ts", PROGRAM)
        self.deploy("app.ts", "--target", "queue")
        self.assert_says(self.deploy("app.ts", "--target", "queue"), "nothing to do", "2 changes not selected")

    def test_destroy_takes_down_a_target_with_what_needs_it(self):
        self.start_aws()
        self.write("app.ts", PROGRAM)
        self.deploy("app.ts")
        self.assert_says(self.athanor("destroy", "app.ts", "--yes", "--target", "recording"),
                         "Destroyed: 2 deleted, 1 not selected")
        self.assertEqual(self.ids("--app", "app"), ["queue"])

    def test_destroy_leaves_what_is_excluded(self):
        self.start_aws()
        self.write("app.ts", PROGRAM)
        self.deploy("app.ts")
        self.athanor("destroy", "app.ts", "--yes", "--exclude", "queue")
        self.assertEqual(self.ids("--app", "app"), ["queue"])

    def test_an_id_that_nothing_has_is_refused(self):
        aws = self.start_aws()
        self.write("app.ts", PROGRAM)
        for flag in ["--target", "--exclude"]:
            self.assert_says(self.deploy("app.ts", flag, "chanel", status=1), f'{flag} names "chanel"')
        self.assert_says(self.deploy("app.ts", "--target", "channel", "--exclude", "recording", status=1),
                         "wanted by --target and left out by --exclude")
        self.assertEqual(aws.requests(), [])

    def test_a_protected_resource_goes_only_where_it_is_named(self):
        aws = self.start_aws()
        self.write("app.ts", 'await AWS.SQS.Queue("a", { queueName: "a" }, { protect: true });\n'
                             'await AWS.SQS.Queue("b", { queueName: "b" }, { protect: true });\n')
        self.deploy("app.ts")
        self.assert_says(self.athanor("destroy", "app.ts", "--yes", status=1), "is protected", "--override-protect")
        self.assert_says(self.athanor("destroy", "app.ts", "--yes", "--override-protect", "a", status=1),
                         "b is protected")
        self.assertEqual(len(aws.resources(QUEUE)), 2)
        self.athanor("destroy", "app.ts", "--yes", "--override-protect", "a", "--override-protect", "b")
        self.assertEqual(aws.resources(QUEUE), {})


if __name__ == "__main__":
    unittest.main()
