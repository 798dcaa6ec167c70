"""What the machine and the network do to us: a clear error with a next step, and nothing lost."""

import http.server
import json
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import threading
import unittest

from support import ATHANOR, RECORDING, EndToEnd, Run, recording

SQLITE_HEADER = b"SQLite format 3\0"


class BadState(EndToEnd):
    def state_files(self):
        return [path for path in (self.project / ".athanor").rglob("*")
                if path.is_file() and path.read_bytes()[:16] == SQLITE_HEADER]

    def deployed(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r"))
        self.deploy("app.ts")
        [file] = self.state_files()
        return aws, file

    def test_state_from_a_newer_version_is_refused_and_left_alone(self):
        aws, file = self.deployed()
        with sqlite3.connect(file) as database:
            version = database.execute("PRAGMA user_version").fetchone()[0]
            database.execute(f"PRAGMA user_version = {version + 1}")
        database.close()
        before, content = aws.requests(), file.read_bytes()
        self.assert_says(self.deploy("app.ts", status=1), "newer", file.name)
        self.assert_unchanged_by(aws, before)
        self.assertEqual(file.read_bytes(), content)

    def test_a_truncated_state_file_is_an_error_and_not_an_empty_state(self):
        aws, file = self.deployed()
        before, content = aws.requests(), file.read_bytes()
        for length in (len(content) // 2, 4096, 100, 1, 0):
            with self.subTest(length=length):
                file.write_bytes(content[:length])
                for command in (["deploy", "app.ts", "--yes"], ["plan", "app.ts"], ["destroy", "app.ts", "--yes"]):
                    self.assert_says(self.athanor(*command, status=1), file.name)
                self.assert_unchanged_by(aws, before)
                self.assertEqual(file.read_bytes(), content[:length])
        file.write_bytes(content)
        self.assertEqual(self.actions("app.ts"), {})

    def test_state_that_is_not_a_database_is_an_error(self):
        aws, file = self.deployed()
        before = aws.requests()
        file.write_text("not a database\n" * 1000)
        self.assert_says(self.deploy("app.ts", status=1), file.name)
        self.assert_unchanged_by(aws, before)

    def test_a_lost_key_does_not_hinder_destroy(self):
        aws, file = self.deployed()
        (self.project / ".athanor/key").unlink()
        self.athanor("destroy", "app.ts", "--yes")
        self.assertEqual(aws.resources(RECORDING), {})


class BadDisk(EndToEnd):
    # Root may write anywhere; without these two it is held to the permissions as everyone is.
    as_anyone = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []

    def test_no_permission_to_make_the_state_folder_stops_before_anything_is_deployed(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r"))
        self.project.chmod(0o555)
        self.addCleanup(self.project.chmod, 0o755)
        run = self.deploy("app.ts", prefix=self.as_anyone, status=1)
        self.assert_says(run, "permission|denied|cannot write|not writable", r"\.athanor")
        self.assertEqual(aws.requests(), [])

    def test_no_permission_to_write_the_state_stops_before_anything_is_deployed(self):
        aws = self.start_aws()
        self.write("app.ts", recording("r"))
        self.deploy("app.ts")
        self.write("app.ts", recording("r") + recording("more"))
        before = aws.requests()
        locked = [self.project / ".athanor", *(self.project / ".athanor").rglob("*")]
        for path in locked:
            mode = path.stat().st_mode
            self.addCleanup(path.chmod, mode)
            path.chmod(mode & 0o555)
        run = self.deploy("app.ts", prefix=self.as_anyone, status=1)
        self.assert_says(run, "permission|denied|cannot write|not writable|read-only|readonly", r"\.athanor")
        self.assert_unchanged_by(aws, before)

    def test_a_full_disk_is_told_and_nothing_is_lost(self):
        aws = self.start_aws()
        names = [f"r{n}" for n in range(40)]
        self.write("app.ts", "".join(recording(name, name=name) for name in names))
        first, second = self.deploy_on_full_then_larger_disk("app.ts")
        self.assertEqual(first.status, 1, str(first))
        self.assert_says(first, "full|no space|too large", "app.*\\.db|state|\\.athanor")
        self.assertEqual(second.status, 0, str(second))
        self.assertEqual(sorted(one["Name"] for one in aws.resources(RECORDING).values()), sorted(names))

    def deploy_on_full_then_larger_disk(self, program):
        """Deploys in a folder that has too little room, then again where there is enough."""
        out, mounted = self.folder, self.folder / "small"
        mounted.mkdir()
        if subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode == 0:
            script = f"""
                mount -t tmpfs -o size=256k tmpfs {mounted} && cp {self.project}/{program} {mounted} && cd {mounted}
                head -c 131072 /dev/zero >filler
                {ATHANOR} deploy {program} --yes >{out}/out1 2>{out}/err1; echo $? >{out}/status1
                mount -o remount,size=64m tmpfs {mounted}
                {ATHANOR} deploy {program} --yes >{out}/out2 2>{out}/err2; echo $? >{out}/status2
            """
            subprocess.run(["unshare", "-rm", "sh", "-c", script], env=self.environment, check=True, timeout=120)
            return [Run(int((out / f"status{n}").read_text()), (out / f"out{n}").read_text(),
                        (out / f"err{n}").read_text()) for n in (1, 2)]

        def no_large_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (98304, resource.RLIM_INFINITY))

        return [self.deploy(program, status=None, preexec_fn=no_large_files), self.deploy(program)]


class BadNetwork(EndToEnd):
    def test_a_port_in_use_is_named_with_what_to_do(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            run = self.athanor("local", "--port", port, "--data", str(self.folder / "aws"), status=1, timeout=30)
        self.assert_says(run, port, "in use|taken", "--port")

    def test_a_second_server_on_the_same_data_names_the_first(self):
        aws = self.start_aws()
        run = self.athanor("local", "--port", "0", "--data", str(self.folder / "aws"), status=1, timeout=30)
        self.assert_says(run, aws.url)

    def test_an_unreachable_endpoint_is_named_within_seconds(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.write("app.ts", recording("r"))
        run = self.deploy("app.ts", "--endpoint", url, status=1, timeout=60)
        self.assert_says(run, url, "refused|reach|connect")

    def test_expired_credentials_are_told_with_a_next_step_and_nothing_is_deployed(self):
        asked = []

        class Expired(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                target = self.headers.get("X-Amz-Target", "")
                asked.append(target)
                if target:
                    type, body = "application/x-amz-json-1.0", json.dumps(
                        {"__type": "com.amazon.coral.service#ExpiredTokenException",
                         "message": "The security token included in the request is expired"})
                else:
                    type, body = "text/xml", (
                        '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>'
                        "<Code>ExpiredToken</Code><Message>The security token included in the request is expired"
                        "</Message></Error><RequestId>1</RequestId></ErrorResponse>")
                self.send_response(400 if target else 403)
                self.send_header("Content-Type", type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def do_GET(self):
                self.send_error(404)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Expired)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.environment["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{server.server_port}"
        self.environment["AWS_SESSION_TOKEN"] = "old"
        self.write("app.ts", recording("r"))
        run = self.deploy("app.ts", status=1, timeout=60)
        self.assert_says(run, "expired", "log in|login|renew|refresh|new credentials|again")
        self.assertNotIn("CloudApiService.CreateResource", asked)
        self.assertLess(len(asked), 10, "an expired token does not get better by asking again")

    def test_no_credentials_at_all_says_where_they_were_sought(self):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del self.environment[name]
        self.write("app.ts", recording("r"))
        run = self.deploy("app.ts", status=1, timeout=60)
        self.assert_says(run, "credentials", "AWS_ACCESS_KEY_ID|profile|aws configure")


class Lock(EndToEnd):
    def test_held_by_a_living_process_is_an_error_that_names_it_and_disturbs_nothing(self):
        aws = self.start_aws(latency=2000)
        self.write("app.ts", recording("r"))
        first = self.start_and_wait_for_a_request(aws, "deploy", "app.ts", "--yes")
        second = self.deploy("app.ts", status=1, timeout=30)
        self.assert_says(second, str(first.pid), "deploy")
        self.finish(first)
        self.assertEqual(len(aws.requests()), 1)
        self.assertEqual(self.ids("--app", "app"), ["r"])

    def test_dies_with_its_holder(self):
        aws = self.start_aws(latency=1000)
        self.write("app.ts", recording("r"))
        first = self.start_and_wait_for_a_request(aws, "deploy", "app.ts", "--yes")
        first.kill()
        first.communicate()
        self.deploy("app.ts")
        self.assertEqual(len(aws.resources(RECORDING)), 1)

    def test_of_one_stage_does_not_hold_up_another(self):
        aws = self.start_aws(latency=2000)
        self.write("app.ts", recording("r"))
        first = self.start_and_wait_for_a_request(aws, "deploy", "app.ts", "--yes", "--stage", "one")
        self.deploy("app.ts", "--stage", "two")
        self.finish(first)
        self.assertEqual(len(aws.resources(RECORDING)), 2)


if __name__ == "__main__":
    unittest.main()
