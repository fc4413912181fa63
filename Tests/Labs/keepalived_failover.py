#!/usr/bin/env python3
"""Breaks a real keepalived pair while azimuth watches, and holds its report to the truth.

    keepalived_failover.py [--modes kill,service,stop,split,healthy] [--times 1] [--healthy-seconds 600]

`kill` ends the holder's keepalived and its link, `service` the service that its script tracks,
`stop` its keepalived in order; `split` keeps the two from hearing each other. Each but `healthy` is
healed, so that the address moves back. A try at an address that nobody holds hangs until its timeout,
so an outage is as long as a client is patient: one canary waits 1 s, as the lab's own client does, and
is held to that; one waits 0.2 s, and is held to a client that does so, too. The times of the phases
are held to the pair's notify scripts. Prints one line a run; ends with 1 when one is off. Takes root:
all runs in network namespaces. AZIMUTH_BIN names the program (default: the release build, else the
debug build).
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
from failover_lab import (LABS, LabPair, Watching, drive, epoch, outages, require, verdict,
                          wait_for)

PERIOD = 0.1
SCRIPT = LABS / "keepalived.sh"
INSIDE = ["ip", "netns", "exec", "lab-ka-c"]
# Try after try, each with a connection of its own, as lab's probe.py writes them.
CLIENT = """
import datetime, json, socket, time
begin, number = time.monotonic(), 0
while True:
    number += 1
    at, error = datetime.datetime.now(datetime.timezone.utc), None
    started = time.monotonic()
    try:
        with socket.create_connection(("10.77.0.100", 7700), 0.2) as connection:
            connection.settimeout(0.2)
            connection.sendall(b"%d\\n" % number)
            if connection.recv(200).split()[:1] != [b"%d" % number]:
                error = "another answer"
    except OSError as problem:
        error = str(problem)
    print(json.dumps({"t": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "ok": error is None,
                      "ms": (time.monotonic() - started) * 1000}), flush=True)
    time.sleep(max(0, begin + number * 0.05 - time.monotonic()))
"""
# Of a log with whole seconds, read as it is written: a busy reader's delay.
SLACK = 0.5


class Pair(LabPair):
    def configuration(self):
        return f"""
estate:
  name: lab
  layers: [edge]
  regions:
    tokyo: {{code: ap-northeast-1, zones: [1a, 1c]}}
  resources:
    lb-a: {{at: tokyo/1a, layer: edge}}
    lb-b: {{at: tokyo/1c, layer: edge}}
  services:
    web: {{members: [lb-a, lb-b], rto: 10s}}
    web-patient: {{members: [lb-a, lb-b], rto: 10s}}
sources:
  - {{file: {self.folder}/logs/ka1.out, format: keepalived, resource: lb-a}}
  - {{file: {self.folder}/logs/ka2.out, format: keepalived, resource: lb-b}}
probes:
  - {{probe: keepalived, resource: lb-a, address: 10.77.0.100 netns=lab-ka-1}}
  - {{probe: keepalived, resource: lb-b, address: 10.77.0.100 netns=lab-ka-2}}
canaries:
  - {{service: web, probe: tcp, every: 100ms, timeout: 200ms,
     targets: {{lb-a: "10.77.0.100:7700"}}}}
  - {{service: web-patient, probe: tcp, every: 100ms, timeout: 1s,
     targets: {{lb-a: "10.77.0.100:7700"}}}}
"""

    def start_client(self):
        super().start_client()
        self.short_log = self.folder.parent / "short-client.ndjson"
        self.short = subprocess.Popen([*INSIDE, "/usr/bin/python3", "-c", CLIENT],
                                      stdout=open(self.short_log, "w"))

    def stop_short_client(self):
        self.short.terminate()
        self.short.wait(10)
        return [json.loads(line) for line in self.short_log.read_text().splitlines()
                if line.endswith("}")]

    def down(self):
        short = getattr(self, "short", None)
        if short and short.poll() is None:
            short.kill()
            short.wait(10)
        super().down()

    def stop_in_order(self):
        """What `systemctl stop keepalived` does on the first node."""
        pid = self.folder / "pids" / "ka1"
        os.kill(int(pid.read_text()), signal.SIGTERM)
        (self.folder / "mode").write_text("node")

    def isolate(self, is_on):
        """Two isolated ports of a bridge hear everybody but each other."""
        for port in ("p1", "p2"):
            subprocess.run(["bridge", "-n", "lab-ka-sw", "link", "set", "dev", port, "isolated",
                            "on" if is_on else "off"], check=True)

    def notified(self, node, state, after):
        """When a node's notify script ran for a state; the first time after a moment."""
        lines = (self.folder / "logs" / f"node{node}.notify.log").read_text().splitlines()
        times = [epoch(line.split()[0]) for line in lines if line.split()[3] == state]
        return min(at for at in times if at > after)


class InsideWatching(Watching):
    """`azimuth ingest` where the client is: only there the address can be reached."""

    inside = INSIDE


def break_it(mode, pair):
    if mode == "stop":
        pair.stop_in_order()
    elif mode == "split":
        pair.isolate(True)
    else:
        pair.run("fail", *([] if mode == "kill" else [mode]))


def verified(watching, count):
    runs = watching.failovers()
    return all(len(of(service, runs)) >= count for service in ("web", "web-patient")) and all(
        run["state"] == "verified" for run in runs)


def of(service, runs):
    return sorted((run for run in runs if run["service"] == service),
                  key=lambda run: run["started"])


