"""What may be relied on: at each of these places a deployment could lose, double or hide something, and does not."""

import contextlib
import json
import sqlite3
import subprocess
import unittest

from proxy import Proxy
from scenarios import BUCKET, queue
from support import CHANNEL, QUEUE, RECORDING, EndToEnd, recording

MUTATING = ("CreateResource", "UpdateResource", "DeleteResource")
REPOSITORY = "AWS::ECR::Repository"
HIDDEN = "correct horse battery staple"


def repository(encryption):
    """A statement that declares a repository with a name of its own, whose encryption only a creation can set."""
    return ('const images = await AWS.ECR.Repository("images", {repositoryName: "images", '
            f'encryptionConfiguration: {{encryptionType: "{encryption}"}}}});\n')


class Trust(EndToEnd):
    def aws(self, *arguments):
        """The AWS CLI, as somebody else uses it."""
        done = subprocess.run(["/usr/bin/aws", "--endpoint-url", self.endpoint, "cloudcontrol", *arguments,
                               "--output", "json"], env=self.environment, text=True, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def start_aws(self, *arguments, **options):
        aws = super().start_aws(*arguments, **options)
        self.endpoint = aws.url
        return aws

    def through_proxy(self, aws, answer=None):
        """Aims every later command at a proxy before the AWS."""
        proxy = Proxy(aws, answer)
        self.addCleanup(proxy.stop)
        self.environment["AWS_ENDPOINT_URL"] = proxy.url
        return proxy

    def make(self, aws, type, properties):
        """A resource that the AWS CLI makes; gives its identifier."""
        asked = self.aws("create-resource", "--type-name", type, "--desired-state", json.dumps(properties))
        return aws.finish(asked["ProgressEvent"])["Identifier"]

    def operations(self, aws, type=None):
        return [one["Operation"] for one in aws.requests(type=type)]

    def assert_nowhere(self, word, *runs):
        """Neither a file of the project nor what these commands said holds the word."""
        for run in runs:
            self.assertNotIn(word, run.text)
        for path in self.project.rglob("*"):
            if path.is_file() and path.suffix != ".ts":
                self.assertNotIn(word.encode(), path.read_bytes(), path)

    # 1
    def test_shows_replacements_and_deletes_before_they_happen(self):
        aws = self.start_aws()
        self.write("app.ts", recording("replaced", window=30) + recording("deleted"))
        self.deploy("app.ts")
        before = aws.requests()
        self.write("app.ts", recording("replaced", window=60))
        self.assertEqual(self.actions("app.ts"), {"replaced": "replace", "deleted": "delete"})
        self.assert_says(self.athanor("plan", "app.ts"), r"± replaced", r"recordingReconnectWindowSeconds.*30 → 60",
                         r"- deleted", "1 to replace, 1 to delete")
        self.assert_says(self.athanor("deploy", "app.ts", status=1), r"± replaced", r"- deleted", "--yes")
        self.assert_unchanged_by(aws, before)

    # 2
    def test_sees_that_the_cloud_was_wiped_and_creates_again(self):
        aws = self.start_aws()
        self.write("app.ts", recording("a") + queue("b"))
        self.deploy("app.ts")
        for type in (RECORDING, QUEUE, BUCKET):
            for identifier in aws.resources(type):
                aws.delete(type, identifier)
        self.athanor("plan", "app.ts", "--detailed-exitcode", status=2)
        self.assertEqual(self.actions("app.ts"), {"a": "create", "b": "create"})
        self.assert_says(self.deploy("app.ts"), "2 created")
        self.assertEqual((len(aws.resources(RECORDING)), len(aws.resources(QUEUE))), (1, 1))

    # 3
    def test_a_dropped_connection_or_a_kill_creates_nothing_twice(self):
        aws = self.start_aws(latency=200)
        seen = []

        def drop_the_first_answer_to_each(request, status, body):
            operation, asked = request
            if operation in MUTATING:
                seen.append(asked["ClientToken"])
                if seen.count(seen[-1]) == 1:
                    return None
            return body

        proxy = self.through_proxy(aws, drop_the_first_answer_to_each)
        for version in ("1", "2"):
            self.write("app.ts", "".join(recording(f"r{n}", tags={"version": version}) for n in range(3)))
            self.deploy("app.ts")
        self.athanor("destroy", "app.ts", "--yes")
        self.assertEqual([seen.count(token) for token in set(seen)], [2] * 9)
        self.assertEqual(sorted(self.operations(aws)), ["CREATE"] * 3 + ["DELETE"] * 3 + ["UPDATE"] * 3)
        self.assertEqual(aws.resources(RECORDING), {})

        def kill_before_the_answer(request, status, body):
            if request[0] != "CreateResource":
                return body
            process.kill()

        proxy.answer = kill_before_the_answer
        self.write("app.ts", recording("killed"))
        process = self.start("deploy", "app.ts", "--yes")
        process.communicate()
        proxy.answer = lambda request, status, body: body
        self.deploy("app.ts")
        self.assertEqual(len(aws.resources(RECORDING)), 1)
        self.assertEqual(self.operations(aws).count("CREATE"), 3 + 1)
        self.assertEqual(self.actions("app.ts"), {})

    # 4
    def test_destroy_exits_with_1_when_a_delete_fails_and_remembers_a_remnant_of_a_failed_create(self):
        aws = self.start_aws()
        self.write("app.ts", recording("used"))
        self.deploy("app.ts")
        used = aws.only(RECORDING)[0]
        channel = self.make(aws, CHANNEL, {"RecordingConfigurationArn": used})
        run = self.athanor("destroy", "app.ts", "--yes", status=1)
        self.assert_says(run, "is associated with channel", used)
        self.assertEqual((self.ids("--app", "app"), list(aws.resources(RECORDING))), (["used"], [used]))
        aws.delete(CHANNEL, channel)
        self.athanor("destroy", "app.ts", "--yes")
        self.assertEqual(aws.resources(RECORDING), {})

        def fail_creates(request, status, body):
            answer = json.loads(body or "{}")
            if request[0] == "CreateResource":
                answer["ProgressEvent"] |= {"OperationStatus": "FAILED", "ErrorCode": "NotStabilized",
                                            "StatusMessage": "it never became ready"}
            return json.dumps(answer).encode()

        proxy = self.through_proxy(aws, fail_creates)
        self.write("app.ts", queue("half"))
        self.assert_says(self.deploy("app.ts", status=1), "half", "it never became ready")
        remnant = aws.only(QUEUE)[0]
        self.assert_says(self.athanor("state", "show", "half", "--app", "app"), "tainted", remnant)
        self.assertEqual(self.actions("app.ts"), {"half": "replace"})
        proxy.answer = lambda request, status, body: body
        self.athanor("destroy", "app.ts", "--yes")
        self.assertEqual(aws.resources(QUEUE), {})

    # 5
    def test_a_tag_edit_updates_though_the_service_answers_with_defaults(self):
        aws = self.start_aws()
        program = ('await AWS.IVS.RecordingConfiguration("r", {{destinationConfiguration: '
                   '{{s3: {{bucketName: "recordings"}}}}, tags: [{{key: "a", value: "{}"}}]}});\n')
        self.write("app.ts", program.format(1))
        self.deploy("app.ts")
        identifier, live = aws.only(RECORDING)
        self.assertLessEqual({"RecordingReconnectWindowSeconds", "ThumbnailConfiguration", "State"}, live.keys())
        self.assertEqual(self.actions("app.ts"), {})
        self.write("app.ts", program.format(2))
        self.assertEqual(self.actions("app.ts"), {"r": "update"})
        self.deploy("app.ts")
        self.assertEqual(aws.only(RECORDING), (identifier, live | {"Tags": [{"Key": "a", "Value": "2"}]}))

    # 6
    def test_adopting_touches_nothing_that_the_program_does_not_name(self):
        aws = self.start_aws()
        made = self.make(aws, CHANNEL, {
            "Name": "live", "LatencyMode": "NORMAL", "Authorized": True, "Type": "BASIC",
            "Tags": [{"Key": "team", "Value": "video"}, {"Key": "cost-centre", "Value": "7"}]})
        before = aws.only(CHANNEL)[1]
        self.write("app.ts", 'await AWS.IVS.Channel("c", {latencyMode: "LOW", '
                             'tags: [{key: "team", value: "video"}]});\n')
        self.assertEqual(self.actions("app.ts", "--adopt"), {"c": "adopt"})
        self.assert_says(self.athanor("plan", "app.ts", "--adopt"), "↓ c", 'latencyMode.*"NORMAL" → "LOW"')
        self.deploy("app.ts", "--adopt")
        self.assertEqual(aws.only(CHANNEL), (made, before | {"LatencyMode": "LOW"}))
        self.assertEqual(self.operations(aws), ["CREATE", "UPDATE"])
        self.assertEqual(self.actions("app.ts"), {})

    # 7
    def test_a_secret_is_sent_as_its_plain_value_and_per_resource_credentials_never_rest_in_plain_text(self):
        aws = self.start_aws()
        proxy = self.through_proxy(aws)
        keys = self.folder / ".aws"
        keys.mkdir()
        (keys / "credentials").write_text("[second]\naws_access_key_id = AKIDSECOND\n"
                                          f"aws_secret_access_key = {HIDDEN}\n")
        self.environment["TOKEN"] = HIDDEN
        self.write("app.ts", 'import alchemy from "alchemy";\n'
                             'await AWS.SSM.Parameter("p", '
                             '{name: "p", type: "String", value: alchemy.secret.env.TOKEN});\n'
                   + queue("far").replace("});", '}, {region: "eu-west-1", profile: "second"});'))
        run = self.deploy("app.ts")
        sent = {one["TypeName"]: json.loads(one["DesiredState"]) for one in proxy.bodies("CreateResource")}
        self.assertEqual(sent["AWS::SSM::Parameter"]["Value"], HIDDEN)
        self.assertEqual(aws.only("AWS::SSM::Parameter")[1]["Value"], HIDDEN)
        self.assertEqual(aws.resources(QUEUE), {}, "it is in the other region")
        there = self.aws("list-resources", "--type-name", QUEUE, "--region", "eu-west-1")["ResourceDescriptions"]
        self.assertIn("eu-west-1", there[0]["Properties"])
        again = self.athanor("plan", "app.ts", "--json")
        self.assertEqual(json.loads(again.out)["summary"]["keep"], 2)
        self.assert_nowhere(HIDDEN, run, again, self.athanor("state", "export", "--app", "app"))
        self.write("keys.ts", f'await AWS.SQS.Queue("q", {{accessKeyId: "AKID", secretAccessKey: "{HIDDEN}"}});\n')
        self.assert_says(self.deploy("keys.ts", status=1), "secretAccessKey")
        self.assert_nowhere(HIDDEN)
        self.athanor("destroy", "app.ts", "--yes")
        self.assertEqual(self.aws("list-resources", "--type-name", QUEUE, "--region", "eu-west-1")
                         ["ResourceDescriptions"], [])

    # 8
    def test_a_changed_type_under_the_same_id_deletes_the_old_one(self):
        aws = self.start_aws()
        self.write("app.ts", recording("thing", "thing") + "console.log(thing.arn);\n")
        self.deploy("app.ts")
        self.write("app.ts", queue("thing", "thing") + "console.log(thing.arn);\n")
        self.assert_says(self.athanor("plan", "app.ts"), "± thing", RECORDING, QUEUE)
        self.assert_says(self.deploy("app.ts"), "arn:aws:sqs:us-east-1:123456789012:thing")
        self.assertEqual((aws.resources(RECORDING), len(aws.resources(QUEUE))), ({}, 1))
        self.assertEqual(self.actions("app.ts"), {})

    # 9
    def test_camel_case_is_converted_and_prefix_role_arn_object_renditions_and_thumbnail_destination_are_kept(self):
        aws = self.start_aws()
        self.copy_examples()
        self.deploy("advanced.ts")
        live = aws.only(RECORDING)[1]
        self.assertEqual(live["DestinationConfiguration"], {"S3": {
            "BucketName": "my-advanced-video-recordings", "Prefix": "advanced_recordings/",
            "RoleArn": "arn:aws:iam::123456789012:role/IVSAdvancedRecordingRole"}})
        self.assertEqual(live["RenditionConfiguration"]["Renditions"],
                         [{"Resolution": "1280x720", "Framerate": 30, "Bitrate": 3000},
                          {"Resolution": "640x360", "Framerate": 30, "Bitrate": 800}])
        self.assertEqual(live["ThumbnailConfiguration"]["Destination"], {"S3": {
            "BucketName": "my-thumbnail-recordings", "Prefix": "thumbnails/",
            "RoleArn": "arn:aws:iam::123456789012:role/IVSThumbnailRole"}})
        self.assertEqual(live["ThumbnailConfiguration"]["IntervalSeconds"], 60)
        self.assertEqual(live["Tags"], [{"Key": "Project", "Value": "LiveStreaming"}])
        self.assertEqual(self.actions("advanced.ts"), {})

    # 10
    def test_deployments_wait_their_turn_records_are_whole_destroy_is_parallel_and_every_poll_ends(self):
        aws = self.start_aws(latency=2500)
        self.of_two_deployments_one_is_told_to_wait(aws)
        self.destroy_runs_in_parallel(aws)
        self.a_cancelled_operation_ends_the_poll(aws)
        fast = self.start_aws(data="fast")
        self.project = self.folder / "fast-project"
        self.project.mkdir()
        self.connections_are_reused(fast)
        self.a_kill_leaves_a_whole_state(fast)
        self.errors_are_specific(fast)

    def of_two_deployments_one_is_told_to_wait(self, aws):
        self.write("app.ts", "".join(queue(f"q{n}") for n in range(4)))
        first = self.start_and_wait_for_a_request(aws, "deploy", "app.ts", "--yes")
        second = self.deploy("app.ts", status=1)
        self.assert_says(second, f"in use by `[^`]*deploy[^`]*` .process {first.pid} ", "Wait until it is done")
        self.finish(first)
        self.assertEqual(len(aws.requests()), 4)

    def destroy_runs_in_parallel(self, aws):
        self.athanor("destroy", "app.ts", "--yes")
        asked = [one["EventTime"] for one in aws.requests(operation="DELETE")]
        self.assertEqual(len(asked), 4)
        self.assertLess((max(asked) - min(asked)).total_seconds(), 2.5, "the last began before the first had ended")
        self.assertEqual(aws.resources(QUEUE), {})

    def a_cancelled_operation_ends_the_poll(self, aws):
        self.write("app.ts", queue("cancelled"))
        before = len(aws.requests())
        process = self.start("deploy", "app.ts", "--yes")
        while len(aws.requests()) == before:
            self.assertIsNone(process.poll())
        aws.client.cancel_resource_request(RequestToken=aws.requests()[-1]["RequestToken"])
        self.assert_says(self.finish(process, status=1, timeout=30), "cancelled")
        left = list(aws.resources(QUEUE))
        self.assertEqual(self.ids("--app", "app"), ["cancelled"] if left else [])
        self.athanor("destroy", "app.ts", "--yes")
        self.assertEqual(aws.resources(QUEUE), {})

    def connections_are_reused(self, aws):
        proxy = self.through_proxy(aws)
        self.write("app.ts", "".join(queue(f"q{n}") for n in range(50)))
        self.deploy("app.ts", "--parallel", "4")
        self.athanor("destroy", "app.ts", "--yes", "--parallel", "4")
        self.assertGreaterEqual(len(proxy.requests), 150)
        self.assertLessEqual(proxy.connections, 2 * (4 + 2))

    def a_kill_leaves_a_whole_state(self, aws):
        for answers in (1, 3, 6):
            proxy = self.through_proxy(aws)

            def kill_in_time(request, status, body):
                if len(proxy.bodies("CreateResource")) == answers:
                    process.kill()
                return body

            proxy.answer = kill_in_time
            self.write("app.ts", "".join(queue(f"q{n}") for n in range(12)))
            process = self.start("deploy", "app.ts", "--yes", "--parallel", "2")
            process.communicate()
            with contextlib.closing(sqlite3.connect(self.project / ".athanor/state.sqlite")) as state:
                self.assertEqual(state.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            made = {one["QueueName"] for one in aws.resources(QUEUE).values()}
            self.assertLessEqual(set(self.ids("--app", "app")), made)
            self.assertLess(len(made), 12)
            proxy.answer = lambda request, status, body: body
            self.athanor("destroy", "app.ts", "--yes")
            self.assertEqual(aws.resources(QUEUE), {})

    def errors_are_specific(self, aws):
        aws.create("AWS::Logs::LogGroup", {"LogGroupName": "taken"})
        self.write("app.ts", 'await AWS.Logs.LogGroup("clash", {logGroupName: "taken"});\n')
        run = self.deploy("app.ts", status=1)
        self.assert_says(run, "clash", "AWS::Logs::LogGroup", r"app\.ts:2", "already exists",
                         aws.requests()[-1]["RequestToken"])
        self.write("app.ts", queue("wrong", delaySecond=7))
        self.assert_says(self.deploy("app.ts", status=1), r"in app\.ts\n\n +2:\d+ +wrong",
                         'unknown property "delaySecond" .did you mean "delaySeconds"')

    # 11
    def test_orphans_are_deleted_after_the_last_import_has_gone_from_the_program(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r", "r") + 'await AWS.IVS.Channel("c", {recordingConfigurationArn: r.arn});\n')
        self.deploy("app.ts")
        (self.project / "app.ts").write_text('console.log("nothing left");\n')
        self.assertEqual(self.actions("app.ts"), {"r": "delete", "c": "delete"})
        self.assert_says(self.deploy("app.ts"), "nothing left", "2 deleted")
        self.assertEqual((aws.resources(RECORDING), aws.resources(CHANNEL), self.ids("--app", "app")), ({}, {}, []))

    # 12
    def test_a_replacement_that_keeps_its_own_name_deletes_first(self):
        aws = self.start_aws()
        self.write("app.ts", repository("AES256"))
        self.deploy("app.ts")
        self.write("app.ts", repository("KMS"))
        self.assertEqual(self.actions("app.ts"), {"images": "replace"})
        self.assert_says(self.athanor("plan", "app.ts"), "encryptionType",
                         "the old one is deleted before the new one is made")
        self.deploy("app.ts")
        self.assertEqual(self.operations(aws), ["CREATE", "DELETE", "CREATE"])
        self.assertEqual(aws.only(REPOSITORY)[1]["EncryptionConfiguration"], {"EncryptionType": "KMS"})
        self.assertEqual(self.actions("app.ts"), {})

    # What everybody suffers from now and then.

    def test_an_interrupted_deployment_blocks_neither_plan_nor_destroy_and_leaves_no_lock(self):
        aws = self.start_aws(latency=1500)
        self.write("app.ts", queue("q"))
        process = self.start_and_wait_for_a_request(aws, "deploy", "app.ts", "--yes")
        process.kill()
        process.communicate()
        self.athanor("plan", "app.ts")
        self.athanor("destroy", "app.ts", "--yes")
        self.assertEqual((aws.resources(QUEUE), self.ids("--app", "app")), ({}, []))
        self.assertEqual(self.operations(aws), ["CREATE", "DELETE"])

    def test_protect_and_retain_count_from_the_edit_on_though_nothing_else_changed(self):
        aws = self.start_aws()
        self.write("app.ts", queue("guarded") + queue("left"))
        self.deploy("app.ts")
        before = aws.requests()
        guarded, left = (queue(id).replace("});", "}, {" + option + ": true});")
                         for id, option in (("guarded", "protect"), ("left", "retain")))
        self.write("app.ts", guarded + left)
        self.assertEqual(self.actions("app.ts"), {"guarded": "update", "left": "update"})
        self.deploy("app.ts")
        self.assertEqual(self.actions("app.ts"), {})
        self.write("app.ts", guarded)
        self.deploy("app.ts")
        self.assertEqual(self.ids("--app", "app"), ["guarded"])
        self.write("app.ts", "")
        self.assert_says(self.deploy("app.ts", status=1), "guarded", "protect")
        self.assert_says(self.athanor("destroy", "app.ts", "--yes", status=1), "guarded", "protect")
        self.assert_unchanged_by(aws, before)

    def test_what_cannot_be_read_back_is_sent_when_it_changes_and_only_then(self):
        aws = self.start_aws()

        def keep_it_back(request, status, body):
            if request[0] != "GetResource":
                return body
            answer = json.loads(body)
            shown = json.loads(answer["ResourceDescription"]["Properties"])
            del shown["SecretString"]
            answer["ResourceDescription"]["Properties"] = json.dumps(shown)
            return json.dumps(answer).encode()

        proxy = self.through_proxy(aws, keep_it_back)
        program = 'await AWS.SecretsManager.Secret("s", {{name: "s", secretString: "{}"}});\n'
        for value in ("first", "first", "second", "second"):
            self.write("app.ts", program.format(value))
            self.deploy("app.ts")
        self.assertEqual(self.operations(aws), ["CREATE", "UPDATE"])
        [patch] = [json.loads(one["PatchDocument"]) for one in proxy.bodies("UpdateResource")]
        self.assertIn({"op": "add", "path": "/SecretString", "value": "second"}, patch)

    def test_what_is_not_found_right_after_its_creation_is_asked_for_again(self):
        aws = self.start_aws()
        misses = []

        def not_found_at_first(request, status, body):
            if request[0] != "GetResource" or len(misses) == 3:
                return body
            misses.append(request)
            return 400, json.dumps({"__type": "com.amazonaws.cloudapiservice#ResourceNotFoundException",
                                    "Message": "not there yet"}).encode()

        self.through_proxy(aws, not_found_at_first)
        self.write("app.ts", queue("q", "q") + "console.log(q.arn);\n")
        self.assert_says(self.deploy("app.ts"), "1 created", "arn:aws:sqs:us-east-1:123456789012:q")
        self.assertEqual((len(misses), self.operations(aws)), (3, ["CREATE"]))
        self.assertEqual(self.actions("app.ts"), {})

    def test_what_is_under_way_is_told_while_it_is(self):
        aws = self.start_aws(latency=2000)
        self.write("app.ts", queue("q"))
        process = self.start("deploy", "app.ts", "--yes")
        while "creating q" not in (line := process.stdout.readline()):
            self.assertNotEqual(line, "", "it ended without a word")
        self.assertNotIn("SUCCESS", [one["OperationStatus"] for one in aws.requests()])
        self.finish(process)


if __name__ == "__main__":
    unittest.main()
