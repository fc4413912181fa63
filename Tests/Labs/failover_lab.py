"""What the failover labs of all systems share: a lab's pair of servers, azimuth watching it, and
how its report is held to the truth.

The truth is the lab client's own log (outage, by the definition azimuth uses) and the surviving
rows of the canary's table. A system is a subclass of `System`; see pg_failover.py. AZIMUTH_BIN
names the program (default: the release build, else the debug build), AZIMUTH_LABS the folder of
the labs' scripts.
"""
import argparse
import datetime
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

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "EndToEnd"))
from terminal_harness import Terminal

ROOT = pathlib.Path(__file__).resolve().parents[2]
LABS = pathlib.Path(os.environ.get("AZIMUTH_LABS", ROOT.parent / "shared" / "labs"))
PERIOD = 0.1


def program():
    if "AZIMUTH_BIN" in os.environ:
        return os.environ["AZIMUTH_BIN"]
    for build in ("release", "debug"):
        path = ROOT / ".build" / build / "azimuth"
        if path.exists():
            return str(path)
    sys.exit("azimuth is not built: run 'swift build' first")


def wait_for(what, seconds, check):
    """Waits for an event with a deadline; says what it waited for when it does not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return
        time.sleep(0.1)
    raise TimeoutError(f"waited {seconds} s for {what}")


class LabPair:
    """The nodes n1 (primary) and n2 of a lab, and the lab's client."""

    def __init__(self, script, folder):
        self.script, self.folder = script, pathlib.Path(folder)
        self.client = None
        self.client_log = self.folder.parent / (self.folder.name + "-client.ndjson")

    def run(self, *words, timeout=120):
        environment = dict(os.environ, LAB_DIR=str(self.folder))
        return subprocess.run(["bash", str(self.script), *words], env=environment, timeout=timeout,
                              check=True, capture_output=True, text=True).stdout

    def up(self):
        self.run("up", timeout=900)

    def start_client(self):
        environment = dict(os.environ, LAB_DIR=str(self.folder))
        self.client = subprocess.Popen(["bash", str(self.script), "probe"], env=environment,
                                       stdout=open(self.client_log, "w"))

    def stop_client(self):
        self.client.terminate()
        self.client.wait(10)
        lines = self.client_log.read_text().splitlines()
        return [json.loads(line) for line in lines if line.endswith("}")]

    def down(self):
        if self.client and self.client.poll() is None:
            self.client.kill()
            self.client.wait(10)
        self.run("down")


class System:
    """What is different from system to system."""

    script: pathlib.Path
    calm_modes = ("healthy",)  # modes in which nothing fails over
    lossy_modes = ("lagged",)  # modes in which acknowledged writes are lost
    absent = []  # the phases that this system has none of

    def pair(self, folder):
        return LabPair(self.script, folder)

    def configuration(self, pair):
        raise NotImplementedError

    def rows(self):
        """The canary's numbers that survived on the node that took over."""
        raise NotImplementedError

    def at_worst(self, mode, watching):
        """Called in a calm mode while the fault lasts; what azimuth has to say then, or ''."""
        return ""


class Watching:
    """`azimuth ingest` over the pair, and what it says afterwards."""

    inside = []  # the command that enters the network namespace in which it runs

    def __init__(self, folder, configuration):
        self.config, self.history = folder / "azimuth.yaml", folder / "history.db"
        self.config.write_text(configuration)
        self.log = open(folder / "ingest.log", "w")
        self.process = subprocess.Popen(
            [*self.inside, program(), "ingest", "--config", self.config, "--history",
             self.history], stderr=self.log, stdout=self.log)
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


def run(system, mode, healthy_seconds):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-lab-"))
    folder.chmod(0o755)
    pair = system.pair(folder / "lab")
    worst = ""
    try:
        pair.up()
        watching = Watching(folder, system.configuration(pair))
        pair.start_client()
        time.sleep(healthy_seconds if mode == "healthy" else 10)
        if mode not in system.calm_modes:
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
        elif mode != "healthy":
            pair.run("fail", mode)
            time.sleep(30)
            worst = system.at_worst(mode, watching)
            pair.run("heal")
            time.sleep(5)
        tries = pair.stop_client()
        watching.stop()
        is_right, text = judge(system, mode, watching, tries)
        return is_right and not worst, text + (f"; OFF: {worst}" if worst else "")
    finally:
        pair.down()
        shutil.rmtree(folder, ignore_errors=True)