def run(mode, healthy_seconds):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-keepalived-"))
    folder.chmod(0o755)
    pair = Pair(SCRIPT, folder / "lab")
    try:
        pair.up()
        watching = InsideWatching(folder, pair.configuration())
        pair.start_client()
        time.sleep(healthy_seconds if mode == "healthy" else 4)
        began = time.time()
        if mode != "healthy":
            break_it(mode, pair)
            wait_for("the failover", 20, lambda: verified(watching, 1))
            # Past the second time that the address is announced.
            time.sleep(6)
            if mode == "split":
                pair.isolate(False)
                time.sleep(6)
            else:
                pair.run("heal")
                wait_for("the way back", 20, lambda: verified(watching, 2))
                time.sleep(2)
        slow, tries = pair.stop_client(), pair.stop_short_client()
        watching.stop()
        if "KEEP" in os.environ:
            shutil.copytree(folder, os.environ["KEEP"], dirs_exist_ok=True)
        return judge(mode, pair, watching.ask("failovers"), outages(tries), outages(slow), began)
    finally:
        pair.down()
        shutil.rmtree(folder, ignore_errors=True)


def judge(mode, pair, found, truth, slow, began):
    if mode == "healthy":
        return not found and not truth, f"{len(found)} failovers reported, {len(truth)} in truth"
    patient, found = of("web-patient", found), of("web", found)
    if mode == "split":
        return judge_split(pair, found, truth, began)
    if len(found) != 2:
        return False, f"{len(found)} runs reported: {[one['kind'] for one in found]}"
    there, back = found
    felt, felt_patient = ([one["outage"] for one in runs if one.get("outage") is not None]
                          for runs in (found, patient))
    real, real_patient = ([end - start for start, end in spans] for spans in (truth, slow))
    master = pair.notified(2, "MASTER", began)
    again = pair.notified(1, "MASTER", master)
    absent = ["restart"]
    checks = {
        "kinds": (there["kind"], back["kind"]) == ("failover", "failover"),
        "route": (there["from"], there["to"]) == ("lb-a", "lb-b"),
        "way back": (back["from"], back["to"]) == ("lb-b", "lb-a"),
        # Killed at once, it may leave no line of its stop.
        "absent": phases(back, "absent") == absent and (
            phases(there, "absent") == absent
            or mode == "kill" and phases(there, "absent") == ["stop", *absent]),
        "forward": all(length >= 0 for one in found for length in lengths(one).values()),
        "switch": abs(end(there, "switch") - master) <= SLACK,
        "switch back": abs(end(back, "switch") - again) <= SLACK,
        "address": lengths(there)["address"] <= SLACK and lengths(back)["address"] <= SLACK,
        "one writer": not there["hasTwoWriters"] and not back["hasTwoWriters"],
        "outage": agree(felt, real),
        "patient outage": agree(felt_patient, real_patient),
    }
    text = (f"outage {rounded(felt_patient)} s, lab's client {rounded(real_patient)} s; with tries of "
            f"0.2 s: {rounded(felt)} s, truth {rounded(real)} s; {told(there)}; back: {told(back)}; "
            f"switch {end(there, 'switch') - master:+.3f} and {end(back, 'switch') - again:+.3f} s "
            "from the notify scripts")
    return verdict(checks, text)


def judge_split(pair, found, truth, began):
    """The second one takes over while the first one goes on; users are with one or the other."""
    if not found:
        return False, "no failover reported"
    found = sorted(found, key=lambda one: one["started"])
    one = found[0]
    master = pair.notified(2, "MASTER", began)
    checks = {
        "kind": [each["kind"] for each in found] == ["failover"] + ["outage"] * (len(found) - 1),
        "route": (one["from"], one["to"]) == ("lb-a", "lb-b"),
        "two writers": one["hasTwoWriters"],
        "switch": abs(end(one, "switch") - master) <= SLACK,
    }
    text = (f"two hold it; {[each['kind'] for each in found]}; {told(one)}; outages in truth "
            f"{rounded([y - x for x, y in truth])} s")
    return verdict(checks, text)


def agree(felt, real):
    """One bad try is no outage, and a bad one lasts up to 0.2 s: an outage of two of them may be seen
    by one client and not by the other."""
    felt, real = list(felt), list(real)
    while len(felt) != len(real):
        longer = max(felt, real, key=len)
        if min(longer) > 0.5:
            return False
        longer.remove(min(longer))
    return all(abs(x - y) <= max(0.3, 1.5 * PERIOD) for x, y in zip(felt, real))


def rounded(spans):
    return "+".join(f"{span:.3f}" for span in spans) or "none"


def phases(one, state):
    return [step["phase"] for step in one["steps"] if step["state"] == state]


def lengths(one):
    return {step["phase"]: epoch(step["end"]) - epoch(step["start"])
            for step in one["steps"] if step["state"] == "done"}


def end(one, phase):
    return next(epoch(step["end"]) for step in one["steps"]
                if step["phase"] == phase and step["state"] == "done")


def told(one):
    return " ".join(f"{phase} {length:.3f}" for phase, length in lengths(one).items())


def can_make_namespaces():
    name = f"azimuth-try-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True)
    if made.returncode == 0:
        subprocess.run(["ip", "netns", "delete", name], check=True)
    return made.returncode == 0


if __name__ == "__main__":
    require(SCRIPT, "ip")
    if not can_make_namespaces():
        print("SKIPPED: no network namespace can be made here, so no address was moved")
        sys.exit(0)
    drive(__doc__, run)
