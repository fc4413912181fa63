#!/usr/bin/env python3
"""Breaks a real MariaDB GTID pair while azimuth watches, and holds its report to the truth.

    mariadb_failover.py [--modes kill,lagged,sqllag,healthy] [--times 1] [--healthy-seconds 600]

Prints one line a run; ends with 1 when one is off. What is held: failover_lab.py.
"""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from failover_lab import LABS, LabPair, System, main, wait_for

PRIMARY, REPLICA = 23306, 23307


def sql(port, statement):
    done = subprocess.run(
        ["mariadb", "--no-defaults", "-h", "127.0.0.1", "-P", str(port), "-u", "root", "-N", "-B",
         "-e", statement], capture_output=True, text=True, timeout=10)
    if done.returncode != 0:
        raise RuntimeError(f"mariadb on port {port}: {done.stderr.strip()}")
    return done.stdout


class Pair(LabPair):
    def up(self):
        super().up()
        # Ordinary rights for an ordinary user, whose password is in a file of its own.
        sql(PRIMARY, "grant slave monitor on *.* to probe@'127.0.0.1'; create table "
            "lab.azimuth_canary(seq bigint primary key, at timestamp(6) not null)")
        self.defaults.touch(0o600)
        self.defaults.write_text("[client]\npassword=probe\n")
        wait_for("the replica to have the table", 20,
                 lambda: sql(REPLICA, "select 1 from information_schema.tables "
                             "where table_name = 'azimuth_canary'") != "")

    @property
    def defaults(self):
        return self.folder / "probe.cnf"

    def address(self, port):
        return f"host=127.0.0.1 port={port} user=probe defaults-file={self.defaults}"

    def log(self, node):
        return self.folder / "logs" / f"{node}.mariadb.err"


class MariaDB(System):
    script = LABS / "mariadb.sh"
    calm_modes = ("healthy", "sqllag")
    absent = ["stop", "restart", "address"]

    def pair(self, folder):
        return Pair(self.script, folder)

    def rows(self):
        return {int(row) for row in sql(REPLICA, "select seq from lab.azimuth_canary").split()}

    def at_worst(self, mode, watching):
        """All is received, nothing is applied: nothing would be lost, and it is not healthy."""
        link = watching.ask("links")[0]
        is_seen = (link["health"] == "warn" and link["replayLag"] > 20
                   and link["loss"]["span"] < 3 and link["loss"]["unit"] == "transactions")
        return "" if is_seen else f"the link says {link}"

    def configuration(self, pair):
        return f"""
estate:
  name: lab
  layers: [data]
  regions:
    tokyo: {{code: ap-northeast-1, zones: [1a, 1c]}}
  resources:
    orders-a: {{at: tokyo/1a, layer: data}}
    orders-b: {{at: tokyo/1c, layer: data}}
  links:
    orders: {{from: orders-a, to: orders-b, kind: "GTID, async", rpo: 5s}}
  services:
    orders: {{members: [orders-a, orders-b], rto: 30s}}
sources:
  - {{file: {pair.log("n1")}, format: mariadb, resource: orders-a}}
  - {{file: {pair.log("n2")}, format: mariadb, resource: orders-b}}
probes:
  - {{probe: mariadb, resource: orders-a, address: "{pair.address(PRIMARY)}"}}
  - {{probe: mariadb, resource: orders-b, address: "{pair.address(REPLICA)}"}}
canaries:
  - service: orders
    probe: mariadb
    mode: write
    table: lab.azimuth_canary
    every: 100ms
    targets:
      orders-a: "{pair.address(PRIMARY)}"
      orders-b: "{pair.address(REPLICA)}"
"""


if __name__ == "__main__":
    main(MariaDB(), __doc__)
