"""azimuth tail: files and standard input on a screen, or printed as tail(1) prints them."""
import gzip
import os
import pathlib
import shlex
import subprocess
import tempfile
import time
import unittest

from program import azimuth, run
from terminal_harness import Terminal

HOSTILE = b"\x1b]0;pwned\x07\x1b[31m\x1b[2Jred \xff\xfe\xc2\x9b5m end"


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, name, data):
        path = self.folder / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path


class NameTests(Folder):
    """What is one name to the eye, and two to the system."""

    def test_letters_of_one_part_and_of_two(self):
        for name, word in (("\u00e9.log", "one part"), ("e\u0301.log", "two parts")):
            self.file(name, f"{word}\n")
        done = run("tail", "--no-follow", "\u00e9.log", "e\u0301.log", cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"one part", done.stdout)
        self.assertIn(b"two parts", done.stdout)


class ScreenTests(Folder):
    def opened(self, words, columns=80, rows=24):
        words = " ".join(shlex.quote(str(word)) for word in words)
        return self.shell(f"exec {shlex.quote(azimuth())} tail {words}", columns, rows)

    def shell(self, line, columns=80, rows=24):
        terminal = Terminal(["/bin/sh", "-c", line], columns=columns, rows=rows,
                            directory=self.folder)
        self.addCleanup(terminal.close)
        return terminal

    def saw(self, terminal, *words):
        for word in words:
            self.assertTrue(terminal.wait_for(word), f"{word!r} is not in\n{terminal.text()}")

    def left(self, terminal, keys="q"):
        terminal.send(keys)
        self.assertEqual(terminal.wait_exit(), 0)
        self.assertEqual(terminal.unrestored(), [])

    def test_a_file_is_shown_and_followed_through_a_rotation(self):
        path = self.file("app.log", "one\ntwo\n")
        terminal = self.opened([path])
        self.saw(terminal, "two", "app.log (plain)", "following", "LIVE")
        with path.open("a") as log:
            log.write("three\n")
        self.saw(terminal, "three")
        path.rename(self.folder / "app.log.1")
        path.write_text("four\n")
        self.saw(terminal, "four", "one")
        self.left(terminal)

    def test_the_format_is_guessed_shown_and_can_be_forced(self):
        now = time.strftime("%b %e %H:%M:%S")
        log = self.file("messages", f"{now} web-1 app[7]: error: no route\n" * 3)
        terminal = self.opened([log])
        self.saw(terminal, "messages (syslog)", "error", "app[7]: error: no route")
        self.assertTrue(terminal.wait_for(time.strftime("%H:%M")), terminal.text())
        terminal.send("E")
        self.saw(terminal, "End follows")
        self.left(terminal)
        terminal = self.opened(["--format", "plain", log])
        self.saw(terminal, "messages (plain)", "web-1 app[7]")
        self.left(terminal)

    def test_a_pipe_is_read_keys_come_from_the_terminal_and_the_screen_stays(self):
        terminal = self.shell(f"seq -f 'line %g' 500 | {shlex.quote(azimuth())} tail")
        self.saw(terminal, "line 500", "stdin (auto)", "ENDED")
        terminal.send("g")
        self.saw(terminal, "line 1")
        terminal.send("/line 77\r")
        self.saw(terminal, "line 77")
        # Only the filter takes these away; Escape is not to arrive together with what follows it.
        self.assertTrue(terminal.wait_for(lambda: "line 15" not in terminal.text()))
        terminal.send("\x1b")
        self.saw(terminal, "line 15")
        self.left(terminal)

    def test_a_slow_pipe_shows_each_line_as_it_comes(self):
        os.mkfifo(self.folder / "go")
        terminal = self.shell(f"(echo one; read x <go; echo two) | {shlex.quote(azimuth())} tail")
        self.saw(terminal, "one")
        (self.folder / "go").write_text("\n")
        self.saw(terminal, "two", "ENDED")
        self.left(terminal)

    def test_what_is_no_log_is_left_out_and_said(self):
        log = self.file("app.log", "words\n")
        terminal = self.opened([log, self.folder, self.file("bin", b"a\0b\n"), "none.log"])
        self.saw(terminal, "left out", "is a folder", "2 more", "words")
        self.left(terminal)

    def test_hostile_lines_steer_no_terminal(self):
        path = self.file("app.log", b"before\n" + HOSTILE + b"\nafter\n")
        terminal = self.opened([path])
        self.saw(terminal, "before", "after")
        for bad in (b"\x1b]0;", b"\x1b[2Jred", b"\x07", b"\xc2\x9b"):
            self.assertNotIn(bad, terminal.output)
        self.left(terminal)

    def test_other_screens_are_not_there_and_say_so(self):
        terminal = self.opened([self.file("app.log", "words\n")])
        self.saw(terminal, "words")
        for key in ("1", ":overview\r", ":screen failover\r"):
            terminal.send(key)
            self.saw(terminal, "there are only lines here")
            terminal.send("k")
            self.assertTrue(terminal.wait_for(lambda: "only lines" not in terminal.text()))
        self.left(terminal)

    def test_reading_without_following_ends(self):
        terminal = self.opened(["--from-beginning", "--no-follow",
                                self.file("app.log", "one\nlast without an end")])
        self.saw(terminal, "last without an end", "ENDED")
        self.left(terminal)

    def test_a_large_file_stays_bounded_in_memory(self):
        path = self.file("big.log", b"".join(b"line %d %s\n" % (n, b"x" * 200)
                                             for n in range(400_000)))
        terminal = self.opened(["--from-beginning", "--no-follow", path])
        self.assertTrue(terminal.wait_for("line 399999", 60), terminal.text())
        self.saw(terminal, "ENDED")
        self.assertLess(terminal.measure(0.1).rss_kib, 200_000)
        self.left(terminal)


