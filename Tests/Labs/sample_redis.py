"""The sample redis-partition: the primary of a Redis pair is cut off from replica and sentinels.

    carts    tokyo/1a -> tokyo/1c, with sentinels in tokyo/1a, tokyo/1c and virginia/1a
"""
import pathlib

from failover_lab import PERIOD, outages
from redis_failover import A, B, INSIDE, SENTINELS, Lab, redis
from sample import Sample, acknowledged, fault_of

RESOURCES = [  # name, place, port, log
    ("carts-a", "tokyo/1a", A, "n1.redis"),
    ("carts-b", "tokyo/1c", B, "n2.redis"),
    ("sentinel-1", "tokyo/1a", SENTINELS["sentinel-1"], "s1.sentinel"),
    ("sentinel-2", "tokyo/1c", SENTINELS["sentinel-2"], "s2.sentinel"),
    ("sentinel-3", "virginia/1a", SENTINELS["sentinel-3"], "s3.sentinel"),
]


class RedisSample(Sample):
    inside = INSIDE

    def __init__(self, name, title, fault_at, heal_after, seconds):
        super().__init__(name, title)
        self.fault_at, self.heal_after, self.seconds = fault_at, heal_after, seconds

    def up(self, folder):
        self.lab = Lab(pathlib.Path(folder))
        self.lab.up()
        self.lab.start_client("redis", f"127.0.0.1:{A}", f"127.0.0.1:{B}")

    def configuration(self):
        resources = "\n".join(f"    {name}: {{at: {place}, layer: cache}}"
                              for name, place, _, _ in RESOURCES)
        sources = "\n".join(
            f"  - {{name: {name} log, file: {self.lab.folder}/logs/{log}.log, format: redis, "
            f"resource: {name}}}" for name, _, _, log in RESOURCES)
        probes = "\n".join(
            f"  - {{probe: redis, resource: {name}, address: '127.0.0.1:{port}'"
            + (f", alias: '127.0.0.1:{port}'}}" if name.startswith("carts") else ", every: 2s}")
            for name, _, port, _ in RESOURCES)
        return f"""
estate:
  name: acme hybrid
  layers: [cache]
  regions:
    tokyo: {{code: ap-northeast-1, zones: [1a, 1c]}}
    virginia: {{code: us-east-1, zones: [1a, 1b]}}
  resources:
{resources}
  links:
    carts: {{from: carts-a, to: carts-b, kind: async, rpo: 5s}}
  services:
    carts: {{members: [{", ".join(name for name, *_ in RESOURCES)}], rto: 10s}}
sources:
{sources}
probes:
{probes}
canaries:
  - service: carts
    probe: redis
    mode: write
    table: azimuth_canary
    every: 100ms
    targets: {{carts-a: '127.0.0.1:{A}', carts-b: '127.0.0.1:{B}'}}
"""

    def schedule(self):
        return [(self.fault_at, lambda: self.lab.run("fail", "partition")),
                (self.fault_at + self.heal_after, lambda: self.lab.run("heal")),
                (self.seconds, lambda: None)]

    def truth(self, out):
        """Users stay with the old primary, and lose what they write there; short outages at heal."""
        tries = self.lab.stop_client("redis")
        rows = {int(row) for row in redis(B, "zrange", "azimuth_canary", "0", "-1").split()}
        written = acknowledged(out, 0)
        fault = fault_of(self.lab.folder)
        items = [{"service": "carts", "from": "carts-a", "to": "carts-b", "started": fault,
                  "acknowledged": len(written), "lost-writes": len(written - rows),
                  "two-writers": "true", "absent": ["stop", "restart"]}]
        tolerance = f"{max(0.3, 1.5 * PERIOD):.3f}s"
        return items + [{"service": "carts", "kind": "outage", "started": start,
                         "outage": f"{end - start:.3f}s", "tolerance": tolerance}
                        for start, end in outages(tries) if end - start >= 0.3]

    def down(self):
        self.lab.down()
