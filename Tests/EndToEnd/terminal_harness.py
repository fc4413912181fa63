#!/usr/bin/python3
"""Runs a program in a pty and tells what it drew, sent and cost.

As a module: `Terminal` for end-to-end tests. As a command, the gates on a quiet dashboard:

    Tests/EndToEnd/terminal_harness.py --size 120x40 --settle 2 --seconds 10 -- azimuth dash
    Tests/EndToEnd/terminal_harness.py --keys ' ' --max-bytes 0 --max-wakeups 0 -- azimuth dash
    Tests/EndToEnd/terminal_harness.py --keys 4 --steps kkjj --max-step 600 -- azimuth dash

It prints one line of JSON and ends with 1 when a bound given by --max-... was passed.
Needs python3-pyte.
"""

import argparse
import codecs
import dataclasses
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

from emulator import (
    ALTERNATE_SCREEN,
    BRACKETED_PASTE,
    CURSOR_KEYS,
    CURSOR_VISIBLE,
    FOCUS_REPORTS,
    EmulatedScreen,
    EmulatedStream,
    colour_sequences,
)

COLOUR_VARIABLES = ("NO_COLOR", "COLORTERM", "LANG", "LC_ALL", "LC_CTYPE", "LINES", "COLUMNS")


@dataclasses.dataclass
class Reading:
    """What a program cost while it was watched; wake-ups are voluntary context switches."""

    seconds: float
    bytes: int
    cpu_ms: float
    wakeups: int
    preemptions: int
    threads: int
    rss_kib: int

    @property
    def bytes_per_second(self):
        return self.bytes / self.seconds

    @property
    def wakeups_per_second(self):
        return self.wakeups / self.seconds

    @property
    def cpu_ms_per_10s(self):
        return self.cpu_ms * 10 / self.seconds


