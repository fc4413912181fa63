"""azimuth without a configuration: this host on the screen, how to go on, and nothing left behind."""
import os
import pathlib
import tempfile
import unittest

from program import azimuth, run
from terminal_harness import Terminal


class HostTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)
        self.variables = {"HOME": str(self.home), "XDG_CONFIG_HOME": None, "XDG_STATE_HOME": None}

    def opened(self, columns, rows):
        terminal = Terminal([azimuth()], columns=columns, rows=rows, variables=self.variables,
                            directory=self.home)
        self.addCleanup(terminal.close)
        self.assertTrue(terminal.wait_for("Vital signs", 20), terminal.text())
        return terminal

    def left(self, terminal, keys):
        terminal.send(keys)
        self.assertEqual(terminal.wait_exit(), 0)
        self.assertEqual(terminal.unrestored(), [])
        self.assertEqual(list(self.home.rglob("*")), [], "nothing is left behind")

    def test_the_vital_signs_and_how_to_go_on(self):
        for columns, rows in ((120, 40), (80, 24)):
            with self.subTest(f"{columns}x{rows}"):
                terminal = self.opened(columns, rows)
                for words in ("memory", "available", "load-5", os.uname().nodename.split(".")[0]):
                    self.assertTrue(terminal.wait_for(words), terminal.text())
                # A rate takes two readings.
                self.assertTrue(terminal.wait_for("busy"), terminal.text())
                if rows >= 40:
                    for words in ("To go on", "azimuth init --out azimuth.yaml", "azimuth tail"):
                        self.assertTrue(terminal.wait_for(words), terminal.text())
                self.left(terminal, "q")

    def test_zooming_in_lists_every_sign_and_the_logs_are_there(self):
        terminal = self.opened(120, 40)
        terminal.send("\r")
        self.assertTrue(terminal.wait_for("Resources"), terminal.text())
        self.assertTrue(terminal.wait_for("storage") and terminal.wait_for("disk /"))
        terminal.send("4")
        self.assertTrue(terminal.wait_for("Lines"), terminal.text())
        self.left(terminal, "qqq")

    def test_a_note_and_the_past_work_without_a_history(self):
        terminal = self.opened(120, 40)
        terminal.send("mdrill begins\r")
        self.assertTrue(terminal.wait_for("noted"), terminal.text())
        terminal.send("[")
        self.assertTrue(terminal.wait_for("PAUSED"), terminal.text())
        terminal.send("L")
        self.assertTrue(terminal.wait_for("LIVE"), terminal.text())
        self.left(terminal, "q")

    def test_the_smallest_screen_shows_something(self):
        terminal = Terminal([azimuth()], columns=40, rows=10, variables=self.variables,
                            directory=self.home)
        self.addCleanup(terminal.close)
        self.assertTrue(terminal.wait_for("Health"), terminal.text())
        self.left(terminal, "q")

    def test_ingesting_needs_a_configuration(self):
        done = run("ingest", variables={"HOME": str(self.home), "XDG_CONFIG_HOME": ""},
                   cwd=self.home)
        self.assertEqual(done.returncode, 2)
        self.assertIn("azimuth init", done.stderr.decode())
        self.assertEqual(list(self.home.rglob("*")), [])


if __name__ == "__main__":
    unittest.main()
