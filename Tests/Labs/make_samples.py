#!/usr/bin/env python3
"""Records the samples of SampleData/ from real servers, and composes the estate of some of them.

    make_samples.py [NAME ...]

Without names all are made anew; the composed one (`hybrid`) is made from those that are there.
What each holds, and where its servers are placed: SampleData/README.md.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from compose_sample import compose
from failover_lab import LABS, ROOT, require
from sample_front import FrontSample
from sample_postgresql import PostgreSQLSample
from sample_redis import RedisSample

SAMPLES = [
    PostgreSQLSample("postgresql-kill", "The primary of orders is killed; its standby takes over",
                     mode=None, fault_at=70),
    PostgreSQLSample("postgresql-lagged",
                     "Replication stops, then the primary is killed: writes are lost",
                     mode="lagged", fault_at=60),
    RedisSample("redis-partition", "A partition: two primaries take writes, one of them in vain",
                fault_at=100, heal_after=25, seconds=182),
    FrontSample("front", "A server hangs behind a balancer; an address moves, and back",
                hang_at=25, kill_at=140, seconds=182),
]
SAMPLE_DATA = ROOT / "SampleData"


def make_hybrid():
    compose(SAMPLE_DATA / "hybrid", "A bad three minutes for an estate on-prem and in two regions",
            SAMPLE_DATA / "postgresql-kill",
            [(SAMPLE_DATA / "redis-partition", 0), (SAMPLE_DATA / "front", 0)])
    return True


def main():
    require(LABS / "pg.sh")
    makers = {sample.name: sample.record for sample in SAMPLES} | {"hybrid": make_hybrid}
    names = sys.argv[1:] or list(makers)
    unknown = [name for name in names if name not in makers]
    if unknown:
        sys.exit(f"there is no sample {unknown[0]}; there are {', '.join(makers)}")
    sys.exit(0 if all([makers[name]() for name in names]) else 1)


if __name__ == "__main__":
    main()
