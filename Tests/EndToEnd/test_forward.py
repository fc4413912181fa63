"""Events from real senders of the Forward protocol, through azimuth ingest into the history."""
import json
import os
import pathlib
import random
import signal
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

from fluent.sender import FluentSender

from forward_sender import Sender, message, entries
from program import azimuth, free_port, run


class Forward(unittest.TestCase):
    keys = ""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.history = self.folder / "history.db"
        self.config = self.folder / "azimuth.yaml"
        self.port = free_port()
        self.config.write_text(
            f"sources:\n- name: sent\n  forward: 127.0.0.1:{self.port}\n{self.keys}")

    def ingest(self):
        """An ingester that listens."""
        process = subprocess.Popen(
            [azimuth(), "ingest", "--config", self.config, "--history", self.history],
            stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        self.assertIn("watching 1 sources", process.stderr.readline())
        return process

    def ended(self, process):
        process.terminate()
        began = time.monotonic()
        self.assertEqual(process.wait(10), 0)
        self.assertLess(time.monotonic() - began, 5)

    def kept(self, text="event-"):
        done = run("logs", "--history", self.history, "--config", self.config, "--json",
                   "--limit", 1_000_000, "--text", text)
        # 1: no line so far.
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return [json.loads(line)["message"] for line in done.stdout.splitlines()]

    def counted(self, texts):
        """How often each text is in the history; longer ones that begin so are none of it."""
        lines = self.kept()
        return [sum(f'"{text}"' in line or line == text for line in lines) for text in texts]


class DeliveryTests(Forward):
    def test_fluent_logger_is_understood(self):
        process = self.ingest()
        for nanoseconds in (False, True):
            sender = FluentSender("app", port=self.port, nanosecond_precision=nanoseconds)
            for number in range(100):
                self.assertTrue(sender.emit("web", {"log": f"event-{nanoseconds}-{number}"}),
                                sender.last_error)
            sender.close()
        deadline = time.monotonic() + 20
        while len(self.kept()) < 200 and time.monotonic() < deadline:
            pass
        self.ended(process)
        wanted = [f"event-{kind}-{number}" for kind in (False, True) for number in range(100)]
        self.assertEqual(self.counted(wanted), [1] * 200)

    def test_what_is_acknowledged_survives_a_kill(self):
        process = self.ingest()
        acknowledged = []
        with Sender(self.port) as sender:
            for number in range(10):
                for mode in ("forward", "packed", "gzip"):
                    texts = [f"event-{mode}-{number}-{index}" for index in range(50)]
                    self.assertTrue(sender.acknowledged(mode, texts, f"{mode}{number}"))
                    acknowledged += texts
            # Under way while it dies.
            sender.send(message("packed", "t", entries(["event-late"] * 1_000), "late"))
            process.kill()
        process.wait()
        self.assertEqual(self.counted(acknowledged), [1] * len(acknowledged))
        self.ended(self.ingest())

    def test_nothing_is_lost_when_it_dies_again_and_again(self):
        """At least once: what was not acknowledged is sent again."""
        waiting = [[f"event-{chunk}-{index}" for index in range(20)] for chunk in range(60)]
        everything = sum(waiting, [])
        for death in range(4):
            process = self.ingest()
            if death < 3:
                threading.Timer(0.3, process.kill).start()
            try:
                with Sender(self.port) as sender:
                    while waiting and sender.acknowledged("packed", waiting[0], f"c{len(waiting)}"):
                        waiting.pop(0)
            except OSError:
                pass
            if death < 3:
                process.wait()
        self.assertEqual(waiting, [])
        self.ended(process)
        counts = self.counted(everything)
        self.assertGreaterEqual(min(counts), 1)
        # One chunk a death may come twice.
        self.assertLessEqual(sum(counts), len(everything) + 3 * 20)

    def test_sigterm_under_load_keeps_what_was_acknowledged(self):
        """D04."""
        process = self.ingest()
        acknowledged = []

        def load():
            try:
                with Sender(self.port) as sender:
                    for number in range(10_000):
                        texts = [f"event-{number}-{index}" for index in range(20)]
                        if not sender.acknowledged("packed", texts, f"c{number}"):
                            return
                        acknowledged.extend(texts)
            except OSError:
                pass

        thread = threading.Thread(target=load)
        thread.start()
        while len(acknowledged) < 200:
            pass
        self.ended(process)
        thread.join()
        self.assertEqual(self.counted(acknowledged), [1] * len(acknowledged))

    def test_a_taken_port_is_said_with_what_to_do(self):
        process = self.ingest()
        done = run("ingest", "--config", self.config, "--history", self.folder / "other.db")
        self.assertEqual(done.returncode, 2)
        self.assertIn(f"127.0.0.1:{self.port} is taken".encode(), done.stderr)
        self.assertIn(b"ss -lntup", done.stderr)
        self.ended(process)


class ReloadTests(Forward):
    def hang_up(self, process, *words):
        """SIGHUP, and what the ingester says up to a line with one of the words."""
        process.send_signal(signal.SIGHUP)
        while not any(word in (line := process.stderr.readline()) for word in words):
            self.assertIsNone(process.poll(), line)

    def test_a_wrong_configuration_leaves_senders_connected(self):
        process = self.ingest()
        good = self.config.read_text()
        with Sender(self.port) as sender:
            self.assertTrue(sender.acknowledged("packed", ["event-1"], "a"))
            self.config.write_text("sources: 7\n")
            self.hang_up(process, "the configuration stays as it was")
            self.assertTrue(sender.acknowledged("packed", ["event-2"], "b"))
        self.config.write_text(good)
        self.ended(process)
        self.assertEqual(self.counted(["event-1", "event-2"]), [1, 1])

    def test_a_reload_under_load_loses_nothing_and_listens_again(self):
        process = self.ingest()
        waiting = [[f"event-{chunk}-{index}" for index in range(20)] for chunk in range(400)]
        everything, failures = sum(waiting, []), []

        def load():
            deadline = time.monotonic() + 60
            while waiting and time.monotonic() < deadline:
                try:
                    with Sender(self.port) as sender:
                        while waiting and sender.acknowledged("packed", waiting[0],
                                                              f"c{len(waiting)}"):
                            waiting.pop(0)
                except OSError as error:
                    failures.append(error)

        thread = threading.Thread(target=load)
        thread.start()
        more = self.config.read_text() + f"- {{name: other, syslog: 'unix:{self.folder}/s'}}\n"
        for number in range(3):
            while len(waiting) > 350 - 100 * number:
                self.assertTrue(thread.is_alive())
            self.config.write_text(more)
            self.hang_up(process, "watching 2 sources")
        thread.join()
        self.assertEqual(waiting, [])
        self.ended(process)
        counts = self.counted(everything)
        self.assertGreaterEqual(min(counts), 1)
        # One chunk a reload may come twice: the answer was on its way.
        self.assertLessEqual(sum(counts), len(everything) + 3 * 20)


class FullDiskTests(Forward):
    @unittest.skipUnless(os.geteuid() == 0, "mounting a small disk needs root")
    def test_nothing_is_acknowledged_while_the_disk_is_full(self):
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", disk])
        if mounted.returncode != 0:
            self.skipTest("no tmpfs can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", disk])
        self.history = disk / "history.db"
        process = self.ingest()
        with Sender(self.port) as sender:
            self.assertTrue(sender.acknowledged("packed", ["event-before"], "a"))
        ballast = disk / "ballast"
        with open(ballast, "wb", buffering=0) as file:
            try:
                while file.write(bytes(4096)):
                    pass
            except OSError:
                pass
        # Random: what packs well finds room in the log that is there already.
        chance = random.Random(1)
        big = ["event-full-" + chance.randbytes(50_000).hex() for _ in range(10)]
        with Sender(self.port) as sender:
            self.assertFalse(sender.acknowledged("packed", big, "b"))
        ballast.unlink()
        deadline = time.monotonic() + 30
        while True:
            with Sender(self.port) as sender:
                if sender.acknowledged("packed", ["event-after"], "c"):
                    break
            self.assertLess(time.monotonic(), deadline)
        self.ended(process)
        self.assertEqual(self.counted(["event-before"]), [1])
        self.assertGreaterEqual(self.counted(["event-after"])[0], 1)


