"""The history's file, as `azimuth history` and `azimuth ingest` know it."""
import csv
import gzip
import io
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
        self.assertRegex(done.stdout, rb"lines +20,000")
        file, *kinds = map(json.loads, run("history", "stats", "--json", "--history", self.history).stdout.splitlines())
        self.assertEqual((file["type"], file["version"]), ("history", 4))
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

    def test_an_ingester_saves_what_a_damaged_file_holds_and_goes_on(self):
        self.ingest(f"line {number} {random.Random(number).randbytes(60).hex()}" for number in range(500))
        with sqlite3.connect(self.history) as database:
            page, = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'part'").fetchone()
            size, = database.execute("PRAGMA page_size").fetchone()
        with open(self.history, "r+b") as file:
            file.seek((page - 1) * size)
            file.write(b"\xff" * size)
        done = run("history", "verify", "--history", self.history)
        self.assertEqual(done.returncode, 4)
        self.assertIn(b"SQLite: ", done.stdout)
        child = subprocess.Popen([azimuth(), "ingest", "--config", self.folder / "azimuth.yaml"],
                                 stderr=subprocess.PIPE, text=True)
        said = ""
        while "watching" not in said:
            line = child.stderr.readline()
            self.assertNotEqual(line, "", said)
            said += line
        self.assertIn("is damaged", said)
        self.assertIn("saved: 500 lines", said)
        self.assertIn(f"{self.history}.damaged", said)
        with open(self.folder / "app.log", "a", encoding="utf-8") as log:
            log.write("one more\n")
        deadline = time.monotonic() + 30
        while self.newest() < 501 and time.monotonic() < deadline:
            time.sleep(0.05)
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=30)
        self.assertEqual(self.newest(), 501)
        self.assertEqual(run("history", "verify", "--history", self.history).returncode, 0)
        self.assertTrue(pathlib.Path(f"{self.history}.damaged").exists())

    def test_a_repair_by_hand_saves_what_can_be_read(self):
        self.ingest(f"line {number}" for number in range(500))
        with sqlite3.connect(self.history) as database:
            page, = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'state'").fetchone()
            size, = database.execute("PRAGMA page_size").fetchone()
        with open(self.history, "r+b") as file:
            file.seek((page - 1) * size)
            file.write(bytes(size))
        done = run("history", "verify", "--repair", "--history", self.history)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"saved: 500 lines", done.stdout)
        self.assertIn(b"lost: at least 1 record", done.stdout)
        self.assertEqual(run("history", "verify", "--history", self.history).returncode, 0)

    def test_metrics_count_each_line_once(self):
        self.ingest(f"ERROR line {number}" for number in range(20_000))
        series = [json.loads(line) for line in run("metrics", "--json", "--history", self.history).stdout.splitlines()]
        self.assertIn(("source", "app", "lines", "1/s"),
                      [(one["kind"], one["subject"], one["name"], one["unit"]) for one in series])
        # The newest that is kept may be the second of the last line.
        done = run("metrics", "app", "lines", "--since", "1h", "--until", "2100-01-01T00:00:00Z", "--period", "60",
                   "--stat", "sum", "--stat", "p99", "--json", "--history", self.history)
        self.assertEqual(done.returncode, 0, done.stderr)
        points = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(sum(point["values"]["sum"] for point in points), 20_000)
        self.assertTrue(all(point["start"].endswith(":00.000Z") for point in points))
        text = run("metrics", "app", "lines", "--history", self.history)
        self.assertRegex(text.stdout, rb"(?m)^app lines \(1/s\), by ")

    def test_metrics_that_are_not_there_are_told_by_their_nearest_name(self):
        self.ingest(["one line"])
        done = run("metrics", "linse", "--history", self.history)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"did you mean 'lines'?", done.stderr)

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

    def test_logs_say_that_older_ones_are_gone(self):
        chance = random.Random(6)
        self.ingest((chance.randbytes(200).hex() for _ in range(20_000)), "  lines: {size: 1MiB}\n",
                    lambda: self.ask("SELECT ifnull(sum(count), 0) FROM dropped") > 0)
        done = run("logs", "--count", "--since", "1d", "--history", self.history)
        self.assertIn(b"past their time and not kept any more", done.stderr)
        self.assertGreater(int(done.stdout), 0)

    def test_what_is_exported_is_imported_as_it_was(self):
        self.ingest(f"line {number} took={number % 900}ms user=\"u {number % 7}\"" for number in range(3_000))
        first, second = self.folder / "first.jsonl", self.folder / "second.jsonl"
        done = run("history", "export", "--history", self.history, "-o", first)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"exported 3,000 lines", done.stderr)
        self.assertFalse((self.folder / "first.jsonl.part").exists())
        head, *lines, end = map(json.loads, first.read_text().splitlines())
        self.assertEqual((head["type"], end["type"], end["lines"]), ("export", "end", 3_000))
        self.assertEqual([line["number"] for line in lines], list(range(1, 3_001)))
        self.assertEqual(lines[7]["line"], 'line 7 took=7ms user="u 0"')
        packed, copy = self.folder / "first.jsonl.gz", self.folder / "copy.db"
        packed.write_bytes(gzip.compress(first.read_bytes()))
        done = run("history", "import", "--dry-run", packed, "--history", copy)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse(copy.exists())
        done = run("history", "import", packed, "--history", copy)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"imported 3,000 lines, numbers 1 to 3000", done.stdout)
        # The same again, packed or not, is not taken twice.
        for again in (packed, first):
            done = run("history", "import", again, "--history", copy)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn(b"3,000 lines were imported before", done.stdout)
        with open(second, "wb") as file:
            file.write(run("history", "export", "--history", copy).stdout)
        self.assertEqual(first.read_bytes(), second.read_bytes())
        found = run("logs", "--count", "took>895ms", "--history", copy)
        self.assertEqual(found.stdout, run("logs", "--count", "took>895ms", "--history", self.history).stdout)
        self.assertEqual(run("history", "verify", "--history", copy).returncode, 0)

    def test_an_import_that_was_cut_off_goes_on(self):
        self.ingest(f"line {number}" for number in range(2_000))
        whole = run("history", "export", "--history", self.history).stdout
        file, copy = self.folder / "export.jsonl", self.folder / "copy.db"
        file.write_bytes(whole[:len(whole) * 2 // 3])
        done = run("history", "import", file, "--history", copy)
        self.assertEqual(done.returncode, 4)
        self.assertIn(b"without a line end", done.stderr + done.stdout)
        file.write_bytes(whole)
        done = run("history", "import", file, "--history", copy)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(b"were imported before", done.stdout)
        self.assertEqual(run("history", "export", "--history", copy).stdout, whole)

    def test_bad_lines_are_named_and_what_is_no_export_is_refused(self):
        self.ingest(f"line {number}" for number in range(50))
        lines = run("history", "export", "--history", self.history).stdout.splitlines(keepends=True)
        file, copy = self.folder / "export.jsonl", self.folder / "copy.db"
        lines[3] = b'{"type":"line","number":3}\n'
        file.write_bytes(b"".join(lines))
        done = run("history", "import", file, "--history", copy)
        self.assertEqual(done.returncode, 4)
        self.assertIn(b'export.jsonl:4: without "line"', done.stderr)
        self.assertIn(b"bad lines: 1, passed over", done.stdout)
        self.assertIn(b"imported 49 lines", done.stdout)
        file.write_text("number,time\n1,2\n" * 20)
        done = run("history", "import", file, "--history", self.folder / "none.db")
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"is no export of a history", done.stderr)
        done = run("history", "import", self.folder / "absent", "--history", self.folder / "none2.db")
        self.assertEqual(done.returncode, 2)
        empty = self.folder / "empty.jsonl"
        empty.write_bytes(b"")
        done = run("history", "import", empty, "--history", self.folder / "none3.db")
        self.assertEqual(done.returncode, 4)
        self.assertIn(b"it is cut off", done.stdout)
        self.assertEqual(list(self.folder.glob("none*")), [])

    def test_csv_is_read_by_others_and_shows_no_formula(self):
        self.ingest(['=HYPERLINK("x") user=a', "plain, with \"quotes\" took=5ms", "-1", "- dash", "tab\tzero\0"])
        done = run("history", "export", "--format", "csv", "--fields", "user, took", "--history", self.history)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.endswith(b"\r\n"))
        rows = list(csv.reader(io.StringIO(done.stdout.decode(), newline="")))
        self.assertEqual(rows[0], ["number", "time", "arrival", "level", "source", "resource", "line", "user", "took"])
        self.assertEqual([row[6] for row in rows[1:]],
                         ["'=HYPERLINK(\"x\") user=a", "plain, with \"quotes\" took=5ms", "-1", "'- dash", "tab\tzero\ufffd"])
        self.assertEqual([row[7] for row in rows[1:]], ["a", "", "", "", ""])
        self.assertEqual(rows[2][8], "5ms")
        raw = run("history", "export", "--format", "csv", "--raw-cells", "--history", self.history, "HYPERLINK")
        self.assertIn(b'"=HYPERLINK(""x"")', raw.stdout)

    def test_an_export_that_fails_leaves_no_file(self):
        self.ingest(f"line {number} {'x' * 200}" for number in range(5_000))
        there = self.folder / "there.jsonl"
        there.write_text("before")
        limited = f"ulimit -f 100; trap '' XFSZ; exec {azimuth()} history export --history {self.history} -o {there}"
        done = subprocess.run(["bash", "-c", limited], capture_output=True, check=False)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(b"cannot write", done.stderr)
        self.assertEqual(there.read_text(), "before")
        self.assertFalse((self.folder / "there.jsonl.part").exists())
        # Whoever reads the beginning ends it quietly.
        piped = f"{azimuth()} history export --history {self.history} | head -n 1 | wc -l; echo ${{PIPESTATUS[0]}}"
        done = subprocess.run(["bash", "-c", piped], capture_output=True, check=False)
        self.assertEqual((done.stdout.split()[0], done.stderr), (b"1", b""))
        self.assertIn(done.stdout.split()[1], (b"0", b"141"))

    def test_compact_makes_full_rows_and_names_who_writes(self):
        self.ingest((f"line {number} of many" for number in range(3_000)), "  lines: {keep: 1d}\n")
        lines = run("history", "export", "--history", self.history).stdout
        with sqlite3.connect(self.history) as database:
            database.execute("CREATE TABLE ballast AS SELECT zeroblob(5000000) AS bytes")
            database.execute("DROP TABLE ballast")
        before = self.history.stat().st_size
        with subprocess.Popen([azimuth(), "ingest", "--config", self.folder / "azimuth.yaml"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
            deadline = time.monotonic() + 20
            lock = self.folder / "history.db.lock"
            while time.monotonic() < deadline and str(child.pid) not in lock.read_text():
                time.sleep(0.05)
            for command in (["compact"], ["import", self.folder / "azimuth.yaml"]):
                done = run("history", *command, "--history", self.history)
                self.assertEqual(done.returncode, 5)
                self.assertIn(f"process {child.pid}".encode(), done.stderr)
            child.send_signal(signal.SIGTERM)
            child.wait(30)
        done = run("history", "compact", "--history", self.history)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"given back", done.stdout)
        self.assertLess(self.history.stat().st_size, before - 4_000_000)
        self.assertEqual(run("history", "export", "--history", self.history).stdout, lines)
        self.assertEqual(run("history", "compact", "--history", self.folder / "none.db").returncode, 2)


if __name__ == "__main__":
    unittest.main()
