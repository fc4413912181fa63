"""A replay is exact: the same inputs give the same report, however they are fed."""
import json
import pathlib
import random
import shutil
import subprocess
import tempfile
import unittest

from program import KILL, SAMPLES, azimuth, run


def report(folder, *words):
    done = run("replay", folder, "--headless", "--json", *words)
    if done.returncode != 0:
        raise AssertionError(done.stderr.decode())
    return done.stdout


def lines_of(folder):
    return [line for segment in sorted(folder.glob("inputs-*.jsonl"))
            for line in segment.read_text().splitlines()]


class Copy:
    """A recording with other inputs, in a folder of its own."""

    def __init__(self, source, lines):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-replay-"))
        shutil.copy(source / "recording.yaml", self.folder)
        (self.folder / "inputs-00001.jsonl").write_text("".join(line + "\n" for line in lines))

    def __enter__(self):
        return self.folder

    def __exit__(self, *unused):
        shutil.rmtree(self.folder)


def recut(lines, seed):
    """Cuts batches of log lines at random places, and joins neighbours that came together."""
    chance = random.Random(seed)
    joined = []
    for line in map(json.loads, lines):
        last = joined[-1] if joined else {}
        if "lines" in line and "lines" in last and chance.random() < 0.8 \
                and (line["at"], line["source"]) == (last["at"], last["source"]):
            last["lines"] += line["lines"]
            last["position"] = line.get("position", last.get("position"))
        else:
            joined.append(line)
    cut = []
    for line in joined:
        if "lines" not in line:
            cut.append(line)
            continue
        rest, position = line["lines"], line.pop("position", None)
        while rest:
            count = chance.randint(1, len(rest))
            piece = dict(line, lines=rest[:count])
            rest = rest[count:]
            if not rest and position:
                piece["position"] = position
            cut.append(piece)
    return [json.dumps(line, sort_keys=True) for line in cut]


@unittest.skipUnless(SAMPLES, "SKIPPED: there is no recording in SampleData")
class ReplayTests(unittest.TestCase):
    def test_two_processes_and_every_speed_give_the_same_bytes(self):
        for sample in SAMPLES:
            with self.subTest(sample.name), Copy(sample, middle(sample, 260)) as part:
                expected = report(part)
                self.assertIn(b'"type":"report"', expected)
                for speed in ("max", "64", "8", "1"):
                    self.assertEqual(expected, report(part, "--speed", speed), speed)

    def test_whole_samples_are_the_same_in_two_processes(self):
        for sample in SAMPLES:
            with self.subTest(sample.name):
                self.assertEqual(report(sample), report(sample))

    def test_how_lines_were_cut_into_batches_makes_no_difference(self):
        for sample in SAMPLES:
            expected = report(sample)
            for seed in range(6):
                with self.subTest(sample.name, seed=seed):
                    with Copy(sample, recut(lines_of(sample), seed)) as other:
                        self.assertEqual(expected, report(other))

    def test_a_recording_cut_at_any_byte_is_replayed_as_far_as_it_goes(self):
        sample = KILL
        whole = (sample / "inputs-00001.jsonl").read_bytes()[:60_000]
        chance = random.Random(4)
        cuts = [0, 1, 2] + [chance.randrange(len(whole)) for _ in range(40)] \
            + list(range(len(whole) - 20, len(whole)))
        with Copy(sample, []) as folder:
            for cut in cuts:
                (folder / "inputs-00001.jsonl").write_bytes(whole[:cut])
                done = run("replay", folder, "--headless", "--json")
                self.assertEqual(done.returncode, 0, (cut, done.stderr))
                inputs = whole[:cut].count(b"\n") + 1
                last = json.loads(done.stdout.splitlines()[-1])
                self.assertEqual(last["type"], "intake", cut)
                # A last line that lacks nothing but its line end is whole.
                is_torn = b"\n" not in whole[max(0, cut - 1):cut + 1] and cut > 0
                self.assertEqual(b"cut off" in done.stderr, is_torn, (cut, done.stderr))
                self.assertLessEqual(last["replies"] + last["tries"], inputs, cut)

    def test_recording_yaml_cut_at_any_byte_is_refused_with_words(self):
        sample = KILL
        whole = (sample / "recording.yaml").read_bytes()
        chance = random.Random(5)
        with Copy(sample, lines_of(sample)[:20]) as folder:
            for cut in [0, 1] + [chance.randrange(len(whole)) for _ in range(30)]:
                (folder / "recording.yaml").write_bytes(whole[:cut])
                done = run("replay", folder, "--headless")
                self.assertIn(done.returncode, (0, 3), (cut, done.stderr))
                if done.returncode == 3:
                    self.assertIn(b"azimuth: ", done.stderr)

    def test_garbage_in_the_middle_is_passed_over_and_counted(self):
        sample = KILL
        lines = lines_of(sample)[:200]
        lines[50] = "\x00\x01 no json {"
        lines[60] = '{"at":"yesterday"}'
        with Copy(sample, lines) as folder:
            done = run("replay", folder, "--headless")
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"2 damaged lines passed over", done.stderr)


