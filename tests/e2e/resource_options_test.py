"""What a program says about its resources beside their properties."""

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
    def test_a_bucket_of_the_local_aws_is_listed_and_deleted(self):
        aws = self.start_aws()
        self.write("app.ts", 'await AWS.S3.Bucket("b", { bucketName: "clips" }, { emptyOnDelete: true });\n')
        self.deploy("app.ts")
        with urllib.request.urlopen(aws.url + "/clips?versions") as answer:
            self.assertIn(b"<IsTruncated>false<", answer.read())
        self.athanor("destroy", "app.ts", "--yes")
        self.assertEqual(aws.resources(BUCKET), {})
        with self.assertRaises(urllib.error.HTTPError) as gone:
            urllib.request.urlopen(aws.url + "/clips?versions")
        self.assertEqual(gone.exception.code, 404)
        self.assertIn(b"<Code>NoSuchBucket<", gone.exception.read())

    def test_other_types_refuse_it_before_anything_is_asked(self):
        aws = self.start_aws()
        self.write("app.ts", 'await AWS.IVS.Channel("c", {}, { emptyOnDelete: true });\n')
        run = self.deploy("app.ts", status=1)
        self.assertIn("emptyOnDelete is for AWS::S3::Bucket only", run.text)
        self.assertEqual(aws.requests(), [])


if __name__ == "__main__":
    unittest.main()
