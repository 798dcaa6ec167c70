"""Secrets reach AWS as plain values, and nothing else: no file and no output holds them."""

import base64
import json
import unittest

from support import EndToEnd

PARAMETER = "AWS::SSM::Parameter"
SECRET = "AWS::SecretsManager::Secret"
DATABASE = "AWS::RDS::DBInstance"

PROGRAM = """import alchemy, { secret } from "alchemy";

const token = alchemy.secret.env.TOKEN;
const password = alchemy.secret(process.env.PASSWORD);
console.log("with", token, { password }, `${token}`, JSON.stringify(token), token.unencrypted);

const parameter = await AWS.SSM.Parameter("parameter", { name: "/token", type: "String", value: token });
await AWS.SSM.Parameter("echo", { name: "/echo", type: "String", value: parameter.value });
await AWS.SSM.Parameter("url", {
  name: "/url", type: "String", value: `postgres://app:${password.unencrypted}@db/app`,
});
await AWS.SecretsManager.Secret("secret", { name: "app", secretString: secret(process.env.DOCUMENT) });
await AWS.RDS.DBInstance("database", {
  dbInstanceIdentifier: "app", dbInstanceClass: "db.t3.micro", engine: "postgres", allocatedStorage: "20",
  masterUsername: "app", masterUserPassword: password,
});
const fn = await AWS.Lambda.Function("function", {
  functionName: "app", role: "arn:aws:iam::123456789012:role/app", code: { zipFile: "exports.handler = 1" },
  handler: "index.handler", runtime: "nodejs20.x",
  environment: { variables: { PIN: secret("417"), TOKEN: token, PLAIN: "plain" } },
});
console.log(parameter, fn.environment);
"""


