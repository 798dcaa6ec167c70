"""Who deployed what, when and for how long; what depends on what; how long a plan will take."""

import json
import os
import pwd
import socket
import time
import unittest
import xml.etree.ElementTree as xml

from scenarios import queue
from support import EndToEnd, recording


def chain(names):
    """Queues, each after the one before it."""
    return "".join(f'await AWS.SQS.Queue("{name}", {{ queueName: "{name}" }}'
                   + (f', {{ dependsOn: ["{names[i - 1]}"] }}' if i else "") + ");\n" for i, name in enumerate(names))


class History(EndToEnd):
    def runs(self, *arguments):
        return json.loads(self.athanor("history", "app.ts", "--json", *arguments).out)["runs"]

    def test_tells_who_did_what_when_and_for_how_long_newest_first(self):
        self.start_aws(latency=300)
        self.write("app.ts", queue("a") + queue("b"))
        before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.deploy("app.ts")
        self.write("app.ts", queue("a", visibilityTimeout=60) + queue("c"))
        self.deploy("app.ts")
        self.athanor("destroy", "app.ts", "--yes")
        destroy, second, first = self.runs()
        who = pwd.getpwuid(os.geteuid()).pw_name, socket.gethostname()
        for run, number in ((first, 1), (second, 2), (destroy, 3)):
            self.assertEqual((run["user"], run["host"]), who)
            self.assertEqual(run["program"], str(self.project / "app.ts"))
            self.assertEqual((run["number"], run["outcome"]), (number, "succeeded"))
            self.assertEqual(run["planned"] | {"keep": 0}, run["done"] | {"keep": 0})
            self.assertLess(run["seconds"], 30)
            self.assertGreaterEqual(run["seconds"], 0.3)
            self.assertLessEqual(before, run["begunAt"])
        self.assertEqual([run["command"] for run in (first, second, destroy)], ["deploy", "deploy", "destroy"])
        self.assertEqual(first["done"]["create"], 2)
        self.assertEqual({action: n for action, n in second["done"].items() if n},
                         {"create": 1, "update": 1, "delete": 1})
        self.assertEqual(destroy["done"]["delete"], 2)
        lines = self.athanor("history", "app.ts").out.splitlines()
        self.assertEqual([line.split()[0] for line in lines], ["#3", "#2", "#1"])
        self.assertRegex(lines[1], r"deploy +succeeded +\d.*s +1 created, 1 updated, 1 deleted +\S+@\S+ +app\.ts$")
        self.assertEqual([run["number"] for run in self.runs("--limit", "2")], [3, 2])

    def test_is_one_for_each_stage_and_is_empty_at_first(self):
        self.start_aws()
        self.write("app.ts", queue("a"))
        self.assertEqual(self.runs(), [])
        self.assert_says(self.athanor("history", "app.ts"), "Nothing was deployed so far")
        self.deploy("app.ts", "--stage", "prod")
        self.assertEqual(self.runs(), [])
        self.assertEqual(len(self.runs("--stage", "prod")), 1)

    def test_has_no_mark_of_what_changed_nothing(self):
        self.start_aws()
        self.write("app.ts", queue("a"))
        self.deploy("app.ts")
        self.deploy("app.ts")
        self.athanor("plan", "app.ts")
        self.assertEqual(len(self.runs()), 1)

    def test_tells_what_failed(self):
        self.start_aws()
        self.write("app.ts", queue("a") + 'throw new Error("half way");\n')
        self.deploy("app.ts", status=1)
        self.assertEqual(self.runs(), [])
        self.write("app.ts", queue("a", variable="a") + 'if (a.arn.endsWith("a")) throw new Error("half way");\n')
        self.deploy("app.ts", status=1)
        self.assertEqual([(run["outcome"], run["done"]["create"]) for run in self.runs()], [("failed", 1)])

    def test_calls_a_killed_deployment_interrupted_once_the_next_command_has_finished_it(self):
        aws = self.start_aws(latency=1000)
        self.write("app.ts", queue("a"))
        process = self.start_and_wait_for_a_request(aws, "deploy", "app.ts", "--yes")
        process.kill()
        process.communicate()
        self.assertEqual([run["outcome"] for run in self.runs()], ["unfinished"])
        self.assert_says(self.athanor("history", "app.ts"), "unfinished +1 planned")
        self.deploy("app.ts")
        runs = self.runs()
        self.assertEqual(runs[-1]["outcome"], "interrupted")
        self.assertGreaterEqual(runs[-1]["seconds"], 0)
        self.assertEqual(len(aws.requests()), 1)


