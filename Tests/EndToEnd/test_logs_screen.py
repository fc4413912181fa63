"""Replication and Logs in a real terminal: from start to the line behind a failover, and back."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from program import KILL, azimuth
from terminal_harness import Terminal

# How the last line of that recording ends.
LAST = 'role "root" does not exist'


def lines_part(terminal):
    """The rows from the head of the lines on, without ribbon and hints."""
    rows = terminal.rows()
    start = next((y for y, row in enumerate(rows) if row.startswith(" Lines")), len(rows))
    return rows[start:-2]


def is_filtered(terminal):
    """A filter that holds stands at the end of the row of tabs.

    Lines alone do not tell: they may be those of a moment before the key was read, and what is
    sent right behind an Esc that was not read yet is Alt with a key.
    """
    return terminal.rows()[1].endswith("/promote")


def under_cursor(terminal):
    return "\n".join(row for row in lines_part(terminal) if "▌" in row)


@unittest.skipUnless(KILL.exists(), "SKIPPED: SampleData/postgresql-kill is not there")
class ReplayedLogsTests(unittest.TestCase):
    def opened(self, *words, columns=120, rows=40, **options):
        terminal = Terminal([azimuth(), "replay", str(KILL), "--speed", "max", *words],
                            columns=columns, rows=rows, **options)
        self.addCleanup(terminal.close)
        self.assertTrue(terminal.wait_for("ENDED", 20), terminal.text())
        return terminal

    def left(self, terminal, keys):
        terminal.send(keys)
        self.assertEqual(terminal.wait_exit(), 0)
        self.assertEqual(terminal.unrestored(), [])

    def test_three_keys_from_the_start_to_the_line_behind_the_failover(self):
        for columns, rows in ((120, 40), (80, 24)):
            with self.subTest(f"{columns}x{rows}"):
                terminal = self.opened(columns=columns, rows=rows)
                for key in ("3", "\r", "\r"):
                    terminal.send(key)
                    terminal.wait_quiet(0.2)
                self.assertTrue(terminal.wait_for(
                    lambda: "could not receive data from WAL" in under_cursor(terminal)),
                    terminal.text())
                terminal.send("\x1b")
                self.assertTrue(terminal.wait_for("Evidence"), terminal.text())
                self.left(terminal, "qqq")

    def test_the_tail_follows_to_the_last_line_of_the_recording(self):
        terminal = self.opened("--screen", "logs")
        self.assertTrue(terminal.wait_for("following"), terminal.text())
        self.assertTrue(terminal.wait_for(lambda: LAST in under_cursor(terminal)), terminal.text())
        terminal.send("k")
        self.assertTrue(terminal.wait_for("End follows"), terminal.text())
        terminal.send("G")
        self.assertTrue(terminal.wait_for("following"), terminal.text())
        self.assertTrue(terminal.wait_for(lambda: LAST in under_cursor(terminal)), terminal.text())
        self.left(terminal, "qq")

    def test_filter_level_highlight_and_errors(self):
        terminal = self.opened("--screen", "logs")
        self.assertTrue(terminal.wait_for("orders-far"), terminal.text())
        terminal.send("/promote\r")
        self.assertTrue(terminal.wait_for(
            lambda: is_filtered(terminal)
            and any("promote request" in row for row in lines_part(terminal))
            and not any("IDENTIFY_SYSTEM" in row for row in lines_part(terminal))),
            terminal.text())
        terminal.send("\x1b")
        self.assertTrue(terminal.wait_for(
            lambda: not is_filtered(terminal) and "IDENTIFY_SYSTEM" in terminal.text()),
            terminal.text())
        terminal.send("/promote\t\r")
        self.assertTrue(terminal.wait_for("highlight “promote”"), terminal.text())
        terminal.send("N")
        self.assertTrue(terminal.wait_for(lambda: "promote" in under_cursor(terminal)),
                        terminal.text())
        terminal.send("e")
        self.assertTrue(terminal.wait_for(
            lambda: "error" in under_cursor(terminal) or "fatal" in under_cursor(terminal)),
            terminal.text())
        terminal.send("vvv")
        self.assertTrue(terminal.wait_for("errors only"), terminal.text())
        self.assertTrue(terminal.wait_for(
            lambda: not any("  info  " in row for row in lines_part(terminal))), terminal.text())
        self.left(terminal, "\x03")

    def test_a_past_moment_shows_no_later_line(self):
        terminal = self.opened("--screen", "logs")
        self.assertTrue(terminal.wait_for("orders-far"), terminal.text())
        terminal.send(":goto 15:51:20\r")
        self.assertTrue(terminal.wait_for("PAUSED"), terminal.text())
        self.assertTrue(terminal.wait_for(
            lambda: not any("15:52" in row for row in lines_part(terminal))), terminal.text())
        terminal.send("L")
        self.assertTrue(terminal.wait_for(LAST), terminal.text())
        self.left(terminal, "qq")

    def test_nothing_is_sent_once_the_recording_is_over(self):
        terminal = self.opened("--screen", "logs")
        self.assertTrue(terminal.wait_for("orders-far"), terminal.text())
        terminal.wait_quiet(1)
        sent = len(terminal.output)
        terminal.pump(2)
        self.assertEqual(len(terminal.output), sent)
        self.left(terminal, "qq")

    def test_replication_tells_the_loss_and_opens_the_logs_of_a_pair(self):
        terminal = self.opened("--screen", "replication")
        for words in ("Pairs", "If you failed over now", "data lost", "target", "Events"):
            self.assertTrue(terminal.wait_for(words), terminal.text())
        terminal.send("\r")
        self.assertTrue(terminal.wait_for("only orders"), terminal.text())
        terminal.send("\x1b")
        self.assertTrue(terminal.wait_for("Pairs"), terminal.text())
        self.left(terminal, "qq")


class AttachedLogsTests(unittest.TestCase):
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
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-logs-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.log, self.history = self.folder / "a.log", self.folder / "h.db"
        self.log.write_text("".join(f"line {number}\n" for number in range(2_000)))
        self.config = self.folder / "azimuth.yaml"
        self.config.write_text(self.CONFIG.format(log=self.log))

    def follow(self, terminal):
        terminal.send("4")
        self.assertTrue(terminal.wait_for("line 1999", 15), terminal.text())
        with open(self.log, "a") as log:
            log.write("and one more \x1b[2Jred\n")
        self.assertTrue(terminal.wait_for(
            lambda: "and one more" in under_cursor(terminal), 15), terminal.text())
        self.assertNotIn(b"\x1b[2Jred", terminal.output)
        terminal.send("g")
        self.assertTrue(terminal.wait_for(lambda: under_cursor(terminal).endswith("line 0")),
                        terminal.text())
        terminal.send("/line 77\r")
        self.assertTrue(terminal.wait_for("line 779"), terminal.text())
        terminal.send("\x03")
        self.assertEqual(terminal.wait_exit(), 0)

    def dash(self):
        terminal = Terminal([azimuth(), "dash", "--config", str(self.config), "--history",
                             str(self.history)], columns=120, rows=40)
        self.addCleanup(terminal.close)
        self.assertTrue(terminal.wait_for("LIVE", 10), terminal.text())
        return terminal

    def test_a_dashboard_that_watches_itself_shows_what_it_keeps(self):
        self.follow(self.dash())

    def test_an_attached_dashboard_shows_what_another_process_keeps(self):
        process = subprocess.Popen(
            [azimuth(), "ingest", "--config", self.config, "--history", self.history],
            stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        process.stderr.readline()
        self.follow(self.dash())


if __name__ == "__main__":
    unittest.main()
