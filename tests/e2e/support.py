"""What the whole-program tests share: a folder with programs, and an AWS that runs beside it."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ATHANOR = os.environ.get("ATHANOR", str(ROOT / "build/athanor"))
RECORDING = "AWS::IVS::RecordingConfiguration"
CHANNEL = "AWS::IVS::Channel"
QUEUE = "AWS::SQS::Queue"
EXAMPLES = ["basic.ts", "advanced.ts", "reconnect-window.ts", "thumbnails.ts"]
IMPORT = 'import AWS from "alchemy/aws/control";\n'


def recording(id, variable=None, bucket="recordings", window=30, tags=None, name=None):
    """A statement that declares a recording configuration."""
    props = {"destinationConfiguration": {"s3": {"bucketName": bucket}}, "recordingReconnectWindowSeconds": window}
    if name:
        props["name"] = name
    if tags is not None:
        props["tags"] = [{"key": key, "value": value} for key, value in tags.items()]
    assign = f"const {variable} = " if variable else ""
    return f'{assign}await AWS.IVS.RecordingConfiguration("{id}", {json.dumps(props)});\n'


class Run:
    """How a command ended."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    @property
    def text(self):
        return self.out + self.err

    def __str__(self):
        return f"exit status {self.status}\n--- stdout\n{self.out}--- stderr\n{self.err}"


class Aws:
    """`athanor local`, in a process of its own, and what an ordinary client sees of it."""

    def __init__(self, data, environment, latency=0, rate=None, arguments=(), streams=False):
        self.process = subprocess.Popen(
            [ATHANOR, "local", "--port", "0", "--data", str(data), "--latency", str(latency),
             *(["--rate", str(rate)] if rate else []), *(["--rtmp-port", "0"] if streams else ["--no-streams"]),
             *arguments],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = []
        for line in self.process.stdout:
            said.append(line)
            if found := re.search(r"http://[\w.\[\]:]+:\d+", line):
                self.url = found[0]
                break
        else:
            raise AssertionError("athanor local did not say its URL:\n" + "".join(said))
        self._client = None
        self.rtmp = None
        while streams and not self.rtmp:
            if found := re.search(r"rtmp://[\w.\[\]:]+:\d+", self.process.stdout.readline()):
                self.rtmp = found[0]

    @property
    def client(self):
        if not self._client:
            import boto3  # half a second that not every test needs

            self._client = boto3.client("cloudcontrol", endpoint_url=self.url, region_name="us-east-1",
                                        aws_access_key_id="test", aws_secret_access_key="test")
        return self._client

    def resources(self, type):
        """Every resource of a type: identifier to properties."""
        pages = self.client.get_paginator("list_resources").paginate(TypeName=type)
        return {one["Identifier"]: json.loads(one["Properties"])
                for page in pages for one in page["ResourceDescriptions"]}

    def only(self, type):
        """The one resource of a type, as (identifier, properties)."""
        found = self.resources(type)
        assert len(found) == 1, found
        return next(iter(found.items()))

    def requests(self, operation=None, type=None):
        """The mutating requests so far, oldest first."""
        pages = self.client.get_paginator("list_resource_requests").paginate()
        found = [one for page in pages for one in page["ResourceRequestStatusSummaries"]
                 if operation in (None, one["Operation"]) and type in (None, one["TypeName"])]
        return sorted(found, key=lambda one: one["EventTime"])

    def create(self, type, properties):
        """Makes a resource behind Athanor's back; gives its identifier."""
        asked = self.client.create_resource(TypeName=type, DesiredState=json.dumps(properties))["ProgressEvent"]
        return self.finish(asked)["Identifier"]

    def delete(self, type, identifier):
        return self.finish(self.client.delete_resource(TypeName=type, Identifier=identifier)["ProgressEvent"])

    def update(self, type, identifier, patch):
        return self.finish(self.client.update_resource(
            TypeName=type, Identifier=identifier, PatchDocument=json.dumps(patch))["ProgressEvent"])

    def finish(self, progress):
        while progress["OperationStatus"] in ("PENDING", "IN_PROGRESS"):
            progress = self.client.get_resource_request_status(
                RequestToken=progress["RequestToken"])["ProgressEvent"]
        assert progress["OperationStatus"] == "SUCCESS", progress
        return progress

    def stop(self):
        if self._client:
            self._client.close()
        self.process.terminate()
        self.process.stdout.close()
        return self.process.wait(timeout=30)


class EndToEnd(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="athanor-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.project = self.folder / "project"
        self.project.mkdir()
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith(("AWS_", "ATHANOR", "STAGE")) and "proxy" not in name.lower()}
        self.environment |= {
            "HOME": str(self.folder), "USER": "tester", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}

    def start_aws(self, latency=0, data="aws", rate=None, arguments=(), streams=False):
        """Starts an AWS, at which every later command of this test is aimed."""
        aws = Aws(self.folder / data, self.environment, latency, rate, arguments, streams)
        self.addCleanup(aws.stop)
        self.environment["AWS_ENDPOINT_URL"] = aws.url
        return aws

    def write(self, name, text):
        """A program that begins with the import of AWS."""
        (self.project / name).write_text(IMPORT + text)
        return name

    def copy_examples(self):
        for name in EXAMPLES:
            shutil.copy(ROOT / "examples" / name, self.project / name)

    def start(self, *arguments, prefix=(), **options):
        options = {"stderr": subprocess.PIPE} | options
        return subprocess.Popen([*prefix, ATHANOR, *arguments], cwd=self.project, env=self.environment,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, **options)

    def start_and_wait_for_a_request(self, aws, *arguments):
        """Starts a command and returns while its first mutating request is running."""
        aws.requests()  # what it needs is loaded before the clock counts
        process = self.start(*arguments)
        while not aws.requests():
            self.assertIsNone(process.poll(), "the command ended without asking for anything")
            time.sleep(0.01)
        return process

    def finish(self, process, status=0, timeout=120):
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            self.fail(f"{process.args} did not end within {timeout} s\n{out}{err}")
        run = Run(process.returncode, out, err or "")
        if status is not None:
            self.assertEqual(run.status, status, f"{' '.join(map(str, process.args))}\n{run}")
        return run

    def athanor(self, *arguments, status=0, timeout=120, **options):
        return self.finish(self.start(*arguments, **options), status, timeout)

    def deploy(self, program, *arguments, **options):
        return self.athanor("deploy", program, "--yes", *arguments, **options)

    def plan(self, program, *arguments):
        """The plan as documented: a JSON object on stdout and nothing else there."""
        return json.loads(self.athanor("plan", program, "--json", *arguments).out)

    def actions(self, program, *arguments):
        """What would be done, without what is kept: {id: action}."""
        steps = self.plan(program, *arguments)["steps"]
        return {step["id"]: step["action"] for step in steps if step["action"] != "keep"}

    def ids(self, *arguments):
        """The ids that the state of an app holds."""
        listed = json.loads(self.athanor("state", "list", "--json", *arguments).out)
        rows = listed["resources"] if isinstance(listed, dict) else listed
        return sorted(row["id"] for row in rows)

    def assert_says(self, run, *words):
        """The command's messages hold each of these, whatever their case."""
        for word in words:
            self.assertRegex(run.text, re.compile(word, re.IGNORECASE), str(run))

    def assert_unchanged_by(self, aws, before):
        """Nothing was asked of the AWS since `before`, which is what aws.requests() gave."""
        self.assertEqual(len(aws.requests()), len(before))
