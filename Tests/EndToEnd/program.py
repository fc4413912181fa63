"""Runs the built azimuth for tests: where it is, and short ways to call it."""
import contextlib
import itertools
import os
import pathlib
import socket
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


# Below those that the kernel gives to whoever connects (ip(7), ip_local_port_range), or a client
# of another test may have the port before its server does.
LOWEST, HIGHEST = 10_000, 32_000
_ports = itertools.count(os.getpid() * 101)


def free_port():
    """A number that neither TCP nor UDP uses now, and that is given out once."""
    while True:
        port = LOWEST + next(_ports) % (HIGHEST - LOWEST)
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            with contextlib.suppress(OSError):
                tcp.bind(("127.0.0.1", port))
                udp.bind(("127.0.0.1", port))
                return port
