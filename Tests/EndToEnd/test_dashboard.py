"""The dashboard in a real terminal: keys, modes, hostile text, attaching to an ingester."""
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from program import KILL, azimuth, run
from terminal_harness import Terminal

HOSTILE = "\x1b]0;pwned\x07\x1b[31m\x1b[2Jred \u202eabc \u65e5\u672c\u8a9e \x9b5m\x00\x08 end"


def replay(folder, *words, **options):
    return Terminal([azimuth(), "replay", str(folder), "--speed", "max", *words], columns=120,
                    rows=40, **options)


@unittest.skipUnless(KILL.exists(), "SKIPPED: SampleData/postgresql-kill is not there")
class ReplayOnScreenTests(unittest.TestCase):
    def opened(self, *words, **options):
        terminal = replay(KILL, *words, **options)
        self.addCleanup(terminal.close)
        self.assertTrue(terminal.wait_for("ENDED", 20), terminal.text())
        return terminal

    def left(self, terminal, keys="q"):
        terminal.send(keys)
        self.assertEqual(terminal.wait_exit(), 0)
        self.assertEqual(terminal.unrestored(), [])

    def test_from_the_overview_to_the_failover_and_out(self):
        terminal = self.opened()
        for words in ("Health", "Replication", "Last failover", "acme hybrid"):
            self.assertTrue(terminal.wait_for(words), terminal.text())
        terminal.send("3")
        self.assertTrue(terminal.wait_for("Evidence"), terminal.text())
        for words in ("detect", "received promote request", "no evidence"):
            self.assertTrue(terminal.wait_for(words), terminal.text())
        self.left(terminal, "qq")

    def test_help_lists_the_keys(self):
        terminal = self.opened()
        terminal.send("?")
        self.assertTrue(terminal.wait_for("any key closes"), terminal.text())
        self.assertTrue(terminal.wait_for(":theme"), terminal.text())
        terminal.send("\x1b")
        self.assertTrue(terminal.wait_for("Last failover"))
        self.left(terminal)

    def test_stepping_back_shows_the_past_and_live_returns(self):
        terminal = self.opened()
        terminal.send("{{{{{{{{{{{{{{{")
        self.assertTrue(terminal.wait_for("PAUSED"), terminal.text())
        self.assertTrue(terminal.wait_for(lambda: "Last failover" not in terminal.text()))
        terminal.send("L")
        self.assertTrue(terminal.wait_for("ENDED"), terminal.text())
        self.assertTrue(terminal.wait_for("Last failover"), terminal.text())
        self.left(terminal)

    def test_a_recording_takes_no_marks(self):
        terminal = self.opened()
        terminal.send("m")
        self.assertTrue(terminal.wait_for("a recording takes no marks"), terminal.text())
        self.left(terminal)

    def test_pause_holds_a_running_replay_and_resume_goes_on(self):
        with Terminal([azimuth(), "replay", str(KILL), "--speed", "8"], columns=120,
                      rows=40) as terminal:
            self.assertTrue(terminal.wait_for("REPLAY"), terminal.text())
            terminal.send(" ")
            self.assertTrue(terminal.wait_for("PAUSED"), terminal.text())
            terminal.wait_quiet(0.5)
            sent = len(terminal.output)
            terminal.pump(1.5)
            self.assertEqual(len(terminal.output), sent, "a paused screen sends nothing")
            terminal.send(" ")
            self.assertTrue(terminal.wait_for("REPLAY"), terminal.text())
            self.left(terminal)

    def test_no_color_sends_no_colour(self):
        terminal = self.opened(variables={"NO_COLOR": "1"})
        self.assertEqual(terminal.colours, 0)
        self.left(terminal)

    def test_what_changes_little_by_little_looks_as_drawn_anew(self):
        """On every kind of terminal: what is sent are differences of differences."""
        def seen(terminal):
            cells = [terminal.screen.buffer[y][x] for y in range(40) for x in range(120)]
            # Of a space only its ground is seen.
            return [cell._replace(fg="", bold=False) if cell.data == " " else cell
                    for cell in cells]

        for term in ("xterm-256color", "linux", "tmux-256color", "vt100"):
            with self.subTest(term):
                terminal = self.opened(term=term)
                for keys in ("2", "3", "j", "4", "kk", "/wal\r", "1", "?", "\x1b", "3"):
                    terminal.send(keys)
                    terminal.wait_quiet(0.2)
                before = seen(terminal)
                terminal.send("\x0c")
                terminal.wait_quiet(0.3)
                self.assertEqual(before, seen(terminal))
                if term != "vt100":
                    self.assertTrue(all(cell.bg != "default" for cell in before))
                self.left(terminal, "\x03")

    def test_the_c_locale_gets_pure_ascii(self):
        terminal = self.opened(variables={"LANG": "C", "LC_ALL": "C"})
        terminal.send("3")
        terminal.wait_for("Evidence")
        self.assertTrue(all(byte < 128 for byte in terminal.output))
        self.left(terminal, "qq")

    def test_every_way_to_end_gives_the_terminal_back(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
            with self.subTest(number):
                terminal = self.opened()
                terminal.kill(number)
                self.assertEqual(terminal.wait_exit(), 0)
                self.assertEqual(terminal.unrestored(), [])

    def test_a_resize_redraws_what_fits(self):
        terminal = self.opened()
        for columns, rows in ((80, 24), (40, 10), (20, 5), (200, 60), (120, 40)):
            terminal.resize(columns, rows)
            terminal.wait_quiet()
        self.assertIn("Last failover", terminal.text())
        self.left(terminal)


@unittest.skipUnless(KILL.exists(), "SKIPPED: SampleData/postgresql-kill is not there")
class HostileTextTests(unittest.TestCase):
    def test_escapes_in_lines_and_replies_are_harmless(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-hostile-"))
        self.addCleanup(shutil.rmtree, folder)
        shutil.copy(KILL / "recording.yaml", folder)
        lines = []
        for line in (KILL / "inputs-00001.jsonl").read_text().splitlines():
            one = json.loads(line)
            if "detail" in one:
                one["detail"] = HOSTILE
            if "lines" in one:
                one["lines"] = [text + HOSTILE if isinstance(text, str) else text
                                for text in one["lines"]]
            lines.append(json.dumps(one, sort_keys=True))
        (folder / "inputs-00001.jsonl").write_text("\n".join(lines) + "\n")
        with replay(folder) as terminal:
            self.assertTrue(terminal.wait_for("ENDED", 20), terminal.text())
            terminal.send("3")
            self.assertTrue(terminal.wait_for("Evidence"))
            self.assertTrue(terminal.wait_quiet())
            for bad in (b"\x1b]0;", b"\x1b[2Jred", b"\x07", "\u202e".encode(), b"\xc2\x9b"):
                self.assertNotIn(bad, terminal.output)
            rule = {row.find("│") for row in terminal.rows() if "│" in row}
            self.assertEqual(len(rule), 1, "the rule between the panes is straight")


class AttachTests(unittest.TestCase):
    CONFIG = """
estate:
  name: attached
  layers: [data]
  regions:
    tokyo: {{code: ap-northeast-1, zones: [1a]}}
  resources:
    a: {{at: tokyo/1a, layer: data}}
sources:
  - {{file: {log}, format: plain, resource: a, start: beginning}}
"""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-attach-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.log, self.history = self.folder / "a.log", self.folder / "h.db"
        self.log.write_text("first\nsecond\n")
        self.config = self.folder / "azimuth.yaml"
        self.config.write_text(self.CONFIG.format(log=self.log))

    def ingest(self):
        process = subprocess.Popen(
            [azimuth(), "ingest", "--config", self.config, "--history", self.history],
            stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        process.stderr.readline()
        return process

    def ended(self, process):
        process.terminate()
        self.assertEqual(process.wait(5), 0)

    def kept(self):
        done = run("logs", "--history", self.history, "--config", self.config, "--json")
        return [json.loads(line)["message"] for line in done.stdout.splitlines()]

    def test_a_dashboard_attaches_and_sees_notes_of_others(self):
        ingester = self.ingest()
        with Terminal([azimuth(), "dash", "--config", str(self.config), "--history",
                       str(self.history)], columns=120, rows=40) as terminal:
            self.assertTrue(terminal.wait_for("attached", 10), terminal.text())
            self.assertTrue(terminal.wait_for("LIVE"), terminal.text())
            self.assertTrue(terminal.wait_for("2 lines"), terminal.text())
            done = run("mark", "pulled the plug", "--history", self.history, "--config",
                       self.config)
            self.assertEqual(done.returncode, 0, done.stderr)
            terminal.send("E")
            self.assertTrue(terminal.wait_for(
                lambda: terminal.send("LE") or "pulled the plug" in terminal.text(), 10),
                terminal.text())
            terminal.send("Lq")
            self.assertEqual(terminal.wait_exit(), 0)
        self.ended(ingester)

    def test_the_mark_key_of_an_attached_dashboard_reaches_the_ingester(self):
        ingester = self.ingest()
        with Terminal([azimuth(), "dash", "--config", str(self.config), "--history",
                       str(self.history)], columns=120, rows=40) as terminal:
            self.assertTrue(terminal.wait_for("2 lines", 10), terminal.text())
            terminal.send("m")
            self.assertTrue(terminal.wait_for("mark:"), terminal.text())
            terminal.send("q is only a letter\r")
            self.assertTrue(terminal.wait_for("marked: q is only a letter"), terminal.text())
            # It comes back from the ingester, by way of the history: on the ribbon, E goes there.
            self.assertTrue(terminal.wait_for(
                lambda: terminal.send("LE") or "q is only a letter" in terminal.rows()[-1]
                and "marked" not in terminal.rows()[-1], 10), terminal.text())
            terminal.send("L:mark drill ends\r")
            self.assertTrue(terminal.wait_for("marked: drill ends"), terminal.text())
            terminal.send("q")
            self.assertEqual(terminal.wait_exit(), 0)
        self.ended(ingester)
        notes = (self.folder / "h.db.marks").read_text().splitlines()
        self.assertEqual([note.split(" ", 1)[1] for note in notes],
                         ["q is only a letter", "drill ends"])

    def test_a_mark_that_nobody_takes_up_is_said(self):
        self.ended(self.ingest())
        empty = self.folder / "empty"
        empty.mkdir()
        with Terminal([azimuth(), "dash", "--history", str(self.history)], columns=120, rows=40,
                      variables={"HOME": str(empty), "XDG_CONFIG_HOME": None},
                      directory=str(empty)) as terminal:
            self.assertTrue(terminal.wait_for("2 lines", 10), terminal.text())
            terminal.send("mlater\r")
            self.assertTrue(terminal.wait_for("taken up at the next start"), terminal.text())
            terminal.send("q")
            self.assertEqual(terminal.wait_exit(), 0)

    def test_lines_written_while_nobody_ran_are_read_once(self):
        self.ended(self.ingest())
        with open(self.log, "a") as log:
            log.write("third\n")
        self.ended(self.ingest())
        self.assertEqual(self.kept(), ["first", "second", "third"])

    def test_killed_at_any_moment_nothing_is_lost_or_doubled(self):
        expected = ["first", "second"]
        for number in range(5):
            ingester = self.ingest()
            with open(self.log, "a") as log:
                log.write(f"line {number}\n")
            expected.append(f"line {number}")
            ingester.kill()
            ingester.wait(5)
        self.ended(self.ingest())
        self.assertEqual(self.kept(), expected)

    def test_hangup_reads_the_configuration_again(self):
        ingester = self.ingest()
        other = self.folder / "b.log"
        other.write_text("from b\n")
        self.config.write_text(self.config.read_text()
                               + f"  - {{file: {other}, format: plain, start: beginning}}\n")
        ingester.send_signal(signal.SIGHUP)
        while b"watching 2 sources" not in ingester.stderr.readline():
            self.assertIsNone(ingester.poll())
        self.ended(ingester)
        self.assertEqual(sorted(self.kept()), ["first", "from b", "second"])

    @unittest.skipUnless(os.getuid() == 0, "SKIPPED: only root may mount a small disk")
    def test_a_full_disk_is_said_and_watching_goes_on(self):
        disk = self.folder / "disk"
        disk.mkdir()
        mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", disk])
        if mount.returncode != 0:
            self.skipTest("SKIPPED: a small disk cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", disk])
        self.history = disk / "h.db"
        ingester = self.ingest()
        chance = random.Random(1)
        with open(self.log, "a") as log:
            # Random: what packs well has room on any disk.
            log.writelines(chance.randbytes(60).hex() + "\n" for _ in range(50_000))
        while b"not kept" not in (line := ingester.stderr.readline()):
            self.assertIsNone(ingester.poll(), line)
        subprocess.run(["mount", "-o", "remount,size=50m", disk], check=True)
        with open(self.log, "a") as log:
            log.write("after\n")
        while b"keeping goes on" not in (line := ingester.stderr.readline()):
            self.assertIsNone(ingester.poll(), line)
        deadline = time.monotonic() + 10
        while self.kept()[-1:] != ["after"] and time.monotonic() < deadline:
            self.assertIsNone(ingester.poll())
        self.assertEqual(self.kept()[-1], "after")
        self.ended(ingester)


if __name__ == "__main__":
    unittest.main()
