"""Athanor against each way in which an AWS misbehaves: programs reach their end, nothing is there twice or lost."""

import json
import subprocess
import threading
import unittest
import urllib.error
import urllib.request

from support import ATHANOR, CHANNEL, QUEUE, RECORDING, EndToEnd, recording

STAGE = "AWS::IVS::Stage"
TYPES = (RECORDING, CHANNEL, QUEUE, STAGE)


def program(version):
    """A dozen resources: some stand alone, some refer to others, and what changes by version can be updated."""
    text = [recording("r0", "r0", name="r0"), recording("r1", "r1", name="r1")]
    for n in range(4):
        text.append(f'const c{n} = await AWS.IVS.Channel("c{n}", {{name: "c{n}", recordingConfigurationArn: r{n % 2}.arn, '
                    f'tags: [{{key: "version", value: "{version}"}}]}});\n')
    for n in range(4):
        text.append(f'await AWS.SQS.Queue("q{n}", {{queueName: "q{n}", delaySeconds: {version}}});\n')
    for n in range(2):
        text.append(f'await AWS.IVS.Stage("s{n}", {{name: "s{n}", tags: [{{key: "channel", value: c{n}.arn}}]}});\n')
    return "".join(text)


class Faulty(EndToEnd):
    latency = 10

    def setUp(self):
        super().setUp()
        self.aws = self.start_aws(latency=self.latency)

    def ask(self, method, path, body=None, **headers):
        headers = {"Content-Type": "application/json"} | headers
        request = urllib.request.Request(self.aws.url + path, method=method, headers=headers,
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def switch_on(self, *faults):
        self.ask("POST", "/_athanor/faults", {"seed": 5, "replace": True, "faults": list(faults)})

    def struck(self):
        return sum(one["struck"] for one in self.ask("GET", "/_athanor/faults")["faults"])

    def calm(self):
        """Switches every fault off; how often they had struck."""
        struck = self.struck()
        self.ask("DELETE", "/_athanor/faults")
        return struck

    def until_done(self, *command, most=12):
        """Runs a command until it ends well, as a patient person would; how often that took."""
        for attempt in range(1, most + 1):
            run = self.athanor(*command, status=None)
            if run.status == 0:
                return attempt
            self.assertEqual(run.status, 1, str(run))
        self.fail(f"{command} did not end well in {most} runs; the last:\n{run}")

    def names(self):
        found = {type: self.aws.resources(type) for type in TYPES}
        return sorted(one.get("Name") or one["QueueName"] for type in TYPES for one in found[type].values())

    def assert_deployed(self, version):
        """The AWS's own inventory is the program: each resource once, with the values of this version."""
        self.assertEqual(self.names(), sorted(
            ["r0", "r1", "c0", "c1", "c2", "c3", "q0", "q1", "q2", "q3", "s0", "s1"]))
        self.assertEqual({one["DelaySeconds"] for one in self.aws.resources(QUEUE).values()}, {version})
        self.assertEqual({tag["Value"] for one in self.aws.resources(CHANNEL).values() for tag in one["Tags"]},
                         {str(version)})
        channels = self.aws.resources(CHANNEL)
        self.assertTrue({one["RecordingConfigurationArn"] for one in channels.values()}
                        <= set(self.aws.resources(RECORDING)))
        self.assertEqual({one["State"] for one in self.aws.resources(RECORDING).values()}, {"ACTIVE"})
        self.assertEqual(self.actions("app.ts"), {})

    def lives(self, *faults, runs=1):
        """Deploys, updates and destroys under the faults; each takes `runs` commands at most."""
        struck = 0
        for version in (1, 2):
            self.switch_on(*faults)
            self.write("app.ts", program(version))
            self.until_done("deploy", "app.ts", "--yes", most=runs)
            struck += self.calm()
            self.assert_deployed(version)
        self.switch_on(*faults)
        self.until_done("destroy", "app.ts", "--yes", most=runs)
        struck += self.calm()
        self.assertEqual(self.names(), [])
        self.assertEqual(self.ids("--app", "app"), [])
        self.assertGreater(struck, 0, "the faults never struck")


class WaitedOut(Faulty):
    """What passes costs time, and never a second command."""

    def test_throttled_by_rate(self):
        self.lives({"kind": "throttle", "rate": 40})

    def test_throttled_at_random(self):
        self.lives({"kind": "throttle", "probability": 0.3})

    def test_errors_that_pass(self):
        self.lives({"kind": "error", "exception": "ServiceInternalErrorException", "probability": 0.2},
                   {"kind": "error", "exception": "HandlerInternalFailureException", "probability": 0.1},
                   {"kind": "error", "exception": "ServiceUnavailable", "probability": 0.1})

    def test_requests_that_are_lost_before_anything_is_done(self):
        self.lives({"kind": "lose-request", "probability": 0.2})

    def test_answers_that_are_lost_after_the_work_was_done(self):
        self.lives({"kind": "lose-answer", "probability": 0.2})

    def test_every_first_answer_to_a_change_is_lost(self):
        self.lives({"kind": "lose-answer", "operation": "create|update|delete", "count": 12})

    def test_created_resources_are_not_found_for_a_while(self):
        self.lives({"kind": "stale", "operation": "create", "milliseconds": 700, "probability": 0.5})

    def test_updates_show_old_values_for_a_while(self):
        self.lives({"kind": "stale", "operation": "update", "milliseconds": 300}, runs=2)

    def test_deleted_resources_are_still_shown_for_a_while(self):
        self.lives({"kind": "stale", "operation": "delete", "milliseconds": 700})

    def test_slow_operations_and_answers(self):
        self.lives({"kind": "slow", "operation": "create|update|delete", "milliseconds": "0-600"},
                   {"kind": "slow", "operation": "read|list|status", "milliseconds": "0-50"})

    def test_everything_that_passes_at_once(self):
        self.lives({"kind": "throttle", "probability": 0.1}, {"kind": "lose-request", "probability": 0.05},
                   {"kind": "lose-answer", "probability": 0.1},
                   {"kind": "error", "exception": "ServiceUnavailable", "probability": 0.05},
                   {"kind": "slow", "operation": "create|update|delete", "milliseconds": "0-300"},
                   {"kind": "stale", "operation": "create", "milliseconds": "0-500", "probability": 0.3})


class TriedAgain(Faulty):
    """What fails fails the command, says why, and the next command goes on from there."""

    def test_operations_that_fail_with_each_code(self):
        for code in ("GeneralServiceException", "ServiceLimitExceeded", "NotStabilized", "InternalFailure", "Throttling",
                     "ServiceInternalError", "NetworkFailure", "ServiceTimeout", "AccessDenied", "InvalidRequest"):
            with self.subTest(code):
                self.lives({"kind": "fail", "code": code, "probability": 0.5, "count": 4}, runs=5)

    def test_a_failure_says_what_the_service_said(self):
        self.switch_on({"kind": "fail", "code": "ServiceLimitExceeded", "message": "No more than none.", "count": 1})
        self.write("app.ts", recording("r"))
        run = self.deploy("app.ts", status=1)
        self.assert_says(run, "No more than none", "ServiceLimitExceeded")
        self.deploy("app.ts")
        self.assertEqual(len(self.aws.resources(RECORDING)), 1)

    def test_creates_that_fail_and_leave_a_resource_behind(self):
        self.lives({"kind": "create-failed", "probability": 0.5, "count": 4}, runs=5)

    def test_a_recording_configuration_in_state_create_failed_is_replaced(self):
        self.switch_on({"kind": "create-failed", "count": 1})
        self.write("app.ts", recording("r"))
        self.deploy("app.ts", status=1)
        identifier, properties = self.aws.only(RECORDING)
        self.assertEqual(properties["State"], "CREATE_FAILED")
        self.deploy("app.ts")
        again, properties = self.aws.only(RECORDING)
        self.assertNotEqual(again, identifier)
        self.assertEqual(properties["State"], "ACTIVE")

    def test_creates_that_fail_and_leave_a_resource_behind_that_reads_do_not_show_yet(self):
        self.lives({"kind": "create-failed", "count": 2}, {"kind": "stale", "operation": "create", "milliseconds": 700},
                   runs=5)

    def test_somebody_else_edits_and_deletes_while_athanor_reads(self):
        self.write("app.ts", program(1))
        self.deploy("app.ts")
        self.switch_on({"kind": "edit", "type": QUEUE, "set": {"DelaySeconds": 7}, "operation": "read", "count": 2},
                       {"kind": "delete", "type": STAGE, "operation": "read", "count": 1})
        self.until_done("deploy", "app.ts", "--yes", most=2)
        self.assertEqual(self.calm(), 3)
        self.assert_deployed(1)

    def test_somebody_else_deletes_what_is_just_being_updated_or_deleted(self):
        self.write("app.ts", program(1))
        self.deploy("app.ts")
        self.write("app.ts", program(2))
        self.switch_on({"kind": "delete", "operation": "update", "count": 2})
        self.until_done("deploy", "app.ts", "--yes", most=3)
        self.assertEqual(self.calm(), 2)
        self.assert_deployed(2)
        self.switch_on({"kind": "delete", "operation": "delete", "probability": 0.5})
        self.until_done("destroy", "app.ts", "--yes", most=1)
        self.assertGreater(self.calm(), 0)
        self.assertEqual(self.names(), [])

    def test_an_operation_that_never_ends_is_given_up_and_asked_for_by_the_next_command(self):
        self.switch_on({"kind": "stuck", "type": QUEUE, "operation": "create", "count": 1})
        self.write("app.ts", 'await AWS.SQS.Queue("q", {queueName: "q"}, {timeout: 2});\n')
        run = self.deploy("app.ts", status=1)
        self.assert_says(run, "has not ended in time")
        token = self.aws.requests()[0]["RequestToken"]
        self.aws.client.cancel_resource_request(RequestToken=token)
        self.until_done("deploy", "app.ts", "--yes", most=3)
        self.assertEqual(list(self.aws.resources(QUEUE).values())[0]["QueueName"], "q")


class Stopped(Faulty):
    """The whole AWS goes down in mid-operation, and comes up again on what it had kept."""

    latency = 50

    def restart_when_it_stops(self):
        """Starts the AWS again on the same port and folder each time it ends; how often is in what is given."""
        restarts, ended = [], threading.Event()
        port = self.aws.url.rpartition(":")[2]

        def watch():
            while not ended.is_set():
                if self.aws.process.poll() is None:
                    ended.wait(0.02)
                    continue
                self.aws.process.stdout.close()
                restarts.append(self.aws.process.returncode)
                self.aws.process = subprocess.Popen(
                    [ATHANOR, "local", "--port", port, "--no-streams", "--data", str(self.folder / "aws"), "--latency", "50"],
                    env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
                self.aws.process.stdout.readline()

        thread = threading.Thread(target=watch)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(ended.set)
        return restarts

    def stops(self, moment):
        restarts = self.restart_when_it_stops()
        for version in (1, 2):
            self.write("app.ts", program(version))
            self.switch_on({"kind": "stop", "at": moment, "operation": "create|update", "after": 3})
            self.until_done("deploy", "app.ts", "--yes", most=3)
            self.assertEqual(restarts, [1] * version, "an AWS that a fault stops ends with status 1")
            self.assert_deployed(version)
        self.switch_on({"kind": "stop", "at": moment, "operation": "delete", "after": 3})
        self.until_done("destroy", "app.ts", "--yes", most=3)
        self.assertEqual(len(restarts), 3)
        self.assertEqual(self.names(), [])

    def test_before_it_kept_what_it_accepted(self):
        self.stops("before-commit")

    def test_after_it_kept_it_and_before_it_answered(self):
        self.stops("after-commit")


class SwitchedOn(Faulty):
    """How faults are asked for."""

    def refusal(self, *arguments, **headers):
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.ask(*arguments, **headers)
        with caught.exception as answer:
            return answer.code, json.load(answer)["message"]

    def test_by_request_they_are_listed_counted_and_cleared(self):
        self.ask("POST", "/_athanor/faults", {"kind": "throttle", "operation": "list", "count": 1})
        self.ask("POST", "/_athanor/faults", [{"kind": "lose-answer", "type": "None::*"}])
        self.aws.resources(QUEUE)
        first, second = self.ask("GET", "/_athanor/faults")["faults"]
        self.assertEqual((first["kind"], first["struck"], second["kind"], second["struck"]),
                         ("throttle", 1, "lose-answer", 0))
        self.assertEqual(self.ask("DELETE", "/_athanor/faults"), {"faults": []})

    def test_by_request_mistakes_and_strangers_are_refused(self):
        faults = "/_athanor/faults"
        self.assertEqual(self.refusal("POST", faults, {"kind": "throtle"})[0], 400)
        self.assertIn("throtle", self.refusal("POST", faults, {"kind": "throtle"})[1])
        self.assertEqual(self.refusal("POST", faults, {"kind": "stuck"}, Origin="https://evil.example")[0], 403)
        self.assertEqual(self.refusal("POST", faults, {"kind": "stuck"}, Host="evil.example")[0], 403)
        self.assertEqual(self.refusal("DELETE", faults, None, Origin="https://evil.example")[0], 403)
        self.assertEqual(self.refusal("POST", faults, {"kind": "stuck"}, **{"Content-Type": "text/plain"})[0], 415)
        self.assertEqual(self.ask("GET", faults), {"faults": []})

    def test_by_request_a_person_at_the_console_edits_and_deletes(self):
        self.write("app.ts", program(1))
        self.deploy("app.ts")
        before = len(self.aws.requests())
        queue = next(iter(self.aws.resources(QUEUE)))
        self.ask("POST", "/_athanor/resources", {"type": QUEUE, "identifier": queue, "set": {"DelaySeconds": 9}})
        self.ask("POST", "/_athanor/resources", {"type": STAGE, "identifier": next(iter(self.aws.resources(STAGE))),
                                                 "delete": True})
        self.assertEqual(len(self.aws.requests()), before, "nobody asked Cloud Control")
        self.assertEqual(sorted(self.actions("app.ts").values()), ["create", "update"])
        self.deploy("app.ts")
        self.assert_deployed(1)
        self.assertEqual(self.refusal("POST", "/_athanor/resources", {"type": QUEUE, "identifier": "none",
                                                                     "delete": True})[0], 404)
        self.assertEqual(self.refusal("POST", "/_athanor/resources", {"type": QUEUE, "identifier": queue})[0], 400)

    def test_by_file_and_by_flag(self):
        self.aws.stop()
        (self.folder / "faults.json").write_text(json.dumps(
            {"seed": 3, "faults": [{"kind": "slow", "milliseconds": "10-20"}]}))
        aws = self.start_aws(data="second", arguments=[
            "--faults", str(self.folder / "faults.json"), "--fault", "throttle,type=AWS::IVS::*,probability=0.2",
            "--rate", "500"])
        self.aws = aws
        found = self.ask("GET", "/_athanor/faults")["faults"]
        self.assertEqual([one["kind"] for one in found], ["throttle", "slow", "throttle"])
        self.assertEqual((found[0]["rate"], found[1]["milliseconds"], found[2]["probability"]), (500, "10-20", 0.2))

    def test_by_file_and_by_flag_mistakes_name_themselves(self):
        (self.folder / "faults.json").write_text('{"faults": [{"kind": "slow"}]}')
        for arguments, words in (
                (["--fault", "throttle,probability=2"], ['"probability" is a number from 0 to 1']),
                (["--faults", str(self.folder / "faults.json")], ["faults.json", '"milliseconds" is missing']),
                (["--faults", str(self.folder / "none.json")], ["none.json cannot be read"])):
            self.assert_says(self.athanor("local", "--port", "0", *arguments, status=1), *words)


if __name__ == "__main__":
    unittest.main()
