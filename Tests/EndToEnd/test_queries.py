"""The query language as people meet it: azimuth logs, and / on the Logs screen."""
import json
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

from program import azimuth, run
from terminal_harness import Terminal

CONFIG = """
estate:
  name: queries
  layers: [app]
  regions:
    tokyo: {{code: ap-northeast-1, zones: [1a]}}
  resources:
    web1: {{at: tokyo/1a, layer: app}}
sources:
  - {{file: {folder}/api.log, name: api, format: json, resource: web1, start: beginning}}
  - {{file: {folder}/worker.log, name: worker, format: logfmt, start: beginning}}
"""
COUNT = 300


def api_line(number):
    status = 503 if number % 50 == 7 else 200
    return json.dumps({
        "time": f"2026-11-23T07:{number // 60:02}:{number % 60:02}.000Z",
        "level": "error" if status == 503 else "info", "status": status,
        "user": "bob" if number % 3 == 0 else "Ann", "took": f"{number * 10}ms",
        "msg": f"request {number} {'refused' if status == 503 else 'served'}"})


def worker_line(number):
    return (f"time=2026-11-23T08:00:{number:02}.000Z level=warn msg=\"retry of job {number}\" "
            f"queue=mail size={number}kB")


class KeptLines(unittest.TestCase):
    """A history that a process is writing, with all lines of two logs in it."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-queries-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        (cls.folder / "api.log").write_text("".join(api_line(i) + "\n" for i in range(COUNT)))
        (cls.folder / "worker.log").write_text("".join(worker_line(i) + "\n" for i in range(30)))
        (cls.folder / "azimuth.yaml").write_text(CONFIG.format(folder=cls.folder))
        cls.history = cls.folder / "h.db"
        cls.config = cls.folder / "azimuth.yaml"
        cls.ingest = subprocess.Popen(
            [azimuth(), "ingest", "--config", cls.config, "--history", cls.history],
            stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        cls.addClassCleanup(cls.ingest.wait)
        cls.addClassCleanup(cls.ingest.terminate)
        while "job 29" not in cls.first_line("queue:* 29"):
            if cls.ingest.poll() is not None:
                raise AssertionError(f"the ingester ended with {cls.ingest.returncode}")

    @classmethod
    def first_line(cls, query):
        """The newest line that matches, or the first that comes; nothing while there is no history."""
        follower = subprocess.Popen(
            [azimuth(), "logs", "--history", cls.history, "--follow", "--limit", "1", query],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            return follower.stdout.readline()
        finally:
            cls.end(follower)

    @staticmethod
    def end(process):
        process.terminate()
        process.wait()
        process.stdout.close()

    def logs(self, *words):
        return run("logs", "--history", self.history, *words)

    def messages(self, *words):
        ran = self.logs("--json", *words)
        self.assertIn(ran.returncode, (0, 1), ran.stderr)
        return [json.loads(line)["message"] for line in ran.stdout.splitlines()]


class QueryTests(KeptLines):
    def test_words_fields_levels_and_their_combinations_find_their_lines(self):
        refused = [f"request {i} refused" for i in range(7, COUNT, 50)]
        for query in ("status>=500", "refused", "level>=error", "status:503 -served",
                      '"refused"', "/REQUEST [0-9]+ refused/i", "source:api -level:info",
                      "message:refused resource:web1", "(status>500 OR nothing:*) time<2026-11-24"):
            self.assertEqual(self.messages(query), refused, query)
        self.assertEqual(self.messages("took>2.9s", "user:bob"),
                         [f"request {i} served" for i in (291, 294, 297)])
        self.assertEqual(len(self.messages("size>=25k", "queue:ma*")), 5)
        self.assertEqual(len(self.messages("--limit", "1000", "user:*")), COUNT)
        self.assertEqual(self.messages("Refused"), [])
        self.assertEqual(self.messages("--text", "REFUSED", "--level", "error"), refused)

    def test_status_tells_whether_there_was_a_line(self):
        self.assertEqual(self.logs("refused").returncode, 0)
        nothing = self.logs("no such word")
        self.assertEqual((nothing.returncode, nothing.stdout, nothing.stderr), (1, b"", b""))
        self.assertEqual(self.logs("--count", "refused").stdout, b"6\n")
        misspelt = self.logs("stats>500")
        self.assertEqual(misspelt.returncode, 1)
        self.assertIn(b"no line has a field 'stats'", misspelt.stderr)
        self.assertEqual(self.logs("--history", "/no/such.db", "x").returncode, 2)

    def test_a_mistake_is_shown_with_a_caret_and_a_remedy(self):
        ran = self.logs("level>=warn (refused OR reset")
        self.assertEqual((ran.returncode, ran.stdout), (64, b""))
        lines = ran.stderr.decode().splitlines()
        self.assertEqual(lines[0], "azimuth: this bracket is not closed")
        self.assertEqual(lines[2].index("^"), lines[1].index("("))
        self.assertIn("close it with )", lines[3])
        for hostile in ("(" * 5000, "x" * 100_000, "/" + "(" * 200 + "a/", "/(?<n>a)\\g{9}/"):
            ran = self.logs(hostile)
            self.assertEqual(ran.returncode, 64, ran.stderr[:300])
            self.assertLess(len(ran.stderr), 1_000)

    def test_a_histogram_counts_by_time_and_level(self):
        ran = self.logs("--histogram", "minute", "--json", "source:api")
        rows = [json.loads(line) for line in ran.stdout.splitlines()]
        self.assertEqual([row["lines"] for row in rows], [60] * 5)
        self.assertEqual(rows[0]["start"], "2026-11-23T07:00:00.000Z")
        self.assertEqual(rows[0]["levels"], {"error": 2, "info": 58})
        table = self.logs("--histogram", "1h", "--", "-request").stdout.decode().splitlines()
        self.assertEqual(table[0].split(), ["TIME", "LINES", "WARN"])
        self.assertEqual(table[1].split(),
                         ["2026-11-23T08:00:00Z", "30", "#" * 24, "30"])
        self.assertEqual(self.logs("--histogram", "soon").returncode, 64)

    def test_lines_are_counted_by_the_values_of_a_field(self):
        ran = self.logs("--histogram", "hour", "--by", "user", "--json")
        rows = [json.loads(line) for line in ran.stdout.splitlines()]
        self.assertEqual([row["values"] for row in rows], [{"Ann": 200, "bob": 100}, {}])
        self.assertEqual([(row["other"], row["missing"]) for row in rows], [(0, 0), (0, 30)])
        table = self.logs("--histogram", "1h", "--by", "user", "--top", "1").stdout.decode().splitlines()
        self.assertEqual(table[0].split(), ["TIME", "LINES", "Ann", "OTHER", "NONE"])
        self.assertEqual(table[1].split()[3:], ["200", "100"])
        values = self.logs("--count", "--by", "status").stdout.decode().splitlines()
        self.assertEqual([line.split() for line in values],
                         [["LINES", "VALUE"], ["294", "200"], ["6", "503"], ["30", "(none)"]])
        shapes = self.logs("--count", "--by", "template").stdout.decode().splitlines()
        self.assertEqual([(row.split()[0], " ".join(row.split()[1:])) for row in shapes[1:4]],
                         [("294", "request <*> served"), ("30", "retry of job <*>"),
                          ("6", "request <*> refused")])
        same = self.logs("--count", 'template:"request <*> refused"').stdout.decode().split()
        self.assertEqual(same, ["6"])
        sources = self.logs("--count", "--by", "source", "--json", "level>=warn")
        self.assertEqual([json.loads(line) for line in sources.stdout.splitlines()],
                         [{"type": "value", "value": "worker", "lines": 30},
                          {"type": "value", "value": "api", "lines": 6}])
        self.assertEqual(self.logs("--by", "status").returncode, 64)
        self.assertEqual(self.logs("--count", "--by", "status", "--top", "0").returncode, 64)

    def test_ctrl_c_ends_a_long_search_and_says_how_far_it_was(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-long-"))
        self.addCleanup(shutil.rmtree, folder, True)
        # The expression tries each line in thousands of ways, and none so long that it is stopped.
        (folder / "a.log").write_text("".join("a" * (19 + i % 3) + "\n" for i in range(60_000)))
        (folder / "azimuth.yaml").write_text(
            f"sources: [{{file: {folder}/a.log, name: a, format: plain, start: beginning}}]\n")
        history = folder / "h.db"
        ingest = subprocess.Popen([azimuth(), "ingest", "--config", folder / "azimuth.yaml",
                                   "--history", history],
                                  stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        self.addCleanup(ingest.wait)
        self.addCleanup(ingest.terminate)
        while run("logs", "--history", history, "--count").stdout != b"60000\n":
            self.assertIsNone(ingest.poll())
        search = subprocess.Popen(
            [azimuth(), "logs", "--history", history, "/^(a|aa)+$(?<!a)/"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            # As at a terminal, also where the tests run in the background of a script.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        stat = pathlib.Path(f"/proc/{search.pid}/stat")
        # In ticks of 10 ms: it is at work.
        while sum(map(int, stat.read_text().rsplit(")", 1)[1].split()[11:13])) < 20:
            self.assertIsNone(search.poll(), "the search was over at once")
        search.send_signal(signal.SIGINT)
        _, said = search.communicate(timeout=20)
        self.assertEqual(search.returncode, 130)
        self.assertIn(b"of the history was looked at", said)

    def test_context_shows_what_stands_around(self):
        ran = self.logs("--source", "api", "-C", "1", "-n", "2", "refused")
        lines = [line.split("request ")[-1] for line in ran.stdout.decode().splitlines()]
        self.assertEqual(lines, ["206 served", "207 refused", "208 served", "--",
                                 "256 served", "257 refused", "258 served"])
        marks = [line[:2] for line in ran.stdout.decode().splitlines()]
        self.assertEqual(marks, ["  ", "> ", "  ", "--", "  ", "> ", "  "])
        near = self.logs("--source", "api", "-C", "2", "message:/request 10[036]/")
        self.assertEqual(len(near.stdout.splitlines()), 11, "no line twice, no gap")

    def test_the_newest_first(self):
        self.assertEqual(self.messages("--reverse", "-n", "2", "refused"),
                         ["request 257 refused", "request 207 refused"])

    def test_on_the_logs_screen_a_mistake_keeps_the_last_good_filter(self):
        for columns, rows in ((120, 40), (80, 24)):
            with self.subTest(f"{columns}x{rows}"):
                terminal = Terminal(
                    [azimuth(), "dash", "--config", str(self.config), "--history",
                     str(self.history)], columns=columns, rows=rows)
                self.addCleanup(terminal.close)
                self.assertTrue(terminal.wait_for("LIVE", 20), terminal.text())
                terminal.send("4")
                self.assertTrue(terminal.wait_for("retry of job", 20), terminal.text())
                terminal.send("/status>=500")
                self.assertTrue(terminal.wait_for(
                    lambda: "request 257 refused" in terminal.text()
                    and "retry of job" not in terminal.text()), terminal.text())
                terminal.send(" (user:bob")
                self.assertTrue(terminal.wait_for("this bracket is not closed"), terminal.text())
                self.assertIn("request 257 refused", terminal.text())
                terminal.send("\r")
                terminal.wait_quiet(0.3)
                self.assertIn("this bracket is not closed", terminal.text())
                terminal.send(")\r")
                self.assertTrue(terminal.wait_for(
                    lambda: "request 207 refused" in terminal.text()
                    and "request 257 refused" not in terminal.text()
                    and "not closed" not in terminal.text()), terminal.text())
                terminal.send("\x1b")
                self.assertTrue(terminal.wait_for("retry of job"), terminal.text())
                terminal.send("\x03")
                self.assertEqual(terminal.wait_exit(), 0)
                self.assertEqual(terminal.unrestored(), [])


class FollowTests(KeptLines):
    def test_following_prints_what_comes(self):
        follower = subprocess.Popen(
            [azimuth(), "logs", "--history", self.history, "--follow", "-n", "1", "level>=error"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(self.end, follower)
        self.assertIn("request 257 refused", follower.stdout.readline())
        with open(self.folder / "worker.log", "a") as log:
            log.write("level=warn msg=\"not this one\"\nlevel=error msg=\"job lost\"\n")
        self.assertIn("job lost", follower.stdout.readline())


if __name__ == "__main__":
    unittest.main()
