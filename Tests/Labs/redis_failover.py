#!/usr/bin/env python3
"""Breaks a real Redis pair with three sentinels while azimuth watches, and holds its report to the truth.

    redis_failover.py [--modes kill,partition,healthy] [--times 1] [--healthy-seconds 600]

The truth is the log of the lab's own client (outage, by the definition azimuth uses) and the
members of the canary's set that survived, read with redis-cli. A second client asks the sentinels
for the primary, as an application does: what it feels is printed beside the address phase.
Prints one line a run; ends with 1 when one is off. Everything runs in the lab's network namespace.
AZIMUTH_BIN names the program (default: the release build, else the debug build).
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from failover_lab import LABS, PERIOD, Watching, drive, epoch, outages, require, verdict, wait_for

A, B = 26431, 26432
INSIDE = ["ip", "netns", "exec", "lab-redis"]
SENTINELS = {f"sentinel-{n}": 26440 + n for n in (1, 2, 3)}


def redis(port, *words):
    done = subprocess.run([*INSIDE, "redis-cli", "-p", str(port), *words], capture_output=True,
                          text=True, timeout=10, check=True)
    return done.stdout


class Lab:
    def __init__(self, folder):
        self.folder, self.clients = folder / "redis", {}

    def run(self, *words):
        environment = dict(os.environ, LAB_DIR=str(self.folder))
        return subprocess.run(["bash", str(LABS / "redis.sh"), *words], env=environment,
                              timeout=900, check=True, capture_output=True, text=True).stdout

    def up(self):
        """Installs what is missing first: inside its namespace the lab reaches no mirror."""
        packages = "redis-server redis-sentinel redis-tools python3-redis iptables iproute2"
        subprocess.run(["bash", "-c", f'. "$0"; need {packages}', LABS / "_lib.sh"],
                       env=dict(os.environ, LAB_DIR=str(self.folder)), timeout=900, check=True)
        self.run("up")

    def start_client(self, kind, *targets):
        log = self.folder.parent / f"{kind}.ndjson"
        self.clients[kind] = log, subprocess.Popen(
            [*INSIDE, "/usr/bin/python3", str(LABS / "probe.py"), kind, "50", *targets],
            stdout=open(log, "w"))

    def stop_client(self, kind):
        log, process = self.clients.pop(kind)
        process.terminate()
        process.wait(10)
        return [json.loads(line) for line in log.read_text().splitlines() if line.endswith("}")]

    def configuration(self):
        servers = {"redis-a": A, "redis-b": B}
        every = {**servers, **SENTINELS}
        logs = {"redis-a": "n1.redis", "redis-b": "n2.redis",
                **{name: f"s{name[-1]}.sentinel" for name in SENTINELS}}
        lines = ["estate:", "  name: lab", "  layers: [data]", "  regions:",
                 "    tokyo: {code: ap-northeast-1, zones: [1a, 1c]}", "  resources:"]
        lines += [f"    {name}: {{at: tokyo/1{'c' if name == 'redis-b' else 'a'}, layer: data}}"
                  for name in every]
        lines += ["  links:",
                  "    cache: {from: redis-a, to: redis-b, kind: async, rpo: 5s}",
                  "  services:",
                  f"    cache: {{members: [{', '.join(every)}], rto: 30s}}", "sources:"]
        lines += [f"  - {{file: {self.folder}/logs/{log}.log, format: redis, resource: {name}}}"
                  for name, log in logs.items()]
        lines += ["probes:"]
        lines += [f"  - {{probe: redis, resource: {name}, address: '127.0.0.1:{port}'"
                  + (f", alias: '127.0.0.1:{port}'}}" if name in servers else "}")
                  for name, port in every.items()]
        lines += ["canaries:", "  - service: cache", "    probe: redis", "    mode: write",
                  "    table: azimuth_canary", "    every: 100ms", "    targets:"]
        lines += [f"      {name}: '127.0.0.1:{port}'" for name, port in servers.items()]
        return "\n".join(lines) + "\n"

    def down(self):
        for _, process in self.clients.values():
            process.kill()
            process.wait(10)
        self.run("down")


class InsideWatching(Watching):
    """`azimuth ingest` inside the namespace."""

    inside = INSIDE


def is_counted(watching):
    runs = watching.failovers()
    return bool(runs) and all(one["state"] == "verified"
                              and one["lostWrites"]["state"] == "counted" for one in runs)


def run(mode, healthy_seconds):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-redis-"))
    folder.chmod(0o755)
    lab = Lab(folder)
    try:
        lab.up()
        watching = InsideWatching(folder, lab.configuration())
        lab.start_client("redis", f"127.0.0.1:{A}", f"127.0.0.1:{B}")
        lab.start_client("sentinel", *[f"127.0.0.1:{port}" for port in SENTINELS.values()])
        time.sleep(healthy_seconds if mode == "healthy" else 10)
        if mode == "kill":
            lab.run("fail")
            time.sleep(6)
            wait_for("the failover with its lost writes", 40, lambda: is_counted(watching))
            time.sleep(3)
        elif mode == "partition":
            lab.run("fail", "partition")
            time.sleep(25)
            lab.run("heal")
            wait_for("the failover with its lost writes", 40, lambda: is_counted(watching))
            time.sleep(3)
        tries, asking = lab.stop_client("redis"), lab.stop_client("sentinel")
        watching.stop()
        if "KEEP" in os.environ:
            shutil.copytree(folder, os.environ["KEEP"], dirs_exist_ok=True,
                            ignore=shutil.ignore_patterns("*.sock"))
        return judge(mode, watching, outages(tries), outages(asking))
    finally:
        lab.down()
        shutil.rmtree(folder, ignore_errors=True)


def judge(mode, watching, truth, asking):
    found = watching.ask("failovers")
    if mode == "healthy":
        return not found and not truth, f"{len(found)} failovers reported, {len(truth)} in truth"
    acknowledged = watching.acknowledged()
    rows = {int(row) for row in redis(B, "zrange", "azimuth_canary", "0", "-1").split()}
    lost = len(acknowledged - rows)
    return (judge_kill if mode == "kill" else judge_partition)(
        found, truth, asking, lost, len(acknowledged))


def judge_kill(found, truth, asking, lost, acknowledged):
    if len(found) != 1 or len(truth) != 1:
        return False, f"{len(found)} failovers reported, {len(truth)} outages in truth"
    one = found[0]
    real = truth[0][1] - truth[0][0]
    starts = [step["start"] for step in one["steps"] if step["state"] != "absent"]
    checks = {
        "outage": abs(one["outage"] - real) <= max(0.3, 1.5 * PERIOD),
        "lost": one["lostWrites"]["lost"] == lost,
        "route": (one["from"], one["to"]) == ("redis-a", "redis-b"),
        "order": starts == sorted(starts),
        "absent": [step["phase"] for step in one["steps"] if step["state"] == "absent"]
        == ["stop", "restart"],
        "one writer": not one["hasTwoWriters"],
    }
    told = epoch(one["steps"][4].get("end", "1970-01-01T00:00:00Z")) - truth[0][0]
    text = (f"outage {one['outage']:.3f} s, truth {real:.3f} s; lost "
            f"{one['lostWrites']['lost']}, truth {lost} of {acknowledged}; {phases(one)}; "
            f"sentinels told the address after {told:.3f} s, who asks them waited "
            + " + ".join(f"{end - start:.3f}" for start, end in asking) + " s")
    return verdict(checks, text)


def phases(run):
    return " ".join(
        f"{step['phase']} " + (f"{epoch(step['end']) - epoch(step['start']):.3f}"
                               if step["state"] == "done" else step["state"])
        for step in run["steps"])


def judge_partition(found, truth, asking, lost, acknowledged):
    """Users stay with the old primary until it is demoted; what it took meanwhile is lost."""
    failovers = [one for one in found if one["kind"] == "failover"]
    if len(failovers) != 1:
        return False, f"{len(failovers)} failovers reported"
    one = failovers[0]
    second = [end - start for start, end in truth]
    reported = [other["outage"] for other in found if other["kind"] == "outage"]
    starts = [step["start"] for step in one["steps"] if step["state"] != "absent"]
    checks = {
        "lost": one["lostWrites"]["lost"] == lost > 0,
        "route": (one["from"], one["to"]) == ("redis-a", "redis-b"),
        "order": starts == sorted(starts),
        "two writers": one["hasTwoWriters"],
        # One bad try is no outage, so a short one may be seen by one client and not by the other.
        "outages": all(length < 0.3 for length in second + reported)
        if len(second) != len(reported)
        else all(abs(x - y) <= max(0.3, 1.5 * PERIOD) for x, y in zip(second, reported)),
    }
    text = (f"two writers; lost {one['lostWrites']['lost']}, truth {lost} of {acknowledged}; "
            f"{phases(one)}; outages at heal {reported}, truth {second}; who asks the sentinels: "
            f"{[round(end - start, 3) for start, end in asking]}")
    return verdict(checks, text)


if __name__ == "__main__":
    require(LABS / "redis.sh")
    drive(__doc__, run)
