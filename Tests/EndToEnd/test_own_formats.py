"""Formats and signature packs of the operator's own: checked, followed, recorded, replayed."""
import json
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

from program import ROOT, azimuth, run

EXAMPLE = ROOT / "Docs" / "examples" / "own"
CONFIG = """
estate:
  name: own
  layers: [data]
  sites: {s: }
  resources:
    db-1: {at: s, layer: data}
    db-2: {at: s, layer: data}
  services:
    orders: {members: [db-1, db-2]}
sources:
  - {file: a.log, format: orders-failover, resource: db-2, start: beginning}
"""
LOG = """\
2026-11-23 16:20:31,180 WARN  [db-2] health: primary 10.0.1.5 does not answer (3 of 3)
2026-11-23 16:20:31,650 ALARM [db-2] promote: begins, db-1 is fenced
  pg_ctl: waiting for server to promote.... done
2026-11-23 16:20:34,902 DONE  [db-2] promote: vip 10.0.1.100 moved to db-2
usage: failover
"""


class OwnFormatTests(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-own-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.config = self.folder / "azimuth.yaml"
        self.config.write_text(CONFIG)
        for name in ("formats", "packs"):
            shutil.copytree(EXAMPLE / name, self.folder / name)
        (self.folder / "a.log").write_text(LOG)

    def change(self, name, old, new):
        path = self.folder / name
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new))

    def check(self):
        done = run("check", self.config)
        return done.returncode, done.stdout.decode()

    def test_check_says_what_it_tested(self):
        code, text = self.check()
        self.assertEqual(code, 0, text)
        self.assertRegex(text, r"signature packs: \d+ bundled, 2 own: (\d+) signatures, \1 samples")
        self.assertIn("formats: 3 own: 8 samples", text)

    def test_check_says_which_bundled_signature_is_replaced(self):
        self.change("packs/postgresql-orders.yaml", "promotion-announced", "promote-requested")
        code, text = self.check()
        self.assertEqual(code, 0, text)
        self.assertIn("'promote-requested' takes the place of the one that comes with azimuth", text)

    def test_a_wrong_pattern_is_shown_with_a_caret_below_it(self):
        self.change("formats/payments-batch.yaml", "(?<level>[A-Z])", "(?<level>[A-Z)")
        code, text = self.check()
        self.assertEqual(code, 3)
        lines = text.splitlines()
        self.assertRegex(lines[0], r"payments-batch\.yaml:8:\d+: 'pattern' of the format: missing")
        self.assertEqual(lines[2].strip(), "^")
        column = int(lines[0].split(":")[2])
        line = (self.folder / "formats/payments-batch.yaml").read_text().splitlines()[7]
        self.assertEqual(line[column - 1:], "'", "the end of the pattern")

    def test_wrong_samples_are_told(self):
        self.change("formats/payments-batch.yaml", "2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z")
        self.change("packs/orders-failover.yaml", "'promote: begins'", "'promote: starts'")
        code, text = self.check()
        self.assertEqual(code, 3)
        self.assertIn("the time of sample 2 reads as 2026-12-01T00:00:00.000Z, not", text)
        self.assertIn("the sample of signature 'promote-begins' does not hold its own 'match'", text)
        self.assertIn("2 to correct", text)

    def test_formats_lists_and_tries_them(self):
        done = run("formats", "--config", self.config)
        self.assertIn(b"orders-failover  the failover script", done.stdout)
        done = run("formats", "--config", self.config, "--test", self.folder / "a.log")
        rows = done.stdout.decode().splitlines()
        self.assertIn("a.log: 5 lines, looks like none of those that come with azimuth", rows[0])
        self.assertEqual(rows[2].split(), ["orders-failover", "80.0", "%", "3", "1", "1", "3", "3"])
        self.assertEqual(rows[-1].split()[0], "plain")
        objects = self.folder / "objects.log"
        objects.write_bytes(b'{"ts":1795417225,"level":"info","msg":"a"}\n' * 9 + b"trace\n")
        done = run("formats", "--test", objects)
        rows = done.stdout.decode().splitlines()
        self.assertTrue(rows[0].endswith("objects.log: 10 lines, looks like json, confidence 90 %"))
        self.assertEqual(rows[2].split(), ["json", "90.0", "%", "9", "0", "1", "9", "9"])
        self.assertEqual(run("formats", "--test", "/nowhere").returncode, 2)

    def test_a_recording_needs_neither_folder(self):
        recording = self.folder / "recording"
        live = run("record", "--config", self.config, "--out", recording, "--for", "1500ms",
                   "--json")
        self.assertEqual(live.returncode, 0, live.stderr)
        for name in ("formats", "packs", "azimuth.yaml", "a.log"):
            (self.folder / name).rename(self.folder / (name + ".away"))
        replayed = run("replay", recording, "--json", cwd=self.folder)
        self.assertEqual(replayed.stdout, live.stdout)
        parts = [json.loads(line) for line in replayed.stdout.splitlines()]
        found = [part for part in parts if part["type"] == "failover"]
        self.assertEqual([(one["service"], one["to"]) for one in found], [("orders", "db-2")])
        self.assertEqual([one["phase"] for one in found[0]["evidence"]],
                         ["detect", "switch", "address"])

    def test_followed_lines_have_their_time_and_level(self):
        history = self.folder / "h.db"
        ingester = subprocess.Popen(
            [azimuth(), "ingest", "--config", self.config, "--history", history],
            stderr=subprocess.PIPE)
        self.addCleanup(ingester.stderr.close)
        self.addCleanup(ingester.kill)
        ingester.stderr.readline()
        ingester.send_signal(signal.SIGTERM)
        self.assertEqual(ingester.wait(10), 0)
        done = run("logs", "--history", history, "--config", self.config, "--json")
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([line["level"] for line in lines],
                         ["warn", "error", "error", "notice", "info"])
        self.assertEqual(lines[2]["message"], "pg_ctl: waiting for server to promote.... done")


if __name__ == "__main__":
    unittest.main()
