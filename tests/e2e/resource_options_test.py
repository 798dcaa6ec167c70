"""What a program says about its resources beside their properties."""

import subprocess
import unittest
import urllib.error
import urllib.request

from support import CHANNEL, EndToEnd

BUCKET = "AWS::S3::Bucket"
PROGRAM = """
AWS.defaultTags({ %s });
await AWS.S3.Bucket("bucket", { bucketName: "clips-of-the-day", tags: [{ key: "team", value: "audio" }] });
const channel = await AWS.IVS.Channel("channel", { name: "live" });
AWS.defaultTags({ channel: channel.arn });
await AWS.SQS.Queue("queue", {});
"""


def tags(resource):
    return {tag["Key"]: tag["Value"] for tag in resource.get("Tags", [])}


class DefaultTags(EndToEnd):
    def live(self, type):
        return tags(self.aws.only(type)[1])

    def test_reach_every_resource_and_follow_the_program(self):
        self.aws = self.start_aws()
        self.write("app.ts", PROGRAM % 'team: "video", stage: "prod"')
        self.deploy("app.ts")
        self.assertEqual(self.live(BUCKET), {"team": "audio", "stage": "prod"})
        self.assertEqual(self.live(CHANNEL), {"team": "video", "stage": "prod"})
        self.assertEqual(self.live("AWS::SQS::Queue"), {"channel": self.aws.only(CHANNEL)[0]})
        self.assertEqual(self.actions("app.ts"), {})

        self.write("app.ts", PROGRAM % 'team: "radio"')
        self.assertEqual(self.actions("app.ts"), {"bucket": "update", "channel": "update"})
        self.deploy("app.ts")
        self.assertEqual(self.live(BUCKET), {"team": "audio"})
        self.assertEqual(self.live(CHANNEL), {"team": "radio"})
        self.assertEqual(self.actions("app.ts"), {})


class EmptyOnDelete(EndToEnd):
    PROGRAM = 'await AWS.S3.Bucket("b", { bucketName: "clips" }, { emptyOnDelete: %s });\n'

    def s3(self, *arguments):
        subprocess.run(["/usr/bin/aws", "--endpoint-url", self.environment["AWS_ENDPOINT_URL"], "s3", *arguments],
                       env=self.environment, check=True, capture_output=True, timeout=120)

    def test_a_bucket_with_objects_is_emptied_and_deleted(self):
        aws = self.start_aws()
        self.write("app.ts", self.PROGRAM % "true")
        self.deploy("app.ts")
        for key in ["a.ts", "day 1/&<b>.ts", "día/\u20ac"]:
            self.s3("cp", str(self.project / "app.ts"), f"s3://clips/{key}")
        self.write("empty.ts", "")
        shown = self.athanor("plan", "empty.ts", "--app", "app", "--replace-program").out
        self.assertIn("- b  AWS::S3::Bucket", shown)
        self.assertIn("all objects in it are deleted too, with all their versions", shown)
        self.athanor("destroy", "app.ts", "--yes")
        self.assertEqual(aws.resources(BUCKET), {})
        with self.assertRaises(urllib.error.HTTPError) as gone:
            urllib.request.urlopen(aws.url + "/clips?versions")
        self.assertEqual(gone.exception.code, 404)
        self.assertIn(b"<Code>NoSuchBucket<", gone.exception.read())

    def test_without_it_a_bucket_with_objects_stays(self):
        aws = self.start_aws()
        self.write("app.ts", self.PROGRAM % "false")
        self.deploy("app.ts")
        self.s3("cp", str(self.project / "app.ts"), "s3://clips/a.ts")
        run = self.athanor("destroy", "app.ts", "--yes", status=1)
        self.assertIn("The bucket you tried to delete is not empty", run.text)
        self.assertEqual(list(aws.resources(BUCKET)), ["clips"])

    def test_other_types_refuse_it_before_anything_is_asked(self):
        aws = self.start_aws()
        self.write("app.ts", 'await AWS.IVS.Channel("c", {}, { emptyOnDelete: true });\n')
        run = self.deploy("app.ts", status=1)
        self.assertIn("emptyOnDelete is for AWS::S3::Bucket only", run.text)
        self.assertEqual(aws.requests(), [])


if __name__ == "__main__":
    unittest.main()
