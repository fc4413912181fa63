"""Real servers for Tests/Bench/load: one of each kind on loopback, and one more that can be hung.

They need root, as the servers' own users own the data, and end with the program.
"""
import pathlib
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Labs"))
from failover_lab import wait_for
import postgres_lab

POSTGRESQL, MARIADB, REDIS, HUNG, HTTP, TCP = 32431, 32306, 32379, 32380, 32080, 32022
PROGRAMS = ["psql", "mariadb", "mariadbd", "mariadb-install-db", "redis-cli", "redis-server",
            "nginx", f"{postgres_lab.BIN}/initdb"]


def missing():
    """The programs that are not installed."""
    path = "/usr/sbin:/usr/bin:/sbin:/bin"
    return [name for name in PROGRAMS if not (shutil.which(name) or shutil.which(name, path=path))]


def answers(*words):
    return subprocess.run(words, capture_output=True, timeout=10).returncode == 0


class Servers:
    def __init__(self, folder):
        self.folder, self.processes = folder, {}
        self.postgresql = postgres_lab.Server(folder / "postgresql", "one", POSTGRESQL)

    def up(self):
        self.postgresql.make()
        self.postgresql.start()
        self.sql(["psql", "-qX", f"--dbname={postgres_lab.ADDRESS.format(POSTGRESQL)}", "-c",
                  "create table azimuth_canary(seq bigint primary key, at timestamptz not null)"])
        self.mariadb()
        self.sql(["mariadb", "--no-defaults", *self.mariadb_words(), "-e",
                  "create database lab; create table lab.azimuth_canary"
                  "(seq bigint primary key, at timestamp(6) not null);"
                  "create user probe@'127.0.0.1'; grant all on lab.* to probe@'127.0.0.1';"
                  "grant slave monitor on *.* to probe@'127.0.0.1'"])
        for port in (REDIS, HUNG):
            self.spawn(f"redis-{port}", "redis-server", "--port", str(port), "--bind", "127.0.0.1",
                       "--save", "", "--dir", str(self.folder))
            wait_for("redis", 20, lambda: answers("redis-cli", "-p", str(port), "ping"))
        self.nginx()

    def sql(self, words):
        subprocess.run(words, check=True, capture_output=True, text=True, timeout=20)

    def spawn(self, name, *words):
        with open(self.folder / f"{name}.out", "w") as out:
            self.processes[name] = subprocess.Popen(
                words, stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True)

    def mariadb_words(self):
        return ["-h", "127.0.0.1", "-P", str(MARIADB), "-u", "root"]

    def mariadb(self):
        data = self.folder / "mariadb"
        data.mkdir()
        shutil.chown(data, "mysql", "mysql")
        self.sql(["mariadb-install-db", "--no-defaults", "--user=mysql", f"--datadir={data}",
                  "--auth-root-authentication-method=normal", "--skip-test-db"])
        self.spawn("mariadb", "mariadbd", "--no-defaults", "--user=mysql", f"--datadir={data}",
                   f"--port={MARIADB}", "--bind-address=127.0.0.1", f"--socket={data}/s.sock",
                   f"--pid-file={data}/pid", "--innodb-buffer-pool-size=64M", "--log-bin=bin",
                   "--skip-name-resolve")
        wait_for("mariadb", 40, lambda: answers(
            "mariadb", "--no-defaults", *self.mariadb_words(), "-e", "select 1"))

    def nginx(self):
        (self.folder / "health").write_text("all is well\n")
        (self.folder / "nginx.conf").write_text(f"""
daemon off; worker_processes 1; pid {self.folder}/nginx.pid; error_log {self.folder}/nginx.log;
events {{}}
http {{
  access_log off;
  server {{ listen 127.0.0.1:{HTTP}; listen 127.0.0.1:{TCP}; root {self.folder}; }}
}}
""")
        self.spawn("nginx", "nginx", "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder))
        wait_for("nginx", 10, lambda: answers("curl", "-sf", f"http://127.0.0.1:{HTTP}/health"))

    def hang(self):
        """From now on connections to `HUNG` stand, and nothing answers on them."""
        self.processes[f"redis-{HUNG}"].send_signal(signal.SIGSTOP)

    def down(self):
        for process in self.processes.values():
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)
        self.postgresql.stop()
