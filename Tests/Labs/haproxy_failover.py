#!/usr/bin/env python3
"""Breaks a server behind a real HAProxy while azimuth watches, and holds its report to the truth.

    haproxy_failover.py [--modes kill,hang,healthy] [--times 1] [--healthy-seconds 600]

kill: users feel nothing, and azimuth shows the server DOWN with its zone and its backend, and no
outage. hang: every other request waits in vain until HAProxy leads users away; that is one outage.

The outage is held to the canary's own tries as HAProxy logged them, within 0.3 s. Which requests fail
is a matter of turns, and each that fails lasts the second that a client waits: two users' outages end
up to a try apart and more (five of the lab's clients in one run: 4.7 to 6.3 s), so one of them is no
truth for another. The lab's client therefore runs five times, asking every 50 to 210 ms. The outage
has to begin within what the five felt, give or take 0.3 s, and to end within it, give or take a try.

Prints one line a run; ends with 1 when one is off. AZIMUTH_BIN names the program (default: the
release build, else the debug build).
"""
import datetime
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from failover_lab import (LABS, PERIOD, LabPair, Watching, drive, epoch, outages, require, verdict,
                          wait_for)

SCRIPT = LABS / "haproxy.sh"
FRONT = 28180
# How long a try waits, in seconds, as the lab's client does.
TIMEOUT = 1
SLACK = max(0.3, 1.5 * PERIOD)


class Users:
    """The lab's client, several times."""

    def __init__(self, folder, periods=(50, 90, 130, 170, 210)):
        self.logs = [folder / f"user-{period}.ndjson" for period in periods]
        self.processes = [
            subprocess.Popen(["/usr/bin/python3", LABS / "probe.py", "http", str(period),
                              f"127.0.0.1:{FRONT}"], stdout=open(log, "w"))
            for period, log in zip(periods, self.logs)]

    def stop(self):
        """The tries of each."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(10)
        return [[json.loads(line) for line in log.read_text().splitlines() if line.endswith("}")]
                for log in self.logs]


def configuration(lab):
    """Half of it over the socket, and one server over the page."""
    socket = f"{lab.folder}/ha.sock"
    return f"""
estate:
  name: lab
  layers: [edge, web]
  regions:
    tokyo: {{code: ap-northeast-1, zones: [1a, 1c]}}
  resources:
    lb: {{at: tokyo, layer: edge}}
    pool: {{at: tokyo, layer: web}}
    web-1: {{at: tokyo/1a, layer: web}}
    web-2: {{at: tokyo/1c, layer: web}}
  services:
    shop: {{members: [lb], rto: 30s}}
sources:
  - {{file: {lab.folder}/logs/haproxy.log, format: haproxy, resource: lb}}
probes:
  - {{probe: haproxy, resource: lb, address: "{socket}"}}
  - {{probe: haproxy, resource: pool, address: "{socket} be"}}
  - {{probe: haproxy, resource: web-1, address: "{socket} be/web1", alias: be/web1}}
  - {{probe: haproxy, resource: web-2, address: "http://127.0.0.1:28181/ be/web2", alias: be/web2}}
canaries:
  - service: shop
    probe: http
    every: {int(PERIOD * 1000)}ms
    timeout: {int(TIMEOUT * 1000)}ms
    targets: {{lb: "http://127.0.0.1:{FRONT}/canary"}}
