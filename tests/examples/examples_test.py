"""The programs in examples/ are the document's code blocks, byte for byte."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = ["basic.ts", "advanced.ts", "reconnect-window.ts", "thumbnails.ts"]


class Examples(unittest.TestCase):
    def test_each_program_is_a_code_block_of_the_document_byte_for_byte(self):
        document = (ROOT / "docs/recording-configuration.md").read_bytes()
        blocks = re.findall(rb"^```ts\n(.*?)^```$", document, re.DOTALL | re.MULTILINE)
        self.assertEqual(len(blocks), len(PROGRAMS))
        for name, block in zip(PROGRAMS, blocks):
            with self.subTest(name):
                self.assertEqual((ROOT / "examples" / name).read_bytes(), block)


if __name__ == "__main__":
    unittest.main()
