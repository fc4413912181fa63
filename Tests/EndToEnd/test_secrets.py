"""Passwords stay where clients look for them: real servers that want one, and nothing of it in
any argument, environment, log, history, recording or report; the same with wrong passwords.
"""
import base64
import glob
import json
import os
import pathlib
import secrets
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from program import azimuth, run

POSTGRES = next(iter(sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)), "")
PORTS = {"postgresql": 31432, "mariadb": 31306, "redis": 31379}
CLIENTS = {"postgresql": "psql", "mariadb": "mariadb", "redis": "redis-cli"}
SECONDS = 5

ESTATE = """
estate:
  name: secrets
  layers: [data]
  regions:
    tokyo: {{zones: [1a]}}
  resources:
    postgresql: {{at: tokyo/1a, layer: data}}
    mariadb: {{at: tokyo/1a, layer: data}}
    redis: {{at: tokyo/1a, layer: data}}
  services:
    postgresql: {{members: [postgresql], rto: 60s}}
    mariadb: {{members: [mariadb], rto: 60s}}
    redis: {{members: [redis], rto: 60s}}
sources:
  - {{file: {folder}/postgresql.log, format: postgresql, resource: postgresql, start: beginning}}
  - {{file: {folder}/mariadb.log, format: mariadb, resource: mariadb, start: beginning}}
  - {{file: {folder}/redis.log, format: redis, resource: redis, start: beginning}}
"""


def missing():
    """Why the servers cannot be started; None when they can."""
    if os.getuid() != 0:
        return "starting servers as their users needs root"
    for program in ("redis-server", "mariadbd", *CLIENTS.values()):
        if not shutil.which(program):
            return f"'{program}' is not installed (.ci/setup test installs it)"
    return None if POSTGRES else "PostgreSQL is not installed (.ci/setup test installs it)"


def forms(password):
    """A password as it may lie somewhere, as bytes."""
    raw = password.encode()
    return [raw, raw.hex().encode(), base64.b64encode(raw)]


class Servers:
    """A PostgreSQL, a MariaDB and a Redis that want a password of the user azimuth."""

    def __init__(self, folder, passwords):
        self.folder, self.passwords, self.processes = folder, passwords, []

    def start(self):
        self.start_postgresql()
        self.start_mariadb()
        self.start_redis()

    def stop(self):
        for process in self.processes:
            process.send_signal(signal.SIGINT if "postgres" in process.args else signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)

    def spawn(self, log, user, *words):
        with open(self.folder / log, "a") as output:
            self.processes.append(subprocess.Popen(
                [*self.as_user(user), *map(str, words)], stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT))

    @staticmethod
    def as_user(user):
        return ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "env", "LC_ALL=C"]

    def place(self, name, user):
        """A folder of its own for the user."""
        place = self.folder / name
        place.mkdir()
        shutil.chown(place, user, user)
        return place

    def say(self, check, words, text):
        """Feeds a client, again and again until its server takes it."""
        end = time.monotonic() + 40
        while True:
            done = subprocess.run([*map(str, words)], input=text, capture_output=True, text=True)
            if done.returncode == 0 and check in done.stdout:
                return
            if time.monotonic() > end:
                raise RuntimeError(f"{words[0]}: {done.stdout}{done.stderr}")
            time.sleep(0.1)

    def start_postgresql(self):
        home = self.place("pg", "postgres")
        port = PORTS["postgresql"]
        subprocess.run([*self.as_user("postgres"), f"{POSTGRES}/initdb", "-D", home / "data",
                        "--auth-local=trust", "--auth-host=scram-sha-256", "--no-sync"],
                       check=True, capture_output=True)
        self.spawn("postgresql.log", "postgres", f"{POSTGRES}/postgres", "-D", home / "data",
                   "-p", port, "-h", "127.0.0.1", "-k", home, "-F",
                   "-c", "log_line_prefix=%m [%p] %q%u@%d ", "-c", "log_timezone=UTC")
        self.say("", ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", home, "-p", port, "-U",
                      "postgres", "postgres"],
                 f"create role azimuth login password '{self.passwords['postgresql']}';"
                 "grant pg_monitor to azimuth;"
                 "create table canary(seq bigint primary key, at timestamptz not null);"
                 "grant select, insert, delete on canary to azimuth;")

    def start_mariadb(self):
        home = self.place("maria", "mysql")
        subprocess.run(["mariadb-install-db", "--no-defaults", "--user=mysql",
                        f"--datadir={home}/data", "--skip-test-db",
                        "--auth-root-authentication-method=socket"],
                       check=True, capture_output=True)
        self.spawn("mariadb.log", "mysql", "mariadbd", "--no-defaults", f"--datadir={home}/data",
                   f"--port={PORTS['mariadb']}", "--bind-address=127.0.0.1",
                   f"--socket={home}/sock", f"--pid-file={home}/pid", "--log-warnings=4",
                   "--innodb-buffer-pool-size=32M", "--log-bin=bin", "--server-id=1")
        self.say("", ["mariadb", "--no-defaults", f"--socket={home}/sock", "--user=root"],
                 "create or replace user azimuth@'127.0.0.1' identified by "
                 f"'{self.passwords['mariadb']}'; grant slave monitor on *.* to "
                 "azimuth@'127.0.0.1'; create database lab; create table lab.canary"
                 "(seq bigint primary key, at timestamp(6)); "
                 "grant select, insert, delete on lab.canary to azimuth@'127.0.0.1';")

    def start_redis(self):
        home = self.place("redis", "redis")
        configuration = home / "redis.conf"
        configuration.write_text(
            f"port {PORTS['redis']}\nbind 127.0.0.1\ndir {home}\nsave \"\"\nuser default off\n"
            f"user azimuth on >{self.passwords['redis']} ~canary +ping +info +zadd +zrangebyscore "
            "+zremrangebyscore\n")
        shutil.chown(configuration, "redis", "redis")
        configuration.chmod(0o600)
        self.spawn("redis.log", "redis", "redis-server", configuration)
        self.say("NOAUTH", ["redis-cli", "-p", PORTS["redis"]], "ping\n")