class Duration(EndToEnd):
    def test_of_a_plan_is_told_once_its_steps_were_seen_before(self):
        self.start_aws(latency=700)
        self.write("app.ts", chain(["a"]))
        self.assertNotIn("predictedSeconds", self.plan("app.ts"))
        self.assertNotIn("going by earlier", self.athanor("plan", "app.ts").out)
        self.deploy("app.ts")
        self.assertNotIn("predictedSeconds", self.plan("app.ts"))
        self.write("app.ts", chain(["a", "b", "c", "d", "e"]))
        predicted = self.plan("app.ts")["predictedSeconds"]
        self.assertGreaterEqual(predicted, 4 * 0.7)
        self.assertRegex(self.athanor("plan", "app.ts").out, r"Plan: 4 to create.*\.\nAbout \d+ s, going by earlier "
                                                            r"deployments\.\n")
        began = time.monotonic()
        self.deploy("app.ts")
        self.assertGreater(time.monotonic() - began, predicted / 2)

    def test_is_not_told_where_a_type_is_new(self):
        self.start_aws()
        self.write("app.ts", queue("a"))
        self.deploy("app.ts")
        self.write("app.ts", queue("a") + queue("b") + recording("r"))
        self.assertNotIn("predictedSeconds", self.plan("app.ts"))


class Graph(EndToEnd):
    PROGRAM = (recording("recording", variable="recording") + 'await AWS.IVS.Channel("channel", '
               '{ name: "live", recordingConfigurationArn: recording.arn });\n')

    def test_of_what_is_recorded_is_dot(self):
        self.start_aws()
        self.write("app.ts", self.PROGRAM)
        self.deploy("app.ts")
        dot = self.athanor("graph").out
        self.assertEqual(dot, self.athanor("graph", "--app", "app").out)
        self.assertRegex(dot, r'^digraph "app tester" \{\n')
        self.assertIn('"channel" -> "recording";\n', dot)
        self.assertNotIn("create", dot)

    def test_of_a_program_shows_its_plan_and_deploys_nothing(self):
        aws = self.start_aws()
        self.write("app.ts", self.PROGRAM + queue("a"))
        self.deploy("app.ts")
        before = aws.requests()
        self.write("app.ts", self.PROGRAM.replace("30", "60") + queue("b"))
        dot = self.athanor("graph", "app.ts").out
        for name, what in (("recording", "replace, create-first"), ("channel", "update"), ("a", "delete"), ("b", "create")):
            self.assertRegex(dot, rf'"{name}" \[label="{name}\\nAWS::[\w:]+\\n{what}"')
        self.assertIn('"channel" -> "recording";\n', dot)
        self.assert_unchanged_by(aws, before)

    def test_of_a_program_takes_the_same_selection_as_its_plan(self):
        self.start_aws()
        self.write("app.ts", self.PROGRAM + queue("a"))
        dot = self.athanor("graph", "app.ts", "--target", "channel").out
        self.assertIn('"channel" -> "recording";\n', dot)
        self.assertNotIn('"a"', dot)
        dot = self.athanor("graph", "app.ts", "--exclude", "recording").out
        self.assertIn('"a"', dot)
        self.assertNotIn('"channel"', dot)
        refused = self.athanor("graph", "--target", "channel", "--app", "app", status=1)
        self.assert_says(refused, "--target requires PROGRAM")

    def test_as_svg_is_a_document_with_every_node_and_edge(self):
        self.start_aws()
        self.write("app.ts", self.PROGRAM)
        svg = self.athanor("graph", "app.ts", "--svg").out
        root = xml.fromstring(svg)
        names = {"svg": "http://www.w3.org/2000/svg"}
        self.assertEqual(root.tag, "{http://www.w3.org/2000/svg}svg")
        texts = {text.text for text in root.iterfind(".//svg:text", names)}
        self.assertLessEqual({"recording", "AWS::IVS::Channel", "create"}, texts)
        self.assertEqual(len(root.findall(".//svg:g[@class='edge']", names)), 1)

    def test_loads_graphviz_only_to_draw(self):
        self.start_aws()
        self.write("app.ts", self.PROGRAM)
        trace = {**self.environment, "LD_DEBUG": "files"}
        self.environment = trace
        self.assertNotIn("libgvc", self.athanor("graph", "app.ts").err)
        self.assertIn("libgvc", self.athanor("graph", "app.ts", "--svg").err)


if __name__ == "__main__":
    unittest.main()
