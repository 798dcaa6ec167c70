"""What the pages of docs/ show is what happens."""

import unittest

import pages
from support import EndToEnd


class Pages(EndToEnd):
    def test_adoption(self):
        pages.check(self, "adoption.md")

    def test_drift(self):
        pages.check(self, "drift.md")

    def test_history(self):
        pages.check(self, "history.md")

    def test_planning(self):
        pages.check(self, "planning.md")

    def test_replacement(self):
        pages.check(self, "replacement.md")

    def test_secrets(self):
        pages.check(self, "secrets.md")


if __name__ == "__main__":
    unittest.main()
