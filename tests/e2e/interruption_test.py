"""Killed at any moment, the next deployment finishes the work: nothing twice, nothing lost."""

import os
import random
import time
import unittest

from support import CHANNEL, RECORDING, EndToEnd, recording


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
        process.send_signal(2)
        run = self.finish(process, status=None)
        self.assertNotEqual(run.status, 0)
        self.assertEqual(aws.resources(CHANNEL), {})
        self.assertEqual(self.ids("--app", "app"), ["r"])
        self.deploy("app.ts")
        self.assertEqual(len(aws.requests(operation="CREATE")), 2)


if __name__ == "__main__":
    unittest.main()
