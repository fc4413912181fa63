"""What is redacted is on disk nowhere: not in the history, its log, a recording, or what is said."""
import json
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from program import azimuth, run

# One of each kind: what has to go, and the line that holds it.
SECRETS = {
    "jwt": ("c2lnbmF0dXJlUEFSVA", "session eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.{}"),
    "bearer": ("tkn93-XkQ77.zz", "GET /x Authorization: Bearer {}"),
    "aws-key": ("AKIAZ7EXAMPLE1234567", "using key {} of orders"),
    "token": ("k81d-92kz-11ab", '{{"api_key": "{}"}}'),
    "password": ("hunter-22-two", "connect user=app password={} db=x"),
    "card": ("4111 1111 1111 1111", "paid by {} today"),
    "email": ("ann.bee@mail.example.org", "receipt to {}."),
    "order": ("ORD-7777-4242", "order {} is late"),
    "ipv4": ("10.11.12.213", "peer {} left"),
}
URL = ("ur1-s3cret", "postgres://app:{}@db-1/orders")
CONFIG = """
estate: {{layers: [l], sites: {{s: }}, resources: {{r: {{at: s, layer: l}}}}}}
sources:
  - {{name: app, file: app.log, format: plain, start: beginning, redact: [ipv4]}}
  - {{name: piped, file: '-', format: plain, redact: [ipv4]}}
redact: [jwt, bearer, aws-key, token, password, card, email,
         {{name: order, regex: 'ORD-[0-9-]+'}}, {{name: endless, regex: '(a+)+[cd]'}}]
history: {folder}/history.db
"""


def lines():
    told = [line.format(secret) for secret, line in SECRETS.values()]
    return told + [URL[1].format(URL[0]), "harmless line", "a" * 60 + "b whole-line-9"]


class RedactionTests(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-redaction-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.config = self.folder / "azimuth.yaml"
        self.config.write_text(CONFIG.format(folder=self.folder))
        self.app = self.folder / "app.log"
        self.app.write_text("".join(line + "\n" for line in lines()))

    def wanted(self):
        # Of an address only the last part goes.
        return {name: (secret if name != "ipv4" else "12.213").encode()
                for name, (secret, _) in SECRETS.items()
                } | {"url": URL[0].encode(), "whole": b"whole-line-9"}

    def follow(self, words, isDone):
        """Runs a command with the lines on its standard input until they are kept; what it said."""
        with open(self.folder / "own.log", "wb") as log:
            process = subprocess.Popen([azimuth(), *map(str, words)], stdin=subprocess.PIPE,
                                       stdout=log, stderr=subprocess.STDOUT)
            try:
                process.stdin.write("".join(f"piped {line}\n" for line in lines()).encode())
                process.stdin.close()
                end = time.monotonic() + 40
                while not isDone():
                    self.assertLess(time.monotonic(), end, "the lines were not kept in time")
                    self.assertIsNone(process.poll(), (self.folder / "own.log").read_text())
                kept = self.written()
            finally:
                process.send_signal(signal.SIGTERM)
                status = process.wait(20)
        self.assertEqual(status, 0, (self.folder / "own.log").read_text())
        return kept

    def written(self):
        """All that azimuth wrote, by name: the write-ahead log, too, while it runs."""
        return {str(path.relative_to(self.folder)): path.read_bytes()
                for path in self.folder.rglob("*")
                if path.is_file() and path not in (self.app, self.config)}

    def assertClean(self, files):
        for name, data in files.items():
            found = [kind for kind, secret in self.wanted().items() if secret in data]
            self.assertEqual(found, [], name)

    def logs(self):
        done = run("logs", "--config", self.config, "--json", "--limit", 1000)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_nothing_of_it_is_in_the_history_or_what_is_said(self):
        count = 2 * len(lines())
        kept = self.follow(["ingest", "--config", self.config, "--log", "json"],
                           lambda: len(self.logs()) == count)
        self.assertIn("history.db-wal", kept)
        self.assertClean(kept)
        self.assertClean(self.written())
        said = {words: run(*words.split(), "--config", self.config).stdout
                for words in ("logs --limit 1000", "health --json", "failovers", "links")}
        self.assertClean(said)
        told = [line["message"] for line in self.logs()]
        for kind in SECRETS:
            # The URL holds a password, too.
            wanted = 4 if kind == "password" else 2
            self.assertEqual(sum(f"[redacted:{kind}]" in line for line in told), wanted, kind)
        self.assertEqual(sum("[redacted:endless (whole line)]" in line for line in told), 2)
        self.assertEqual(sum(line.endswith("harmless line") for line in told), 2)
        sources = {line["name"]: line for line in
                   map(json.loads, said["health --json"].splitlines()) if line["type"] == "source"}
        # Each of the kinds, the URL, and the line that is hidden whole.
        self.assertEqual(sources["app"]["redacted"], len(SECRETS) + 2)
        self.assertEqual(sources["piped"]["redacted"], len(SECRETS) + 2)

    def test_nothing_of_it_is_in_a_recording_nor_what_finds_it(self):
        recording = self.folder / "recording"
        inputs = recording / "inputs-00001.jsonl"

        def isDone():
            return inputs.exists() and inputs.read_bytes().count(b"redacted:endless") >= 2

        kept = self.follow(["record", "--config", self.config, "--out", recording], isDone)
        self.assertClean(kept)
        files = self.written()
        self.assertClean(files)
        self.assertNotIn(b"ORD-", files["recording/recording.yaml"])
        replayed = run("replay", recording, "--speed", "max", "--json")
        self.assertEqual(replayed.returncode, 0, replayed.stderr)
        self.assertClean({"replay": replayed.stdout})
        sources = [json.loads(line) for line in replayed.stdout.splitlines()]
        self.assertEqual([line["redacted"] for line in sources if line["type"] == "source"],
                         [len(SECRETS) + 2] * 2)

    def test_tail_and_parse_hide_it_where_a_configuration_is_named(self):
        for words in (["tail", "--from-beginning", "--no-follow"], ["parse"],
                      ["parse", "--json"]):
            done = run(*words, "--config", self.config, self.app)
            self.assertClean({" ".join(words): done.stdout + done.stderr})
            self.assertIn(b"[redacted:card]", done.stdout)
            self.assertIn(b"harmless line", done.stdout)
        shown = run("tail", "--from-beginning", "--no-follow", self.app)
        self.assertEqual(shown.stdout, self.app.read_bytes())

    def test_the_watch_itself_finds_what_it_looks_for(self):
        for kind, secret in self.wanted().items():
            with self.assertRaises(AssertionError, msg=kind):
                self.assertClean({"x": b"before " + secret + b" behind"})


if __name__ == "__main__":
    unittest.main()
