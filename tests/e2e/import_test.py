"""What exists is recorded, and printed as the program has to declare it."""

import json
import unittest

from support import CHANNEL, RECORDING, EndToEnd

BUCKET = "AWS::S3::Bucket"
ROLE = "AWS::IAM::Role"
PARAMETER = "AWS::SSM::Parameter"
POLICY = {"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ivs.amazonaws.com"},
    "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}}]}
LIVE = [
    (BUCKET, {"BucketName": "match-recordings",
              "VersioningConfiguration": {"Status": "Enabled"},
              "PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "BlockPublicPolicy": True},
              "LifecycleConfiguration": {"Rules": [
                  {"Id": "old", "Status": "Enabled", "ExpirationInDays": 30, "Prefix": "old/"},
                  {"Id": "parts", "Status": "Enabled",
                   "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}}]},
              "Tags": [{"Key": "team", "Value": "video"}]}),
    (RECORDING, {"Name": "matches", "DestinationConfiguration": {"S3": {"BucketName": "match-recordings"}},
                 "RecordingReconnectWindowSeconds": 60,
                 "ThumbnailConfiguration": {"RecordingMode": "INTERVAL", "TargetIntervalSeconds": 30}}),
    (CHANNEL, {"Name": "live", "Type": "BASIC", "LatencyMode": "LOW", "Authorized": False}),
    (ROLE, {"RoleName": "recorder", "AssumeRolePolicyDocument": POLICY, "Path": "/video/",
            "Policies": [{"PolicyName": "write", "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": ["s3:PutObject"], "Resource": "*"}]}}]}),
    (PARAMETER, {"Name": "/video/bit-rate", "Type": "String", "Value": "quo\"te `${x}`\n8500"}),
]