class ProcessWatch:
    """Looks at the arguments and the environment of every process, as often as it can."""

    def __init__(self, wanted):
        self.wanted, self.found, self.programs = wanted, set(), set()
        self.isOver = threading.Event()
        self.thread = threading.Thread(target=self.look_on)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.isOver.set()
        self.thread.join()

    def look_on(self):
        while not self.isOver.is_set():
            self.look()
            self.isOver.wait(0.005)

    def look(self):
        for name in os.listdir("/proc"):
            if not name.isdigit() or int(name) == os.getpid():
                continue
            for part in ("cmdline", "environ"):
                try:
                    text = pathlib.Path("/proc", name, part).read_bytes()
                except OSError:
                    continue
                if part == "cmdline":
                    program = text.split(b"\0")[0].decode("utf-8", "replace")
                    self.programs.add(program.split("/")[-1])
                if any(form in text for form in self.wanted):
                    self.found.add(f"{part} of {text.split(bytes(1))[0]!r}")


@unittest.skipIf(missing(), f"SKIPPED: {missing()}")
class SecretTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-secrets-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.folder.chmod(0o755)
        # Without a quote, a backslash or a blank, so that it looks the same wherever it may be.
        cls.right = {name: f"right{name}{secrets.token_hex(12)}" for name in PORTS}
        cls.servers = Servers(cls.folder, cls.right)
        cls.addClassCleanup(cls.servers.stop)
        cls.servers.start()

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="home-", dir=self.folder))
        self.home.chmod(0o700)
        self.history = self.home / "history.db"
        self.config = self.home / "azimuth.yaml"
        addresses = {
            "postgresql": f"host=127.0.0.1 port={PORTS['postgresql']} user=azimuth dbname=postgres",
            "mariadb": f"host=127.0.0.1 port={PORTS['mariadb']} user=azimuth",
            "redis": f"127.0.0.1:{PORTS['redis']} user=azimuth auth={self.home}/redis.auth",
        }
        self.addresses = addresses
        tables = {"postgresql": "canary", "mariadb": "lab.canary", "redis": "canary"}
        text = ESTATE.format(folder=self.folder) + "probes:\n" + "".join(
            f"  - {{probe: {name}, resource: {name}, address: '{address}', every: 300ms}}\n"
            for name, address in addresses.items()) + "canaries:\n" + "".join(
            f"  - {{service: {name}, probe: {name}, mode: write, table: {tables[name]}, "
            f"every: 100ms, targets: {{{name}: '{address}'}}}}\n"
            for name, address in addresses.items())
        self.config.write_text(text)
        self.variables = {"HOME": str(self.home), "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": ""}

    def keep(self, passwords):
        """Puts the passwords where the clients look for them."""
        for name, text in {
                ".pgpass": f"127.0.0.1:*:*:azimuth:{passwords['postgresql']}\n",
                ".my.cnf": f"[client]\npassword={passwords['mariadb']}\n",
                "redis.auth": passwords["redis"] + "\n"}.items():
            path = self.home / name
            path.write_text(text)
            path.chmod(0o600)

    def watch(self, passwords):
        """Ingests and records for some seconds; everything that was said and written, and the
        health of each resource."""
        self.keep(passwords)
        wanted = [form for password in {**self.right, **passwords}.values()
                  for form in forms(password)]
        environment = dict(os.environ, **self.variables)
        log = self.home / "ingest.log"
        with ProcessWatch(wanted) as processes, open(log, "w") as output:
            ingest = subprocess.Popen(
                [azimuth(), "ingest", "--config", self.config, "--history", self.history, "--log",
                 "json"], env=environment, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT)
            try:
                recorded = run("record", "--config", self.config, "--out", self.home / "recording",
                               "--for", f"{SECONDS}s", "--json", variables=self.variables)
                said = {"record": recorded}
                for name, address in self.addresses.items():
                    said[f"probe {name}"] = run("probe", name, address, "--raw",
                                                variables=self.variables)
                for words in (["doctor"], ["failovers", "--json"], ["links", "--json"],
                              ["health", "--json"], ["logs", "--json", "--limit", "100000"]):
                    said[words[0]] = run(*words, "--config", self.config, "--history",
                                         self.history, variables=self.variables)
                said["check"] = run("check", self.config, variables=self.variables)
                kept = self.files()
            finally:
                ingest.send_signal(signal.SIGTERM)
                status = ingest.wait(20)
        self.assertEqual(status, 0, log.read_text())
        self.assertEqual(recorded.returncode, 0, recorded.stderr)
        self.assertTrue(set(CLIENTS.values()) <= processes.programs, "no client was seen at work")
        self.assertEqual(processes.found, set())
        # Once while it runs, with the write-ahead log, and once when all is written.
        for files in (kept, self.files()):
            for name, data in files.items():
                self.assertFalse([form for form in wanted if form in data], name)
        for name, done in said.items():
            text = done.stdout + done.stderr
            self.assertFalse([form for form in wanted if form in text], name)
            self.assertTrue(text or name in ("failovers", "links"), f"{name} said nothing")
        report = [json.loads(line) for line in recorded.stdout.splitlines()]
        return said, {line["name"]: line for line in report if line["type"] == "resource"}

    def files(self):
        """What azimuth wrote, by name."""
        paths = [path for path in self.home.rglob("*") if path.is_file()]
        files = {path.name: path.read_bytes() for path in paths
                 if path.name not in (".pgpass", ".my.cnf", "redis.auth")}
        wanted = {"history.db", "ingest.log", "inputs-00001.jsonl", "recording.yaml"}
        self.assertTrue(wanted <= files.keys(), files.keys())
        return files

    def test_right_passwords_are_used_and_seen_nowhere(self):
        said, resources = self.watch(self.right)
        for name in PORTS:
            self.assertEqual(resources[name]["health"], "ok", resources[name])
            self.assertEqual(said[f"probe {name}"].returncode, 0, said[f"probe {name}"].stdout)
        lines = (self.home / "recording" / "inputs-00001.jsonl").read_text().splitlines()
        tries = [one for one in map(json.loads, lines) if "try" in one]
        for canary, name in enumerate(PORTS):
            good = [one for one in tries if one["canary"] == canary and "failed" not in one]
            self.assertTrue(good, f"no try was good at {name}")

    def test_wrong_passwords_are_told_without_their_words(self):
        wrong = {name: f"wrong{name}{secrets.token_hex(12)}" for name in PORTS}
        said, resources = self.watch(wrong)
        words = {"postgresql": "password authentication failed", "mariadb": "Access denied",
                 "redis": "WRONGPASS"}
        for name in PORTS:
            self.assertEqual(resources[name]["health"], "no-data", resources[name])
            self.assertIn(words[name], resources[name]["reason"])
            self.assertEqual(said[f"probe {name}"].returncode, 4)

    def test_an_address_with_a_password_is_refused_and_not_repeated(self):
        wrong = secrets.token_hex(12)
        for name, address in {"postgresql": f"host=x password={wrong}",
                              "mariadb": f"host=x password={wrong}",
                              "redis": f"x:1 password={wrong}"}.items():
            self.config.write_text(self.config.read_text().replace(self.addresses[name], address))
            for done in (run("check", self.config), run("ingest", "--config", self.config,
                                                        "--history", self.history),
                         run("doctor", "--config", self.config)):
                self.assertNotEqual(done.returncode, 0, name)
                self.assertNotIn(wrong.encode(), done.stdout + done.stderr)

    def test_the_watch_itself_finds_what_it_looks_for(self):
        for part, words, variables in (("cmdline", ["sh", "-c", "read x # abcdef"], {}),
                                       ("environ", ["sh", "-c", "read x"], {"X": "abcdef"})):
            child = subprocess.Popen(words, stdin=subprocess.PIPE, env={**os.environ, **variables})
            watch = ProcessWatch([b"abcdef"])
            # A process that has just begun shows neither for a moment.
            end = time.monotonic() + 10
            while not watch.found and time.monotonic() < end:
                watch.look()
            child.communicate()
            self.assertTrue(any(found.startswith(part) for found in watch.found), watch.found)


if __name__ == "__main__":
    unittest.main()
