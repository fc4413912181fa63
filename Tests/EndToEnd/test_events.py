"""azimuth events: the account of an outage, out of the history, while it is being written."""
import json
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

from program import azimuth, run

CONFIG = """
estate:
  name: events
  layers: [app]
  sites:
    lab: {{}}
  resources:
    web1: {{at: lab, layer: app}}
  services:
    shop: {{members: [web1], rto: 30s}}
canaries:
  - {{service: shop, probe: tcp, every: 200ms, targets: {{web1: "127.0.0.1:{port}"}}}}
"""


class EventsOfAnOutage(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-events-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.history = self.folder / "h.db"

    def listen(self, port=0):
        server = socket.socket()
        server.settimeout(30)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", port))
        server.listen(64)
        self.addCleanup(server.close)
        return server

    def ask(self, *words):
        done = run("events", "--history", self.history, "--json", *words)
        return [json.loads(line) for line in done.stdout.splitlines()] if not done.returncode else []

    def wait(self, isThere):
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if isThere(events := self.ask()):
                return events
            time.sleep(0.2)
        self.fail(f"not there after 30 s: {self.ask()}")

    def test_an_outage_is_told_from_its_begin_to_its_end(self):
        server = self.listen()
        port = server.getsockname()[1]
        config = self.folder / "azimuth.yaml"
        config.write_text(CONFIG.format(port=port))
        ingest = subprocess.Popen(
            [azimuth(), "ingest", "--config", config, "--history", self.history],
            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(ingest.wait)
        self.addCleanup(ingest.terminate)
        self.wait(lambda events: [event["kind"] for event in events] == ["run"])
        # The canary has been served.
        for _ in range(5):
            server.accept()[0].close()
        self.assertEqual(run("mark", "--history", self.history, "pulled the plug").returncode, 0)
        self.wait(lambda events: any(event["kind"] == "mark" for event in events))
        server.close()
        self.wait(lambda events: any(event.get("to") == "running" for event in events))
        self.listen(port)
        events = self.wait(lambda events: any(event.get("to") == "verified" for event in events))

        told = [(event["kind"], event["subject"], event.get("to")) for event in events]
        self.assertEqual(told[0], ("run", "", None))
        self.assertLess(told.index(("mark", "", None)), told.index(("failover", "shop", "running")))
        self.assertLess(told.index(("failover", "shop", "running")),
                        told.index(("failover", "shop", "verified")))
        self.assertIn(("health", "shop", "ok"), told)
        self.assertEqual([event["text"] for event in events if event["kind"] == "mark"],
                         ["pulled the plug"])
        self.assertEqual([event["at"] for event in events],
                         sorted(event["at"] for event in events))
        self.assertEqual({event["kind"] for event in self.ask("--kind", "mark,run")}, {"mark", "run"})
        self.assertEqual({event["subject"] for event in self.ask("--subject", "shop")}, {"shop"})
        self.assertEqual(self.ask("--until", "2020-01-01T00:00:00Z"), [])
        # Kept after it was so: at that time it still was.
        served = next(event["at"] for event in events if event.get("to") == "verified")
        for moment, isThere in ((served, True), (events[0]["at"], False)):
            picture = run("health", "--history", self.history, "--json", "--at", moment).stdout
            self.assertEqual(b'"key":"outage:' in picture, isThere, moment)
        text = run("events", "--history", self.history).stdout.decode()
        self.assertIn("pulled the plug", text)
        self.assertRegex(text, r"failover +shop +running ⇒ verified +\(outage, users waited ")

    def test_a_wrong_kind_is_said_with_those_there_are(self):
        done = run("events", "--kind", "helth", "--history", self.history)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(b"failover, finding, mark", done.stderr)


if __name__ == "__main__":
    unittest.main()
