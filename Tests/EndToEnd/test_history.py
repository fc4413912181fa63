"""The history's file, as `azimuth history` and `azimuth ingest` know it."""
import json
import pathlib
import random
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest

from program import azimuth, run


class HistoryFile(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-history-"))
        self.addCleanup(lambda: subprocess.run(["rm", "-rf", self.folder], check=False))
        self.history = self.folder / "history.db"

    def ingest(self, lines, history="", is_done=lambda: True, seconds=60):
        """Takes lines into the history until it is done, and ends; what it said."""
        log, lines = self.folder / "app.log", list(lines)
        log.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        config = self.folder / "azimuth.yaml"
        config.write_text(f"history:\n  file: {self.history}\n{history}sources:\n"
                          f"  - {{name: app, file: {log}, format: plain, start: beginning}}\n")
        wanted = len(lines)
        child = subprocess.Popen([azimuth(), "ingest", "--config", str(config)],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and (self.newest() < wanted or not is_done()):
            time.sleep(0.05)
        child.send_signal(signal.SIGTERM)
        said = child.communicate(timeout=30)[1]
        self.assertEqual(child.returncode, 0, said)
        self.assertEqual(self.newest(), wanted, said)
        return said

    def newest(self):
        """The number of the last line that is kept."""
        return self.ask("SELECT ifnull(max(line + count), 1) - 1 FROM chunk")

    def ask(self, query):
        """The number that answers; 0 while there is no history."""
        try:
            with sqlite3.connect(f"file:{self.history}?mode=ro", uri=True) as database:
                return database.execute(query).fetchone()[0]
        except sqlite3.OperationalError:
            return 0

    def test_stats_tell_what_is_kept(self):
        self.ingest(f"line {number} of many that are alike" for number in range(20_000))
        done = run("history", "stats", "--history", self.history)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"lines   20,000", done.stdout)
        file, *kinds = map(json.loads, run("history", "stats", "--json", "--history", self.history).stdout.splitlines())
        self.assertEqual((file["type"], file["version"]), ("history", 3))
        lines = next(kind for kind in kinds if kind["kind"] == "lines")
        self.assertEqual(lines["count"], 20_000)
        self.assertGreater(lines["rawBytes"], 4 * lines["bytes"])

    def test_damage_is_found_and_put_aside(self):
        self.ingest(f"line {number}" for number in range(500))
        self.assertEqual(run("history", "verify", "--history", self.history).returncode, 0)
        with sqlite3.connect(self.history) as database:
            database.execute("UPDATE chunk SET bytes = zeroblob(length(bytes))")
        done = run("history", "verify", "--history", self.history)
        self.assertEqual(done.returncode, 4)
        self.assertIn(b"damaged", done.stdout)
        done = run("history", "verify", "--repair", "--history", self.history)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"put aside: 500 lines", done.stdout)
        self.assertEqual(run("history", "verify", "--history", self.history).returncode, 0)

    def test_no_history_is_not_made(self):
        done = run("history", "verify", "--repair", "--history", self.history)
        self.assertEqual(done.returncode, 2)
        self.assertFalse(self.history.exists())

    def test_what_is_past_its_size_goes_and_is_said(self):
        chance = random.Random(5)
        said = self.ingest((chance.randbytes(200).hex() for _ in range(40_000)), "  lines: {size: 1MiB}\n",
                           lambda: self.ask("SELECT sum(length(columns) + length(bytes)) FROM chunk") <= 1 << 20)
        self.assertIn("past their time, no longer kept", said)
        done = run("history", "stats", "--json", "--history", self.history)
        lines = next(line for line in map(json.loads, done.stdout.splitlines()) if line.get("kind") == "lines")
        self.assertEqual(lines["count"] + lines["droppedCount"], 40_000)
        self.assertGreater(lines["droppedCount"], 0)


if __name__ == "__main__":
    unittest.main()