class PrintTests(Folder):
    def test_the_last_ten_lines_are_printed_byte_for_byte(self):
        path = self.file("app.log", b"".join(b"%d\n" % n for n in range(50)) + HOSTILE + b"\n")
        done = run("tail", "--no-follow", path)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stdout, b"".join(b"%d\n" % n for n in range(41, 50)) + HOSTILE + b"\n")
        self.assertEqual(run("tail", "--no-follow", "-n2", path).stdout, b"49\n" + HOSTILE + b"\n")
        self.assertEqual(run("tail", "--no-follow", "-n", 0, path).stdout, b"")
        self.assertEqual(run("tail", "--no-follow", "--from-beginning", path).stdout,
                         path.read_bytes())

    def test_blocks_of_nul_bytes_are_no_lines_and_the_file_no_binary(self):
        blanks = b"\0" * 5000
        path = self.file("crashed.log", b"one\n" + blanks + b"two\n" + blanks)
        done = run("tail", "--no-follow", path)
        self.assertEqual((done.returncode, done.stdout), (0, b"one\ntwo\n"))
        parsed = run("parse", path)
        self.assertIn("2 lines: 2 records", parsed.stdout.decode())

    def test_several_files_have_heads(self):
        one, two = self.file("one.log", "1\n"), self.file("two.log", "2\n")
        done = run("tail", "--no-follow", one, two)
        self.assertEqual(done.stdout, b"==> one.log <==\n1\n\n==> two.log <==\n2\n")

    def test_a_terminal_gets_no_escapes_from_lines(self):
        path = self.file("app.log", HOSTILE + b"\n")
        terminal = Terminal([azimuth(), "tail", "--print", "--no-follow", str(path)])
        self.addCleanup(terminal.close)
        self.assertEqual(terminal.wait_exit(), 0)
        self.assertIn(b"red", terminal.output)
        self.assertNotIn(b"\x1b", terminal.output)

    def test_it_ends_when_nobody_reads_any_more(self):
        path = self.file("app.log", "1\n2\n")
        line = f"{shlex.quote(azimuth())} tail {shlex.quote(str(path))} | head -1"
        done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, timeout=20)
        self.assertEqual(done.stdout, b"1\n")

    def test_standard_input_is_printed_to_its_end(self):
        done = subprocess.run([azimuth(), "tail"], input=b"1\n2", capture_output=True, timeout=20)
        self.assertEqual((done.returncode, done.stdout), (0, b"1\n2\n"))


class BadInputTests(Folder):
    def said(self, done, status, *words):
        text = done.stderr.decode()
        self.assertEqual(done.returncode, status, text)
        for word in words:
            self.assertIn(word, text)
        self.assertEqual(done.stdout, b"")

    def test_files_that_cannot_be_shown_say_why_and_what_to_do(self):
        for path, words in (
            (self.folder / "none.log", ("No such file", "check the path")),
            (self.folder, ("is a folder", "/*.log")),
            (self.file("bin", b"a\0b"), ("is binary",)),
            (self.file("old.gz", b"\x1f\x8b\x08\0"), ("gzip file is cut off",)),
            (self.file("old.lz4", b"\x04\x22\x4d\x18x"), ("is packed by lz4", "lz4cat")),
            (self.file("win.log.gz", gzip.compress("words\n".encode("utf-16"))),
             ("is UTF-16, packed", "unpack it")),
            ("/dev/null", ("is no regular file",)),
        ):
            with self.subTest(path=str(path)):
                self.said(run("tail", path), 2, *words)

    @unittest.skipIf(os.getuid() == 0, "SKIPPED: root may read every file")
    def test_a_file_that_may_not_be_read(self):
        path = self.file("secret.log", "x\n")
        path.chmod(0)
        self.said(run("tail", path), 2, "Permission denied", "group adm")

    def test_utf_16_is_printed_as_the_others(self):
        for encoding in ("utf-16-le", "utf-16-be"):
            path = self.file("win.log", "\ufeffwörds\n".encode(encoding))
            done = run("tail", "--no-follow", path)
            self.assertEqual((done.returncode, done.stdout), (0, "wörds\n".encode()))

    def test_the_good_ones_are_printed_and_the_bad_ones_told(self):
        done = run("tail", "--no-follow", self.file("a.log", "1\n"), self.folder / "none.log")
        self.assertEqual((done.returncode, done.stdout), (0, b"1\n"))
        self.assertIn("none.log", done.stderr.decode())

    def test_arguments_that_mean_nothing(self):
        path = self.file("a.log", "1\n")
        self.said(run("tail", "--format", "sislog", path), 64, "sislog", "syslog")
        self.said(run("tail", "-n", "20001", path), 64, "20000", "--from-beginning")

    def test_nothing_to_read(self):
        terminal = Terminal([azimuth(), "tail"])
        self.addCleanup(terminal.close)
        self.assertEqual(terminal.wait_exit(), 64)
        self.assertIn("COMMAND | azimuth tail", terminal.text())


if __name__ == "__main__":
    unittest.main()
