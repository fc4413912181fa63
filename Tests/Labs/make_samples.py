#!/usr/bin/env python3
"""Records the samples of SampleData/ from real servers: make_samples.py [postgresql-kill|postgresql-lagged ...]

Seven PostgreSQL servers on loopback, placed in an invented estate (SampleData/README.md):
    orders   tokyo/1a -> tokyo/1c (the lab's pair), and a far copy in virginia/1b
    jobs     virginia/1a -> virginia/1b
    ledger   shinagawa (on-prem) -> tokyo/1a
The lab breaks the pair; its client's own log becomes truth.yaml.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from failover_lab import PERIOD, ROOT, outages, program
from postgres_lab import ADDRESS, BIN, PRIMARY, STANDBY, Pair, Server, psql, require_lab

SAMPLES = {"postgresql-kill": None, "postgresql-lagged": "lagged"}
TITLES = {
    "postgresql-kill": "The primary of orders is killed; its standby takes over",
    "postgresql-lagged": "Replication stops, then the primary is killed: writes are lost",
}
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


def record(name, mode):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-sample-"))
    folder.chmod(0o755)
    out = ROOT / "SampleData" / name
    pair, made, loads = Pair(folder / "pg"), {}, []
    try:
        pair.up()
        made = servers(folder)
        loads = [Load(25441, 8), Load(25451, 3)]
        config = folder / "azimuth.yaml"
        config.write_text(configuration(pair, folder))
        pair.start_client()
        shutil.rmtree(out, ignore_errors=True)
        recorder = subprocess.Popen([program(), "record", "--config", config, "--out", out, "--title", TITLES[name],
                                     "--json"], stdout=open(folder / "live.jsonl", "w"))
        time.sleep(70 if mode is None else 60)
        pair.run("fail", *([] if mode is None else [mode]))
        time.sleep(45)
        pair.run("heal")
        time.sleep(60)
        recorder.send_signal(signal.SIGTERM)
        if recorder.wait(10) != 0:
            sys.exit("the recorder did not end well")
        tries = pair.stop_client()
        write_truth(out, tries)
        live = (folder / "live.jsonl").read_bytes()
        again = subprocess.run([program(), "replay", out, "--headless", "--json"],
                               capture_output=True, check=True).stdout
        print(f"{name}: {'replay = live' if live == again else 'REPLAY DIFFERS FROM LIVE'}, "
              f"{sum(f.stat().st_size for f in out.iterdir())} bytes")
        return live == again
    finally:
        for load in loads:
            load.stop()
        for server in reversed(made.values()):
            server.stop()
        pair.down()
        shutil.rmtree(folder, ignore_errors=True)


def write_truth(out, tries):
    """What really happened: from the lab client's log and the rows that survived."""
    rows = {int(row) for row in psql(STANDBY, "select seq from azimuth_canary").split()}
    acknowledged = acknowledged_by_canary(out)
    found = outages(tries)
    lines = ["# What a replay of this recording must find. Made from the log of a client that is",
             "# not azimuth (a try each 50 ms), and from the rows left in the canary's table.",
             "failovers:"]
    for start, end in found:
        lines += [f"  - service: orders", f"    from: orders-a", f"    to: orders-b",
                  f"    first-bad: {stamp(start)}", f"    outage: {end - start:.3f}s",
                  f"    tolerance: {max(0.3, 1.5 * PERIOD):.3f}s",
                  f"    acknowledged: {len(acknowledged)}",
                  f"    lost-writes: {len(acknowledged - rows)}",
                  f"    absent: [stop, address]"]
    (out / "truth.yaml").write_text("\n".join(lines) + "\n")


def acknowledged_by_canary(out):
    """The numbers of the write canary's good tries, from the recorded inputs."""
    lines = [json.loads(line) for segment in sorted(out.glob("inputs-*.jsonl"))
             for line in segment.read_text().splitlines()]
    return {line["try"] for line in lines
            if "try" in line and line["canary"] == 0 and "failed" not in line}


def stamp(seconds):
    import datetime
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"


def main():
    require_lab()
    names = sys.argv[1:] or list(SAMPLES)
    sys.exit(0 if all([record(name, SAMPLES[name]) for name in names]) else 1)


if __name__ == "__main__":
    main()
