"""An AWS that throttles slows a deployment down, and fails nothing."""

import json
import unittest
import urllib.request

from support import CHANNEL, RECORDING, EndToEnd, recording


class Rate(EndToEnd):
    def throttled(self, aws):
        with urllib.request.urlopen(aws.url + "/_athanor/health") as answer:
            return json.load(answer)["throttled"]

    def test_more_requests_than_the_rate_allows_are_throttled_as_aws_throttles(self):
        import boto3
        import botocore

        aws = self.start_aws(rate=1)
        client = boto3.client("cloudcontrol", endpoint_url=aws.url, region_name="us-east-1", aws_access_key_id="test",
                              aws_secret_access_key="test",
                              config=botocore.config.Config(retries={"total_max_attempts": 1}))
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            for _ in range(10):
                client.list_resources(TypeName=CHANNEL)
        client.close()
        self.assertEqual(caught.exception.response["Error"], {"Code": "ThrottlingException", "Message": "Rate exceeded"})
        self.assertEqual(caught.exception.response["ResponseMetadata"]["HTTPStatusCode"], 400)
        self.assertEqual(self.throttled(aws), 1)

    def test_a_throttled_deployment_and_destruction_fail_nothing(self):
        aws = self.start_aws(rate=50, latency=20)
        self.write("app.ts", "".join(recording(f"r{n}", name=f"r{n}") for n in range(40)))
        deployed = self.deploy("app.ts")
        self.assert_says(deployed, "Deployed: 40 created")
        self.assertGreater(self.throttled(aws), 0)
        self.assertEqual(len(aws.resources(RECORDING)), 40)
        self.athanor("destroy", "app.ts", "--yes")
        self.assertEqual(aws.resources(RECORDING), {})

    def test_a_rate_that_is_no_number_above_zero_is_refused(self):
        for rate in ("0", "-1", "many"):
            self.assert_says(self.athanor("local", "--port", "0", "--rate", rate, status=1), "--rate")


if __name__ == "__main__":
    unittest.main()
