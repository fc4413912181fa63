"""The history's disk is full: lines wait where they come from, and watching goes on."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from program import azimuth, run
from terminal_harness import Terminal

# Lines are held for less time than they are by default, since the test waits for its end.
CONFIG = """
history: {{file: {history}, hold: {hold}}}
estate:
  name: full
  layers: [data]
  regions:
    tokyo: {{code: ap-northeast-1, zones: [1a]}}
  resources:
    a: {{at: tokyo/1a, layer: data}}
    door: {{at: tokyo/1a, layer: data}}
probes:
  - {{probe: tcp, resource: door, address: "127.0.0.1:{port}", every: 1s}}
sources:
  - {{file: {log}, name: app, format: plain, resource: a, start: beginning}}
"""


@unittest.skipUnless(os.getuid() == 0, "SKIPPED: only root may mount a small disk")
class FullDiskTests(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-full-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", self.disk])
        if mount.returncode != 0:
            self.skipTest("SKIPPED: a small disk cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", self.disk])
        self.door = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.door.close)
        self.log, self.history = self.folder / "a.log", self.disk / "h.db"
        self.log.write_text("first\n")
        self.config = self.folder / "azimuth.yaml"
        self.configure(hold="60s")
        self.written = ["first"]

    def configure(self, hold):
        self.config.write_text(CONFIG.format(
            log=self.log, port=self.door.getsockname()[1], history=self.history, hold=hold))

    def start(self):
        process = subprocess.Popen(
            [azimuth(), "ingest", "--config", self.config], stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        return process

    def ingest(self):
        process = self.start()
        process.stderr.readline()
        self.until(lambda: self.kept() == ["first"], "the first line")
        return process

    def make_room(self, ballast):
        subprocess.run(["mount", "-o", "remount,size=200m", self.disk], check=True)
        ballast.unlink()

    def until(self, holds, what, seconds=30):
        end = time.monotonic() + seconds
        while not holds():
            self.assertLess(time.monotonic(), end, f"{what} did not come in time")

    def said(self, process, words):
        """The next line of its own log with the words."""
        guard = threading.Timer(90, process.kill)
        guard.start()
        try:
            while words not in (line := process.stderr.readline()):
                self.assertNotEqual(line, "", f"it ended before it said '{words}'")
            return line
        finally:
            guard.cancel()

    def write(self, name, count, size=40):
        """Lines that zstd cannot make small."""
        lines = [f"{name} {number} {os.urandom(size).hex()}" for number in range(count)]
        with open(self.log, "a") as log:
            log.write("".join(line + "\n" for line in lines))
        self.written += lines

    def fill(self):
        """Leaves no room at all; the file that takes it."""
        ballast = self.disk / "ballast"
        with open(ballast, "wb", buffering=0) as file:
            try:
                while file.write(bytes(4_096)):
                    pass
            except OSError:
                pass
        return ballast

    def kept(self):
        done = run("logs", "--history", self.history, "--config", self.config, "--json",
                   "--limit", "1000000", "--source", "app")
        return [json.loads(line)["message"] for line in done.stdout.splitlines()]

    def health(self):
        done = run("health", "--history", self.history, "--config", self.config, "--json")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_a_disk_that_is_full_for_a_while_costs_no_line(self):
        ingester = self.ingest()
        ballast = self.fill()
        # More than the WAL has room for, and than is on its way at a time.
        self.write("during", 150_000)
        said = self.said(ingester, "not kept")
        self.assertIn("make room", said)
        self.assertIn("60 s", said)
        self.until(lambda: any(row["type"] == "finding" and row["key"] == "history:keeping"
                               for row in self.health()), "the finding")
        self.write("more", 20_000)
        self.make_room(ballast)
        self.assertIn("nothing lost", self.said(ingester, "keeping goes on"))
        self.write("after", 10)
        self.until(lambda: len(self.kept()) >= len(self.written), "every line", 60)
        self.assertEqual(self.kept(), self.written)
        self.until(lambda: not any(row["type"] == "finding" for row in self.health()), "calm")
        ingester.terminate()
        self.assertEqual(ingester.wait(10), 0)
        self.assertEqual(self.kept(), self.written)

    def test_a_disk_that_stays_full_is_watched_on_and_what_is_lost_is_counted(self):
        self.configure(hold="2s")
        ingester = self.ingest()
        ballast = self.fill()
        self.write("waits", 5_000)
        self.said(ingester, "not kept")
        self.assertIn("watching goes on", self.said(ingester, "still not kept"))
        self.write("lost", 30_000)
        with Terminal([azimuth(), "dash", "--config", str(self.config), "--history",
                       str(self.history)], columns=120, rows=40) as terminal:
            self.assertTrue(terminal.wait_for("the history takes nothing", 10), terminal.text())
            terminal.send("q")
            self.assertEqual(terminal.wait_exit(), 0)
        self.make_room(ballast)
        said = self.said(ingester, "keeping goes on")
        self.write("after", 10)
        self.until(lambda: self.kept()[-10:] == self.written[-10:], "what came after")
        kept = self.kept()
        known = set(kept)
        self.assertEqual(len(kept), len(known), "no line is there twice")
        self.assertEqual(kept, [line for line in self.written if line in known])
        missing = len(self.written) - len(kept)
        self.assertGreater(missing, 0)
        self.assertIn(f"{missing} lines", said)
        self.until(lambda: sum(row["dropped"] for row in self.health()
                               if row["type"] == "source") == missing, "the count of the source")
        ingester.terminate()
        self.assertEqual(ingester.wait(10), 0)

    def test_a_full_disk_ends_no_run_that_reads_its_configuration_again(self):
        ingester = self.ingest()
        ballast = self.fill()
        self.write("waits", 100)
        self.said(ingester, "not kept")
        ingester.send_signal(signal.SIGHUP)
        self.said(ingester, "starting anew")
        self.assertIn("make room", self.said(ingester, "not kept: no room"))
        self.until(lambda: any(row["type"] == "finding" and row["key"] == "history:keeping"
                               for row in self.health()), "the finding")
        self.make_room(ballast)
        self.assertIn("nothing lost", self.said(ingester, "keeping goes on"))
        self.until(lambda: self.kept() == self.written, "every line, once")
        ingester.terminate()
        self.assertEqual(ingester.wait(10), 0)

    def test_a_start_without_room_says_what_to_do_and_the_next_one_succeeds(self):
        ballast = self.fill()
        first = self.start()
        self.assertEqual(first.wait(20), 2)
        said = first.stderr.read()
        self.assertIn("no room", said)
        self.assertIn("make room", said)
        self.assertIn(str(self.history), said)
        self.make_room(ballast)
        ingester = self.ingest()
        ingester.terminate()
        self.assertEqual(ingester.wait(10), 0)
        # One that is there already needs room for what SQLite has beside it.
        ballast = self.fill()
        again = self.start()
        self.assertEqual(again.wait(20), 2)
        self.assertIn("make room", again.stderr.read())
        ballast.unlink()
        self.assertEqual(self.kept(), ["first"])


if __name__ == "__main__":
    unittest.main()