class Terminal:
    """A program in a pty of its own, on an emulated screen.

    `variables` go on top of the environment, less what would change colours, language or size;
    a value of None removes one. LANG is C.UTF-8 unless said otherwise.
    """

    def __init__(self, command, columns=80, rows=24, term="xterm-256color", variables=None,
                 directory=None):
        self.screen = EmulatedScreen(columns, rows)
        self._stream = EmulatedStream(self.screen)
        self.output = bytearray()
        self.status = None
        self._hung_up = False
        self.master, self.slave = pty.openpty()
        self._set_size(columns, rows)
        self.attributes_before = termios.tcgetattr(self.slave)
        self.started = time.monotonic()
        self.first_byte = None
        self.pid = os.fork()
        if self.pid == 0:
            self._become(command, _environment(term, variables or {}), directory)
        os.set_blocking(self.master, False)

    def _become(self, command, environment, directory):
        try:
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
            for number in (0, 1, 2):
                os.dup2(self.slave, number)
            os.closerange(3, 256)
            for number in (signal.SIGPIPE, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)
            if directory:
                os.chdir(directory)
            os.execvpe(command[0], list(command), environment)
        except OSError as error:
            os.write(2, f"{command[0]}: {error}\n".encode())
        finally:
            os._exit(127)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    # What it says

    def pump(self, seconds):
        """Reads for so long, or until the program has gone."""
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            if not self._read(max(0.0, left)) or left <= 0:
                return

    def _read(self, timeout):
        """One read; false when nothing came within the time, or nothing can come any more."""
        if self._hung_up:
            return False
        readable, _, _ = select.select([self.master], [], [], timeout)
        if not readable:
            return False
        try:
            data = os.read(self.master, 65536)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if data and self.first_byte is None:
            self.first_byte = time.monotonic()
        self.output += data
        self._stream.feed(data)
        return bool(data)

    def wait_for(self, condition, seconds=10):
        """Reads until the text is on the screen, or the function says yes; true when it came."""
        if isinstance(condition, str):
            text = condition
            condition = lambda: text in self.text()  # noqa: E731
        deadline = time.monotonic() + seconds
        while not condition():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self._read(min(left, 0.05))
        return True

    def wait_quiet(self, quiet=0.2, seconds=10):
        """Reads until nothing came for so long."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            before = len(self.output)
            self.pump(quiet)
            if len(self.output) == before:
                return True
        return False

    def rows(self):
        return [row.rstrip() for row in self.screen.display]

    def text(self):
        return "\n".join(self.rows())

    @property
    def colours(self):
        return colour_sequences(bytes(self.output))

    # What it is told

    def send(self, keys):
        os.write(self.master, keys.encode() if isinstance(keys, str) else keys)

    def resize(self, columns, rows):
        self.screen.resize(rows, columns)
        self._set_size(columns, rows)

    def _set_size(self, columns, rows):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def kill(self, number):
        os.kill(self.pid, number)

    def hang_up(self):
        """Takes the terminal away, as closing its window or losing ssh does."""
        self._hung_up = True
        os.close(self.master)
        os.close(self.slave)

    def step(self, keys):
        """The bytes that keys bring, up to the first rest after them."""
        sent = len(self.output)
        self.send(keys)
        self.wait_quiet(0.3)
        return len(self.output) - sent

    # How it ends

    def poll(self):
        if self.status is None:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status

    def wait_exit(self, seconds=10):
        """The exit code, or minus the signal; None when it goes on. Reads the rest of its output."""
        deadline = time.monotonic() + seconds
        while self.poll() is None and time.monotonic() < deadline:
            if not self._read(0.02) and self._hung_up:
                select.select([], [], [], 0.02)
        while self._read(0):
            pass
        return self.status

    def close(self):
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.status = -signal.SIGKILL
        if not self._hung_up:
            self.hang_up()

    def unrestored(self):
        """What of the terminal is not as it was before the program, as a list of sentences."""
        faults = []
        if termios.tcgetattr(self.slave) != self.attributes_before:
            faults.append("termios differ")
        if not self.screen.private_mode(CURSOR_VISIBLE):
            faults.append("the cursor is hidden")
        for mode, name in (
            (ALTERNATE_SCREEN, "alternate screen"),
            (CURSOR_KEYS, "application cursor keys"),
            (BRACKETED_PASTE, "bracketed paste"),
            (FOCUS_REPORTS, "focus reports"),
        ):
            if self.screen.private_mode(mode):
                faults.append(f"{name} still on")
        attributes = self.screen.cursor.attrs
        if attributes._replace(data=" ") != self.screen.default_char:
            faults.append("colours or attributes still on")
        return faults

    # What it costs

    def measure(self, seconds, process=None):
        """Watches for so long, reading all the while, and tells what it cost.

        `process` is the one to watch when the program was started through another.
        """
        process = process or self.pid
        sent = len(self.output)
        before = _threads(process)
        begin = time.monotonic()
        while (left := begin + seconds - time.monotonic()) > 0 and not self._hung_up:
            self._read(left)
        elapsed = time.monotonic() - begin
        after = _threads(process)
        zero = (0, 0, 0)
        deltas = [
            tuple(now - then for now, then in zip(after[thread], before.get(thread, zero)))
            for thread in after
        ]
        cpu, wakeups, preemptions = (sum(column) for column in zip(*deltas)) if deltas else zero
        return Reading(
            seconds=elapsed,
            bytes=len(self.output) - sent,
            cpu_ms=cpu / 1e6,
            wakeups=wakeups,
            preemptions=preemptions,
            threads=len(after),
            rss_kib=_rss_kib(process),
        )


def _environment(term, variables):
    environment = {k: v for k, v in os.environ.items() if k not in COLOUR_VARIABLES}
    environment.update(TERM=term, LANG="C.UTF-8")
    for name, value in variables.items():
        if value is None:
            environment.pop(name, None)
        else:
            environment[name] = value
    return environment


def _threads(pid):
    """Thread id to (cpu ns, voluntary switches, involuntary switches)."""
    counts = {}
    for thread in os.listdir(f"/proc/{pid}/task"):
        path = f"/proc/{pid}/task/{thread}"
        try:
            with open(f"{path}/schedstat") as file:
                cpu = int(file.read().split()[0])
            status = _status(f"{path}/status")
        except FileNotFoundError:
            continue
        voluntary = int(status["voluntary_ctxt_switches"])
        counts[thread] = (cpu, voluntary, int(status["nonvoluntary_ctxt_switches"]))
    return counts


def _rss_kib(pid):
    return int(_status(f"/proc/{pid}/status").get("VmRSS", "0 kB").split()[0])


def _status(path):
    with open(path) as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def size(text):
    columns, rows = text.lower().split("x")
    return int(columns), int(rows)


def typed(text):
    """`\\e`, `\\x1b`, `\\n` and the like as bytes; other text as UTF-8."""
    return codecs.escape_decode(text.replace("\\e", "\\x1b").encode())[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--size", type=size, default=(120, 40), metavar="WxH")
    parser.add_argument("--term", default="xterm-256color")
    parser.add_argument("--settle", type=float, default=2, help="seconds before and after the keys")
    parser.add_argument("--keys", type=typed, default=b"", help="sent first, such as ' ' or '\\e'")
    parser.add_argument("--seconds", type=float, default=10, help="how long to watch")
    parser.add_argument("--steps", type=typed, default=b"", help="instead of watching: keys, one by one")
    parser.add_argument("--max-step", type=float, help="bytes that one of the steps may bring")
    parser.add_argument("--max-bytes", type=float, help="a second")
    parser.add_argument("--max-wakeups", type=float, help="a second")
    parser.add_argument("--max-cpu", type=float, help="ms per 10 s")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()

    with Terminal(options.command, *options.size, term=options.term) as terminal:
        terminal.pump(options.settle)
        if options.keys:
            terminal.send(options.keys)
            terminal.pump(options.settle)
        if terminal.poll() is not None:
            sys.stderr.write(f"{options.command[0]} ended with {terminal.status}:\n")
            sys.stderr.write(terminal.text().strip() + "\n")
            return 2
        if options.steps:
            return count_steps(terminal, options)
        reading = terminal.measure(options.seconds)
    report = dict(
        dataclasses.asdict(reading),
        bytes_per_second=reading.bytes_per_second,
        wakeups_per_second=reading.wakeups_per_second,
        cpu_ms_per_10s=reading.cpu_ms_per_10s,
    )
    print(json.dumps({k: round(v, 3) for k, v in report.items()}))
    passed = [
        name
        for name, value, bound in (
            ("bytes", reading.bytes_per_second, options.max_bytes),
            ("wakeups", reading.wakeups_per_second, options.max_wakeups),
            ("cpu", reading.cpu_ms_per_10s, options.max_cpu),
        )
        if bound is not None and value > bound
    ]
    for name in passed:
        sys.stderr.write(f"over the bound: {name}\n")
    return 1 if passed else 0


def count_steps(terminal, options):
    """What each key brings; ends with 1 when one brings nothing, or more than it may."""
    counts = [terminal.step(bytes([key])) for key in options.steps]
    print(json.dumps({"steps": counts}))
    most = options.max_step if options.max_step is not None else float("inf")
    passed = [count for count in counts if not 0 < count <= most]
    for count in passed:
        sys.stderr.write(f"over the bound, or nothing at all: a step of {count} bytes\n")
    return 1 if passed else 0


if __name__ == "__main__":
    sys.exit(main())
