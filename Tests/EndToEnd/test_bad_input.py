"""Bad input is normal: each case ends with clear words, or shows "no data" with its reason."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from program import KILL, azimuth, run

ESTATE = """
estate:
  name: bad
  layers: [data]
  regions:
    tokyo: {code: ap-northeast-1, zones: [1a]}
  resources:
    a: {at: tokyo/1a, layer: data}
"""
PROBE = ESTATE + """
probes:
  - {probe: postgresql, resource: a, address: "%s", every: 500ms, timeout: 1s}
"""


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-bad-"))
        self.addCleanup(shutil.rmtree, self.folder, True)

    def file(self, name, text, mode=0o644):
        path = self.folder / name
        path.write_text(text) if isinstance(text, str) else path.write_bytes(text)
        path.chmod(mode)
        return path

    def said(self, done, status, *words):
        text = done.stderr.decode() + done.stdout.decode()
        self.assertEqual(done.returncode, status, text)
        for word in words:
            self.assertIn(word, text)
        self.assertNotIn("Fatal error", text)

    def record(self, config, seconds="2s", variables=None):
        """What a short look gives: its report, by type."""
        out = self.folder / "out"
        done = run("record", "--config", config, "--out", out, "--for", seconds, "--json",
                   variables=variables, timeout=30)
        self.assertEqual(done.returncode, 0, done.stderr)
        shutil.rmtree(out)
        return [json.loads(line) for line in done.stdout.splitlines()]


class ConfigurationTests(Folder):
    def check(self, text):
        return run("check", self.file("azimuth.yaml", text))

    def test_missing_file(self):
        self.said(run("check", self.folder / "none.yaml"), 2, "none.yaml", "No such file")

    @unittest.skipIf(os.getuid() == 0, "SKIPPED: root may read every file")
    def test_unreadable_file(self):
        path = self.file("azimuth.yaml", ESTATE, mode=0)
        self.said(run("check", path), 2, "Permission denied")

    def test_a_tab(self):
        self.said(self.check("estate:\n\tname: x\n"), 3, "azimuth.yaml:2:1", "tab")

    def test_a_duplicate_key(self):
        self.said(self.check(ESTATE + "\nestate: {}\n"), 3, "azimuth.yaml:10:1", "estate")

    def test_an_unknown_key_names_the_nearest(self):
        self.said(self.check(ESTATE.replace("layers", "layer")), 3, "azimuth.yaml:4:3", "layers")

    def test_all_mistakes_are_told_at_once(self):
        text = ESTATE.replace("layers", "layer") + "\nprobs: []\ntheme: merdian\n"
        self.said(self.check(text), 3, "'layers'", "'probes'", "'meridian'", "to correct")

    def test_an_unknown_probe_names_the_nearest(self):
        text = PROBE.replace("probe: postgresql", "probe: postgres") % "host=x"
        self.said(self.check(text), 3, "postgres", "postgresql")

    def test_a_password_is_refused(self):
        self.said(self.check(PROBE % "host=x password=secret"), 3, ".pgpass")

    def test_no_configuration_at_all(self):
        home = {"HOME": str(self.folder), "XDG_CONFIG_HOME": ""}
        done = run("ingest", variables=home, cwd=self.folder)
        self.said(done, 2, "no azimuth.yaml", "azimuth init", "azimuth replay")
        # Without a command this host is watched, on a terminal.
        done = run(variables=home, cwd=self.folder)
        self.said(done, 2, "standard output is not a terminal")

    def test_a_file_that_is_not_there_yet_is_a_warning(self):
        text = ESTATE + f"\nsources:\n  - {{file: {self.folder}/later.log, format: plain}}\n"
        self.said(self.check(text), 4, "later.log", "No such file")


class SourceTests(Folder):
    def test_a_missing_file_is_no_data_with_its_reason(self):
        text = ESTATE + f"\nsources:\n  - {{file: {self.folder}/later.log, format: plain}}\n"
        report = self.record(self.file("azimuth.yaml", text))
        source = next(line for line in report if line["type"] == "source")
        self.assertEqual(source["health"], "no-data")
        self.assertIn("No such file", source["reason"])
        self.assertTrue(any(line["type"] == "finding" for line in report))


class ProbeTests(Folder):
    def resource(self, report):
        return next(line for line in report if line["type"] == "resource")

    def fake_psql(self, script):
        """A `psql` of ours in front of the real one."""
        self.file("psql", "#!/bin/bash\n" + script, mode=0o755)
        return {"PATH": f"{self.folder}:{os.environ['PATH']}"}

    def look(self, address="host=127.0.0.1 port=1 user=x dbname=x", variables=None, seconds="3s"):
        config = self.file("azimuth.yaml", PROBE % address)
        return self.resource(self.record(config, seconds, variables))

    def test_an_unreachable_server_is_down_with_the_clients_words(self):
        state = self.look()
        self.assertEqual(state["health"], "down")
        self.assertIn("Connection refused", state["reason"])

    def test_a_wrong_password_is_no_data_and_not_the_servers_fault(self):
        words = ("psql: error: connection to server at \"db\" (10.0.0.1), port 5432 failed: "
                 "FATAL:  password authentication failed for user \"azimuth\"")
        state = self.look(variables=self.fake_psql(f"echo '{words}' >&2; exit 2\n"))
        self.assertEqual(state["health"], "no-data")
        self.assertIn("password authentication failed", state["reason"])

    def test_no_client_program(self):
        state = self.look(variables={"PATH": str(self.folder)})
        self.assertEqual(state["health"], "no-data")
        self.assertIn("psql", state["reason"])

    def test_a_client_that_hangs(self):
        state = self.look(variables=self.fake_psql("exec sleep 600\n"), seconds="5s")
        self.assertEqual(state["health"], "down")
        self.assertIn("no answer", state["reason"])
        self.assertEqual(subprocess.run(["pgrep", "-f", "^sleep 600$"]).returncode, 1,
                         "the hanging client has outlived azimuth")

    def test_a_client_that_prints_100_megabytes(self):
        state = self.look(variables=self.fake_psql("exec head -c 100000000 /dev/zero\n"))
        self.assertEqual(state["health"], "no-data")

    def test_a_client_that_never_stops_printing(self):
        state = self.look(variables=self.fake_psql("exec yes xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"))
        self.assertEqual(state["health"], "no-data")

    def test_escapes_in_what_a_client_says_are_harmless(self):
        fake = self.fake_psql("printf 'psql: error: \\033]0;title\\007 \\033[2J gone\\n'; exit 2\n")
        done = run("probe", "postgresql", "host=x", variables=fake)
        self.assertEqual(done.returncode, 4)
        self.assertNotIn(b"\x1b", done.stdout + done.stderr)

    def test_an_unknown_probe(self):
        self.said(run("probe", "postgres", "host=x"), 64, "postgresql")


class RecordingTests(Folder):
    def test_no_recording(self):
        self.said(run("replay", self.folder, "--headless"), 2, "recording.yaml")

    def test_a_folder_that_holds_one_is_not_written_over(self):
        self.file("recording.yaml", "x")
        config = self.file("azimuth.yaml", ESTATE)
        done = run("record", "--config", config, "--out", self.folder, "--for", "1s")
        self.said(done, 2, "already holds a recording")

    @unittest.skipUnless(KILL.exists(), "SKIPPED: SampleData/postgresql-kill is not there")
    def test_a_dashboard_without_a_terminal_says_so(self):
        self.said(run("replay", KILL, variables={"TERM": "xterm"}), 2, "terminal")


class HistoryTests(Folder):
    def test_no_history(self):
        done = run("failovers", "--history", self.folder / "none.db")
        self.said(done, 2, "none.db")

    def test_garbage_is_refused_and_left_as_it_is(self):
        path = self.file("history.db", b"garbage" * 1000)
        config = self.file("azimuth.yaml", ESTATE)
        done = run("ingest", "--config", config, "--history", path)
        self.said(done, 3, "not an azimuth history")
        self.assertEqual(path.read_bytes(), b"garbage" * 1000)

    def test_a_second_writer_is_told_who_holds_it(self):
        config, history = self.file("azimuth.yaml", ESTATE), self.folder / "h.db"
        first = subprocess.Popen([azimuth(), "ingest", "--config", config, "--history", history],
                                 stderr=subprocess.PIPE)
        try:
            first.stderr.readline()
            second = run("ingest", "--config", config, "--history", history)
            self.said(second, 5, str(first.pid))
        finally:
            first.terminate()
            self.assertEqual(first.wait(5), 0)
            first.stderr.close()


if __name__ == "__main__":
    unittest.main()
