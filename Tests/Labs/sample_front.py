"""The sample front: a virtual address that moves, and a balancer with a server that hangs.

    gateway  shinagawa (on-prem): a keepalived pair and their address
    shop     tokyo: HAProxy before web-1 (1a) and web-2 (1c)

Both labs at once; HAProxy's runs in the network namespace of keepalived's client.
"""
import ctypes
import os
import subprocess

from failover_lab import LABS, PERIOD, LabPair, outages
from haproxy_failover import FRONT, Client
from keepalived_failover import INSIDE, SCRIPT, Pair
from sample import Sample, fault_of

TOLERANCE = f"{max(0.3, 1.5 * PERIOD):.3f}s"


class InsidePair(LabPair):
    """HAProxy and its servers, where keepalived's client is."""

    def run(self, *words, timeout=120):
        environment = dict(os.environ, LAB_DIR=str(self.folder))
        return subprocess.run([*INSIDE, "bash", str(self.script), *words], env=environment,
                              timeout=timeout, check=True, capture_output=True, text=True).stdout


class InsideClient(Client):
    """Its thread enters the namespace; the others stay out."""

    def run(self):
        libc = ctypes.CDLL(None, use_errno=True)
        with open("/run/netns/lab-ka-c") as namespace:
            if libc.setns(namespace.fileno(), 0x40000000) != 0:  # CLONE_NEWNET
                raise OSError(ctypes.get_errno(), "setns")
        super().run()


class FrontSample(Sample):
    inside = INSIDE

    def __init__(self, name, title, hang_at, kill_at, seconds):
        super().__init__(name, title)
        self.hang_at, self.kill_at, self.seconds = hang_at, kill_at, seconds

    def up(self, folder):
        self.gateway = Pair(SCRIPT, folder / "keepalived")
        self.shop = InsidePair(LABS / "haproxy.sh", folder / "haproxy")
        self.gateway.up()
        self.shop.run("up", timeout=900)
        self.gateway.start_client()
        self.client = InsideClient()
        self.client.start()

    def configuration(self):
        gateway, shop, socket = self.gateway.folder, self.shop.folder, f"{self.shop.folder}/ha.sock"
        return f"""
estate:
  name: acme hybrid
  layers: [edge, web]
  regions:
    tokyo: {{code: ap-northeast-1, zones: [1a, 1c]}}
  sites:
    shinagawa: {{code: on-prem}}
  resources:
    gw-a: {{at: shinagawa, layer: edge}}
    gw-b: {{at: shinagawa, layer: edge}}
    lb: {{at: tokyo, layer: edge}}
    web-1: {{at: tokyo/1a, layer: web}}
    web-2: {{at: tokyo/1c, layer: web}}
  services:
    gateway: {{members: [gw-a, gw-b], rto: 10s}}
    shop: {{members: [lb], rto: 10s}}
sources:
  - {{name: gw-a log, file: {gateway}/logs/ka1.out, format: keepalived, resource: gw-a}}
  - {{name: gw-b log, file: {gateway}/logs/ka2.out, format: keepalived, resource: gw-b}}
  - {{name: lb log, file: {shop}/logs/haproxy.log, format: haproxy, resource: lb}}
probes:
  - {{probe: keepalived, resource: gw-a, address: 10.77.0.100 netns=lab-ka-1}}
  - {{probe: keepalived, resource: gw-b, address: 10.77.0.100 netns=lab-ka-2}}
  - {{probe: haproxy, resource: lb, address: "{socket}", every: 2s}}
  - {{probe: haproxy, resource: web-1, address: "{socket} be/web1", alias: be/web1}}
  - {{probe: haproxy, resource: web-2, address: "{socket} be/web2", alias: be/web2}}
canaries:
  - {{service: gateway, probe: tcp, every: 100ms, timeout: 200ms,
     targets: {{gw-a: "10.77.0.100:7700"}}}}
  - {{service: shop, probe: http, every: 100ms, timeout: 200ms,
     targets: {{lb: "http://127.0.0.1:{FRONT}/"}}}}
"""

    def schedule(self):
        return [(self.hang_at, lambda: self.shop.run("fail", "hang")),
                (self.hang_at + 25, lambda: self.shop.run("heal")),
                (self.kill_at, lambda: self.gateway.run("fail")),
                (self.kill_at + 18, lambda: self.gateway.run("heal")),
                (self.seconds, lambda: None)]

    def truth(self, out):
        self.gateway.stop_client()
        felt = outages(self.gateway.stop_short_client())
        fault = fault_of(self.gateway.folder)
        there = self.gateway.notified(2, "MASTER", fault)
        back = self.gateway.notified(1, "MASTER", there)
        shop = [{"service": "shop", "kind": "outage", "started": start,
                 "outage": f"{end - start:.3f}s", "tolerance": TOLERANCE,
                 "absent": ["stop", "switch", "restart"]}
                for start, end in outages(self.client.stop())]
        # A dead link is noticed by the holder itself, which gives up before it is killed.
        return shop + [self.moved("gw-a", "gw-b", there, felt),
                       self.moved("gw-b", "gw-a", back, felt)]

    @staticmethod
    def moved(old, new, at, felt):
        """A move of the address, and what users felt around it."""
        item = {"service": "gateway", "from": old, "to": new, "started": at, "absent": ["restart"]}
        for start, end in felt:
            if start <= at + 1 <= end + 3:
                item |= {"started": start, "outage": f"{end - start:.3f}s", "tolerance": TOLERANCE}
        return item

    def down(self):
        if hasattr(self, "client"):
            self.client.stop()
        self.shop.run("down")
        self.gateway.down()
