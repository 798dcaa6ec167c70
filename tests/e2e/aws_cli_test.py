"""Debian's AWS CLI works against the AWS that runs here."""

import json
import subprocess
import unittest

from support import CHANNEL, RECORDING, EndToEnd

LOG_GROUP = "AWS::Logs::LogGroup"


class AwsCli(EndToEnd):
    def run_aws(self, *arguments):
        # Debian's version is from before AWS_ENDPOINT_URL.
        return subprocess.run(["/usr/bin/aws", "--endpoint-url", self.environment["AWS_ENDPOINT_URL"], *arguments],
                              env=self.environment, text=True, capture_output=True, timeout=120)

    def aws(self, *arguments):
        """What a command prints as JSON."""
        done = self.run_aws(*arguments, "--output", "json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout) if done.stdout else None

    def cc(self, *arguments):
        return self.aws("cloudcontrol", *arguments)

    def refused(self, status, message, *arguments):
        done = self.run_aws("cloudcontrol", *arguments)
        self.assertEqual((done.returncode, done.stderr.strip()), (status, message))

    def test_reads_what_was_deployed(self):
        self.start_aws()
        self.copy_examples()
        self.deploy("basic.ts")
        listed = self.cc("list-resources", "--type-name", RECORDING)["ResourceDescriptions"]
        self.assertEqual(len(listed), 1)
        got = self.cc("get-resource", "--type-name", RECORDING, "--identifier", listed[0]["Identifier"])
        properties = json.loads(got["ResourceDescription"]["Properties"])
        self.assertEqual(properties["DestinationConfiguration"]["S3"]["BucketName"], "my-video-recordings")
        self.assertEqual(properties["RecordingReconnectWindowSeconds"], 30)
        requests = self.cc("list-resource-requests")["ResourceRequestStatusSummaries"]
        self.assertEqual([(one["Operation"], one["OperationStatus"]) for one in requests], [("CREATE", "SUCCESS")])

    def test_sees_the_bucket_that_a_recording_configuration_named(self):
        self.start_aws()
        self.copy_examples()
        self.deploy("basic.ts")
        buckets = self.cc("list-resources", "--type-name", "AWS::S3::Bucket")["ResourceDescriptions"]
        self.assertIn("my-video-recordings", [one["Identifier"] for one in buckets])

    def test_what_it_made_is_read_by_a_program_without_being_managed(self):
        aws = self.start_aws()
        asked = self.cc("create-resource", "--type-name", RECORDING, "--desired-state",
                        json.dumps({"Name": "theirs", "DestinationConfiguration": {"S3": {"BucketName": "theirs"}}}))
        arn = aws.finish(asked["ProgressEvent"])["Identifier"]
        self.write("app.ts", f'const theirs = await AWS.IVS.RecordingConfiguration.get("{arn}");\n'
                             "console.log(`found ${theirs.name}`);\n")
        self.assert_says(self.deploy("app.ts"), "found theirs")
        self.athanor("destroy", "app.ts", "--yes")
        self.assertEqual(aws.only(RECORDING)[1]["Name"], "theirs")

    def test_a_resource_is_created_updated_and_deleted_and_each_operation_told(self):
        self.start_aws()
        recording = {"Name": "clips", "DestinationConfiguration": {"S3": {"BucketName": "my-video-recordings"}}}
        event = self.cc("create-resource", "--type-name", RECORDING, "--desired-state",
                        json.dumps(recording))["ProgressEvent"]
        self.assertEqual(event["OperationStatus"], "SUCCESS")
        self.assertRegex(event["EventTime"], r"^20\d\d-\d\d-\d\dT")
        arn = event["Identifier"]
        self.assertRegex(arn, "^arn:aws:ivs:us-east-1:123456789012:recording-configuration/[a-zA-Z0-9]+$")
        one = ["--type-name", RECORDING, "--identifier", arn]
        properties = json.loads(self.cc("get-resource", *one)["ResourceDescription"]["Properties"])
        self.assertEqual((properties["Name"], properties["State"]), ("clips", "ACTIVE"))
        self.assertEqual(properties["RecordingReconnectWindowSeconds"], 0, "a default of the service is shown")

        # From a file, and only one member of the answer.
        (self.folder / "update.json").write_text(json.dumps({
            "TypeName": RECORDING, "Identifier": arn, "PatchDocument":
            json.dumps([{"op": "add", "path": "/Tags", "value": [{"Key": "team", "Value": "video"}]}])}))
        updated = self.run_aws("cloudcontrol", "update-resource", "--cli-input-json",
                               f"file://{self.folder}/update.json",
                               "--query", "ProgressEvent.[Operation,OperationStatus]", "--output", "text")
        self.assertEqual(updated.stdout, "UPDATE\tSUCCESS\n", updated.stderr)

        token = self.cc("delete-resource", *one)["ProgressEvent"]["RequestToken"]
        ended = self.cc("get-resource-request-status", "--request-token", token)["ProgressEvent"]
        self.assertEqual((ended["Operation"], ended["OperationStatus"]), ("DELETE", "SUCCESS"))
        self.refused(254, "An error occurred (ResourceNotFoundException) when calling the GetResource operation: "
                          f"Resource of type '{RECORDING}' with identifier '{arn}' was not found.",
                     "get-resource", *one)

    def test_refusals_come_in_the_words_of_aws(self):
        self.start_aws()
        self.refused(254, "An error occurred (ValidationException) when calling the CreateResource operation: "
                          "Model validation failed (#: extraneous key [logGroupName] is not permitted)",
                     "create-resource", "--type-name", LOG_GROUP, "--desired-state", '{"logGroupName": "x"}')
        self.refused(254, "An error occurred (TypeNotFoundException) when calling the ListResources operation: "
                          "The type 'AWS::Not::There' cannot be found.",
                     "list-resources", "--type-name", "AWS::Not::There")

    def test_wait_returns_when_the_operation_has_ended_well(self):
        self.start_aws(latency=500)
        create = ["create-resource", "--type-name", LOG_GROUP, "--desired-state", '{"LogGroupName": "x"}']
        wait = ["wait", "resource-request-success", "--request-token"]
        first = self.cc(*create)["ProgressEvent"]
        self.assertIn(first["OperationStatus"], ("PENDING", "IN_PROGRESS"))
        self.assertIsNone(self.cc(*wait, first["RequestToken"]))
        again = self.cc(*create)["ProgressEvent"]
        self.refused(255, "Waiter ResourceRequestSuccess failed: Waiter encountered a terminal failure state: For "
                          'expression "ProgressEvent.OperationStatus" we matched expected path: "FAILED"',
                     *wait, again["RequestToken"])

    def test_an_operation_under_way_is_cancelled(self):
        self.start_aws(latency=60000)
        token = self.cc("create-resource", "--type-name", LOG_GROUP, "--desired-state", '{"LogGroupName": "x"}',
                        "--client-token", "mine")["ProgressEvent"]["RequestToken"]
        cancelled = self.cc("cancel-resource-request", "--request-token", token)["ProgressEvent"]
        self.assertEqual(cancelled["OperationStatus"], "CANCEL_IN_PROGRESS")
        found = self.cc("list-resource-requests", "--resource-request-status-filter",
                        "Operations=CREATE,OperationStatuses=CANCEL_IN_PROGRESS,CANCEL_COMPLETE")
        self.assertEqual([one["RequestToken"] for one in found["ResourceRequestStatusSummaries"]], [token])

    def test_lists_come_whole_or_by_pages(self):
        aws = self.start_aws()
        made = [aws.create(CHANNEL, {}) for _ in range(5)]
        channels = ["list-resources", "--type-name", CHANNEL, "--page-size", "2"]
        whole = self.cc(*channels, "--query", "ResourceDescriptions[].Identifier")
        self.assertEqual(whole, made)
        first = self.cc(*channels, "--max-items", "3")
        rest = self.cc(*channels, "--starting-token", first["NextToken"])
        self.assertEqual([one["Identifier"] for part in (first, rest) for one in part["ResourceDescriptions"]], made)

    def test_asks_who_it_is(self):
        self.start_aws()
        self.assertEqual(self.aws("sts", "get-caller-identity")["Account"], "123456789012")
        unknown = self.run_aws("sts", "decode-authorization-message", "--encoded-message", "x")
        self.assertIn("does not know the action DecodeAuthorizationMessage of sts", unknown.stderr)


if __name__ == "__main__":
    unittest.main()
