"""Pages of docs/ whose worked examples are run: what a page shows is what happens.

Blocks of two kinds are looked at, in the order in which they stand; all others are only text:

    ```ts recordings.ts          the file of that name, written beside the others of the page
    ```console                   a session: "$ " begins a command, "> " goes on with one that ends in a
                                 backslash, and what follows is what it prints

A page has one shell in one folder, with `athanor` and `aws` on its PATH and the stage "dev"; variables and folders last
from block to block. Each command has to end with status 0; where another is the point, the command says so:
`athanor drift --detailed-exitcode; echo "exit status $?"`.

What differs from run to run (identifiers, times, folders, ports) is written as something that does not, so that a page
can be compared, and a command may name an identifier that stood in an output before it. With ATHANOR_UPDATE_GOLDEN=1 the
outputs are written into the page instead.
"""

import os
import pwd
import random
import re
import socket
import string
import subprocess

import support

FOLDER = "/home/me/recordings"
URL = "http://127.0.0.1:4566"
HEX = "0123456789abcdef"
ALPHANUMERIC = string.ascii_letters + string.digits
# What is random, and the characters it is made of. The group is what is replaced.
RANDOM = [
    (re.compile(r"arn:aws[\w-]*:[\w-]*:[\w-]*:\d*:[\w-]+[/:]([A-Za-z0-9]{12})(?![\w-])"), ALPHANUMERIC),
    (re.compile(r"\b([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b"), HEX),
    (re.compile(r"\blocal:([0-9a-f]{8,})\b"), HEX),
]
FIXED = [
    (re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"), "2026-03-01T09:00:00Z"),
    (re.compile(r"(?<=[ (])\d+\.\ds(?=[.)\s]|$)", re.MULTILINE), "0.1s"),
]
FENCE = re.compile(r"^```(\w*)[ \t]*(.*)$")
END = "\x1e"


class Shell:
    """One bash for all commands of a page; what they print on either stream, in order."""

    def __init__(self, folder, environment):
        self.process = subprocess.Popen(
            ["/bin/bash", "--norc", "--noprofile"], cwd=folder, env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run(self, command):
        """What the command printed, and its exit status."""
        self.process.stdin.write(f"{{ {command}\n}} </dev/null; printf '{END}%d\\n' $?\n")
        self.process.stdin.flush()
        said = ""
        for line in self.process.stdout:
            said += line
            if END in line:
                text, _, status = said.rpartition(END)
                return text, int(status)
        raise AssertionError(f"the shell ended in {command}\n{said}")

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=30)


class Stand:
    """Names for what is random: the same in every run, as long as they come up in the same order."""

    def __init__(self, folder, url):
        who = f"{pwd.getpwuid(os.geteuid()).pw_name}@{socket.gethostname()}"
        self.plain = {str(folder): FOLDER, url: URL, who: "me@laptop"}
        self.named = {}

    def name(self, real, characters):
        if real not in self.named:
            draw = random.Random(f"{len(self.named)}")
            self.named[real] = "".join(one if one == "-" else draw.choice(characters) for one in real)
        return self.named[real]

    def shown(self, text):
        for real, written in self.plain.items():
            text = text.replace(real, written)
        for pattern, characters in RANDOM:
            for real in pattern.findall(text):
                if real not in self.named.values():
                    text = text.replace(real, self.name(real, characters))
        for pattern, written in FIXED:
            text = pattern.sub(written, text)
        return text

    def meant(self, command):
        for real, written in {**self.plain, **self.named}.items():
            command = command.replace(written, real)
        return command


class Page:
    def __init__(self, test, name):
        self.test = test
        self.path = support.ROOT / "docs" / name
        aws = test.start_aws()
        tools = test.folder / "bin"
        tools.mkdir()
        (tools / "athanor").symlink_to(support.ATHANOR)
        # Debian's version is from before AWS_ENDPOINT_URL.
        (tools / "aws").write_text('#!/bin/sh\nexec /usr/bin/aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"\n')
        (tools / "aws").chmod(0o755)
        environment = {**test.environment, "PATH": f"{tools}:{os.environ['PATH']}", "STAGE": "dev",
                       "AWS_DEFAULT_REGION": "us-east-1", "AWS_PAGER": "", "LC_ALL": "C.UTF-8"}
        self.stand = Stand(test.project, aws.url)
        self.shell = Shell(test.project, environment)
        test.addCleanup(self.shell.close)

    def command(self, lines):
        """Runs what stands in `lines` ("$ …", "> …") and gives what a person would see of it."""
        text = self.stand.meant("\n".join(line[2:] for line in lines))
        said, status = self.shell.run(text)
        self.test.assertEqual(status, 0, f"{self.path.name}: {text}\n{said}")
        return [*lines, *self.stand.shown(said).splitlines()]

    def session(self, block):
        out = []
        pending = []
        for line in block:
            if line.startswith("$ ") or (line.startswith("> ") and pending and pending[-1].endswith("\\")):
                pending = [line] if line.startswith("$ ") else [*pending, line]
                if not line.endswith("\\"):
                    out += self.command(pending)
                    pending = []
        self.test.assertEqual(pending, [], f"{self.path.name}: a command without an end")
        return out

    def block(self, language, argument, lines):
        if language == "console":
            return self.session(lines)
        if argument:
            file = self.test.project / argument
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("\n".join(lines) + "\n")
        return lines

    def happened(self):
        """The page with what its commands print now."""
        out, fence, block = [], None, []
        for line in self.path.read_text().splitlines():
            if fence is None:
                out.append(line)
                fence, block = FENCE.match(line), []
            elif line == "```":
                out += [*self.block(fence[1], fence[2].strip(), block), line]
                fence = None
            else:
                block.append(line)
        self.test.assertIsNone(fence, f"{self.path.name}: a block without an end")
        return "\n".join(out) + "\n"


def check(test, name):
    """Runs the examples of docs/`name`, in `test`, an EndToEnd, and compares."""
    page = Page(test, name)
    happened = page.happened()
    if os.environ.get("ATHANOR_UPDATE_GOLDEN"):
        page.path.write_text(happened)
    else:
        test.assertEqual(happened, page.path.read_text(), f"{name}: ATHANOR_UPDATE_GOLDEN=1 writes what happens now")