class Import(EndToEnd):
    def setUp(self):
        super().setUp()
        self.aws = self.start_aws()

    def imports(self, *arguments, **options):
        return self.athanor("import", *arguments, "--app", "app", **options)

    def assert_nothing_to_do(self, *declarations):
        self.write("app.ts", "\n".join(declarations))
        self.assertEqual(self.actions("app.ts"), {}, "\n".join(declarations))
        self.assert_says(self.deploy("app.ts"), "nothing to do")

    def test_what_is_printed_is_all_that_a_program_has_to_declare(self):
        made = [(type, self.aws.create(type, properties)) for type, properties in LIVE]
        before = self.aws.requests()
        declarations = [self.imports(type, identifier).out for type, identifier in made]
        self.assertEqual(self.ids("--app", "app"), ["live", "matchRecordings", "matches", "recorder", "videoBitRate"])
        self.assert_nothing_to_do(*declarations)
        self.assert_unchanged_by(self.aws, before)
        self.deploy("app.ts")
        self.athanor("destroy", "app.ts", "--yes")
        for type, _ in made:
            self.assertEqual(self.aws.resources(type), {}, type)

    def test_neither_read_only_properties_nor_defaults_are_declared(self):
        arn = self.aws.create(CHANNEL, {"Name": "live", "Type": "STANDARD"})
        self.assertIn("IngestEndpoint", self.aws.resources(CHANNEL)[arn])
        self.assertEqual(self.imports("ivs.channel", arn).out,
                         'const live = await AWS.IVS.Channel("live", {\n  name: "live",\n});\n')

    def test_a_value_that_a_recorded_resource_has_made_is_declared_as_its_output(self):
        recording = self.aws.create(RECORDING, LIVE[1][1])
        channel = self.aws.create(CHANNEL, {"Name": "live", "RecordingConfigurationArn": recording})
        first = self.imports(RECORDING, recording, "--id", "config").out
        second = self.imports(CHANNEL, channel).out
        self.assertIn("recordingConfigurationArn: config.arn,", second)
        self.assert_nothing_to_do(first, second)
        self.athanor("destroy", "app.ts", "--yes")
        self.assertEqual([one["TypeName"] for one in self.aws.requests("DELETE")], [CHANNEL, RECORDING])

    def test_an_imported_resource_is_updated_and_deleted_as_any_other(self):
        arn = self.aws.create(CHANNEL, {"Name": "live"})
        declaration = self.imports(CHANNEL, arn).out
        self.write("app.ts", declaration.replace('name: "live"', 'name: "loud"'))
        self.assertEqual(self.actions("app.ts"), {"live": "update"})
        self.deploy("app.ts")
        self.assertEqual(self.aws.only(CHANNEL)[0], arn)
        self.write("app.ts", "")
        self.deploy("app.ts")
        self.assertEqual(self.aws.resources(CHANNEL), {})

    def test_all_of_a_type_are_imported_but_for_those_that_are_recorded(self):
        for name in ("one", "two", "two"):
            self.aws.create(CHANNEL, {"Name": name})
        arn = self.aws.create(CHANNEL, {})
        known = self.aws.create(CHANNEL, {"Name": "known"})
        first = self.imports(CHANNEL, known).out
        run = self.imports("--all", CHANNEL)
        self.assert_says(run, "recorded 4 resources in app tester", "1 was recorded already")
        made = arn.rpartition("/")[2]
        self.assertEqual(self.ids("--app", "app"),
                         sorted(["channel" + made[0].upper() + made[1:], "known", "one", "two", "twoChannel"]))
        self.assert_nothing_to_do(first, run.out)
        again = self.imports("--all", CHANNEL)
        self.assertEqual(again.out, "")
        self.assert_says(again, "nothing to import; 5 were recorded already")

    def test_the_program_that_is_named_gives_the_app_and_need_not_exist(self):
        self.aws.create(CHANNEL, {"Name": "live"})
        self.athanor("import", "--all", CHANNEL, "shows.ts")
        self.assertEqual(self.ids("--app", "shows"), ["live"])

    def test_a_dry_run_prints_and_records_nothing(self):
        arn = self.aws.create(CHANNEL, {"Name": "live"})
        dry = self.imports(CHANNEL, arn, "--dry-run")
        self.assert_says(dry, "would record 1 resource")
        self.assertFalse((self.project / ".athanor/state.sqlite").exists())
        self.assertEqual(dry.out, self.imports(CHANNEL, arn).out)

    def test_a_compound_identifier_is_given_as_text_or_as_json(self):
        stage = {"RestApiId": "a1b2", "StageName": "prod", "DeploymentId": "d1"}
        self.aws.create("AWS::ApiGateway::Stage", stage)
        self.aws.create("AWS::ApiGateway::Stage", stage | {"StageName": "test"})
        first = self.imports("AWS::ApiGateway::Stage", "a1b2|prod").out
        second = self.imports("apigateway.stage", '{"StageName": "test", "RestApiId": "a1b2"}').out
        self.assert_nothing_to_do(first, second)
        run = self.imports("AWS::ApiGateway::Stage", "prod", status=1)
        self.assert_says(run, "no identifier", r"RestApiId\|StageName")

    def test_what_is_required_and_cannot_be_read_is_asked_for(self):
        self.import_schema({
            "typeName": "AWS::Lambda::Function", "primaryIdentifier": ["/properties/FunctionName"],
            "properties": {name: {"type": "string"} for name in ("FunctionName", "Code", "Role", "Handler")},
            "required": ["Code", "Role", "Handler"], "additionalProperties": False,
            "createOnlyProperties": ["/properties/FunctionName", "/properties/Handler"],
            "writeOnlyProperties": ["/properties/Code", "/properties/Handler"],
            "handlers": {name: {"permissions": []} for name in ("create", "read", "update", "delete", "list")}})
        self.aws.create("AWS::Lambda::Function", {
            "FunctionName": "hello", "Role": "arn:aws:iam::123456789012:role/hello", "Runtime": "python3.12",
            "Handler": "index.handler", "Code": {"ZipFile": "pass"}})
        run = self.imports("lambda.function", "hello")
        self.assertEqual(run.out, """const hello = await AWS.Lambda.Function("hello", {
  // Add code: it is required, and write-only, so that it cannot be read.
  // Add handler: it is required, and write-only, so that it cannot be read.
  functionName: "hello",
  role: "arn:aws:iam::123456789012:role/hello",
}, { ignoreChanges: ["handler"] });
""")
        self.write("app.ts", run.out.replace("{\n", '{\n  code: "zip", handler: "x",\n', 1))
        (step,) = self.plan("app.ts")["steps"]
        self.assertEqual((step["action"], [change["path"] for change in step["changes"]]), ("update", ["code"]))

    def import_schema(self, schema):
        (self.folder / "schemas").mkdir()
        (self.folder / "schemas/one.json").write_text(json.dumps(schema))
        self.athanor("schema", "import", str(self.folder / "schemas"))

    def test_the_json_form_holds_declarations(self):
        arn = self.aws.create(CHANNEL, {"Name": "live"})
        report = json.loads(self.imports(CHANNEL, arn, "--json").out)
        self.assertTrue(report["recorded"])
        (one,) = report["resources"]
        self.assertEqual((one["id"], one["type"], one["identifier"]), ("live", CHANNEL, arn))
        self.assertTrue(one["declaration"].startswith("const live = await AWS.IVS.Channel("))
        again = json.loads(self.imports("--all", CHANNEL, "--json").out)
        self.assertEqual((again["resources"], again["known"]), ([], [{"id": "live", "identifier": arn}]))

    def test_the_history_tells_of_it(self):
        self.aws.create(CHANNEL, {"Name": "live"})
        self.imports("--all", CHANNEL)
        self.assert_says(self.athanor("history", "--app", "app"), "import", "1 adopted", "tester|root|@")

    def test_what_cannot_be_imported_is_refused_with_the_reason(self):
        arn = self.aws.create(CHANNEL, {"Name": "live"})
        other = self.aws.create(CHANNEL, {"Name": "other"})
        self.imports(CHANNEL, arn)
        for words, says in [
                ((CHANNEL, arn), ["recorded already, as live", "state mv live"]),
                ((CHANNEL, other, "--id", "live"), ['id "live" is taken', "--id"]),
                ((CHANNEL, arn + "x"), ["there is no AWS::IVS::Channel", "--all"]),
                ((CHANNEL,), ["nothing says which", "--all"]),
                (("--all", CHANNEL, "--id", "x"), ["--id names one"]),
                (("AWS::IVS::Chanel", arn), ["no resource type", "AWS::IVS::Channel"]),
                (("AWS::Serverless::Function", "x"), ["cannot be imported"]),
        ]:
            with self.subTest(words):
                self.assert_says(self.imports(*words, status=1), *says)
        self.assertEqual(self.ids("--app", "app"), ["live"])

    def test_another_target_than_the_recorded_one_is_refused(self):
        self.aws.create(CHANNEL, {"Name": "live"})
        self.imports("--all", CHANNEL)
        run = self.imports("--all", CHANNEL, "--region", "eu-west-1", status=1)
        self.assert_says(run, "us-east-1", "eu-west-1")


if __name__ == "__main__":
    unittest.main()