class SecretTests(Forward):
    keys = ("  shared_key_file: key\n  users_file: users\n"
            "  tls: {certificate: cert.pem, key: key.pem}\n")

    def setUp(self):
        super().setUp()
        for name, text in (("key", "open sesame\n"), ("users", "ann:one\n")):
            (self.folder / name).write_text(text)
            (self.folder / name).chmod(0o600)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
             "/CN=localhost", "-keyout", self.folder / "key.pem", "-out",
             self.folder / "cert.pem"], check=True, capture_output=True)
        self.tls = ssl.create_default_context(cafile=self.folder / "cert.pem")
        self.tls.check_hostname = False

    def test_key_user_and_tls_together(self):
        process = self.ingest()
        with Sender(self.port, self.tls) as sender:
            self.assertTrue(sender.proves(sender.greet(b"open sesame", b"ann", b"one")))
            self.assertTrue(sender.acknowledged("gzip", ["event-1"], "c"))
        for key, password in ((b"wrong", b"one"), (b"open sesame", b"two")):
            with Sender(self.port, self.tls) as sender:
                self.assertFalse(sender.greet(key, b"ann", password)[1])
                self.assertIsNone(sender.read())
        with self.assertRaises(OSError), Sender(self.port) as sender:
            # Without TLS; the server hangs up on what is no hello.
            sender.send(message("packed", "t", entries(["event-2"])) * 100)
            if sender.socket.recv(1) == b"" or sender.socket.recv(65_536) is not None:
                raise ConnectionError
        self.ended(process)
        self.assertEqual(self.counted(["event-1", "event-2"]), [1, 0])

    def test_check_names_what_a_start_would_trip_over(self):
        self.assertEqual(run("check", self.config).returncode, 0)
        (self.folder / "key").chmod(0o644)
        (self.folder / "cert.pem").write_text("nothing")
        done = run("check", self.config)
        self.assertEqual(done.returncode, 4)
        for words in (b"everybody on this machine may use it", b"chmod 600", b"for TLS"):
            self.assertIn(words, done.stdout)
        done = run("ingest", "--config", self.config, "--history", self.history)
        self.assertEqual(done.returncode, 3)
        self.assertNotIn(b"sesame", done.stderr)

    def test_check_warns_of_an_open_door(self):
        self.config.write_text("sources:\n- name: sent\n  forward: 0.0.0.0\n")
        done = run("check", self.config)
        self.assertEqual(done.returncode, 4)
        self.assertIn(b"everybody who reaches tcp://0.0.0.0:24224 may send to it", done.stdout)


if __name__ == "__main__":
    unittest.main()
