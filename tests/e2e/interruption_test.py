"""Killed at any moment, the next deployment finishes the work: nothing twice, nothing lost."""

import fcntl
import os
import pty
import random
import signal
import subprocess
import termios
import time
import unittest

from support import ATHANOR, CHANNEL, RECORDING, EndToEnd, recording

INTERRUPTED = 130


class Interruption(EndToEnd):
    def program(self, desired):
        """`desired`: name to (version, window); each recording configuration has a channel that uses it."""
        text = ""
        for name, (version, window) in desired.items():
            text += recording(name, name, name=name, window=window, tags={"version": version})
            text += (f'await AWS.IVS.Channel("{name}-channel", {{name: "{name}", '
                     f"recordingConfigurationArn: {name}.arn}});\n")
        self.write("app.ts", text)

    def assert_deployed(self, aws, desired):
        live = aws.resources(RECORDING)
        self.assertEqual(sorted((one["Name"], one["Tags"][0]["Value"], one["RecordingReconnectWindowSeconds"])
                                for one in live.values()),
                         sorted((name, *rest) for name, rest in desired.items()))
        arns = {one["Name"]: identifier for identifier, one in live.items()}
        self.assertEqual(sorted((one["Name"], one["RecordingConfigurationArn"])
                                for one in aws.resources(CHANNEL).values()), sorted(arns.items()))
        self.assertEqual(self.ids("--app", "app"), sorted([*desired, *(f"{name}-channel" for name in desired)]))

    def kill_at_random(self, dice, longest, *command):
        process = self.start(*command)
        time.sleep(dice.uniform(0, longest))
        process.kill()
        process.communicate()

    def test_kill_9_at_random_moments_then_deploy_leaves_nothing_twice_and_nothing_lost(self):
        seed = int(os.environ.get("ATHANOR_SEED", time.time_ns() % 2**32))
        rounds = int(os.environ.get("ATHANOR_KILL_ROUNDS", 12))
        dice = random.Random(seed)
        aws = self.start_aws(latency=50)
        desired = {}
        longest = 1.0
        for round in range(rounds):
            with self.subTest(seed=seed, round=round):
                for name in dice.sample([f"r{n}" for n in range(8)], 4):
                    if name in desired and dice.random() < 0.3:
                        del desired[name]
                    else:
                        desired[name] = (str(round), dice.choice([30, 60]))
                self.program(desired)
                for _ in range(dice.randint(1, 3)):
                    self.kill_at_random(dice, longest, "deploy", "app.ts", "--yes")
                began = time.monotonic()
                self.deploy("app.ts")
                longest = max(0.2, time.monotonic() - began)
                self.assert_deployed(aws, desired)
                self.assertEqual(self.actions("app.ts"), {})
        self.kill_at_random(dice, longest, "destroy", "app.ts", "--yes")
        self.athanor("destroy", "app.ts", "--yes")
        self.assertEqual((aws.resources(RECORDING), aws.resources(CHANNEL)), ({}, {}), f"seed {seed}")

    def test_killed_while_a_create_runs_the_next_deploy_takes_that_very_create(self):
        aws = self.start_aws(latency=1500)
        self.write("app.ts", recording("r"))
        process = self.start_and_wait_for_a_request(aws, "deploy", "app.ts", "--yes")
        process.kill()
        process.communicate()
        self.deploy("app.ts")
        self.assertEqual([one["Operation"] for one in aws.requests()], ["CREATE"])
        self.assertEqual(len(aws.resources(RECORDING)), 1)

    def test_ctrl_c_lets_what_runs_finish_starts_nothing_more_and_exits_non_zero(self):
        aws = self.start_aws(latency=1500)
        self.write("app.ts", recording("r", "r") +
                   'await AWS.IVS.Channel("c", {recordingConfigurationArn: r.arn});\n')
        process = self.start_and_wait_for_a_request(aws, "deploy", "app.ts", "--yes")
        process.send_signal(signal.SIGINT)
        self.finish(process, status=INTERRUPTED)
        self.assertEqual(aws.resources(CHANNEL), {})
        self.assertEqual(self.ids("--app", "app"), ["r"])
        self.deploy("app.ts")
        self.assertEqual(len(aws.requests(operation="CREATE")), 2)

    def test_sigterm_is_as_ctrl_c_and_what_waited_for_its_turn_is_not_started(self):
        aws = self.start_aws(latency=1500)
        self.write("app.ts", "".join(recording(f"r{n}") for n in range(3)))
        process = self.start_and_wait_for_a_request(aws, "deploy", "app.ts", "--yes", "--parallel", "1")
        process.send_signal(signal.SIGTERM)
        run = self.finish(process, status=INTERRUPTED)
        self.assert_says(run, "Stopping: waiting for what is in flight", "Stopped: 1 created, 2 not run")
        self.assertEqual(self.ids("--app", "app"), ["r0"])
        self.assertEqual(len(aws.requests()), 1)
        self.assert_says(self.deploy("app.ts"), "Deployed: 2 created, 1 unchanged")

    def test_ctrl_c_waits_for_what_is_in_flight_and_not_for_a_program_that_waits_for_itself(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r") + 'import { previewing } from "athanor";\nconsole.log("resting");\n'
                   "if (!previewing) await new Promise((done) => setTimeout(done, 600_000));\n")
        process = self.start("deploy", "app.ts", "--yes")
        while "resting" not in process.stdout.readline():
            self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        self.finish(process, status=INTERRUPTED)
        self.assertEqual(self.ids("--app", "app"), ["r"])
        self.assertEqual(len(aws.requests()), 1)

    def test_ctrl_c_in_a_destroy_starts_no_further_deletion(self):
        aws = self.start_aws(latency=700)
        self.write("app.ts", "".join(recording(f"r{n}") for n in range(4)))
        self.deploy("app.ts")
        process = self.start("destroy", "app.ts", "--yes", "--parallel", "1")
        while not aws.requests(operation="DELETE"):
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        self.finish(process, status=INTERRUPTED)
        self.assertEqual(len(aws.requests(operation="DELETE")), 1)
        self.assertEqual(len(self.ids("--app", "app")), 3)

    def test_a_second_ctrl_c_leaves_at_once_and_the_next_deploy_finishes_what_was_in_flight(self):
        aws = self.start_aws(latency=4000)
        self.write("app.ts", recording("r"))
        process = self.start_and_wait_for_a_request(aws, "deploy", "app.ts", "--yes")
        process.send_signal(signal.SIGINT)
        while "Stopping" not in process.stderr.readline():
            self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        self.finish(process, status=INTERRUPTED)
        self.assertIn(aws.requests()[0]["OperationStatus"], ("PENDING", "IN_PROGRESS"), "it did not leave at once")
        self.assertEqual(self.ids("--app", "app"), [])
        self.deploy("app.ts")
        self.assertEqual([one["Operation"] for one in aws.requests()], ["CREATE"])
        self.assertEqual(self.ids("--app", "app"), ["r"])

    def test_a_second_ctrl_c_leaves_although_nobody_reads_what_the_command_says(self):
        aws = self.start_aws(latency=1000)
        self.write("app.ts", recording("r", "r") + 'console.log(r.arn + "x".repeat(1 << 20));\n')
        out, into = os.pipe()
        self.addCleanup(os.close, out)
        process = subprocess.Popen([ATHANOR, "deploy", "app.ts", "--yes"], cwd=self.project, env=self.environment,
                                   stdin=subprocess.DEVNULL, stdout=into, stderr=into)
        self.addCleanup(process.kill)
        os.close(into)
        while b"xxx" not in os.read(out, 4096):
            self.assertIsNone(process.poll())
        before, unread = None, bytearray(4)
        while unread != before:  # until the pipe is full: the megabyte is more than it holds
            before = bytes(unread)
            time.sleep(0.2)
            fcntl.ioctl(out, termios.FIONREAD, unread)
        process.send_signal(signal.SIGINT)
        until = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
            process.send_signal(signal.SIGINT)
        self.assertEqual(process.poll(), INTERRUPTED)

    def test_ctrl_c_at_the_question_ends_the_command_and_changes_nothing(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r"))
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.project)
            os.execve(ATHANOR, ["athanor", "deploy", "app.ts"], self.environment)
        self.addCleanup(os.close, terminal)
        said = b""
        while b"[y/N]" not in said:
            said += os.read(terminal, 4096)
        os.write(terminal, b"\x03")
        with self.assertRaises(OSError):  # of a terminal that nobody holds any more
            while True:
                said += os.read(terminal, 4096)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), INTERRUPTED)
        self.assertTrue(said.endswith(b"\r\nNothing was changed.\r\n"), said)
        self.assertEqual(aws.requests(), [])


if __name__ == "__main__":
    unittest.main()
