"""A program deploys, and deploys again."""

import unittest

from support import CHANNEL, EXAMPLES, QUEUE, RECORDING, EndToEnd, recording


class Deploy(EndToEnd):
    def test_the_four_programs_of_the_document_live_side_by_side_in_one_folder(self):
        aws = self.start_aws()
        self.copy_examples()
        for count, program in enumerate(EXAMPLES, 1):
            self.deploy(program)
            self.assertEqual(len(aws.resources(RECORDING)), count)
        self.assertEqual(aws.requests(operation="DELETE"), [])
        buckets = {one["DestinationConfiguration"]["S3"]["BucketName"] for one in aws.resources(RECORDING).values()}
        self.assertEqual(buckets, {"my-video-recordings", "my-advanced-video-recordings",
                                   "my-custom-reconnect-recordings", "my-thumbnail-config-recordings"})

    def test_a_second_deploy_of_each_program_keeps_everything_and_sends_no_mutating_request(self):
        aws = self.start_aws()
        self.copy_examples()
        for program in EXAMPLES:
            self.deploy(program)
        before, resources = aws.requests(), aws.resources(RECORDING)
        self.assertEqual(len(before), len(EXAMPLES))
        for program in EXAMPLES:
            self.assertEqual(self.actions(program), {})
            self.deploy(program)
        self.assert_unchanged_by(aws, before)
        self.assertEqual(aws.resources(RECORDING), resources)

    def test_local_needs_no_aws_no_credentials_and_no_server(self):
        for name in [name for name in self.environment if name.startswith("AWS_")]:
            del self.environment[name]
        self.copy_examples()
        self.assertEqual(self.actions("basic.ts", "--local"), {"basicRecordingConfig": "create"})
        self.deploy("basic.ts", "--local")
        self.assertEqual(self.actions("basic.ts", "--local"), {})
        self.athanor("destroy", "basic.ts", "--local", "--yes")
        self.assertEqual(self.actions("basic.ts", "--local"), {"basicRecordingConfig": "create"})

    def test_properties_of_the_document_reach_the_local_aws(self):
        aws = self.start_aws()
        self.copy_examples()
        self.deploy("advanced.ts")
        live = aws.only(RECORDING)[1]
        self.assertEqual(live["DestinationConfiguration"]["S3"]["Prefix"], "advanced_recordings/")
        self.assertEqual(live["Tags"], [{"Key": "Project", "Value": "LiveStreaming"}])
        self.assertEqual(live["State"], "ACTIVE")
        self.assertRegex(live["Arn"], r"^arn:aws:ivs:us-east-1:\d{12}:recording-configuration/\w+$")

    def test_a_tag_edit_is_an_update_and_never_a_replacement_though_the_service_answers_with_defaults(self):
        aws = self.start_aws()
        self.write("app.ts", 'await AWS.IVS.RecordingConfiguration("r", {destinationConfiguration: '
                             '{s3: {bucketName: "recordings"}}, tags: [{key: "a", value: "1"}]});\n')
        self.deploy("app.ts")
        identifier, live = aws.only(RECORDING)
        self.assertIn("RecordingReconnectWindowSeconds", live, "the service should answer with a default")
        self.write("app.ts", 'await AWS.IVS.RecordingConfiguration("r", {destinationConfiguration: '
                             '{s3: {bucketName: "recordings"}}, tags: [{key: "a", value: "2"}]});\n')
        self.assertEqual(self.actions("app.ts"), {"r": "update"})
        self.deploy("app.ts")
        after, live = aws.only(RECORDING)
        self.assertEqual(after, identifier)
        self.assertEqual(live["Tags"], [{"Key": "a", "Value": "2"}])

    def test_a_changed_reconnect_window_is_a_replacement_that_names_the_property(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r", window=30))
        self.deploy("app.ts")
        before = aws.only(RECORDING)[0]
        self.write("app.ts", recording("r", window=45))
        step = self.plan("app.ts")["steps"][0]
        self.assertEqual(step["action"], "replace")
        self.assertIn("recordingReconnectWindowSeconds", " ".join(step["reasons"]))
        self.assertEqual([(one["path"], one["old"], one["new"]) for one in step["changes"]],
                         [("recordingReconnectWindowSeconds", 30, 45)])
        self.assert_says(self.athanor("plan", "app.ts"), "replace", "recordingReconnectWindowSeconds", "30", "45")
        self.deploy("app.ts")
        after, live = aws.only(RECORDING)
        self.assertNotEqual(after, before)
        self.assertEqual(live["RecordingReconnectWindowSeconds"], 45)

    def test_a_removed_resource_is_deleted(self):
        aws = self.start_aws()
        self.write("app.ts", recording("stays", name="stays") + recording("goes", name="goes"))
        self.deploy("app.ts")
        self.write("app.ts", recording("stays", name="stays"))
        self.assertEqual(self.actions("app.ts"), {"goes": "delete"})
        self.deploy("app.ts")
        self.assertEqual(aws.only(RECORDING)[1]["Name"], "stays")
        self.assertEqual(self.ids("--app", "app"), ["stays"])

    def test_a_changed_type_under_the_same_id_deletes_the_old_one(self):
        aws = self.start_aws()
        self.write("app.ts", recording("thing"))
        self.deploy("app.ts")
        self.write("app.ts", 'await AWS.SQS.Queue("thing", {queueName: "thing"});\n')
        self.deploy("app.ts")
        self.assertEqual(aws.resources(RECORDING), {})
        self.assertEqual(len(aws.resources(QUEUE)), 1)
        self.assertEqual(self.actions("app.ts"), {})

    def test_a_resource_that_uses_the_arn_of_another_deploys_after_it_and_is_destroyed_before_it(self):
        aws = self.start_aws(latency=200)
        self.write("app.ts", recording("r", "r") +
                   'await AWS.IVS.Channel("c", {name: "c", recordingConfigurationArn: r.arn});\n')
        self.deploy("app.ts")
        made = {one["TypeName"]: one["EventTime"] for one in aws.requests(operation="CREATE")}
        self.assertGreaterEqual((made[CHANNEL] - made[RECORDING]).total_seconds(), 0.2)
        self.assertEqual(aws.only(CHANNEL)[1]["RecordingConfigurationArn"], aws.only(RECORDING)[0])
        before = aws.requests()
        self.deploy("app.ts")
        self.deploy("app.ts")
        self.assert_unchanged_by(aws, before)
        self.athanor("destroy", "app.ts", "--yes")
        gone = {one["TypeName"]: one["EventTime"] for one in aws.requests(operation="DELETE")}
        self.assertGreaterEqual((gone[RECORDING] - gone[CHANNEL]).total_seconds(), 0.2)
        self.assertEqual((aws.resources(RECORDING), aws.resources(CHANNEL)), ({}, {}))

    def test_keys_and_renditions_in_another_order_change_nothing(self):
        aws = self.start_aws()
        self.write("app.ts", """await AWS.IVS.RecordingConfiguration("r", {
  destinationConfiguration: {s3: {bucketName: "recordings", prefix: "p/"}},
  renditionConfiguration: {renditions: [{resolution: "1280x720", framerate: 30, bitrate: 3000},
                                        {resolution: "640x360", framerate: 30, bitrate: 800}]},
  tags: [{key: "a", value: "1"}, {key: "b", value: "2"}]});
""")
        self.deploy("app.ts")
        before = aws.requests()
        self.write("app.ts", """await AWS.IVS.RecordingConfiguration("r", {
  tags: [{value: "2", key: "b"}, {value: "1", key: "a"}],
  renditionConfiguration: {renditions: [{bitrate: 800, framerate: 30, resolution: "640x360"},
                                        {framerate: 30, bitrate: 3000, resolution: "1280x720"}]},
  destinationConfiguration: {s3: {prefix: "p/", bucketName: "recordings"}}});
""")
        self.assertEqual(self.actions("app.ts"), {})
        self.deploy("app.ts")
        self.assert_unchanged_by(aws, before)

    def test_either_casing_is_the_same_resource(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r", window=30, tags={"a": "1"}))
        self.deploy("app.ts")
        self.write("app.ts", """await AWS.IVS.RecordingConfiguration("r", {
  DestinationConfiguration: {S3: {BucketName: "recordings"}}, RecordingReconnectWindowSeconds: 30,
  Tags: [{Key: "a", Value: "1"}]});
""")
        self.assertEqual(self.actions("app.ts"), {})
        self.assertEqual(len(aws.resources(RECORDING)), 1)

    def test_four_awaits_of_independent_resources_take_the_time_of_one(self):
        aws = self.start_aws(latency=500)
        self.write("app.ts", "".join(recording(f"r{n}") for n in range(4)))
        self.deploy("app.ts")
        asked = [one["EventTime"] for one in aws.requests(operation="CREATE")]
        self.assertEqual(len(asked), 4)
        self.assertLess((max(asked) - min(asked)).total_seconds(), 0.5, "the last began before the first had ended")

    def test_a_resource_deleted_behind_its_back_is_made_again(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r"))
        self.deploy("app.ts")
        aws.delete(RECORDING, aws.only(RECORDING)[0])
        self.assertEqual(self.actions("app.ts"), {"r": "create"})
        self.deploy("app.ts")
        self.assertEqual(len(aws.resources(RECORDING)), 1)

    def test_a_tag_changed_behind_its_back_is_set_right(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r", tags={"a": "1"}))
        self.deploy("app.ts")
        aws.update(RECORDING, aws.only(RECORDING)[0],
                   [{"op": "replace", "path": "/Tags", "value": [{"Key": "a", "Value": "other"}]}])
        self.assertEqual(self.actions("app.ts"), {"r": "update"})
        self.assertEqual(self.actions("app.ts", "--no-refresh"), {})
        self.deploy("app.ts")
        self.assertEqual(aws.only(RECORDING)[1]["Tags"], [{"Key": "a", "Value": "1"}])

    def test_stages_are_copies_that_do_not_touch_each_other(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r"))
        self.deploy("app.ts", "--stage", "dev")
        self.deploy("app.ts", "--stage", "prod")
        self.assertEqual(len(aws.resources(RECORDING)), 2)
        stages = self.athanor("stages").out
        self.assertIn("dev", stages)
        self.assertIn("prod", stages)
        self.athanor("destroy", "app.ts", "--stage", "dev", "--yes")
        self.assertEqual(len(aws.resources(RECORDING)), 1)
        self.assertEqual(self.ids("--app", "app", "--stage", "prod"), ["r"])

    def test_off_a_terminal_deploy_does_nothing_without_yes(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r"))
        run = self.athanor("deploy", "app.ts", status=1)
        self.assert_says(run, "--yes")
        self.assertEqual(aws.requests(), [])

    def test_a_failing_step_is_told_in_the_services_words_with_its_request_token_and_the_rest_finishes(self):
        aws = self.start_aws()
        aws.create("AWS::Logs::LogGroup", {"LogGroupName": "taken"})
        self.write("app.ts", 'await AWS.Logs.LogGroup("clash", {logGroupName: "taken"}).catch(() => {});\n'
                   + recording("fine"))
        run = self.deploy("app.ts", status=1)
        token = next(one for one in aws.requests() if one["OperationStatus"] == "FAILED")["RequestToken"]
        self.assert_says(run, "already exists", token, "clash")
        self.assertEqual(len(aws.resources(RECORDING)), 1)

    def test_state_of_one_aws_is_not_deployed_to_another(self):
        first = self.start_aws(data="first")
        self.write("app.ts", recording("r"))
        self.deploy("app.ts")
        second = self.start_aws(data="second")
        run = self.deploy("app.ts", status=1)
        self.assert_says(run, "target|aimed|deployed to")
        self.assertEqual(second.requests(), [])
        self.assertEqual(len(first.resources(RECORDING)), 1)

    def test_another_program_does_not_take_over_an_app_unasked(self):
        aws = self.start_aws()
        self.write("one.ts", recording("one", name="one"))
        self.write("two.ts", recording("two", name="two"))
        self.deploy("one.ts", "--app", "app")
        before = aws.requests()
        run = self.deploy("two.ts", "--app", "app", status=1)
        self.assert_says(run, "one.ts", "--replace-program")
        self.assert_unchanged_by(aws, before)
        self.deploy("two.ts", "--app", "app", "--replace-program")
        self.assertEqual(aws.only(RECORDING)[1]["Name"], "two")


if __name__ == "__main__":
    unittest.main()
