"""What the samples of SampleData/ have in common: a real system, recorded while it is broken."""
import datetime
import json
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

from failover_lab import ROOT, epoch, program


class Sample:
    """One recording; a system is a subclass of it."""

    inside = []  # the command that enters the system's network namespace

    def __init__(self, name, title):
        self.name, self.title = name, title

    def up(self, folder):
        """Starts the system and the lab's own client."""
        raise NotImplementedError

    def configuration(self):
        """azimuth.yaml, as text."""
        raise NotImplementedError

    def schedule(self):
        """What happens: (seconds after the recording began, what to call); ends with the last."""
        raise NotImplementedError

    def truth(self, out):
        """What really happened: a list of maps for truth.yaml; `started` in epoch seconds."""
        raise NotImplementedError

    def down(self):
        raise NotImplementedError

    def record(self):
        """Records it; true when the replay prints the same report as the live run did."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-sample-"))
        folder.chmod(0o755)
        out = ROOT / "SampleData" / self.name
        try:
            self.up(folder)
            config = folder / "azimuth.yaml"
            config.write_text(self.configuration())
            shutil.rmtree(out, ignore_errors=True)
            with open(folder / "live.jsonl", "w") as live:
                recorder = subprocess.Popen(
                    [*self.inside, program(), "record", "--config", config, "--out", out,
                     "--title", self.title, "--json"], stdout=live)
            begin = time.monotonic()
            for second, act in self.schedule():
                try:
                    recorder.wait(max(0, begin + second - time.monotonic()))
                    raise RuntimeError("the recorder has ended by itself")
                except subprocess.TimeoutExpired:
                    act()
            recorder.send_signal(signal.SIGTERM)
            if recorder.wait(10) != 0:
                raise RuntimeError("the recorder did not end well")
            write_truth(out, self.truth(out))
            live = (folder / "live.jsonl").read_bytes()
            again = subprocess.run([program(), "replay", out, "--headless", "--json"],
                                   capture_output=True, check=True).stdout
            size = sum(file.stat().st_size for file in out.iterdir())
            print(f"{self.name}: {'replay = live' if live == again else 'REPLAY DIFFERS FROM LIVE'}"
                  f", {size} bytes", flush=True)
            return live == again
        finally:
            self.down()
            shutil.rmtree(folder, ignore_errors=True)


def write_truth(out, items):
    lines = ["# What a replay of this recording must find. Made from the log of a client that is",
             "# not azimuth (a try each 50 ms), and from what was left of the canary's writes.",
             "failovers:"]
    for item in items:
        item = dict(item, started=stamp(item["started"]))
        rows = [f"{key}: " + (f"[{', '.join(value)}]" if isinstance(value, list) else f"{value}")
                for key, value in item.items()]
        lines += [f"  - {rows[0]}"] + [f"    {row}" for row in rows[1:]]
    (out / "truth.yaml").write_text("\n".join(lines) + "\n")


def acknowledged(out, canary):
    """The numbers of a write canary's good tries, from the recorded inputs."""
    lines = [json.loads(line) for segment in sorted(out.glob("inputs-*.jsonl"))
             for line in segment.read_text().splitlines()]
    return {line["try"] for line in lines
            if "try" in line and line["canary"] == canary and "failed" not in line}


def fault_of(lab_folder):
    """When the lab's script broke it, in epoch seconds."""
    events = [json.loads(line) for line in (lab_folder / "events.ndjson").read_text().splitlines()]
    return epoch(next(one["t"] for one in events if one["event"] == "fault"))


def stamp(seconds):
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"
