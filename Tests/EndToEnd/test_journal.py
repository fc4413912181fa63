"""systemd's journal: a real journald, apart from the machine's, and what azimuth makes of its entries."""
import json
import os
import pathlib
import signal
import subprocess
import threading
import time
import unittest

from program import azimuth, run
from receiving import Receiving, need, skip

JOURNALD = pathlib.Path("/usr/lib/systemd/systemd-journald")

# What journald needs is empty there, and nothing of the machine's own journal is seen.
APART = r"""
set -e
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/log
mkdir -p /run/systemd/journal /run/systemd/journald.conf.d /var/log/journal
printf '[Journal]\nReadKMsg=no\nAudit=no\nStorage=persistent\nForwardToWall=no\nRateLimitIntervalSec=0\n' \
    > /run/systemd/journald.conf.d/apart.conf
exec /usr/lib/systemd/systemd-journald
"""

# A message of any bytes, and a field of two lines, over the native protocol.
NATIVE = r"""
import socket, struct, sys
def field(name, value):
    return name + b"\n" + struct.pack("<Q", len(value)) + value + b"\n"
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
    client.sendto(
        field(b"MESSAGE", b"first line\nPRIORITY=0\n_PID=1\nlast \xff") + field(b"TRACE", b"one\ntwo")
        + b"PRIORITY=4\nSYSLOG_IDENTIFIER=native\n", "/run/systemd/journal/socket")
"""


@unittest.skipUnless(os.geteuid() == 0, "a journald of its own needs root")
class JournalTests(Receiving):
    def setUp(self):
        super().setUp()
        if not JOURNALD.exists():
            skip("systemd is not installed: .ci/setup test")
        for program in ("unshare", "nsenter", "journalctl", "systemd-cat"):
            need(program)
        self.journald = self.start("unshare", "--mount", "--propagation", "private", "sh", "-c", APART)
        self.within = ["nsenter", "--mount", f"--target={self.journald.pid}", "--"]
        self.wait(lambda: self.inside("test", "-S", "/run/systemd/journal/stdout").returncode
                  if self.journald.poll() is None else skip("journald does not run apart here"),
                  lambda status: status == 0)
        self.config = self.file("azimuth.yaml", "sources: [{journal: true}]\n")
        # Its newest entry is where reading begins.
        self.inside("systemd-cat", "-t", "test", "echo", "begin")
        self.wait(lambda: self.inside("journalctl", "--quiet").stdout, lambda text: b"begin" in text)

    def inside(self, *words, **options):
        return subprocess.run([*self.within, *words], capture_output=True, timeout=60, **options)

    def begin(self):
        """Starts the ingester in there; False where it did not come up."""
        self.ingester = subprocess.Popen(
            [*self.within, azimuth(), "ingest", "--config", self.config, "--history", self.history],
            stderr=subprocess.DEVNULL)
        self.addCleanup(self.finish, self.ingester)

    def finish(self, process):
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(20), 0)

    def numbers(self):
        return [int(line.split()[1]) for line in self.messages() if line.startswith("number ")]

    def write_numbers(self, until):
        """Writes numbered entries, over systemd-cat, in a thread; what it has written is in `count`."""
        cat = subprocess.Popen([*self.within, "systemd-cat", "-t", "counter", "cat"],
                               stdin=subprocess.PIPE)

        def write():
            for number in range(until):
                cat.stdin.write(f"number {number}\n".encode())
                cat.stdin.flush()
                self.count = number + 1
                time.sleep(0.002)  # A steady writer, not a wait.
            cat.stdin.close()
            cat.wait()
        self.count = 0
        thread = threading.Thread(target=write)
        thread.start()
        self.addCleanup(thread.join)
        return thread

    def test_real_senders_keep_their_level_fields_and_bytes(self):
        self.begin()
        self.wait_for("begin")
        self.inside("systemd-cat", "-t", "cat", "-p", "err", "echo", "by systemd-cat")
        self.inside("logger", "--journald",
                    input=b"MESSAGE=by logger\nPRIORITY=2\nCODE_FILE=a.c\nORDER_ID=4711\n")
        self.inside("python3", "-c", NATIVE)
        self.wait_for("by systemd-cat", "by logger", "last \ufffd")
        self.finish(self.ingester)
        lines = {line["message"]: line for line in self.logs()}
        self.assertEqual(lines["by systemd-cat"]["level"], "error")
        self.assertEqual(lines["by logger"]["level"], "fatal")
        native = lines["first line\nPRIORITY=0\n_PID=1\nlast \ufffd"]
        self.assertEqual(native["level"], "warn")
        for line in lines.values():
            self.assertEqual(line["time"][:4], str(time.gmtime().tm_year))
        state = next(source for source in self.health() if source["name"] == "journal")
        self.assertEqual((state["unparsed"], state["format"]), (0, "journal-export"))

    def health(self):
        done = run("health", "--history", self.history, "--json")
        parts = [json.loads(line) for line in done.stdout.splitlines()]
        return [part for part in parts if part["type"] == "source"]

    def test_no_entry_is_lost_or_doubled_over_kills_of_the_ingester(self):
        self.begin()
        self.wait_for("begin")
        writer = self.write_numbers(3_000)
        for kill in range(1, 8):
            self.wait(lambda: self.count, lambda count: count > kill * 350)
            self.ingester.kill()
            self.ingester.wait()
            self.begin()
        writer.join()
        self.wait(self.numbers, lambda got: len(set(got)) == 3_000)
        self.assertEqual(sorted(self.numbers()), list(range(3_000)))

    def test_a_journalctl_that_dies_is_started_again_without_a_gap(self):
        self.begin()
        self.wait_for("begin")
        writer = self.write_numbers(2_000)
        for kill in range(1, 4):
            self.wait(lambda: self.count, lambda count: count > kill * 400)
            for child in self.children():
                os.kill(child, signal.SIGKILL)
            self.wait(self.children, lambda found: len(found) == 1)
        writer.join()
        self.wait(self.numbers, lambda got: len(set(got)) == 2_000)
        self.assertEqual(self.numbers(), list(range(2_000)))

    def children(self):
        tasks = pathlib.Path(f"/proc/{self.ingester.pid}/task")
        found = []
        for task in tasks.iterdir():
            found += (task / "children").read_text().split()
        return [int(pid) for pid in found]

    def test_secrets_are_hidden_in_messages_and_fields_of_any_bytes(self):
        self.config = self.file(
            "azimuth.yaml", "redact: [email]\nsources: [{journal: true, units: []}]\n")
        self.begin()
        self.wait_for("begin")
        code = NATIVE.replace("one\\ntwo", "for ada@example.org\\nPRIORITY=0").replace(
            "first line", "mail to bob@example.org failed")
        self.inside("python3", "-c", code)
        self.wait_for("last \ufffd")
        self.finish(self.ingester)
        line = next(line for line in self.logs() if "last" in line["message"])
        self.assertEqual(line["level"], "warn")
        self.assertEqual(line["message"],
                         "mail to [redacted:email] failed\nPRIORITY=0\n_PID=1\nlast \ufffd")
        for path in self.folder.iterdir():
            self.assertNotIn(b"example.org", path.read_bytes(), path)


if __name__ == "__main__":
    unittest.main()
