"""Runs `azimuth ingest` with receivers, and reads what the history has of what was sent."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from program import ROOT, azimuth, run

TOOLS = ROOT / ".build" / "sender-tools"


def skip(reason):
    print(f"SKIPPED: {reason}", file=sys.stderr)
    raise unittest.SkipTest(reason)


def need(program):
    path = shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    return path or skip(f"{program} is not installed: .ci/setup test")


def python_with(*packages):
    """A Python that has these packages of PyPI, installed once beside the build."""
    python = TOOLS / "bin" / "python"
    mark = TOOLS / ("-".join(sorted(packages)).replace("/", "_") + ".done")
    if not mark.exists():
        for command in ([["/usr/bin/python3", "-m", "venv", TOOLS]] if not python.exists() else []) + [
                [python, "-m", "pip", "install", "-q", "--retries", "1", *packages]]:
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != 0:
                skip(f"{packages} cannot be installed: {(done.stderr or done.stdout)[-300:]}")
        mark.touch()
    return python


def certificate(folder):
    """Paths of a certificate for localhost and its key."""
    certificate, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True)
    return certificate, key


class Receiving(unittest.TestCase):
    """A folder, and an ingester that begins with `ingest`."""

    def setUp(self):
        # A socket's path has room for 107 bytes.
        folder = tempfile.TemporaryDirectory(dir="/tmp")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.history = self.folder / "h.db"
        self.said = []

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def ingest(self, sources, descriptors=None):
        """`descriptors`: so many it may have open, at most (ulimit -n)."""
        config = self.file("azimuth.yaml", "sources:\n" + sources)
        self.assertEqual(run("check", config).returncode, 0, run("check", config).stdout.decode())
        limit = ["prlimit", f"--nofile={descriptors}:{descriptors}"] if descriptors else []
        self.ingester = subprocess.Popen(
            [*limit, azimuth(), "ingest", "--config", config, "--history", self.history],
            stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.ingester.stderr.close)
        self.addCleanup(self.end)
        first = self.ingester.stderr.readline()
        self.assertIn("history", first)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        with contextlib.suppress(ValueError):
            for line in self.ingester.stderr:
                self.said.append(line)

    def end(self):
        """Ends the ingester as a service manager does; all that it took is in the history then."""
        if self.ingester.poll() is None:
            self.ingester.send_signal(signal.SIGTERM)
            try:
                self.assertEqual(self.ingester.wait(20), 0)
            except subprocess.TimeoutExpired:
                self.ingester.kill()
                self.ingester.wait()
                raise

    def start(self, *command, **options):
        """A sender that runs beside, and is ended with the test."""
        process = subprocess.Popen([str(word) for word in command],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)

        def stop():
            process.kill()
            process.wait()
        self.addCleanup(stop)
        return process

    def wait(self, what, is_enough, seconds=60):
        """Asks again and again; fails at the deadline."""
        deadline = time.monotonic() + seconds
        while True:
            got = what()
            if is_enough(got):
                return got
            if time.monotonic() > deadline:
                self.fail(f"waited in vain; the last: {str(got)[-2000:]}\nsaid: {self.said[-20:]}")
            threading.Event().wait(0.1)

    def logs(self, *words):
        done = run("logs", "--history", self.history, "--json", "--limit", "100000", *words)
        if done.returncode != 0:
            return []
        return [json.loads(line) for line in done.stdout.splitlines()]

    def messages(self, *sources):
        words = [word for source in sources for word in ("--source", source)]
        return [line["message"] for line in self.logs(*words)]

    def wait_for(self, *wanted, source=None, seconds=60):
        """Waits for a message that holds each of the texts, and returns all messages."""
        sources = [source] if source else []
        return self.wait(lambda: self.messages(*sources),
                         lambda got: all(any(text in line for line in got) for text in wanted),
                         seconds)

    def wait_said(self, *words):
        self.wait(lambda: "".join(self.said), lambda text: all(word in text for word in words))

    def memory(self):
        """KiB of the ingester that are in memory."""
        status = pathlib.Path(f"/proc/{self.ingester.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0])

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.ingester.pid}/fd"))
