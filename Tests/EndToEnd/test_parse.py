"""azimuth parse, and rules from azimuth.yaml to the history."""
import json
import pathlib
import subprocess
import tempfile
import textwrap
import time
import unittest

from program import ROOT, azimuth, run

FORMAT = r"""
name: hub
pattern: '(?<time>\S+) (?<level>\w+) (?<host>\S+) (?<path>\S+) (?<took>\S+) (?<message>.*)'
continuation: '\s+(?<message>.*)'
time: '%Y-%m-%dT%H:%M:%S%z'
fields: {took: duration}
samples:
  - {line: '2026-11-23T07:20:31Z INFO web-1 /t/acme/x 12ms hello', message: hello}
"""
CONFIG = """
estate:
  layers: [web, db]
  sites: {tokyo: , osaka: }
  resources:
    web-1: {at: tokyo, layer: web}
    db-1: {at: osaka, layer: db}
sources:
  - {name: hub, file: hub.log, format: hub, start: beginning}
rules:
  - {name: health, when: {fields: {path: /health}}, drop: true}
  - {name: quick, when: {fields: {took: {below: 5ms}}}, sample: 1/2}
  - {rename: {host: node}}
  - {derive: {tenant: {from: path, regex: '^/t/([^/]+)'}}}
  - {name: web, place: {field: node, is: 'web-*', resource: web-1}}
  - {name: site, place: {field: node, regex: '^(?<layer>db|cache)-'}}
"""
LOG = """\
2026-11-23T07:20:31Z INFO web-7 /t/acme/x 12ms first
2026-11-23T07:20:31Z WARN web-7 /health 1ms dropped
  with what goes on
2026-11-23T07:20:32Z WARN db-9 /t/zed/y 1ms sampled
2026-11-23T07:20:32Z WARN db-9 /t/zed/y 1ms left out
2026-11-23T07:20:33Z ERROR cache-1 /t/zed/y 40ms nowhere
garbage
"""
HOSTILE = b"\x1b]0;pwned\x07\x1b[31m\xff\xc2\x9b5m"


class ParseTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.config = self.folder / "azimuth.yaml"
        self.config.write_text(CONFIG)
        (self.folder / "formats").mkdir()
        (self.folder / "formats" / "hub.yaml").write_text(FORMAT)
        self.log = self.folder / "hub.log"
        self.log.write_text(LOG)

    def parsed(self, *words, code=0, **options):
        done = run("parse", "--json", *words, **options)
        self.assertEqual(done.returncode, code, done.stderr)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return lines[:-1], lines[-1]

    def test_each_line_is_told_with_its_fields_and_what_rules_make_of_it(self):
        lines, summary = self.parsed("--config", self.config, self.log)
        fields = [{field["name"]: (field["type"], field["value"]) for field in line["fields"]}
                  for line in lines]
        self.assertEqual(list(fields[0].items()), [
            ("node", ("text", "web-7")), ("path", ("text", "/t/acme/x")),
            ("took", ("duration", "12ms")), ("tenant", ("text", "acme"))])
        self.assertEqual(lines[0]["time"], "2026-11-23T07:20:31.000Z")
        self.assertEqual([line.get("resource") for line in lines],
                         ["web-1", None, None, "db-1", None, None, None])
        self.assertEqual([line.get("dropped") for line in lines],
                         [None, "health", "health", None, "quick", None, None])
        self.assertEqual([line["shape"] for line in lines],
                         ["record"] * 2 + ["continuation"] + ["record"] * 3 + ["unknown"])
        self.assertEqual(summary, {"type": "summary", "lines": 7, "records": 5,
                                   "continuations": 1, "unknown": 1, "dropped": 3})

    def test_text_is_for_people_and_fields_can_be_chosen(self):
        text = run("parse", "--config", self.config, "--fields", "tenant", self.log)
        self.assertEqual(text.returncode, 0, text.stderr)
        said = text.stdout.decode()
        self.assertIn("       tenant  text      acme\n", said)
        self.assertNotIn("12ms\n", said)
        self.assertIn("dropped by 'health'", said)
        self.assertTrue(said.endswith(
            "7 lines: 5 records, 1 continuations, 1 unknown; rules drop 3\n"), said)
        near = run("parse", "--config", self.config, "--fields", "tenat", self.log)
        self.assertIn(b"no line has a field 'tenat': did you mean 'tenant'?", near.stderr)

    def test_hostile_bytes_reach_nobody_raw(self):
        line = b"Nov 23 07:03:30 lb-1 app[12]: error: " + HOSTILE + b" end\n"
        self.log.write_bytes(line)
        for words in (["--format", "syslog"], ["--format", "syslog", "--json"]):
            done = run("parse", *words, self.log)
            self.assertEqual(done.returncode, 0, done.stderr)
            for raw in (b"\x1b", b"\x07", b"\xff", b"\xc2\x9b"):
                self.assertNotIn(raw, done.stdout)
            self.assertIn(b" end", done.stdout)

    def test_standard_input_and_its_guessed_format(self):
        text = b"2026-11-23 07:20:31.180 UTC [7] LOG:  checkpoint starting: time\n"
        done = subprocess.run([azimuth(), "parse"], input=text, capture_output=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"-: format postgresql", done.stdout)

    def test_what_cannot_be_done_is_said_with_its_status(self):
        near = run("parse", "--format", "sislog", self.log)
        self.assertEqual(near.returncode, 64)
        self.assertIn(b"did you mean 'syslog'?", near.stderr)
        missing = run("parse", "--format", "plain", self.folder / "none", self.log)
        self.assertEqual(missing.returncode, 2)
        self.assertIn(b"cannot read", missing.stderr)
        self.assertIn(b"7 lines", missing.stdout)
        self.parsed("--format", "postgresql", self.log, code=4)
        source = run("parse", "--config", self.config, "--source", "hbu", self.log)
        self.assertEqual(source.returncode, 64)
        self.assertIn(b"did you mean 'hub'?", source.stderr)

    def test_check_says_what_each_rule_does(self):
        done = run("check", self.config)
        self.assertEqual(done.returncode, 0, done.stdout)
        said = done.stdout.decode()
        for words in ("rule 'health': drops lines of all sources where path is '/health'",
                      "rule 'quick': keeps one in 2 of lines of all sources where took is below 5",
                      "rule 'web': places lines of all sources at resource web-1, if node is"):
            self.assertIn(words, said)

    def test_the_examples_of_the_document_are_right(self):
        text = (ROOT / "Docs" / "rules.md").read_text()
        blocks = [block.split("```")[0] for block in text.split("```yaml\n")[1:]]
        rules = [block for block in blocks if block.startswith(("-", "rules:"))]
        self.assertEqual(len(rules), 8)
        estate = """
            estate:
              layers: [web, db]
              regions: {tokyo: {zones: [1a]}}
              sites: {osaka: }
              resources:
                web-1: {at: tokyo/1a, layer: web}
                db-1: {at: osaka, layer: db}
            sources:
            """ + "".join(
                f"  - {{name: {name}, file: {name}.log, format: access}}\n            "
                for name in ("web", "edge-1", "app", "hub", "pay-1", "east-1"))
        for block in rules:
            body = block if block.startswith("rules:") else "rules:\n" + block
            self.config.write_text(textwrap.dedent(estate) + "\n" + body)
            done = run("check", self.config)
            # 4: the logs are not there.
            self.assertIn(done.returncode, (0, 4), body + done.stdout.decode())
        redact = next(block for block in blocks if block.startswith("redact:"))
        self.config.write_text(redact)
        self.assertEqual(run("check", self.config).returncode, 4)

    def test_rules_decide_what_is_kept_and_whose_it_is_and_a_replay_comes_to_the_same(self):
        history = self.folder / "h.db"

        def logs(*words):
            done = run("logs", "--config", self.config, "--history", history, "--json", *words)
            return [json.loads(line) for line in done.stdout.splitlines()]

        with open(self.folder / "ingest.log", "w") as log:
            process = subprocess.Popen([azimuth(), "ingest", "--config", self.config, "--history",
                                        history], stdout=log, stderr=subprocess.STDOUT)
            try:
                end = time.monotonic() + 40
                while len(logs()) < 4 and time.monotonic() < end:
                    pass
                kept = logs()
            finally:
                process.terminate()
                process.wait(20)
        self.assertEqual([(line["source"], line.get("resource")) for line in kept],
                         [("hub: web-1", "web-1"), ("hub: db-1", "db-1"), ("hub", None),
                          ("hub", None)])
        self.assertEqual(len(logs("--resource", "db-1")), 1)
        self.assertEqual(len(logs("--source", "hub")), 4)
        ruled = [{"fate": "dropped", "lines": 2, "rule": "health"},
                 {"fate": "dropped", "lines": 1, "rule": "quick"},
                 {"fate": "unplaced", "lines": 1, "rule": "site"}]
        done = run("health", "--json", "--config", self.config, "--history", history)
        live = [line for line in map(json.loads, done.stdout.splitlines())
                if line["type"] == "source"]
        self.assertEqual(live[0]["ruled"], ruled)
        self.assertEqual([line["lines"] for line in live], [7, 1, 1])

        recording = self.folder / "recording"
        done = run("record", "--config", self.config, "--out", recording, "--for", "2s", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        again = run("replay", recording, "--speed", "max", "--json")
        self.assertEqual(done.stdout, again.stdout)
        recorded = [line for line in map(json.loads, again.stdout.splitlines())
                    if line["type"] == "source"]
        self.assertEqual(recorded[0]["ruled"], ruled)


if __name__ == "__main__":
    unittest.main()