"""


def run(mode, healthy_seconds):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-haproxy-"))
    folder.chmod(0o755)
    lab, users = LabPair(SCRIPT, folder / "lab"), None
    try:
        lab.up()
        watching = Watching(folder, configuration(lab))
        users = Users(folder)
        wait_for("all to be well", 15, lambda: all_well(watching))
        time.sleep(healthy_seconds if mode == "healthy" else 5)
        broken = {}
        if mode != "healthy":
            lab.run("fail", *([] if mode == "kill" else [mode]))
            wait_for("web-1 to be down", 20, lambda: states(watching)["web-1"]["health"] == "down")
            time.sleep(2)
            broken = states(watching)
            lab.run("heal")
            wait_for("all to be well again", 20, lambda: all_well(watching))
            time.sleep(2)
        felt = [outages(tries) for tries in users.stop()]
        found = watching.ask("failovers")
        watching.stop()
        log = (lab.folder / "logs" / "haproxy.rfc3339-arrival_then_raw.log").read_text()
        return judge(mode, found, outages(logged(log)), felt, broken, log)
    finally:
        for process in users.processes if users else []:
            if process.poll() is None:
                process.kill()
                process.wait(10)
        lab.down()
        shutil.rmtree(folder, ignore_errors=True)


def states(watching):
    return {one["name"]: one for one in watching.ask("health") if one["type"] == "resource"}


def all_well(watching):
    if watching.process.poll() is not None:
        raise OSError("ingest has ended: " + pathlib.Path(watching.log.name).read_text())
    try:
        known = states(watching)
    except RuntimeError:
        return False  # the history has just been made
    return len(known) == 4 and all(one["health"] == "ok" for one in known.values())


def logged(log):
    """The canary's tries as HAProxy saw them."""
    tries = []
    pattern = r'\[(\S+)\] \S+ \S+ \S+/(\d+) (-?\d+) .*"GET /canary '
    for date, took, status in re.findall(pattern, log):
        began = datetime.datetime.strptime(date, "%d/%b/%Y:%H:%M:%S.%f").astimezone()
        began = began.astimezone(datetime.timezone.utc)
        took = min(int(took), TIMEOUT * 1000)
        tries.append({"t": began.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "ms": took,
                      "ok": status == "200" and took < TIMEOUT * 1000})
    return sorted(tries, key=lambda one: one["t"])


def judge(mode, found, truth, felt, broken, log):
    checks = {}
    counts = [len(one) for one in felt]
    text = f"{len(found)} outages reported, {len(truth)} in HAProxy's log, {counts} felt by users"
    if mode != "healthy":
        checks |= {
            "server": broken["web-1"]["reason"].startswith("DOWN: Layer")
            and broken["web-1"]["reason"].endswith("3 checks in a row failed"),
            "backend": broken["pool"]["health"] == "warn"
            and broken["pool"]["reason"].startswith("1 of 2 servers up; web1 DOWN"),
            "others": broken["web-2"]["health"] == broken["lb"]["health"] == "ok",
        }
        text += f"; {broken['web-1']['reason']}; {broken['pool']['reason'].split(';')[0]}"
    if mode != "hang":
        checks["no outage"] = not found and not truth and not any(felt)
        return verdict(checks, text)
    if [len(found), len(truth), *counts] != [1] * (2 + len(felt)):
        return False, text
    one, real = found[0], truth[0][1] - truth[0][0]
    begin, end = (epoch(one[key]) for key in ("firstBad", "firstGood"))
    begins, ends = zip(*(outage for [outage] in felt))
    lengths = [end - begin for begin, end in zip(begins, ends)]
    steps = {step["phase"]: step for step in one["steps"]}
    out = [epoch(line.split("+")[0]) for line in log.splitlines() if "web1 is DOWN" in line][0]
    checks |= {
        "outage": abs(one["outage"] - real) <= SLACK,
        "users' begin": min(begins) - SLACK <= begin <= max(begins) + SLACK,
        "users' end": min(ends) - TIMEOUT <= end <= max(ends) + TIMEOUT,
        "kind": one["kind"] == "outage" and one.get("from") == "web-1" and "to" not in one,
        "phases": [name for name in steps if steps[name]["state"] != "absent"]
        == ["detect", "address"],
        # HAProxy's lines have whole seconds: a fresh one is dated by its arrival.
        "taken out": abs(out - epoch(steps["address"]["start"])) <= 0.5,
    }
    text += (
        f"; outage {one['outage']:.3f} s, log {real:.3f} s, users "
        f"{' '.join(f'{length:.3f}' for length in lengths)} s (from the first and last of them: begin "
        f"{begin - min(begins):+.3f} {begin - max(begins):+.3f}, end {end - min(ends):+.3f} "
        f"{end - max(ends):+.3f}); taken out after {out - truth[0][0]:.3f} s; " + " ".join(
            f"{name} {epoch(step['end']) - epoch(step['start']):.3f}"
            for name, step in steps.items() if step["state"] == "done"))
    return verdict(checks, text)


if __name__ == "__main__":
    require(SCRIPT, "haproxy", "nginx", "rsyslogd")
    drive(__doc__, run)