class Secrets(EndToEnd):
    TOKEN = "tok-9f1c77aa-very-secret"
    PASSWORD = 'pa"ss/w\\ord-4711'
    DOCUMENT = json.dumps({"user": "app", "password": "swordfish-0815"})

    def setUp(self):
        super().setUp()
        self.runs = []
        self.environment |= {"TOKEN": self.TOKEN, "PASSWORD": self.PASSWORD, "DOCUMENT": self.DOCUMENT}

    def finish(self, process, status=0, timeout=120):
        run = super().finish(process, status, timeout)
        self.runs.append(run)
        return run

    def assert_nothing_leaks(self, *more):
        """No file of the project and no output so far holds a secret, in any of the forms it may take."""
        secrets = [self.TOKEN, self.PASSWORD, self.DOCUMENT, *more]
        forms = set()
        for secret in secrets:
            quoted = json.dumps(secret)[1:-1]
            forms |= {secret, quoted, json.dumps(quoted)[1:-1], base64.b64encode(secret.encode()).decode()}
        for run in self.runs:
            for form in forms:
                self.assertNotIn(form, run.out)
                self.assertNotIn(form, run.err)
        files = [file for file in self.project.rglob("*") if file.is_file() and file.suffix != ".ts"]
        self.assertTrue(any(file.name.startswith("state.sqlite") for file in files), files)
        for file in files:
            data = file.read_bytes()
            for form in forms:
                self.assertNotIn(form.encode(), data, file)

    def test_secrets_are_sent_and_never_shown_or_kept_in_plain_text(self):
        aws = self.start_aws()
        self.write("app.ts", PROGRAM)
        plan = self.athanor("plan", "app.ts")
        self.assert_says(plan, r"value +\(sensitive\)", r"secretString +\(sensitive\)",
                         r"masterUserPassword +\(sensitive\)", r"TOKEN +\(sensitive\)|\"TOKEN\": \(sensitive\)", "plain")
        self.athanor("plan", "app.ts", "--json")
        run = self.deploy("app.ts")
        self.assert_says(run, r"with \(secret\) \{ password: \(secret\) \} \(secret\) \"\(secret\)\" \(secret\)",
                         r"value: '\(secret\)'", "PLAIN: 'plain'")
        values = {one["Name"]: one["Value"] for one in aws.resources(PARAMETER).values()}
        self.assertEqual(values, {"/token": self.TOKEN, "/echo": self.TOKEN,
                                  "/url": f"postgres://app:{self.PASSWORD}@db/app"})
        self.assertEqual(aws.only("AWS::Lambda::Function")[1]["Environment"]["Variables"],
                         {"PIN": "417", "TOKEN": self.TOKEN, "PLAIN": "plain"})

        before = aws.requests()
        self.assertEqual(self.actions("app.ts"), {})
        self.deploy("app.ts", "--json")
        self.assert_unchanged_by(aws, before)
        for id in ("parameter", "echo", "url", "secret", "database", "function"):
            self.athanor("state", "show", id, "--app", "app")
            self.athanor("state", "show", id, "--app", "app", "--json")
        self.athanor("state", "export", "--app", "app")
        self.athanor("drift", "app.ts")
        self.assert_nothing_leaks()

        old = self.TOKEN
        self.TOKEN = self.environment["TOKEN"] = "tok-second-e8d1"
        changed = self.plan("app.ts")
        shown = {step["id"]: step["changes"] for step in changed["steps"] if step["action"] != "keep"}
        self.assertEqual(shown["parameter"], [{"path": "value", "old": "(sensitive)", "new": "(sensitive)"}])
        self.athanor("plan", "app.ts")
        self.deploy("app.ts", "--json")
        values = {one["Name"]: one["Value"] for one in aws.resources(PARAMETER).values()}
        self.assertEqual((values["/token"], values["/echo"]), (self.TOKEN, self.TOKEN))
        self.assertEqual(self.actions("app.ts"), {})
        self.assert_nothing_leaks(old)

        drifted = "set-by-somebody-else"
        aws.update(PARAMETER, "/token", [{"op": "replace", "path": "/Value", "value": drifted}])
        self.assert_says(self.athanor("plan", "app.ts"), r"value +\(sensitive\) → \(sensitive\)")
        self.athanor("drift", "app.ts", "--json")
        self.deploy("app.ts")
        self.athanor("destroy", "app.ts", "--yes")
        self.assertEqual(aws.resources(PARAMETER), {})
        self.assert_nothing_leaks(old, drifted)

    def test_what_fails_is_told_without_the_secrets(self):
        aws = self.start_aws()
        aws.create(PARAMETER, {"Name": "/token", "Type": "String", "Value": "x"})
        self.write("app.ts", """import alchemy from "alchemy";
const token = alchemy.secret.env.TOKEN;
console.log("deploying");
await AWS.SSM.Parameter("parameter", { name: "/token", type: "String", value: token }).catch((error) => {
  throw new Error(`with ${token.unencrypted}: ${error.message}`);
});
""")
        self.assert_says(self.deploy("app.ts", status=1), "AlreadyExists", r"with \(secret\): could not create")
        self.assert_says(self.deploy("app.ts", "--json", status=1), "AlreadyExists")
        self.write("wrong.ts", """import alchemy from "alchemy";
const token = alchemy.secret.env.TOKEN;
await AWS.SSM.Parameter("parameter", { name: "/p", type: token, value: [token], tier: token.unencrypted });
await AWS.SSM.Parameter("named", { name: alchemy.secret("/n"), type: "String", value: "v" });
await AWS.SSM.Parameter("text", { name: "/t", type: "String", value: `${token}` });
""")
        run = self.athanor("plan", "wrong.ts", status=1)
        self.assert_says(run, r"type must be one of .*, but is \(secret\)", r"value must be a string, but is \(secret\)",
                         r"tier .* \"\(secret\)\"", "name cannot be a secret", r"\.unencrypted")
        self.athanor("plan", "wrong.ts", "--json", status=1)
        self.write("throws.ts", 'import { secret } from "alchemy";\n'
                                'throw new Error(`no ${secret(process.env.PASSWORD).unencrypted}`);\n')
        self.assert_says(self.athanor("plan", "throws.ts", status=1), r"no \(secret\)")
        self.write("unset.ts", 'import alchemy from "alchemy";\nalchemy.secret.env.NOT_SET;\n')
        self.assert_says(self.athanor("plan", "unset.ts", status=1), "the environment variable NOT_SET is not set",
                         r"unset\.ts:3")
        self.assert_nothing_leaks()

    def test_an_interrupted_deployment_leaves_no_secret_behind(self):
        aws = self.start_aws(latency=3000)
        self.write("app.ts", PROGRAM)
        process = self.start_and_wait_for_a_request(aws, "deploy", "app.ts", "--yes")
        with open(f"/proc/{process.pid}/cmdline", "rb") as arguments:
            self.assertNotIn(self.TOKEN.encode(), arguments.read())
        process.kill()
        self.finish(process, status=None)
        self.assert_nothing_leaks()
        self.environment["TOKEN"] = "another-token-by-now"
        self.deploy("app.ts")
        self.assert_nothing_leaks("another-token-by-now")


if __name__ == "__main__":
    unittest.main()
