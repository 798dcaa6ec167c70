"""What others made with the AWS CLI is taken over, and nothing of it that the program does not name is touched."""

import json
import subprocess
import unittest

from support import RECORDING, EndToEnd, recording

PARAMETER = "AWS::SSM::Parameter"
THEIRS = {"Name": "/jobs", "Type": "String", "Value": "5", "Description": "theirs"}
OURS = 'await AWS.SSM.Parameter("jobs", { name: "/jobs", type: "String", value: "9" });\n'


class Adopt(EndToEnd):
    def made(self, aws, type, properties):
        """What somebody makes with the AWS CLI; gives its identifier."""
        # Debian's version is from before AWS_ENDPOINT_URL.
        done = subprocess.run(
            ["/usr/bin/aws", "--endpoint-url", aws.url, "--output", "json", "cloudcontrol", "create-resource",
             "--type-name", type, "--desired-state", json.dumps(properties)],
            env=self.environment, text=True, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return aws.finish(json.loads(done.stdout)["ProgressEvent"])["Identifier"]

    def test_only_where_it_is_asked_for(self):
        aws = self.start_aws()
        self.made(aws, "AWS::S3::Bucket", {"BucketName": "clips"})
        self.write("app.ts", 'await AWS.S3.Bucket("bucket", { bucketName: "clips" });\n')
        self.assert_says(self.deploy("app.ts", status=1), "exists", "adopt")
        self.assertEqual(self.ids("--app", "app"), [])

    def test_is_shown_with_what_would_change(self):
        aws = self.start_aws()
        self.made(aws, PARAMETER, THEIRS)
        self.write("app.ts", OURS)
        run = self.athanor("plan", "app.ts", "--adopt")
        self.assert_says(run, "Adopt 1", "takes over /jobs", 'value  "5" → "9"', "Plan: 1 to adopt")
        self.assertNotIn("description", run.out)
        step = self.plan("app.ts", "--adopt")["steps"][0]
        self.assertEqual((step["action"], step["identifier"]), ("adopt", "/jobs"))
        self.assertEqual(aws.only(PARAMETER)[1]["Value"], "5")

    def test_changes_what_the_program_names_and_leaves_the_rest(self):
        aws = self.start_aws()
        self.made(aws, PARAMETER, THEIRS)
        self.write("app.ts", OURS)
        self.assert_says(self.deploy("app.ts", "--adopt"), "1 adopted")
        identifier, live = aws.only(PARAMETER)
        self.assertEqual(identifier, "/jobs")
        self.assertEqual((live["Value"], live["Description"]), ("9", "theirs"))
        self.assertEqual(self.actions("app.ts"), {})
        self.athanor("destroy", "app.ts", "--yes")
        self.assertEqual(aws.resources(PARAMETER), {})

    def test_asks_for_nothing_where_it_is_as_declared(self):
        aws = self.start_aws()
        arn = self.made(aws, RECORDING, {"DestinationConfiguration": {"S3": {"BucketName": "clips"}},
                                         "RecordingReconnectWindowSeconds": 30,
                                         "Tags": [{"Key": "team", "Value": "video"}]})
        before = aws.requests()
        self.write("app.ts", recording("r", bucket="clips", tags={"team": "video"}))
        self.assert_says(self.deploy("app.ts", "--adopt"), "1 adopted")
        self.assert_unchanged_by(aws, before)
        self.assertEqual(list(aws.resources(RECORDING)), [arn])

    def test_creates_what_does_not_exist_yet(self):
        aws = self.start_aws()
        self.made(aws, PARAMETER, THEIRS)
        self.write("app.ts", OURS + OURS.replace("jobs", "more"))
        self.assertEqual(self.actions("app.ts", "--adopt"), {"jobs": "adopt", "more": "create"})
        self.assert_says(self.deploy("app.ts", "--adopt"), "1 created, 1 adopted")

    def test_can_be_saved_as_a_plan(self):
        aws = self.start_aws()
        self.made(aws, PARAMETER, THEIRS)
        self.write("app.ts", OURS)
        self.athanor("plan", "app.ts", "--adopt", "--out", "app.plan")
        self.assert_says(self.athanor("apply", "app.plan", "--yes"), "1 adopted")
        self.assertEqual(aws.only(PARAMETER)[1]["Value"], "9")

    def test_as_saved_takes_over_only_what_was_shown(self):
        aws = self.start_aws()
        self.made(aws, PARAMETER, THEIRS)
        self.write("app.ts", OURS)
        self.athanor("plan", "app.ts", "--adopt", "--out", "app.plan")
        aws.delete(PARAMETER, "/jobs")
        self.assert_says(self.athanor("apply", "app.plan", "--yes", status=1), 'there is no AWS::SSM::Parameter "/jobs"')
        self.assertEqual(aws.resources(PARAMETER), {})


if __name__ == "__main__":
    unittest.main()
