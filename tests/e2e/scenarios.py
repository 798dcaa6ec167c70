"""What the tests of values that are not known yet share: a program's life, and what happened in it, in order."""

import json
import re
import subprocess

from support import EndToEnd

BUCKET = "AWS::S3::Bucket"


def declare(type, id, variable=None, **props):
    """A statement that declares a resource of a type such as "SQS.Queue"."""
    assign = f"const {variable} = " if variable else ""
    return f'{assign}await AWS.{type}("{id}", {json.dumps(props)});\n'


def queue(id, variable=None, **props):
    """A statement that declares a queue which has its id for a name."""
    return declare("SQS.Queue", id, variable, queueName=id, **props)


def begins(entry, words):
    return re.match(re.escape(words) + r"(?!\w)", entry) is not None


class Scenario(EndToEnd):
    """Programs are `app.ts`, whose first line is the import: what `text` begins with is line 2."""

    foreign = frozenset()  # (type, identifier) of what others made and nothing may touch
    latency = 100  # milliseconds: what runs at once and what does not shows in the order of events

    def setUp(self):
        super().setUp()
        self.aws = self.start_aws(latency=self.latency)

    def plans(self, actions, ends=None):
        """The plan of app.ts in JSON and in words. `actions` leaves out what is kept; `ends` is the line at which
        the preview ends, and whose value it needs there."""
        plan = self.plan("app.ts")
        self.assertEqual({step["id"]: step["action"] for step in plan["steps"] if step["action"] != "keep"}, actions)
        text = self.athanor("plan", "app.ts").out
        if not ends:
            self.assertNotIn("endedEarly", plan)
            self.assertNotIn("preview ended", text)
            return plan
        line, needed = ends
        self.assertRegex(plan["endedEarly"]["source"]["file"], r"app\.ts$")
        self.assertEqual(plan["endedEarly"]["source"]["line"], line)
        self.assertIn(f"the value of {needed}, which is known only during the deployment",
                      plan["endedEarly"]["reason"])
        self.assertRegex(text, rf"The preview ended at app\.ts:{line}:\d+: .*the value of {re.escape(needed)}, ")
        self.assertIn("decided during the deployment", text)
        return plan

    def happens(self, *arguments, status=0):
        """What deploying app.ts does, in order: "create q", "create q done", "create q failed", "says TEXT" for the
        program's console, "note TEXT"."""
        run = self.deploy("app.ts", "--json", *arguments, status=status, stderr=subprocess.STDOUT)
        trace = []
        for line in run.out.splitlines():
            if not line.startswith('{"'):
                trace.append("says " + line)
                continue
            event = json.loads(line)
            what = f"{event.get('action')} {event.get('id')}"
            match event["event"]:
                case "started": trace.append(what)
                case "succeeded": trace.append(what + " done")
                case "failed": trace.append(what + " failed: " + event["error"]["message"])
                case "note": trace.append("note " + event["text"])
        return trace

    def assert_order(self, trace, *wanted):
        """Each of these words begins an entry of the trace, in this order."""
        at = -1
        for want in wanted:
            found = [i for i, entry in enumerate(trace) if i > at and begins(entry, want)]
            self.assertTrue(found, f"{want!r} is not where it is wanted in {json.dumps(trace, indent=1)}")
            at = found[0]

    def assert_never(self, trace, *unwanted):
        for word in unwanted:
            self.assertFalse([entry for entry in trace if begins(entry, word)], trace)

    def assert_settled(self, *ids):
        """The end: the state and the AWS hold just these, and a second deployment has nothing to do."""
        self.assert_holds(*ids)
        before = self.aws.requests()
        self.assertEqual(self.actions("app.ts"), {})
        self.assertIn("Nothing to do", self.deploy("app.ts").out)
        self.assert_unchanged_by(self.aws, before)

    def assert_holds(self, *ids):
        """The state holds just these, and the AWS what the state says."""
        rows = json.loads(self.athanor("state", "list", "--json", "--app", "app").out)["resources"]
        self.assertEqual(sorted(row["id"] for row in rows), sorted(ids))
        self.assertEqual({(row["type"], row["identifier"]) for row in rows}, self.live() - self.foreign)

    def live(self):
        """(type, identifier) of all there is at the AWS, of all types that were ever asked for."""
        types = {one["TypeName"] for one in self.aws.requests()}
        return {(type, identifier) for type in types for identifier in self.aws.resources(type)}

    def assert_destroys(self):
        self.athanor("destroy", "app.ts", "--yes")
        self.assert_holds()
