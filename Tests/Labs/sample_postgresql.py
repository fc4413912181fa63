"""The samples postgresql-kill and postgresql-lagged: seven PostgreSQL servers on loopback.

    orders   tokyo/1a -> tokyo/1c (the lab's pair), and a far copy in virginia/1b
    jobs     virginia/1a -> virginia/1b
    ledger   shinagawa (on-prem) -> tokyo/1a
"""
import subprocess

from failover_lab import PERIOD, outages
from postgres_lab import ADDRESS, BIN, PRIMARY, STANDBY, Pair, Server, psql
from sample import Sample, acknowledged

RESOURCES = [  # name, place, layer, port, alias
    ("orders-a", "tokyo/1a", "data", PRIMARY, "n1"),
    ("orders-b", "tokyo/1c", "data", STANDBY, "n2"),
    ("orders-far", "virginia/1b", "data", 25433, "orders-far"),
    ("jobs-a", "virginia/1a", "queue", 25441, "jobs-a"),
    ("jobs-b", "virginia/1b", "queue", 25442, "jobs-b"),
    ("ledger-a", "shinagawa", "data", 25451, "ledger-a"),
    ("ledger-b", "tokyo/1a", "data", 25452, "ledger-b"),
]


def configuration(pair, folder):
    def log(name, alias):
        return pair.log(alias) if alias in ("n1", "n2") else folder / "more" / f"{name}.log"
    resources = "\n".join(f"    {name}: {{at: {place}, layer: {layer}}}"
                          for name, place, layer, _, _ in RESOURCES)
    sources = "\n".join(
        f"  - {{name: {name} log, file: {log(name, alias)}, format: postgresql, resource: {name}}}"
        for name, _, _, _, alias in RESOURCES)
    probes = "\n".join(
        f"  - {{probe: postgresql, resource: {name}, address: \"{ADDRESS.format(port)}\", "
        f"alias: {alias}, every: {'1s' if name in ('orders-a', 'orders-b') else '2s'}}}"
        for name, _, _, port, alias in RESOURCES)
    def canary(service, mode, every, members):
        ports = {name: port for name, _, _, port, _ in RESOURCES}
        targets = "\n".join(f"      {name}: \"{ADDRESS.format(ports[name])}\"" for name in members)
        table = "\n    table: azimuth_canary" if mode == "write" else ""
        return (f"  - service: {service}\n    probe: postgresql\n    mode: {mode}{table}\n"
                f"    every: {every}\n    targets:\n{targets}")
    return f"""
estate:
  name: acme hybrid
  layers: [data, queue]
  regions:
    tokyo: {{code: ap-northeast-1, zones: [1a, 1c]}}
    virginia: {{code: us-east-1, zones: [1a, 1b]}}
  sites:
    shinagawa: {{code: on-prem}}
  resources:
{resources}
  links:
    orders: {{from: orders-a, to: orders-b, kind: async, rpo: 5s}}
    orders-far: {{from: orders-a, to: orders-far, kind: async, rpo: 30s}}
    jobs: {{from: jobs-a, to: jobs-b, kind: async, rpo: 30s}}
    ledger: {{from: ledger-a, to: ledger-b, kind: async, rpo: 60s}}
  services:
    orders: {{members: [orders-a, orders-b], rto: 30s}}
    jobs: {{members: [jobs-a, jobs-b], rto: 120s}}
    ledger: {{members: [ledger-a, ledger-b], rto: 300s}}
sources:
{sources}
probes:
{probes}
canaries:
{canary("orders", "write", "100ms", ["orders-a", "orders-b"])}
{canary("jobs", "read", "1s", ["jobs-a"])}
{canary("ledger", "read", "1s", ["ledger-a"])}
"""


class Load:
    """A few writes a second to a server, so that its log moves."""

    def __init__(self, port, rate):
        subprocess.run([f"{BIN}/pgbench", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres",
                        "-i", "-s", "1", "-q", "postgres"], check=True, capture_output=True)
        self.process = subprocess.Popen(
            [f"{BIN}/pgbench", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "-n",
             "-c", "1", "-R", str(rate), "-T", "600", "postgres"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)


def servers(folder):
    more = folder / "more"
    made = {name: Server(more, name, port) for name, _, _, port, alias in RESOURCES
            if alias not in ("n1", "n2")}
    upstreams = {"orders-far": PRIMARY, "jobs-a": None, "jobs-b": 25441, "ledger-a": None,
                 "ledger-b": 25451}
    for name, upstream in upstreams.items():
        made[name].make(upstream)
        made[name].start()
    return made


class PostgreSQLSample(Sample):
    """The lab breaks the pair of orders; its client's own log becomes truth.yaml."""

    def __init__(self, name, title, mode, fault_at):
        super().__init__(name, title)
        self.mode, self.fault_at = mode, fault_at
        self.made, self.loads = {}, []

    def up(self, folder):
        self.folder, self.pair = folder, Pair(folder / "pg")
        self.pair.up()
        self.made = servers(folder)
        self.loads = [Load(25441, 8), Load(25451, 3)]
        self.pair.start_client()

    def configuration(self):
        return configuration(self.pair, self.folder)

    def schedule(self):
        return [(self.fault_at, lambda: self.pair.run("fail", *([self.mode] if self.mode else []))),
                (self.fault_at + 45, lambda: self.pair.run("heal")),
                (self.fault_at + 105, lambda: None)]

    def truth(self, out):
        tries = self.pair.stop_client()
        rows = {int(row) for row in psql(STANDBY, "select seq from azimuth_canary").split()}
        written = acknowledged(out, 0)
        return [{"service": "orders", "from": "orders-a", "to": "orders-b", "started": start,
                 "outage": f"{end - start:.3f}s", "tolerance": f"{max(0.3, 1.5 * PERIOD):.3f}s",
                 "acknowledged": len(written), "lost-writes": len(written - rows),
                 "absent": ["stop", "address"]} for start, end in outages(tries)]

    def down(self):
        for load in self.loads:
            load.stop()
        for server in reversed(self.made.values()):
            server.stop()
        self.pair.down()
