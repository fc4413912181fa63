"""azimuth count: lines of files and of standard input, by minute, level and field."""
import csv
import io
import json
import pathlib
import subprocess
import tempfile
import unittest

from program import azimuth

LOG = """\
2026-11-23 07:20:31.195 UTC [1] LOG:  a
2026-11-23 07:20:32.195 UTC [1] LOG:  b
garbage
2026-11-23 07:21:32.195 UTC [1] ERROR:  c
"""


def count(*words, text=None):
    return subprocess.run([azimuth(), "count", *words], input=text, capture_output=True, text=True,
                          timeout=60, check=False)


class CountTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name) / "postgres.log"
        self.path.write_text(LOG, encoding="utf-8")

    def test_files_and_standard_input_are_counted_alike(self):
        words = ["--by", "minute,level", "--format", "postgresql", "--json"]
        wanted = [{"time": "2026-11-23T07:20:00Z", "level": "info", "count": 2},
                  {"time": "2026-11-23T07:21:00Z", "level": "error", "count": 1}]
        for ran in (count(*words, str(self.path)), count(*words, text=LOG)):
            self.assertEqual(ran.returncode, 0, ran.stderr)
            self.assertEqual([json.loads(line) for line in ran.stdout.splitlines()], wanted)
            self.assertIn("1 lines of another shape than postgresql", ran.stderr)

    def test_a_table_and_comma_separated_values_say_the_same(self):
        table = count("--by", "level", str(self.path)).stdout.split()
        self.assertEqual(table, ["LEVEL", "COUNT", "error", "1", "info", "2"])
        text = count("--by", "level", "--csv", str(self.path), str(self.path)).stdout
        self.assertEqual(list(csv.reader(io.StringIO(text))),
                         [["level", "count"], ["error", "2"], ["info", "4"]])

    def test_what_cannot_be_done_is_told_with_a_remedy(self):
        for words, status, told in ((["--by", "minute,hour"], 64, "one of them a time"),
                                    (["--by", "level", "--format", "postgres"], 64, "postgresql"),
                                    (["--by", "level", "--zone", "Mars"], 64, "+09:00"),
                                    (["--by", "level", "/no/such.log"], 2, "No such file")):
            ran = count(*words, text="")
            self.assertEqual(ran.returncode, status, ran.stderr)
            self.assertIn(told, ran.stderr)

    def test_a_field_that_is_not_there_is_told(self):
        ran = count("--by", "colour", str(self.path))
        self.assertIn("no line has a field 'colour'", ran.stderr)


if __name__ == "__main__":
    unittest.main()
