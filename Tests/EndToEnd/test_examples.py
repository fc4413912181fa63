"""Docs/examples: each file is taken as it stands, and what it asks is asked of the real tool."""
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

from program import ROOT, free_port, run

EXAMPLES = ROOT / "Docs" / "examples"
SECRET = "local-test-secret-not-real"
REGION = "eu-west-1"


def skip(reason):
    print(f"SKIPPED: {reason}", file=sys.stderr)
    raise unittest.SkipTest(reason)


def works(*command):
    try:
        return subprocess.run(command, capture_output=True, timeout=120).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def aws_tools():
    """The folders with `aws` and `moto_server`; where they are missing, they come from PyPI."""
    if works("aws", "--version") and works("moto_server", "--help"):
        return os.environ["PATH"]
    tools = ROOT / ".build" / "example-tools"
    path = f"{tools / 'bin'}:{os.environ['PATH']}"
    if not works(tools / "bin" / "moto_server", "--help"):
        shutil.rmtree(tools, True)
        for command in (["/usr/bin/python3", "-m", "venv", tools],
                        [tools / "bin" / "pip", "install", "-q", "--retries", "1",
                         "moto[server]>=5,<6", "awscli>=1.40"]):
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != 0:
                shutil.rmtree(tools, True)
                skip(f"aws and moto cannot be installed: {(done.stderr or done.stdout)[-300:]}")
    return path


class Probing(unittest.TestCase):
    variables = {}

    def probe(self, name, address, status=0):
        done = run("probe", name, address, "--timeout", "90s", "--raw", variables=self.variables,
                   timeout=120)
        text = done.stdout.decode() + done.stderr.decode()
        self.assertEqual(done.returncode, status, text)
        self.assertNotIn(SECRET, text)
        return text


class CheckTests(unittest.TestCase):
    def test_every_example_is_taken_by_check(self):
        for example in sorted(EXAMPLES.glob("*.yaml")):
            with self.subTest(example.name), tempfile.TemporaryDirectory() as folder:
                text = example.read_text().replace("/usr/local/lib/azimuth/", f"{EXAMPLES}/")
                # The plugins are not needed by any other test.
                text = re.sub("/usr/lib/nagios/plugins/check_[a-z]+", "/bin/true", text)
                copy = pathlib.Path(folder) / example.name
                copy.write_text(text)
                done = run("check", copy)
                self.assertEqual(done.returncode, 0, done.stdout.decode() + done.stderr.decode())
                self.assertIn(b"all is well", done.stdout)
                for word in (b"AKIA", b"aws_secret", b"password="):
                    self.assertNotIn(word, example.read_bytes())


