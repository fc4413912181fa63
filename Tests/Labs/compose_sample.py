#!/usr/bin/env python3
"""Composes one recording from several: one estate in which each of their failovers happens.

    compose_sample.py OUT TITLE BASE [FOLDER@SECONDS ...]

BASE gives the time and the length. Each FOLDER is moved by whole seconds, so that it begins
SECONDS after BASE began: the instants of its inputs, and the times at the heads of its log lines.
What it was placed in (areas, layers, resources, services) is laid together; names must not clash.
Nothing else is changed, and truth.yaml is laid together likewise, so that a replay is held to it.
Needs python3-yaml.
"""
import datetime
import heapq
import json
import pathlib
import re
import shutil
import sys

import yaml

UTC = datetime.timezone.utc
# Front to back, as the health table has them.
LAYERS = ["edge", "web", "cache", "data", "queue"]
# Times at the heads of lines: the shape, how it is read and written.
HEADS = {
    "postgresql": [(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", "%Y-%m-%d %H:%M:%S")],
    "redis": [(r"^\d+:[A-Z] (\d\d \w{3} \d{4} \d\d:\d\d:\d\d)", "%d %b %Y %H:%M:%S")],
    "keepalived": [(r"^(\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4})", "%a %b %e %H:%M:%S %Y")],
    "haproxy": [(r"^(\w{3} [ \d]\d \d\d:\d\d:\d\d)", "%b %e %H:%M:%S"),
                (r"\[(\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d)", "%d/%b/%Y:%H:%M:%S")],
    "plain": [],
}


class Recording:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.plan = yaml.load((self.folder / "recording.yaml").read_text(), yaml.BaseLoader)
        self.inputs = [json.loads(line) for segment in sorted(self.folder.glob("inputs-*.jsonl"))
                       for line in segment.read_text().splitlines()]
        self.begin = instant(self.plan["recording"]["made"])
        self.end = instant(self.plan["recording"]["ended"])

    def moved(self, delta):
        """Its inputs, each moved by whole seconds."""
        formats = [source["format"] for source in self.plan.get("sources", [])]
        for one in self.inputs:
            one = dict(one, at=stamp(instant(one["at"]) + delta))
            if "ended" in one:
                one["ended"] = stamp(instant(one["ended"]) + delta)
            if "lines" in one:
                one["lines"] = [line if isinstance(line, dict) else
                                moved_line(line, formats[one["source"]], delta)
                                for line in one["lines"]]
            yield one


def moved_line(line, format, delta):
    for pattern, form in HEADS[format]:
        line = re.sub(pattern, lambda found: found[0].replace(
            found[1], moved_head(found[1], form, delta)), line, count=1)
    return line


def moved_head(text, form, delta):
    year = "" if "%Y" in form else "2024 "  # without a year: any leap year will do
    read = form.replace("%e", "%d")
    civil = datetime.datetime.strptime(year + text, ("%Y " if year else "") + read)
    return (civil + delta).strftime(form)


def instant(text):
    """RFC 3339 in UTC, with up to nine digits of a second; cut to microseconds."""
    main, _, fraction = text.rstrip("Z").partition(".")
    whole = datetime.datetime.fromisoformat(main).replace(tzinfo=UTC)
    return whole + datetime.timedelta(microseconds=int((fraction + "000000")[:6]))


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def laid_together(plans, title, base):
    """One plan, and the offsets of each recording's sources, probes and canaries in it."""
    estate = {"name": base.plan["estate"]["name"], "layers": [], "regions": {}, "sites": {},
              "resources": {}, "links": {}, "services": {}}
    merged = {"recording": dict(base.plan["recording"], title=title), "estate": estate,
              "sources": [], "probes": [], "canaries": [], "signatures": []}
    offsets = []
    for plan in plans:
        offsets.append({name: len(merged[name]) for name in ("sources", "probes", "canaries")})
        for layer in plan["estate"]["layers"]:
            if layer not in estate["layers"]:
                estate["layers"].append(layer)
        for kind in ("regions", "sites"):
            estate[kind].update(plan["estate"].get(kind, {}))
        for kind in ("resources", "links", "services"):
            for name, value in plan["estate"].get(kind, {}).items():
                if name in estate[kind]:
                    sys.exit(f"two recordings have the {kind[:-1]} {name}")
                estate[kind][name] = value
        for kind in ("sources", "probes", "canaries"):
            merged[kind] += plan.get(kind, [])
        known = {pack["system"] for pack in merged["signatures"]}
        merged["signatures"] += [pack for pack in plan.get("signatures", [])
                                 if pack["system"] not in known]
    estate["layers"].sort(key=LAYERS.index)
    return merged, offsets


def renumbered(one, offset):
    """An input with its indexes as in the merged plan."""
    one = dict(one)
    if "canary" in one:
        one["canary"] += offset["canaries"]
    elif "target" in one:
        one["target"] += offset["probes"]
    if "source" in one:
        one["source"] += offset["sources"]
    if "writes" in one:
        one["writes"] = [one["writes"][0] + offset["canaries"], *one["writes"][1:]]
    return one


def stream(number, recording, delta, offset):
    """Its inputs by the time at which each can be fed: never before the one before it."""
    newest = ""
    for place, one in enumerate(recording.moved(delta)):
        newest = max(newest, one["at"])
        if "tick" not in one or number == 0:
            yield newest, number, place, renumbered(one, offset)


def compose(out, title, base, others):
    base = Recording(base)
    recordings = [(base, datetime.timedelta(0))]
    for folder, seconds in others:
        recording = Recording(folder)
        wanted = base.begin + datetime.timedelta(seconds=seconds) - recording.begin
        recordings.append((recording, datetime.timedelta(seconds=round(wanted.total_seconds()))))
    plan, offsets = laid_together([recording.plan for recording, _ in recordings], title, base)
    streams = [stream(number, recording, delta, offset) for number, ((recording, delta), offset)
               in enumerate(zip(recordings, offsets))]
    out = pathlib.Path(out)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    end = stamp(base.end)
    with open(out / "inputs-00001.jsonl", "w") as file:
        for at, _, _, one in heapq.merge(*streams):
            if at <= end:
                file.write(json.dumps(one, separators=(",", ":"), sort_keys=True,
                                      ensure_ascii=False) + "\n")
    (out / "recording.yaml").write_text(yaml.safe_dump(plan, sort_keys=False, width=1000))
    (out / "truth.yaml").write_text(truth(recordings))


def truth(recordings):
    head = ["# What a replay of this recording must find: what the recordings that it is made of",
            "# tell, moved as they are.", "failovers:"]
    items = []
    for recording, delta in recordings:
        told = yaml.load((recording.folder / "truth.yaml").read_text(), yaml.BaseLoader)
        for item in told["failovers"]:
            item["started"] = stamp(instant(item["started"]) + delta)
            items.append(item)
    items.sort(key=lambda item: item["started"])
    lines = []
    for item in items:
        rows = [f"{key}: " + (f"[{', '.join(value)}]" if isinstance(value, list) else value)
                for key, value in item.items()]
        lines += [f"  - {rows[0]}"] + [f"    {row}" for row in rows[1:]]
    return "\n".join(head + lines) + "\n"


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    others = [(folder, int(seconds)) for folder, seconds in
              (word.rsplit("@", 1) for word in sys.argv[4:])]
    compose(sys.argv[1], sys.argv[2], sys.argv[3], others)


if __name__ == "__main__":
    main()
