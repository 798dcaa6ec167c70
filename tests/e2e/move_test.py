"""`athanor state mv`: a record gets another id, and keeps all else."""

import json
import time
import unittest

from support import CHANNEL, EndToEnd, recording

SECRET = "correct-horse-battery-staple"
CHANNELS = 'await AWS.IVS.Channel("channel", {name: "live", recordingConfigurationArn: config.arn});\n'


def key(id, tag="a"):
    """What it is made of is write-only."""
    return (f'await AWS.IVS.PlaybackKeyPair("{id}", {{name: "key", publicKeyMaterial: "{SECRET}", '
            f'tags: [{{key: "a", value: "{tag}"}}]}});\n')


def password(id, description="a"):
    return (f'import {{ secret }} from "alchemy";\n'
            f'await AWS.SecretsManager.Secret("{id}", {{name: "db", secretString: secret("{SECRET}"), '
            f'description: "{description}"}});\n')


class Move(EndToEnd):
    def setUp(self):
        super().setUp()
        self.aws = self.start_aws()

    def move(self, *arguments, **options):
        return self.athanor("state", "mv", *arguments, "--app", "app", **options)

    def exported(self):
        return json.loads(self.athanor("state", "export", "--app", "app").out)

    def test_the_program_gives_the_new_id_and_has_nothing_to_do(self):
        self.write("app.ts", recording("config", "config") + CHANNELS)
        self.deploy("app.ts")
        before = self.aws.requests()
        self.assert_says(self.move("config", "recordings"), "config is recorded as recordings",
                         "1 resource that refers to it")
        self.write("app.ts", recording("recordings", "config") + CHANNELS)
        self.assertEqual(self.actions("app.ts"), {})
        channel = next(one for one in self.exported()["resources"] if one["id"] == "channel")
        self.assertEqual(channel["dependsOn"], ["recordings"])
        self.assertEqual(channel["props"]["RecordingConfigurationArn"],
                         {"$athanor.ref": {"id": "recordings", "path": "/Arn"}})
        self.assert_unchanged_by(self.aws, before)
        self.athanor("destroy", "app.ts", "--yes")
        self.assertEqual([one["TypeName"].rpartition("::")[2] for one in self.aws.requests("DELETE")],
                         ["Channel", "RecordingConfiguration"])

    def test_what_rests_sealed_stays_so_and_can_still_be_opened(self):
        for declared in (key, password):
            with self.subTest(declared.__name__):
                self.write("app.ts", declared("old"))
                self.deploy("app.ts")
                self.move("old", "new")
                self.assert_sealed()
                self.write("app.ts", declared("new"))
                self.assertEqual(self.actions("app.ts"), {})
                self.write("app.ts", declared("new", "b"))
                self.assertEqual(self.actions("app.ts"), {"new": "update"})
                self.deploy("app.ts")
                self.assert_sealed()
                self.athanor("destroy", "app.ts", "--yes")

    def assert_sealed(self):
        self.assertIn("$athanor.sealed", json.dumps(self.exported()))
        for file in (self.project / ".athanor").rglob("*"):
            if file.is_file():
                self.assertNotIn(SECRET.encode(), file.read_bytes(), file)

    def test_no_key_is_needed(self):
        self.write("app.ts", key("old"))
        self.deploy("app.ts")
        sealed = self.project / ".athanor/key"
        sealed.rename(self.folder / "key")
        self.move("old", "new")
        self.assertFalse(sealed.exists())
        (self.folder / "key").rename(sealed)
        self.write("app.ts", key("new"))
        self.assertEqual(self.actions("app.ts"), {})

    def test_the_json_form_tells_how_many_refer_to_it(self):
        self.write("app.ts", recording("config", "config") + CHANNELS)
        self.deploy("app.ts")
        self.assertEqual(json.loads(self.move("config", "a", "--json").out),
                         {"app": "app", "stage": "tester", "from": "config", "to": "a", "references": 1})

    def test_ids_that_are_not_there_or_taken_are_refused(self):
        self.write("app.ts", recording("config", "config") + CHANNELS)
        self.deploy("app.ts")
        self.assert_says(self.move("konfig", "x", status=1), 'no resource "konfig"', "state list")
        self.assert_says(self.move("config", "channel", status=1), 'id "channel" is taken')
        self.assert_says(self.move("config", "config", status=1), "taken")
        self.assertEqual(self.ids("--app", "app"), ["channel", "config"])


class MoveOfWhatIsInterrupted(EndToEnd):
    def test_is_refused_until_a_deployment_has_finished_it(self):
        aws = self.start_aws(latency=1000)
        self.write("app.ts", 'await AWS.IVS.Channel("channel", {name: "live"});\n')
        self.deploy("app.ts")
        self.write("app.ts", 'await AWS.IVS.Channel("channel", {name: "loud"});\n'
                             'await AWS.IVS.Channel("second", {name: "second"});\n')
        self.assertFalse(aws.requests("UPDATE"))
        process = self.start("deploy", "app.ts", "--yes")
        while not aws.requests("UPDATE"):
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        process.kill()
        self.finish(process, status=-9)
        run = self.athanor("state", "mv", "channel", "other", "--app", "app", status=1)
        self.assert_says(run, "interrupted operation on channel", "athanor deploy")
        self.deploy("app.ts")
        self.athanor("state", "mv", "channel", "other", "--app", "app")
        self.assertEqual(self.ids("--app", "app"), ["other", "second"])
        self.assertEqual(len(aws.resources(CHANNEL)), 2)


if __name__ == "__main__":
    unittest.main()
