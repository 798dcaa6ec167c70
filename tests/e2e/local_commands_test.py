"""`athanor local coverage`, `status`, `requests` and `reset`, beside a server and without one."""

import json
import unittest

from support import CHANNEL, EndToEnd


class LocalCommands(EndToEnd):
    def local(self, *words, status=0):
        return self.athanor("local", *words, "--data", str(self.folder / "aws"), status=status)

    def test_status_tells_of_a_server_and_of_a_folder_that_nobody_serves(self):
        self.assert_says(self.local("status", status=1), "No AWS runs on", "0 resources")
        aws = self.start_aws()
        aws.create(CHANNEL, {})
        status = json.loads(self.local("status", "--json").out)
        self.assertTrue(status["running"])
        self.assertEqual(status["url"], aws.url)
        self.assertEqual([(one["type"], one["count"]) for one in status["resources"]], [(CHANNEL, 1)])
        self.assert_says(self.local("status"), "1 answered, of these 0 failed", f"1  {CHANNEL}")
        aws.stop()
        stopped = json.loads(self.local("status", "--json", status=1).out)
        self.assertEqual((stopped["running"], stopped["operations"]), (False, 1))

    def test_requests_are_listed_and_followed(self):
        self.assert_says(self.local("requests", status=1), "no AWS runs on")
        aws = self.start_aws()
        arn = aws.create(CHANNEL, {})
        self.assert_says(self.local("requests"), f"CreateResource +SUCCESS .* {CHANNEL} {arn}")
        following = self.start("local", "requests", "--follow", "--json", "--data", str(self.folder / "aws"))
        self.addCleanup(following.stdout.close)
        self.addCleanup(following.stderr.close)
        self.assertEqual(json.loads(following.stdout.readline())["operation"], "CreateResource")
        aws.resources(CHANNEL)
        listed = json.loads(following.stdout.readline())
        self.assertEqual((listed["operation"], listed["number"]), ("ListResources", 2))
        following.terminate()
        self.assertEqual(following.wait(timeout=30), 130)

    def test_a_reset_asks_first_and_leaves_nothing_running_or_not(self):
        aws = self.start_aws()
        aws.create(CHANNEL, {})
        self.assert_says(self.local("reset", status=1), "there is no terminal to ask on")
        self.assertEqual(len(aws.resources(CHANNEL)), 1)
        self.assert_says(self.local("reset", "--yes"), "Deleted 1 resource .* and 1 operation")
        self.assertEqual(aws.resources(CHANNEL), {})
        aws.create(CHANNEL, {})
        aws.stop()
        self.assertEqual(json.loads(self.local("reset", "--yes", "--json").out)["deleted"]["operations"], 1)
        self.assert_says(self.local("status", status=1), "keeps 0 resources and 0 operations")

    def test_after_a_reset_a_deployment_makes_everything_again(self):
        self.write("app.ts", 'await AWS.IVS.Channel("live", {});')
        aws = self.start_aws()
        self.deploy("app.ts")
        self.local("reset", "--yes")
        self.assertEqual(self.actions("app.ts"), {"live": "create"})
        self.deploy("app.ts")
        self.assertEqual(len(aws.resources(CHANNEL)), 1)

    def test_coverage_says_what_is_served_and_why_the_rest_is_not(self):
        whole = json.loads(self.athanor("local", "coverage", "--json").out)
        self.assertEqual(len(whole["services"][0]["operations"]), 8)
        types = {one["type"]: one for one in whole["types"]}
        self.assertEqual(types[CHANNEL], {"type": CHANNEL, "served": True, "behaviour": "own"})
        self.assertEqual(types["AWS::SES::Template"]["behaviour"], "schema")
        self.assertFalse(types["AWS::Serverless::Function"]["served"])
        self.assert_says(self.athanor("local", "coverage"), f"of {len(types)}", "Cloud Control API +8 operations")
        self.assert_says(self.athanor("local", "coverage", "ivs"), f"{CHANNEL} +behaves as its service does")
        self.assert_says(self.athanor("local", "coverage", "serverless.function"), "not served: it is a macro")
        self.assert_says(self.athanor("local", "coverage", "ivs.chanel", status=1), "Did you mean AWS::IVS::Channel")


if __name__ == "__main__":
    unittest.main()
