#!/usr/bin/env python3
"""Breaks a real PostgreSQL pair while azimuth watches, and holds its report to the truth.

    pg_failover.py [--modes kill,lagged,replaylag,healthy] [--times 1] [--healthy-seconds 600]

The truth is the lab client's own log (outage, by the definition azimuth uses) and the surviving
rows of the canary's table, read with psql. Prints one line a run; ends with 1 when one is off.
AZIMUTH_BIN names the program (default: the release build, else the debug build).
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "EndToEnd"))
from terminal_harness import Terminal
from postgres_lab import (ADDRESS, PRIMARY, ROOT, STANDBY, Pair, epoch, outages, psql,
                          require_lab, wait_for)

PERIOD = 0.1


def program():
    if "AZIMUTH_BIN" in os.environ:
        return os.environ["AZIMUTH_BIN"]
    for build in ("release", "debug"):
        path = ROOT / ".build" / build / "azimuth"
        if path.exists():
            return str(path)
    sys.exit("azimuth is not built: run 'swift build' first")


def configuration(pair):
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
    orders: {{from: orders-a, to: orders-b, kind: "streaming, async", rpo: 5s}}
  services:
    orders: {{members: [orders-a, orders-b], rto: 30s}}
sources:
  - {{file: {pair.log("n1")}, format: postgresql, resource: orders-a}}
  - {{file: {pair.log("n2")}, format: postgresql, resource: orders-b}}
probes:
  - {{probe: postgresql, resource: orders-a, address: "{ADDRESS.format(PRIMARY)}", alias: n1}}
  - {{probe: postgresql, resource: orders-b, address: "{ADDRESS.format(STANDBY)}", alias: n2}}
canaries:
  - service: orders
    probe: postgresql
    mode: write
    table: azimuth_canary
    every: 100ms
    targets:
      orders-a: "{ADDRESS.format(PRIMARY)}"
      orders-b: "{ADDRESS.format(STANDBY)}"
"""


class Watching:
    """`azimuth ingest` over the pair, and what it says afterwards."""

    def __init__(self, folder, pair):
        self.config, self.history = folder / "azimuth.yaml", folder / "history.db"
        self.config.write_text(configuration(pair))
        self.log = open(folder / "ingest.log", "w")
        self.process = subprocess.Popen(
            [program(), "ingest", "--config", self.config, "--history", self.history],
            stderr=self.log, stdout=self.log)
        wait_for("the history", 10, lambda: self.process.poll() is not None
                 or (self.history.exists() and "watching" in
                     pathlib.Path(self.log.name).read_text()))

    def dashboard(self):
        """`azimuth dash` on the same history, in a terminal: it attaches."""
        return Terminal([program(), "dash", "--config", str(self.config), "--history",
                         str(self.history)], columns=120, rows=40)

    def ask(self, *words):
        done = subprocess.run([program(), *words, "--history", self.history, "--json"],
                              capture_output=True, text=True, timeout=30)
        if done.returncode not in (0, 4):
            raise RuntimeError(done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def failovers(self):
        if self.process.poll() is not None:
            raise RuntimeError("ingest has ended: " + pathlib.Path(self.log.name).read_text())
        return self.ask("failovers")

    def acknowledged(self):
        """The canary's numbers that were acknowledged, from the kept inputs."""
        database = sqlite3.connect(f"file:{self.history}?mode=ro", uri=True)
        rows = database.execute("select document from observation where kind = 'attempt'")
        tries = [json.loads(row[0]) for row in rows]
        return {one["number"] for one in tries if one.get("failure") is None}

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        status = self.process.wait(10)
        if status != 0 or time.monotonic() - began > 5:
            raise RuntimeError(f"ingest ended with {status} after SIGTERM")


def run(mode, healthy_seconds):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-lab-"))
    folder.chmod(0o755)
    pair = Pair(folder / "pg")
    try:
        pair.up()
        watching = Watching(folder, pair)
        pair.start_client()
        time.sleep(healthy_seconds if mode == "healthy" else 10)
        if mode == "replaylag":
            pair.run("fail", mode)
        if mode in ("kill", "lagged"):
            with watching.dashboard() as screen:
                if not screen.wait_for("LIVE", 10):
                    raise RuntimeError("dash did not attach: " + screen.text())
                pair.run("fail", *([] if mode == "kill" else [mode]))
                if not screen.wait_for("Last failover", 20):
                    raise RuntimeError("dash did not show the failover: " + screen.text())
                screen.send("q")
                screen.wait_exit()
            wait_for("the failover with its lost writes", 40, lambda: any(
                one["state"] == "verified" and one["lostWrites"]["state"] == "counted"
                for one in watching.failovers()))
            time.sleep(3)
        elif mode == "replaylag":
            time.sleep(30)
            pair.run("heal")
            time.sleep(5)
        tries = pair.stop_client()
        watching.stop()
        return judge(mode, watching, tries)
    finally:
        pair.down()
        shutil.rmtree(folder, ignore_errors=True)


def judge(mode, watching, tries):
    found = watching.ask("failovers")
    truth = outages(tries)
    if mode in ("replaylag", "healthy"):
        return not found and not truth, f"{len(found)} failovers reported, {len(truth)} in truth"
    if len(found) != 1 or len(truth) != 1:
        return False, f"{len(found)} failovers reported, {len(truth)} outages in truth"
    one = found[0]
    real = truth[0][1] - truth[0][0]
    acknowledged = watching.acknowledged()
    rows = {int(row) for row in psql(STANDBY, "select seq from azimuth_canary").split()}
    lost = len(acknowledged - rows)
    steps = {step["phase"]: step for step in one["steps"]}
    starts = [step["start"] for step in one["steps"] if step["state"] != "absent"]
    checks = {
        "outage": abs(one["outage"] - real) <= max(0.3, 1.5 * PERIOD),
        "lost": one["lostWrites"]["lost"] == lost,
        "lagged loses": mode != "lagged" or lost > 0,
        "route": (one["from"], one["to"]) == ("orders-a", "orders-b"),
        "order": starts == sorted(starts),
        "absent": [name for name in steps if steps[name]["state"] == "absent"]
        == ["stop", "address"],
    }
    phases = " ".join(
        f"{name} " + (f"{epoch(step['end']) - epoch(step['start']):.3f}"
                      if step["state"] == "done" else step["state"])
        for name, step in steps.items())
    off = [name for name, isRight in checks.items() if not isRight]
    text = (f"outage {one['outage']:.3f} s, truth {real:.3f} s; lost {one['lostWrites']['lost']}, "
            f"truth {lost} of {len(acknowledged)}; {phases}")
    return not off, text + ("" if not off else f"; OFF: {', '.join(off)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--modes", default="kill")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--healthy-seconds", type=int, default=600)
    arguments = parser.parse_args()
    require_lab()
    failed = 0
    total = 0
    for mode in arguments.modes.split(","):
        for number in range(arguments.times):
            is_right, text = run(mode, arguments.healthy_seconds)
            total += 1
            failed += not is_right
            print(f"{'ok  ' if is_right else 'FAIL'} {mode} {number + 1}: {text}", flush=True)
    print(f"{total - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
