"""azimuth without a configuration: this host on the screen, how to go on, and nothing left behind."""
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

from program import azimuth, run
from terminal_harness import Terminal


# A mount namespace of one's own, in which there is a journal and no other log.
APART = ["unshare", "--map-root-user", "--mount"]
JOURNALCTL = """#!/bin/sh
echo $$ >"{folder}/pid"
echo "$*" >"{folder}/arguments"
entry() {{
    printf '__CURSOR=c%s\\n__REALTIME_TIMESTAMP=%s\\nPRIORITY=%s\\nSYSLOG_IDENTIFIER=%s\\n' "$1" "$2" "$3" "$4"
    printf '_PID=%s\\nMESSAGE=%s\\n\\n' "$5" "$6"
}}
entry 1 {now}250000 6 systemd 1 'Started a thing.'
entry 2 {now}500000 3 app 7 'no route'
exec sleep 1000
"""


def can_be_apart():
    done = subprocess.run(APART + ["mount", "-t", "tmpfs", "tmpfs", "/run"], capture_output=True)
    return done.returncode == 0


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

    @unittest.skipUnless(can_be_apart(), "SKIPPED: no mount namespace may be made here")
    def test_the_journal_is_followed_where_there_is_no_syslog_and_its_client_ends_with_us(self):
        with tempfile.TemporaryDirectory() as folder:
            client = pathlib.Path(folder) / "journalctl"
            now = int(time.time())
            client.write_text(JOURNALCTL.format(folder=folder, now=now))
            client.chmod(0o755)
            script = ("mount -t tmpfs tmpfs /run && mount -t tmpfs tmpfs /var/log && "
                      "mkdir -p /run/log/journal/0123 && exec \"$0\"")
            terminal = Terminal(APART + ["/bin/sh", "-c", script, azimuth()], columns=120, rows=40,
                                variables=self.variables
                                | {"PATH": f"{folder}:{os.environ['PATH']}"},
                                directory=self.home)
            self.addCleanup(terminal.close)
            self.assertTrue(terminal.wait_for("Vital signs", 20), terminal.text())
            terminal.send("4")
            for words in ("systemd[1]: Started a thing.", "app[7]: no route", "error",
                          time.strftime("%H:%M:%S", time.localtime(now)) + ".5"):
                self.assertTrue(terminal.wait_for(words), terminal.text())
            arguments = (pathlib.Path(folder) / "arguments").read_text()
            self.assertIn("--output=export --all --follow --lines=500", arguments)
            self.left(terminal, "qq")
            with self.assertRaises(ProcessLookupError):
                os.kill(int((pathlib.Path(folder) / "pid").read_text()), 0)

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
