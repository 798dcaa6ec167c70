"""Debian's AWS CLI works against the AWS that runs here."""

import json
import subprocess
import unittest

from support import RECORDING, EndToEnd


class AwsCli(EndToEnd):
    def aws(self, *arguments):
        # Debian's version is from before AWS_ENDPOINT_URL.
        done = subprocess.run(["/usr/bin/aws", "--endpoint-url", self.environment["AWS_ENDPOINT_URL"], *arguments,
                               "--output", "json"], env=self.environment, text=True, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_reads_what_was_deployed(self):
        self.start_aws()
        self.copy_examples()
        self.deploy("basic.ts")
        listed = self.aws("cloudcontrol", "list-resources", "--type-name", RECORDING)["ResourceDescriptions"]
        self.assertEqual(len(listed), 1)
        got = self.aws("cloudcontrol", "get-resource", "--type-name", RECORDING,
                       "--identifier", listed[0]["Identifier"])["ResourceDescription"]
        properties = json.loads(got["Properties"])
        self.assertEqual(properties["DestinationConfiguration"]["S3"]["BucketName"], "my-video-recordings")
        self.assertEqual(properties["RecordingReconnectWindowSeconds"], 30)
        requests = self.aws("cloudcontrol", "list-resource-requests")["ResourceRequestStatusSummaries"]
        self.assertEqual([(one["Operation"], one["OperationStatus"]) for one in requests], [("CREATE", "SUCCESS")])

    def test_sees_the_bucket_that_a_recording_configuration_named(self):
        self.start_aws()
        self.copy_examples()
        self.deploy("basic.ts")
        buckets = self.aws("cloudcontrol", "list-resources", "--type-name", "AWS::S3::Bucket")["ResourceDescriptions"]
        self.assertIn("my-video-recordings", [one["Identifier"] for one in buckets])

    def test_what_it_made_is_read_by_a_program_without_being_managed(self):
        aws = self.start_aws()
        asked = self.aws("cloudcontrol", "create-resource", "--type-name", RECORDING, "--desired-state",
                         json.dumps({"Name": "theirs", "DestinationConfiguration": {"S3": {"BucketName": "theirs"}}}))
        arn = aws.finish(asked["ProgressEvent"])["Identifier"]
        self.write("app.ts", f'const theirs = await AWS.IVS.RecordingConfiguration.get("{arn}");\n'
                             "console.log(`found ${theirs.name}`);\n")
        self.assert_says(self.deploy("app.ts"), "found theirs")
        self.athanor("destroy", "app.ts", "--yes")
        self.assertEqual(aws.only(RECORDING)[1]["Name"], "theirs")


if __name__ == "__main__":
    unittest.main()
