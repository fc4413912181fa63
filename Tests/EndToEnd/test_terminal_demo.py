"""The terminal from outside: what Tests/TerminalDemo draws, sends and leaves behind.

    swift build --product TerminalDemo && /usr/bin/python3 -m unittest discover Tests/EndToEnd

TERMINAL_DEMO names another build than .build/debug/TerminalDemo.
"""

import os
import random
import re
import signal
import subprocess
import time
import unittest

from terminal_harness import Terminal

HERE = os.path.dirname(os.path.abspath(__file__))
DEMO = os.environ.get("TERMINAL_DEMO", os.path.join(HERE, "../../.build/debug/TerminalDemo"))
TERMINALS = ("xterm-256color", "tmux-256color", "linux", "vt100")
# The backtracer of Swift takes seconds, and asks questions on a terminal.
QUIET = {"SWIFT_BACKTRACE": "enable=no"}

ANY_COLOUR = re.compile(rb"\x1b\[(?:[0-9;:]*[;:])?(?:3|4|9|10)[0-9](?:[;:][0-9;:]*)?m")
CHARACTERS = re.compile(
    rb"\x1b\[[0-9;:?]*[ -/]*[@-~]|\x1b[()][A-Z0-9]|\x1b[=>78M]|[\x08\x09\x0a\x0d\x0e\x0f]")


def demo(*arguments, columns=60, rows=12, term="xterm-256color", **variables):
    return Terminal([DEMO, *arguments], columns, rows, term, dict(QUIET, **variables))


class DemoTest(unittest.TestCase):
    def assertDraws(self, terminal, text="Terminal demo"):
        self.assertTrue(terminal.wait_for(text), terminal.text())
        terminal.wait_quiet(quiet=0.1)

    def assertEnds(self, terminal, status, seconds=10):
        self.assertEqual(terminal.wait_exit(seconds), status, terminal.text())

    def assertRestored(self, terminal):
        self.assertEqual(terminal.unrestored(), [], terminal.text())


