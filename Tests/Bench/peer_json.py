"""Lines and milliseconds of a JSON log by minute and status, as
`azimuth count --by minute,status --sum latency_ms`: orjson where it is installed, else json."""
import sys

try:
    from orjson import loads
except ImportError:
    from json import loads

groups = {}
with open(sys.argv[1], "rb") as file:
    for line in file:
        record = loads(line)
        key = record["time"][:16], record["status"]
        count, total = groups.get(key, (0, 0))
        groups[key] = count + 1, total + record["latency_ms"]
for key in sorted(groups):
    print(*key, *groups[key])
