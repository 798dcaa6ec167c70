"""What is recorded can be read."""

import json
import unittest

from support import RECORDING, EndToEnd, recording


class State(EndToEnd):
    def test_list_show_and_export_tell_what_is_deployed(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r", name="named"))
        self.deploy("app.ts")
        arn = aws.only(RECORDING)[0]
        self.assert_says(self.athanor("state", "list", "--app", "app"), r"\br\b", RECORDING)
        self.assert_says(self.athanor("state", "show", "r", "--app", "app"), arn, "named")
        exported = self.athanor("state", "export", "--app", "app").out
        self.assertIn(arn, exported)
        json.loads(exported)

    def test_lies_beside_the_program_in_a_folder_that_git_ignores_and_only_the_user_may_read_its_key(self):
        self.start_aws()
        self.write("app.ts", recording("r"))
        self.deploy("app.ts")
        folder = self.project / ".athanor"
        self.assertEqual((folder / ".gitignore").read_text().split(), ["*"])
        self.assertEqual((folder / "key").stat().st_mode & 0o777, 0o600)

    def test_is_found_from_another_working_folder(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r"))
        self.deploy("app.ts")
        program = str(self.project / "app.ts")
        self.project = self.folder
        self.assertEqual(self.actions(program), {})
        self.athanor("destroy", program, "--yes")
        self.assertEqual(aws.resources(RECORDING), {})


class LocalAws(EndToEnd):
    def test_keeps_its_resources_over_a_restart(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r"))
        self.deploy("app.ts")
        arn = aws.only(RECORDING)[0]
        self.assertEqual(aws.stop(), 0)
        again = self.start_aws()
        self.assertEqual(again.only(RECORDING)[0], arn)
        self.assertEqual(self.actions("app.ts"), {})

    def test_is_the_same_one_for_deploy_local_whether_or_not_it_runs(self):
        self.write("app.ts", recording("r"))
        self.deploy("app.ts", "--local")
        # `--local` keeps its data here; the server that runs on it is the one that a second deployment finds.
        aws = self.start_aws(data="project/.athanor/local")
        del self.environment["AWS_ENDPOINT_URL"]
        self.assertEqual(len(aws.resources(RECORDING)), 1)
        self.assertEqual(self.actions("app.ts", "--local"), {})


if __name__ == "__main__":
    unittest.main()