class Drawing(DemoTest):
    def test_every_terminal_shows_the_same_text(self):
        for term in TERMINALS:
            with self.subTest(term=term), demo(term=term) as terminal:
                self.assertDraws(terminal)
                rows = terminal.rows()
                self.assertTrue(rows[0].startswith("╭──Terminal demo──"), rows[0])
                self.assertTrue(rows[11].endswith("──╯"), rows[11])
                self.assertEqual(rows[4].rstrip("│ "), "│ 東京リージョン|")
                self.assertEqual(rows[5].rstrip("│ "), "│ ▁▂▃▄▅▆▇█ ⣀⣤⣶⣿ ✓ →|")
                terminal.send("q")
                self.assertEnds(terminal, 0)
                self.assertRestored(terminal)
                self.assertIn("ended: left", terminal.text())

    def test_wide_glyphs_keep_the_right_edge_straight(self):
        with demo() as terminal:
            self.assertDraws(terminal)
            for y in range(1, 11):
                self.assertEqual(terminal.screen.buffer[y][59].data, "│", f"row {y}")

    def test_control_characters_in_cells_come_out_harmless(self):
        for variables in ({}, {"LC_ALL": "C"}):
            with self.subTest(variables=variables), demo(**variables) as terminal:
                self.assertDraws(terminal)
                self.assertRegex(terminal.rows()[6], "^. (\ufffd{10}é|\\?{10}e)\\|")
                left = CHARACTERS.sub(b"", bytes(terminal.output)).decode()
                bad = [c for c in left if ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u200d"]
                self.assertEqual(bad, [])
                self.assertEqual(terminal.screen.bells, 0)

    def test_a_resize_leaves_nothing_stale(self):
        with demo() as terminal:
            self.assertDraws(terminal)
            for columns, rows in ((100, 30), (40, 10), (61, 11), (200, 60), (20, 5), (60, 12)):
                with self.subTest(size=(columns, rows)):
                    terminal.resize(columns, rows)
                    self.assertTrue(terminal.wait_for(f"size {columns}x{rows}"[:columns - 3]))
                    terminal.wait_quiet(quiet=0.1)
                    with demo(columns=columns, rows=rows) as fresh:
                        fresh.wait_for("size")
                        fresh.wait_quiet(quiet=0.1)
                        self.assertEqual(
                            self.lasting(terminal.rows()), self.lasting(fresh.rows()))

    def test_a_storm_of_resizes_leaves_nothing_stale(self):
        chance = random.Random(7)
        with demo() as terminal:
            self.assertDraws(terminal)
            for _ in range(200):
                columns, rows = chance.randint(4, 120), chance.randint(2, 40)
                terminal.resize(columns, rows)
                terminal.pump(chance.choice((0, 0, 0.003, 0.02)))
            terminal.resize(80, 24)
            self.assertTrue(terminal.wait_for("size 80x24"))
            terminal.wait_quiet(quiet=0.1)
            with demo(columns=80, rows=24) as fresh:
                fresh.wait_for("size")
                fresh.wait_quiet(quiet=0.1)
                self.assertEqual(self.lasting(terminal.rows()), self.lasting(fresh.rows()))

    def lasting(self, rows):
        return [row for row in rows if "last" not in row and "draws" not in row]

    def test_control_l_repairs_a_spoiled_screen(self):
        with demo() as terminal:
            self.assertDraws(terminal)
            before = self.lasting(terminal.rows())
            os.write(terminal.slave, b"\x1b[3;3Hspoiled\x1b[8;1Hspoiled")
            terminal.wait_for("spoiled")
            terminal.send("\x0c")
            self.assertTrue(terminal.wait_for(lambda: "spoiled" not in terminal.text()))
            terminal.wait_quiet()
            self.assertEqual(self.lasting(terminal.rows()), before)

    def test_one_changed_word_costs_few_bytes(self):
        with demo() as terminal:
            self.assertDraws(terminal)
            terminal.send("1")
            terminal.wait_quiet()
            before = len(terminal.output)
            terminal.send("2")
            terminal.wait_quiet()
            self.assertLess(len(terminal.output) - before, 60)


class Keys(DemoTest):
    CASES = (
        ("\x1b[A", "key up"), ("\x1bOB", "key down"), ("\x1b[5~", "key pageUp"),
        ("\x1bx", 'key alt("x")'), ("é", 'key character("'), ("\x1b[99;5u1", 'key character("1")'),
        ("\x1b[200~q\x1b[201~", 'paste("q")'), ("\x1b", "key escape"),
    )

    def test_keys_arrive(self):
        with demo() as terminal:
            self.assertDraws(terminal)
            for keys, shown in self.CASES:
                with self.subTest(keys=keys):
                    terminal.send(keys)
                    self.assertTrue(terminal.wait_for("last " + shown, 3), terminal.rows()[2])

    def test_a_key_may_come_byte_by_byte(self):
        with demo() as terminal:
            self.assertDraws(terminal)
            for byte in ("\x1b[", "1;", "5", "B"):
                terminal.send(byte)
                terminal.pump(0.05)
            self.assertTrue(terminal.wait_for("last key down", 3), terminal.rows()[2])

    def test_keys_come_from_the_terminal_when_lines_are_piped_in(self):
        command = ["sh", "-c", f"echo q | '{DEMO}' --piped"]
        with Terminal(command, 60, 12, variables=QUIET) as terminal:
            self.assertDraws(terminal)
            terminal.send("q")
            self.assertEnds(terminal, 0)
            self.assertRestored(terminal)

    def test_focus_is_told_when_asked_for(self):
        with demo("--focus") as terminal:
            self.assertDraws(terminal)
            terminal.send("\x1b[O")
            self.assertTrue(terminal.wait_for("last focus(false)", 3))
            terminal.send("q")
            self.assertEnds(terminal, 0)
            self.assertRestored(terminal)


class Ending(DemoTest):
    def test_signals_end_it_in_order(self):
        for term in TERMINALS:
            for number, name in (
                (signal.SIGTERM, "terminate"), (signal.SIGINT, "interrupt"),
                (signal.SIGQUIT, "quit"), (signal.SIGHUP, "hangup"),
            ):
                with self.subTest(term=term, signal=name), demo(term=term) as terminal:
                    self.assertDraws(terminal)
                    terminal.kill(number)
                    self.assertEnds(terminal, 0)
                    self.assertRestored(terminal)
                    self.assertRegex(terminal.text(), rf"ended: signal\(.*{name}\)")

    def test_a_terminal_that_goes_ends_it_at_once(self):
        with demo() as terminal:
            self.assertDraws(terminal)
            begin = time.monotonic()
            terminal.hang_up()
            # Writing that it ended fails, or kills it, as it may.
            self.assertIsNotNone(terminal.wait_exit(5))
            self.assertLess(time.monotonic() - begin, 1)

    def test_crashes_give_the_terminal_back_and_say_why(self):
        for term in TERMINALS:
            for key, statuses, message in (
                ("f", (-signal.SIGILL, -signal.SIGTRAP), "asked for a fatal error"),
                ("a", (-signal.SIGABRT,), ""),
                ("n", (-signal.SIGSEGV,), ""),
                ("v", (-signal.SIGFPE,), ""),
                ("o", (-signal.SIGSEGV,), ""),
                ("t", (-signal.SIGSEGV,), ""),
                ("u", (-signal.SIGILL, -signal.SIGTRAP), "Uncaught"),
                ("e", (7,), ""),
            ):
                with self.subTest(term=term, key=key), demo(term=term) as terminal:
                    self.assertDraws(terminal)
                    terminal.send(key)
                    self.assertIn(terminal.wait_exit(20), statuses, terminal.text())
                    self.assertRestored(terminal)
                    self.assertIn(message.encode(), after_the_screen(terminal.output))

    def test_what_is_said_on_standard_error_waits_for_the_end(self):
        with demo() as terminal:
            self.assertDraws(terminal)
            terminal.send("p")
            terminal.wait_for('last key character("p")')
            terminal.wait_quiet()
            self.assertNotIn("said while", terminal.text())
            terminal.send("q")
            self.assertEnds(terminal, 0)
            self.assertIn("said while the screen was up", terminal.text())

    def test_a_terminal_that_takes_nothing_cannot_hold_it(self):
        with demo(columns=200, rows=60) as terminal:
            self.assertDraws(terminal)
            terminal.send("s")
            wait_until_stuck(terminal.pid)
            begin = time.monotonic()
            terminal.kill(signal.SIGTERM)
            while terminal.poll() is None and time.monotonic() - begin < 6:
                time.sleep(0.02)
            elapsed = time.monotonic() - begin
            self.assertEqual(terminal.status, 0)
            self.assertGreater(elapsed, 1.5)
            self.assertLess(elapsed, 3.8)
            terminal.wait_exit()
            self.assertRestored(terminal)


class JobControl(DemoTest):
    def shell(self):
        terminal = Terminal(
            ["bash", "--norc", "--noprofile", "-i"], 60, 16, variables=dict(QUIET, PS1="ready> "))
        self.assertTrue(terminal.wait_for("ready>"))
        terminal.send(f"'{DEMO}'\r")
        self.assertDraws(terminal)
        self.assertFalse(self.echoes(terminal))
        return terminal

    def echoes(self, terminal):
        import termios
        return bool(termios.tcgetattr(terminal.slave)[3] & termios.ECHO)

    def jobs_pid(self, terminal):
        with open(f"/proc/{terminal.pid}/task/{terminal.pid}/children") as file:
            return int(file.read().split()[0])

    def goes_on(self, terminal):
        terminal.send("fg\r")
        self.assertDraws(terminal)
        self.assertTrue(terminal.wait_for("size 60x16"))
        terminal.send("7")
        self.assertTrue(terminal.wait_for('last key character("7")'), terminal.text())
        terminal.send("q")
        self.assertTrue(terminal.wait_for("ended: left"))

    def stops(self, terminal):
        self.assertTrue(terminal.wait_for("Stopped"), terminal.text())
        terminal.wait_quiet()
        self.assertNotIn("Terminal demo", terminal.text())
        self.assertEqual(
            [fault for fault in terminal.unrestored() if fault not in (
                # bash's own, at its prompt
                "termios differ", "bracketed paste still on")], [])
        terminal.send("stty -a | tr ' ' '\\n' | grep -x echo\r")
        self.assertTrue(terminal.wait_for(lambda: "echo" in terminal.rows()), terminal.text())

    def test_control_z_and_fg(self):
        with self.shell() as terminal:
            terminal.send("\x1a")
            self.stops(terminal)
            self.goes_on(terminal)

    def test_stopped_from_outside(self):
        with self.shell() as terminal:
            os.kill(self.jobs_pid(terminal), signal.SIGTSTP)
            self.stops(terminal)
            self.goes_on(terminal)

    def test_stopped_by_force_from_outside(self):
        with self.shell() as terminal:
            os.kill(self.jobs_pid(terminal), signal.SIGSTOP)
            self.assertTrue(terminal.wait_for("Stopped"))
            self.goes_on(terminal)

    def test_killed_while_stopped_it_ends(self):
        with self.shell() as terminal:
            terminal.send("\x1a")
            self.stops(terminal)
            pid = self.jobs_pid(terminal)
            terminal.send("kill %1\r")
            self.assertTrue(terminal.wait_for(lambda: not os.path.exists(f"/proc/{pid}"), 5))
            terminal.send("echo still $((40 + 2))\r")
            self.assertTrue(terminal.wait_for("still 42"), terminal.text())

    def test_in_the_background_it_stops_until_it_is_in_front(self):
        with self.shell() as terminal:
            terminal.send("\x1a")
            self.stops(terminal)
            terminal.send("bg\r")
            terminal.wait_quiet(quiet=0.5)
            terminal.send("\r")
            self.assertTrue(terminal.wait_for("tty output") or terminal.wait_for("Stopped"))
            self.goes_on(terminal)

    def test_without_a_shell_to_go_back_to_it_only_draws_again(self):
        with demo() as terminal:
            self.assertDraws(terminal)
            terminal.send("\x1a")
            terminal.wait_quiet()
            terminal.send("7")
            self.assertTrue(terminal.wait_for('last key character("7")'), terminal.text())
            terminal.send("q")
            self.assertEnds(terminal, 0)
            self.assertRestored(terminal)

    def test_a_resize_while_stopped_is_seen(self):
        with self.shell() as terminal:
            terminal.send("\x1a")
            self.stops(terminal)
            terminal.resize(70, 20)
            terminal.send("fg\r")
            self.assertTrue(terminal.wait_for("size 70x20"), terminal.text())

    def test_a_script_around_it_stops_as_well(self):
        with Terminal(["bash", "--norc", "--noprofile", "-i"], 60, 16,
                      variables=dict(QUIET, PS1="ready> ")) as terminal:
            self.assertTrue(terminal.wait_for("ready>"))
            terminal.send(f"sh -c '{DEMO}; echo after'\r")
            self.assertDraws(terminal)
            terminal.send("\x1a")
            self.stops(terminal)
            self.goes_on(terminal)
            self.assertTrue(terminal.wait_for("after"))


class Environment(DemoTest):
    def test_no_color_means_none(self):
        for arguments, variables in ((), {"NO_COLOR": "1"}), (("--no-color",), {}):
            with self.subTest(variables), demo(*arguments, **variables) as terminal:
                self.assertDraws(terminal, "mono")
                terminal.send("q")
                terminal.wait_exit()
                self.assertEqual(ANY_COLOUR.findall(bytes(terminal.output)), [])

    def test_an_empty_no_color_is_none(self):
        with demo(NO_COLOR="") as terminal:
            self.assertDraws(terminal, "indexed256")
            self.assertGreater(terminal.colours, 0)

    def test_a_terminal_without_colours_gets_none(self):
        with demo(term="vt100") as terminal:
            self.assertDraws(terminal, "mono")
            self.assertEqual(ANY_COLOUR.findall(bytes(terminal.output)), [])

    def test_eight_colours(self):
        with demo(term="linux") as terminal:
            self.assertDraws(terminal, "ansi8")
            self.assertEqual(terminal.screen.buffer[3][2].fg, "blue")
            self.assertTrue(terminal.screen.buffer[3][2].bold)

    def test_true_colour_where_terminfo_has_it(self):
        if subprocess.run(["infocmp", "xterm-direct"], capture_output=True).returncode:
            self.skipTest("ncurses-term is not installed")
        with demo(COLORTERM="truecolor") as terminal:
            self.assertDraws(terminal, "direct")
            self.assertEqual(terminal.screen.buffer[3][2].fg, "5fb3e6")

    def test_more_colours_than_pairs_lose_colour_and_no_text(self):
        for term, variables in (("linux", {}), ("xterm-256color", {"COLORTERM": "truecolor"})):
            with self.subTest(term=term), demo(columns=120, rows=42, term=term, **variables) as it:
                self.assertDraws(it)
                it.send("s")
                self.assertTrue(it.wait_for(lambda: "ticks 3" in it.text()))
                it.send("\x13")
                it.wait_quiet()
                for row in it.rows()[8:41]:
                    self.assertRegex(row, "^│[A-P]{118}│$")

    def test_the_plain_locale_gets_plain_ascii(self):
        for term in TERMINALS:
            for arguments, variables in ((), {"LANG": "C"}), ((), {"LC_ALL": "POSIX"}), (
                    ("--ascii",), {}):
                with self.subTest(term=term, variables=variables), demo(
                        *arguments, term=term, **variables) as terminal:
                    self.assertDraws(terminal, "ascii")
                    self.assertEqual(terminal.rows()[4].rstrip("| "), "| ??????????????")
                    terminal.send("q")
                    terminal.wait_exit()
                    self.assertEqual([byte for byte in terminal.output if byte > 127], [])

    def test_a_locale_that_is_missing_or_unsaid_is_utf8(self):
        for variables in ({"LC_ALL": "ja_JP.UTF-8"}, {"LANG": None}):
            with self.subTest(variables=variables), demo(**variables) as terminal:
                self.assertDraws(terminal, "utf-8")
                self.assertIn("東京リージョン|", terminal.text())

    def test_a_terminal_that_cannot_be_used_is_refused_in_words(self):
        for term, words in (
            ("nosuch", 'no description of the terminal "nosuch"'),
            ("", "TERM is not set"),
            ("dumb", "cannot place its cursor"),
        ):
            with self.subTest(term=term), demo(term=term, columns=100) as terminal:
                self.assertEnds(terminal, 2)
                self.assertIn(words, terminal.text())
                self.assertRestored(terminal)
                self.assertNotIn(b"\x1b", bytes(terminal.output))

    def test_no_terminal_is_refused_in_words(self):
        for streams, words in (
            ("</dev/null", "standard input is not a terminal"),
            ("| cat", "standard output is not a terminal"),
        ):
            with self.subTest(streams), Terminal(["sh", "-c", f"'{DEMO}' {streams}"], 100, 10) as it:
                it.wait_exit()
                self.assertIn(words, it.text())


class Cost(DemoTest):
    def test_idle_costs_nothing(self):
        with demo() as terminal:
            self.assertDraws(terminal)
            reading = terminal.measure(3)
            self.assertEqual((reading.bytes, reading.wakeups), (0, 0))

    def test_a_clock_wakes_it_once_a_second(self):
        with demo() as terminal:
            self.assertDraws(terminal)
            terminal.send("c")
            terminal.pump(0.5)
            reading = terminal.measure(4)
            self.assertLessEqual(reading.wakeups, 5)
            self.assertGreaterEqual(reading.wakeups, 3)

    def test_data_is_drawn_ten_times_a_second_at_most(self):
        with demo() as terminal:
            self.assertDraws(terminal)
            begin = time.monotonic()
            terminal.send("d")
            terminal.wait_for(lambda: self.number(terminal, "wakes") > 5)
            terminal.wait_quiet(quiet=0.4)
            seconds = time.monotonic() - begin - 0.4
            draws = self.number(terminal, "draws")
            # Besides: the first frame and the one of the key.
            self.assertLessEqual(draws, 10 * seconds + 4)
            self.assertGreaterEqual(draws, 10)

    def number(self, terminal, name):
        return int(re.search(rf"{name} (\d+)", terminal.text()).group(1))

    def test_a_flood_of_keys_is_drawn_in_few_frames(self):
        with demo() as terminal:
            self.assertDraws(terminal)
            terminal.send("1" * 299 + "2")
            self.assertTrue(terminal.wait_for('last key character("2")'))
            terminal.wait_quiet()
            self.assertLess(self.number(terminal, "draws"), 30)


def after_the_screen(output):
    """What came once the cursor was shown again."""
    return bytes(output).rpartition(b"\x1b[?25h")[2]


def wait_until_stuck(pid, seconds=10):
    """Until it uses no more CPU: it sits in write(2)."""
    deadline = time.monotonic() + seconds
    before = None
    while time.monotonic() < deadline:
        with open(f"/proc/{pid}/schedstat") as file:
            now = file.read().split()[0]
        if now == before:
            return
        before = now
        time.sleep(0.3)


if __name__ == "__main__":
    unittest.main()