def judge(system, mode, watching, tries):
    found = watching.ask("failovers")
    truth = outages(tries)
    if mode in system.calm_modes:
        return not found and not truth, f"{len(found)} failovers reported, {len(truth)} in truth"
    if len(found) != 1 or len(truth) != 1:
        return False, f"{len(found)} failovers reported, {len(truth)} outages in truth"
    one = found[0]
    real = truth[0][1] - truth[0][0]
    acknowledged = watching.acknowledged()
    lost = len(acknowledged - system.rows())
    steps = {step["phase"]: step for step in one["steps"]}
    starts = [step["start"] for step in one["steps"] if step["state"] != "absent"]
    checks = {
        "outage": abs(one["outage"] - real) <= max(0.3, 1.5 * PERIOD),
        "lost": one["lostWrites"]["lost"] == lost,
        f"{mode} loses": mode not in system.lossy_modes or lost > 0,
        "route": (one["from"], one["to"]) == ("orders-a", "orders-b"),
        "order": starts == sorted(starts),
        "absent": [name for name in steps if steps[name]["state"] == "absent"] == system.absent,
    }
    phases = " ".join(
        f"{name} " + (f"{epoch(step['end']) - epoch(step['start']):.3f}"
                      if step["state"] == "done" else step["state"])
        for name, step in steps.items())
    return verdict(checks, f"outage {one['outage']:.3f} s, truth {real:.3f} s; lost "
                   f"{one['lostWrites']['lost']}, truth {lost} of {len(acknowledged)}; {phases}")


def outages(tries):
    """Outages by Azimuth's definition, from the lab client's own log: two bad tries open one; it
    runs from the start of the first bad try to the end of the first good one (epoch s). Bad tries
    belong together while the client was served for less time in between than it had waited, and for
    less than a second."""
    found, first_bad, bad, first_good = [], None, 0, None
    for one in [*tries, None]:
        start = epoch(one["t"]) if one else float("inf")
        if one and one["ok"]:
            if bad and first_good is None:
                first_good = start + one["ms"] / 1000
            continue
        if first_good is not None and start - first_good >= min(1, first_good - first_bad):
            if bad >= 2:
                found.append((first_bad, first_good))
            first_bad, bad = None, 0
        first_bad = start if first_bad is None else first_bad
        first_good = None
        bad += 1
    return found


def epoch(text):
    """RFC 3339 in UTC to seconds since the epoch."""
    main, _, fraction = text.rstrip("Z").partition(".")
    whole = datetime.datetime.fromisoformat(main + "+00:00").timestamp()
    return whole + (float("0." + fraction) if fraction else 0.0)


def main(system, description):
    """The command line for a pair that is a `System`."""
    require(system.script)
    drive(description, lambda mode, seconds: run(system, mode, seconds))


def require(script, *programs):
    """Ends the program, loudly, where a lab cannot run: nothing was tested then."""
    missing = [name for name in programs if not shutil.which(name)]
    if missing or not script.exists():
        what = f"{', '.join(missing)} is not installed" if missing else f"{script} is not there"
        print(f"SKIPPED: {what}, so nothing real was broken")
        sys.exit(0)


def drive(description, run):
    """The command line of a lab; `run` takes a mode and how many seconds a healthy run lasts, and
    returns whether all was right, and a line to print. Ends with 1 when something was off."""
    parser = argparse.ArgumentParser(description=description,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--modes", default="kill")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--healthy-seconds", type=int, default=600)
    arguments = parser.parse_args()
    results = []
    for mode in arguments.modes.split(","):
        for number in range(arguments.times):
            is_right, text = run(mode, arguments.healthy_seconds)
            results.append(is_right)
            print(f"{'ok  ' if is_right else 'FAIL'} {mode} {number + 1}: {text}", flush=True)
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    sys.exit(0 if all(results) else 1)


def verdict(checks, text):
    """Whether all checks hold, and the text with the names of those that do not."""
    off = [name for name, is_right in checks.items() if not is_right]
    return not off, text + ("" if not off else f"; OFF: {', '.join(off)}")