class AWSTests(Probing):
    """Against moto, an emulator of AWS, with the official command."""

    @classmethod
    def setUpClass(cls):
        if not shutil.which("jq"):
            skip("no jq here")
        cls.variables = {
            "PATH": aws_tools(), "AWS_ACCESS_KEY_ID": "LOCALTESTKEY",
            "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_EC2_METADATA_DISABLED": "true",
        }
        port = free_port()
        cls.options = f"--region {REGION} --endpoint-url http://127.0.0.1:{port}"
        cls.server = subprocess.Popen(
            ["moto_server", "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env=os.environ | cls.variables)
        cls.addClassCleanup(cls.end)
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                if cls.server.poll() is not None:
                    skip("moto_server does not start")

    @classmethod
    def end(cls):
        cls.server.terminate()
        cls.server.wait()

    def aws(self, *words):
        done = subprocess.run(["aws", *words, *self.options.split(), "--output", "text"],
                              capture_output=True, text=True, timeout=120,
                              env=os.environ | self.variables)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def test_a_database(self):
        self.aws("rds", "create-db-instance", "--db-instance-identifier", "orders-db", "--engine",
                 "postgres", "--db-instance-class", "db.t3.small", "--allocated-storage", "20",
                 "--master-username", "u", "--master-user-password", "not-a-real-one")
        command = f"{EXAMPLES}/rds-instance orders-db {self.options}"
        text = self.probe("exec", command)
        self.assertRegex(text, r"\n  health +ok\n")
        self.assertRegex(text, r"\n  restorable-age +[0-9]+ s\n")
        self.assertRegex(text, r"\n  event +2[-0-9]+T[0-9:.]+Z info: DB instance created\n")
        self.aws("rds", "stop-db-instance", "--db-instance-identifier", "orders-db")
        self.assertRegex(self.probe("exec", command, 4), r"\n  health +down: stopped\n")
        text = self.probe("exec", f"{EXAMPLES}/rds-instance none {self.options}", 4)
        self.assertRegex(text, r"\n  health +no-data: the command ended with status 25[45]: .*"
                               r"\(DBInstanceNotFound\)")

    def test_a_load_balancer(self):
        network = self.aws("ec2", "describe-vpcs", "--query", "Vpcs[0].VpcId")
        arn = self.aws("elbv2", "create-target-group", "--name", "web", "--protocol", "HTTP",
                       "--port", "80", "--vpc-id", network, "--query",
                       "TargetGroups[0].TargetGroupArn")
        image = self.aws("ec2", "describe-images", "--query", "Images[0].ImageId")
        hosts = self.aws("ec2", "run-instances", "--image-id", image, "--count", "2", "--query",
                         "Instances[].InstanceId").split()
        command = f"{EXAMPLES}/target-health web {self.options}"
        self.assertIn("down: no target is registered and in use", self.probe("exec", command, 4))
        self.aws("elbv2", "register-targets", "--target-group-arn", arn, "--targets",
                 *[f"Id={host}" for host in hosts])
        by_arn = f"{EXAMPLES}/target-health {arn} {self.options}"
        self.assertRegex(self.probe("exec", by_arn), r"\n  targets-healthy +2\n")
        self.assertRegex(self.probe("exec", command), r"\n  health +ok\n")
        self.aws("ec2", "stop-instances", "--instance-ids", hosts[0])
        self.assertRegex(self.probe("exec", command, 4),
                         r"warn: 1 of 2 targets are healthy: i-[0-9a-f]+ unused \(Target")
        text = self.probe("exec", f"{EXAMPLES}/target-health none {self.options}", 4)
        self.assertIn("(TargetGroupNotFound)", text)


class ReplayTests(unittest.TestCase):
    CONFIG = """
estate:
  name: eyes
  layers: [network, data]
  sites: {s: {code: on-prem}}
  resources:
    gateway: {at: s, layer: network}
    peer: {at: s, layer: network}
    orders: {at: s, layer: data}
    dumps: {at: s, layer: data}
    list: {at: s, layer: data}
  links:
    dumps: {from: orders, to: dumps, rpo: 52h}
probes:
  - {probe: path, resource: gateway, every: 500ms, address: "127.0.0.1:1 count=3 rtt-warn=1ns"}
  - {probe: path, resource: peer, every: 500ms, address: "127.0.0.1 by=icmp count=2"}
  - {probe: backup, resource: dumps, address: "files=FOLDER/*.yaml within=26h link=dumps"}
  - {probe: backup, resource: list, address: "command='ls --full-time FOLDER' within=26h"}
"""

    def test_ages_and_round_trips_are_replayed_as_they_were(self):
        with tempfile.TemporaryDirectory() as folder:
            config = pathlib.Path(folder) / "azimuth.yaml"
            config.write_text(self.CONFIG.replace("FOLDER", folder))
            out = pathlib.Path(folder) / "recording"
            live = run("record", "--config", config, "--out", out, "--for", "3s", "--json")
            self.assertEqual(live.returncode, 0, live.stderr)
            replayed = run("replay", out, "--json")
            self.assertEqual(live.stdout, replayed.stdout)
            resources = {}
            for line in live.stdout.splitlines():
                told = json.loads(line)
                if told["type"] in ("resource", "link"):
                    resources[told["type"], told["name"]] = told
            self.assertRegex(resources["resource", "gateway"]["reason"], "^rtt .*, over ")
            self.assertEqual(resources["resource", "gateway"]["health"], "warn")
            self.assertEqual(resources["link", "dumps"]["health"], "ok")
            self.assertEqual(resources["resource", "list"]["health"], "ok")


class BackupTests(Probing):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-backup-"))
        self.addCleanup(shutil.rmtree, self.folder, True)

    def test_restic(self):
        if not shutil.which("restic"):
            skip("no restic here")
        repository, password = self.folder / "repository", self.folder / "password"
        password.write_text(SECRET + "\n")
        password.chmod(0o600)
        # The variables are those of the lab; the address names neither.
        self.variables = {"RESTIC_REPOSITORY": str(repository),
                          "RESTIC_PASSWORD_FILE": str(password), "RESTIC_CACHE_DIR": str(self.folder)}

        def restic(*words):
            subprocess.run(["restic", *words], check=True, capture_output=True,
                           env=os.environ | self.variables, timeout=120)
        restic("init")
        address = "command='restic --no-lock snapshots --json --latest 1' within=26h"
        self.assertIn("down: no backup: the command lists none", self.probe("backup", address, 4))
        restic("backup", "--time", "2001-01-01 00:00:00", str(EXAMPLES))
        self.assertIn("down: the newest is", self.probe("backup", address, 4))
        restic("backup", str(EXAMPLES))
        self.assertRegex(self.probe("backup", address), r"\n  health +ok\n")
        password.write_text("wrong\n")
        self.assertIn("no-data: the command ended with status", self.probe("backup", address, 4))

    def test_a_dump(self):
        address = f"files={self.folder}/orders-*.dump within=26h min-size=10 link=orders-dumps"
        self.assertIn("down: no backup: nothing matches", self.probe("backup", address, 4))
        dump = self.folder / "orders-2026-11-23.dump"
        dump.write_text("")
        self.assertIn("has only 0 B", self.probe("backup", address, 4))
        dump.write_text("a dump of the orders\n")
        text = self.probe("backup", address)
        self.assertRegex(text, r"\n  size +21 B\n")
        self.assertRegex(text, r"\n  link orders-dumps +ok, \S+ \S+ behind\n")


if __name__ == "__main__":
    unittest.main()
