#!/usr/bin/env python3
"""Breaks a real PostgreSQL pair while azimuth watches, and holds its report to the truth.

    pg_failover.py [--modes kill,lagged,replaylag,healthy] [--times 1] [--healthy-seconds 600]

Prints one line a run; ends with 1 when one is off. What is held: failover_lab.py.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from failover_lab import System, main
from postgres_lab import ADDRESS, LAB, PRIMARY, STANDBY, Pair, psql


class PostgreSQL(System):
    script = LAB
    calm_modes = ("healthy", "replaylag")
    absent = ["stop", "address"]

    def pair(self, folder):
        return Pair(folder)

    def rows(self):
        return {int(row) for row in psql(STANDBY, "select seq from azimuth_canary").split()}

    def configuration(self, pair):
        return f"""
estate:
  name: lab
  layers: [data]
  regions:
    tokyo: {{code: ap-northeast-1, zones: [1a, 1c]}}
  resources:
    orders-a: {{at: tokyo/1a, layer: data}}
    orders-b: {{at: tokyo/1c, layer: data}}
  links:
    orders: {{from: orders-a, to: orders-b, kind: "streaming, async", rpo: 5s}}
  services:
    orders: {{members: [orders-a, orders-b], rto: 30s}}
sources:
  - {{file: {pair.log("n1")}, format: postgresql, resource: orders-a}}
  - {{file: {pair.log("n2")}, format: postgresql, resource: orders-b}}
probes:
  - {{probe: postgresql, resource: orders-a, address: "{ADDRESS.format(PRIMARY)}", alias: n1}}
  - {{probe: postgresql, resource: orders-b, address: "{ADDRESS.format(STANDBY)}", alias: n2}}
canaries:
  - service: orders
    probe: postgresql
    mode: write
    table: azimuth_canary
    every: 100ms
    targets:
      orders-a: "{ADDRESS.format(PRIMARY)}"
      orders-b: "{ADDRESS.format(STANDBY)}"
"""


if __name__ == "__main__":
    main(PostgreSQL(), __doc__)
