"""Files that are followed by a process that is short of something, and what is no file."""
import os
import re
import unittest

from program import run
from receiving import Receiving


class FollowedFilesTests(Receiving):
    def setUp(self):
        super().setUp()
        self.logs_folder = self.folder / "logs"
        self.logs_folder.mkdir()

    def write(self, number, lines):
        with open(self.logs_folder / f"{number}.log", "a") as file:
            file.write("".join(f"{number}: {line}\n" for line in lines))

    def wait_for_lines(self, count):
        return self.wait(self.messages, lambda got: len(got) >= count)

    def test_more_files_than_descriptors_are_all_read_once(self):
        for number in range(200):
            self.write(number, range(3))
        self.ingest(f"  - {{file: '{self.logs_folder}/*.log', name: many, format: plain, start: beginning}}\n",
                    descriptors=64)
        self.wait_for_lines(600)
        for number in range(200):
            self.write(number, range(3, 5))
        self.wait_for_lines(1_000)
        self.end()
        self.assertEqual(sorted(self.messages()),
                         sorted(f"{number}: {line}" for number in range(200) for line in range(5)))

    def test_what_is_no_regular_file_needs_somebody(self):
        os.mkfifo(self.logs_folder / "a.log")
        self.ingest(f"  - {{file: '{self.logs_folder}/a.log', name: app, format: plain}}\n")
        told = re.compile(r"Needs somebody\n.*\n  warn .* app is not read +It is not a regular file\n")
        self.wait(lambda: run("health", "--history", self.history).stdout.decode(), told.search)


if __name__ == "__main__":
    unittest.main()
