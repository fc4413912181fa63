"""What fuzzing learned: in .build-fuzz while it runs, in Tests/Fuzz/Learned for whoever goes on.

Learned/TARGET.tar.xz holds the inputs, as few as cover what all of them do, and Learned/flat.json
how long each target was fuzzed, and for how many CPU seconds of these nothing new was covered. Both
are the same bytes whenever the inputs are, so that a change of theirs is a change of what is known.
"""
import io
import json
import lzma
import pathlib
import tarfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build-fuzz"
KEPT = ROOT / "Tests" / "Fuzz" / "Learned"
NOTHING = {"edges": 0, "runs": 0, "cpu": 0, "flat": 0}
# Targets are kept beside each other, their states in one file.
STATES = threading.Lock()


def corpus(target):
    """The folder of a target's inputs, with those that are kept when there is none."""
    folder = BUILD / "corpus" / target
    if not folder.exists():
        folder.mkdir(parents=True)
        packed = KEPT / f"{target}.tar.xz"
        if packed.exists():
            with tarfile.open(packed) as archive:
                for member in archive:
                    name = pathlib.PurePath(member.name).name
                    (folder / name).write_bytes(archive.extractfile(member).read())
    return folder


def state(target):
    """How long a target was fuzzed: here, else by whom it was kept; nothing where it never was."""
    path = BUILD / "flat" / f"{target}.json"
    if path.exists():
        return json.loads(path.read_text())
    return kept_states().get(target)


def note(target, reached):
    path = BUILD / "flat" / f"{target}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(reached))


def kept_states():
    path = KEPT / "flat.json"
    return json.loads(path.read_text()) if path.exists() else {}


def keep(target, inputs):
    """Keeps a target's inputs, which are files, and its state where it has one."""
    KEPT.mkdir(exist_ok=True)
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path in sorted(inputs):
            member = tarfile.TarInfo(path.name)
            member.size = path.stat().st_size
            with path.open("rb") as file:
                archive.addfile(member, file)
    (KEPT / f"{target}.tar.xz").write_bytes(lzma.compress(tar.getvalue(), preset=9))
    with STATES:
        if reached := state(target):
            keep_state(target, reached)


def keep_state(target, reached):
    states = kept_states()
    states[target] = {key: round(value) for key, value in reached.items()}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(states[name], sort_keys=True)}"
                       for name in sorted(states))
    (KEPT / "flat.json").write_text("{\n" + lines + "\n}\n")
