"""Runs the built azimuth for tests: where it is, and short ways to call it."""
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLES = sorted(path.parent for path in (ROOT / "SampleData").glob("*/recording.yaml"))
KILL = ROOT / "SampleData" / "postgresql-kill"


def azimuth():
    """AZIMUTH_BIN, else what `swift test` built."""
    return os.environ.get("AZIMUTH_BIN", str(ROOT / ".build" / "debug" / "azimuth"))


def run(*words, variables=None, timeout=60, **options):
    """The finished process; its output as bytes."""
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    environment.update(variables or {})
    return subprocess.run([azimuth(), *map(str, words)], capture_output=True, timeout=timeout,
                          env=environment, stdin=subprocess.DEVNULL, **options)
