"""An AWS that runs here and knows its users: by their keys, by the roles that they assume, and over TLS."""

import json
import re
import subprocess
import unittest

from support import ATHANOR, CHANNEL, EndToEnd

KEYS = """[dev]
aws_access_key_id = AKIADEVDEVDEVDEVDEV0
aws_secret_access_key = Secret/of+dev=
"""
PROGRAM = 'await AWS.IVS.Channel("live", { name: "live" });\n'


class WhoMayAsk(EndToEnd):
    def start_knowing(self, *arguments):
        """`athanor local` with keys; clients find the same keys by profile."""
        keys = self.folder / "keys"
        keys.write_text(KEYS)
        keys.chmod(0o600)
        config = self.folder / "config"
        config.write_text("[profile deploy]\nrole_arn = arn:aws:iam::210987654321:role/Deploy\nsource_profile = dev\n")
        data = self.folder / "data"
        process = subprocess.Popen(
            [ATHANOR, "local", "--port", "0", "--no-streams", "--data", str(data), "--credentials", str(keys), "--json", *arguments],
            env=self.environment, stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        listening = json.loads(process.stdout.readline())
        self.assertEqual(listening["signatures"], "checked")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            self.environment.pop(name, None)
        self.environment.update(AWS_ENDPOINT_URL=listening["url"], AWS_REGION="eu-west-1", AWS_CONFIG_FILE=str(config),
                                AWS_SHARED_CREDENTIALS_FILE=str(keys), AWS_EC2_METADATA_DISABLED="true")
        return listening["url"], data

    def channels(self, url, profile, ca=None):
        import boto3

        session = boto3.Session(aws_access_key_id="AKIADEVDEVDEVDEVDEV0", aws_secret_access_key="Secret/of+dev=",
                                region_name="eu-west-1")
        if profile == "deploy":
            keys = session.client("sts", endpoint_url=url, verify=ca).assume_role(
                RoleArn="arn:aws:iam::210987654321:role/Deploy", RoleSessionName="test")["Credentials"]
            session = boto3.Session(aws_access_key_id=keys["AccessKeyId"], region_name="eu-west-1",
                                    aws_secret_access_key=keys["SecretAccessKey"], aws_session_token=keys["SessionToken"])
        client = session.client("cloudcontrol", endpoint_url=url, verify=ca)
        return [one["Identifier"] for one in client.list_resources(TypeName=CHANNEL)["ResourceDescriptions"]]

    def test_a_program_is_deployed_with_the_keys_of_a_profile_and_with_those_of_its_role(self):
        url, _ = self.start_knowing()
        self.write("app.ts", PROGRAM)
        self.environment["AWS_PROFILE"] = "dev"
        self.athanor("deploy", "app.ts", "--yes", "--stage", "mine")
        self.environment["AWS_PROFILE"] = "deploy"
        self.athanor("deploy", "app.ts", "--yes", "--stage", "theirs")
        mine, theirs = self.channels(url, "dev"), self.channels(url, "deploy")
        self.assertEqual([re.search(r":(\d{12}):", arn)[1] for arn in mine + theirs], ["123456789012", "210987654321"])

    def test_a_stranger_deploys_nothing(self):
        url, _ = self.start_knowing()
        self.write("app.ts", PROGRAM)
        self.environment.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test")
        failed = self.athanor("deploy", "app.ts", "--yes", status=1)
        self.assertIn("The security token included in the request is invalid", failed.text)
        self.assertEqual(self.channels(url, "dev"), [])

    def test_a_program_is_deployed_over_tls(self):
        url, data = self.start_knowing()
        trust = json.loads(self.athanor("local", "trust", "--data", str(data), "--json").out)
        self.assertEqual(trust["ca"], str(data / "tls" / "ca.pem"))
        secure = url.replace("http:", "https:")
        self.environment.update(AWS_ENDPOINT_URL=secure, AWS_PROFILE="deploy")
        self.write("app.ts", PROGRAM)
        self.assertIn("certificate", self.athanor("deploy", "app.ts", "--yes", status=1).text)
        self.environment["AWS_CA_BUNDLE"] = trust["environment"]["AWS_CA_BUNDLE"]
        self.athanor("deploy", "app.ts", "--yes")
        self.assertEqual(len(self.channels(secure, "deploy", trust["ca"])), 1)
        self.assertIn("update-ca-certificates", self.athanor("local", "trust", "--data", str(data)).out)


if __name__ == "__main__":
    unittest.main()