class LiveTests(unittest.TestCase):
    CONFIG = """
estate:
  name: live
  layers: [data]
  regions:
    tokyo: {{code: ap-northeast-1, zones: [1a]}}
  resources:
    a: {{at: tokyo/1a, layer: data}}
  services:
    s: {{members: [a], rto: 10s}}
sources:
  - {{file: {folder}/a.log, format: postgresql, resource: a}}
  - {{file: {folder}/later.log, format: plain, start: beginning}}
probes:
  - {{probe: postgresql, resource: a, address: "host=127.0.0.1 port=1", every: 300ms, timeout: 1s}}
canaries:
  - service: s
    probe: postgresql
    mode: read
    every: 200ms
    targets: {{a: "host=127.0.0.1 port=1"}}
"""

    def test_the_report_of_a_live_run_is_that_of_its_replay(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-live-"))
        self.addCleanup(shutil.rmtree, folder)
        (folder / "a.log").write_text("old\n")
        (folder / "azimuth.yaml").write_text(self.CONFIG.format(folder=folder))
        recorder = subprocess.Popen(
            [azimuth(), "record", "--config", folder / "azimuth.yaml", "--out", folder / "r",
             "--for", "4s", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        recorder.stderr.readline()
        chance = random.Random(1)
        while recorder.poll() is None:
            with open(folder / "a.log", "ab") as log:
                log.write(b"2026-11-23 07:20:31.195 UTC [1] LOG:  received promote request\n"
                          * chance.randint(1, 40) + b"\xff\x00 torn " * chance.randint(0, 2))
            with open(folder / "later.log", "a") as log:
                log.write("".join(f"{chance.random()}\n" for _ in range(chance.randint(1, 400))))
            try:
                recorder.wait(chance.random() / 5)
            except subprocess.TimeoutExpired:
                continue
        live = recorder.communicate()[0]
        self.assertEqual(recorder.returncode, 0)
        self.assertIn(b'"type":"failover"', live, "the canary's outage is in it")
        self.assertEqual(live, report(folder / "r"))
        self.assertEqual(live, report(folder / "r", "--speed", "8"))


@unittest.skipUnless(SAMPLES, "SKIPPED: there is no recording in SampleData")
class TruthTests(unittest.TestCase):
    def test_a_replay_finds_what_really_happened(self):
        for sample in SAMPLES:
            with self.subTest(sample.name):
                found = [line for line in map(json.loads, report(sample).splitlines())
                         if line["type"] == "failover"]
                truth = read_truth(sample / "truth.yaml")
                self.assertEqual(len(found), len(truth))
                for one, real in zip(found, truth):
                    self.compare(one, real)

    def compare(self, one, real):
        self.assertEqual((one["service"], one["state"]), (real["service"], "verified"))
        self.assertEqual(one["kind"], real.get("kind", "failover"))
        self.assertEqual(one["hasTwoWriters"], real.get("two-writers") == "true")
        if "to" in real:
            self.assertEqual((one["from"], one["to"]), (real["from"], real["to"]))
        if "outage" in real:
            tolerance = seconds(real["tolerance"])
            self.assertAlmostEqual(one["outage"], seconds(real["outage"]), delta=tolerance)
        else:
            self.assertIsNone(one.get("outage"))
        if "lost-writes" in real:
            self.assertEqual(one["lostWrites"]["state"], "counted")
            self.assertEqual(one["lostWrites"]["lost"], int(real["lost-writes"]))
        if "absent" in real:
            absent = [step["phase"] for step in one["steps"] if step["state"] == "absent"]
            self.assertEqual(f"[{', '.join(absent)}]", real["absent"])


def seconds(text):
    return float(text.removesuffix("s"))


def read_truth(path):
    """truth.yaml is flat enough for this: a list of maps of single values."""
    items = []
    for line in path.read_text().splitlines():
        text = line.strip()
        if text.startswith("- "):
            items.append({})
            text = text[2:]
        key, colon, value = text.partition(": ")
        if colon and items and not text.startswith("#"):
            items[-1][key] = value
    return items


def middle(sample, count):
    """So many inputs around the first failure of a canary."""
    lines = lines_of(sample)
    at = next(i for i, line in enumerate(lines) if '"try":' in line and '"failed":' in line)
    return lines[max(0, at - count // 2):at + count // 2]


if __name__ == "__main__":
    unittest.main()
