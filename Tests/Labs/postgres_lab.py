"""Real PostgreSQL servers for the labs: the pair of shared/labs/pg.sh, and more around it.

Everything is on loopback and stops with the lab. Run as root on Debian with postgresql-15.
"""
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from failover_lab import LABS, LabPair, wait_for

BIN = "/usr/lib/postgresql/15/bin"
LAB = LABS / "pg.sh"
PRIMARY, STANDBY = 25431, 25432
ADDRESS = "host=127.0.0.1 port={} user=postgres dbname=postgres"


def psql(port, statement, timeout=10):
    done = subprocess.run(
        ["psql", "-X", "-w", "-Atq", f"--dbname={ADDRESS.format(port)}", "-c", statement],
        capture_output=True, text=True, timeout=timeout)
    if done.returncode != 0:
        raise RuntimeError(f"psql on port {port}: {done.stderr.strip()}")
    return done.stdout


class Pair(LabPair):
    """The lab's primary n1 and standby n2, a load of 60 transactions a second, and a client."""

    def __init__(self, folder):
        super().__init__(LAB, folder)

    def up(self):
        super().up()
        psql(PRIMARY, "create table if not exists azimuth_canary"
             "(seq bigint primary key, at timestamptz not null)")

    def log(self, node):
        return self.folder / "logs" / f"{node}.postgresql.log"


class Server:
    """One more PostgreSQL server, alone or as a standby of another one."""

    def __init__(self, folder, name, port):
        self.folder = pathlib.Path(folder) / name
        self.log = pathlib.Path(folder) / f"{name}.log"
        self.name, self.port, self.process = name, port, None

    def as_postgres(self, *words, **options):
        return subprocess.run(
            ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups",
             "env", "LC_ALL=C", "TZ=UTC", *map(str, words)], check=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, **options)

    def make(self, upstream=None):
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self.folder.parent.chmod(0o755)
        self.folder.mkdir()
        shutil.chown(self.folder, "postgres", "postgres")
        self.folder.chmod(0o700)
        if upstream is None:
            self.as_postgres(f"{BIN}/initdb", "-D", self.folder, "-A", "trust", "-E", "UTF8",
                             "--locale=C")
            settings = ["wal_level = replica", "max_wal_senders = 8", "wal_keep_size = 64MB",
                        "hot_standby = on", "max_connections = 20", "shared_buffers = 16MB",
                        "listen_addresses = '127.0.0.1'", "unix_socket_directories = ''",
                        "log_destination = 'stderr'", "logging_collector = off",
                        "log_line_prefix = '%m [%p] %q%u@%d '", "log_timezone = 'UTC'",
                        "wal_receiver_status_interval = 1s", f"port = {self.port}"]
            with open(self.folder / "postgresql.auto.conf", "a") as conf:
                conf.write("\n".join(settings) + "\n")
        else:
            self.as_postgres(f"{BIN}/pg_basebackup", "-h", "127.0.0.1", "-p", upstream, "-U",
                             "postgres", "-D", self.folder, "-R", "-X", "stream", "-c", "fast")
            path = self.folder / "postgresql.auto.conf"
            lines = [line for line in path.read_text().splitlines()
                     if not line.startswith(("port =", "primary_slot_name"))]
            lines = [line.replace("primary_conninfo = '",
                                  f"primary_conninfo = 'application_name={self.name} ")
                     for line in lines]
            path.write_text("\n".join(lines + [f"port = {self.port}"]) + "\n")

    def start(self):
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups",
                 "env", "LC_ALL=C", "TZ=UTC", f"{BIN}/postgres", "-D", str(self.folder)],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
        wait_for(f"{self.name} to answer", 30, lambda: subprocess.run(
            [f"{BIN}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]).returncode == 0)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(2)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
