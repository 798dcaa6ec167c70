"""Mistakes in a program are told with their place, before anything is asked of anyone."""

import socket
import threading
import unittest

from support import RECORDING, EndToEnd, recording


class Mistakes(EndToEnd):
    def watch_network(self):
        """Aims every command at a socket that counts who connects; gives the list of connections."""
        listener = socket.create_server(("127.0.0.1", 0))
        connections = []

        def listen():
            while True:
                try:
                    connection, peer = listener.accept()
                except OSError:
                    return
                connections.append(peer)
                connection.close()

        threading.Thread(target=listen, daemon=True).start()
        self.addCleanup(listener.close)
        self.environment["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{listener.getsockname()[1]}"
        return connections

    def test_every_mistake_of_the_whole_program_is_told_at_once_before_any_network_call(self):
        connections = self.watch_network()
        self.write("app.ts", """await AWS.IVS.RecordingConfiguration("first", {
  destinationConfiguration: {s3: {bucketNam: "recordings"}},
});
await AWS.IVS.RecordingConfiguration("second", {
  destinationConfiguration: {s3: {bucketName: "recordings"}},
  recordingReconnectWindowSeconds: 900,
});
await AWS.IVS.RecordingConfiguration("third", {
  destinationConfiguration: {s3: {bucketName: "NO"}},
  thumbnailConfiguration: {recordingMode: "SOMETIMES"},
  renditionConfiguration: {renditionSelection: "CUSTOM"},
});
await AWS.IVS.Chanel("fourth", {});
""")
        run = self.athanor("deploy", "app.ts", "--yes", status=1)
        self.assert_says(run, r"mistakes in app\.ts",
                         r"2:\d+  first\n    destinationConfiguration\.s3: unknown property \"bucketNam\" \(did you mean "
                         r"\"bucketName\"\?\)\n    destinationConfiguration\.s3\.bucketName is required",
                         r"5:\d+  second\n.*recordingReconnectWindowSeconds.*0 to 300.*900",
                         r"9:\d+  third\n.*destinationConfiguration\.s3\.bucketName.*3 to 63",
                         r"\n    thumbnailConfiguration\.recordingMode.*INTERVAL.*SOMETIMES",
                         r"\n    .*CUSTOM.*renditionConfiguration\.renditions",
                         r"14:\d+.*\n.*Chanel", r"did you mean AWS::IVS::Channel\?")
        self.assertEqual(connections, [])

    def test_mistakes_found_while_a_call_is_read_are_told_with_all_others(self):
        connections = self.watch_network()
        self.write("app.ts", """const config = await AWS.IVS.RecordingConfiguration("first", {
  destinationConfiguration: {s3: {bucketName: () => "recordings"}}, name: Symbol("s"), protect: "yes",
}, {dependOn: [], timeout: "soon"});
await AWS.IVS.Channel({name: "no id"});
const read = await AWS.IVS.Channel.get("", {});
await AWS.IVS.Channel("last", {recordingConfigurationArn: config.arn, name: read.name, latencyMode: "FAST"});
""")
        run = self.athanor("deploy", "app.ts", "--yes", status=1)
        self.assert_says(run, r"8 mistakes in app\.ts",
                         r"2:\d+  first\n    destinationConfiguration\.s3\.bucketName: a function cannot be",
                         r"\n    name: a symbol cannot be", r"\n    protect: expected true or false, found \"yes\"",
                         r"\n    there is no option \"dependOn\"\n    next: did you mean \"dependsOn\"",
                         r"\n    timeout: expected seconds", r"5:\d+\n    AWS\.IVS\.Channel needs an id",
                         r"6:\d+\n    AWS\.IVS\.Channel\.get needs an identifier",
                         r"7:\d+  last\n    latencyMode must be one of")
        self.assertEqual(connections, [])

    def test_a_duplicate_id_names_both_places(self):
        connections = self.watch_network()
        self.write("app.ts", recording("same") + recording("same"))
        self.assert_says(self.athanor("plan", "app.ts", status=1), "same", r"app\.ts:2", r"\b3:15  same")
        self.assertEqual(connections, [])

    def test_a_syntax_error_names_file_line_and_column_and_shows_the_line(self):
        self.start_aws()
        self.write("app.ts", "const fine: number = 1;\nconst broken = (1 + ;\n")
        self.assert_says(self.athanor("plan", "app.ts", status=1), r"app\.ts:3:\d+", r"const broken = \(1 \+ ;")

    def test_a_thrown_error_names_its_place_shows_the_line_and_the_frames_up_to_the_programs_await(self):
        self.start_aws()
        self.write("app.ts", "interface Unused { a: string }\n"
                             "async function inner(): Promise<void> {\n"
                             "  await null;\n"
                             "  throw new TypeError('no such thing');\n"
                             "}\n"
                             "async function outer() {\n"
                             "  await inner();\n"
                             "}\n"
                             "await outer();\n")
        run = self.athanor("plan", "app.ts", status=1)
        self.assert_says(run, r"app\.ts:5:\d+", "no such thing", r"throw new TypeError\('no such thing'\);", "inner",
                         "outer", r"app\.ts:8", r"app\.ts:10")

    def test_an_enum_is_refused_with_what_to_write_instead(self):
        self.start_aws()
        self.write("app.ts", "enum Colour { red }\n")
        self.assert_says(self.athanor("plan", "app.ts", status=1), r"app\.ts:2", "enum", "const")

    def test_awaiting_what_never_settles_is_an_error_that_says_where(self):
        self.start_aws()
        self.write("app.ts", "await new Promise(() => {});\n")
        self.assert_says(self.athanor("plan", "app.ts", status=1), r"app\.ts:2")

    def test_a_program_that_does_not_exist_is_named(self):
        self.assert_says(self.athanor("deploy", "missing.ts", "--yes", status=1), r"missing\.ts")

    def test_a_program_that_throws_half_way_keeps_what_it_made_and_deletes_nothing(self):
        aws = self.start_aws()
        self.write("app.ts", recording("old", name="old"))
        self.deploy("app.ts")
        self.write("app.ts", 'import { previewing } from "athanor";\n' + recording("new", name="new")
                   + "if (!previewing) throw new Error('half way');\n")
        run = self.deploy("app.ts", status=1)
        self.assert_says(run, "half way", r"app\.ts:4:\d+")
        self.assertEqual(sorted(one["Name"] for one in aws.resources(RECORDING).values()), ["new", "old"])
        self.assertEqual(self.ids("--app", "app"), ["new", "old"])
        self.write("app.ts", recording("new", name="new") + recording("old", name="old"))
        self.assertEqual(self.actions("app.ts"), {})

    def test_a_program_that_throws_in_the_preview_deploys_nothing(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r") + "throw new Error('at once');\n")
        self.assert_says(self.deploy("app.ts", status=1), "at once", r"app\.ts:3")
        self.assertEqual(aws.requests(), [])

    def test_an_unknown_flag_or_command_is_named_and_help_is_offered(self):
        self.write("app.ts", recording("r"))
        for arguments in (["deploy", "app.ts", "--yess"], ["deplyo", "app.ts"]):
            run = self.athanor(*arguments, status=None)
            self.assertNotEqual(run.status, 0)
            self.assert_says(run, "yess|deplyo", "--help")


if __name__ == "__main__":
    unittest.main()
