"""Hostile peers against one `azimuth ingest` with every receiver, plain and behind TLS.

Each attack has to leave three things true of that process: its memory stays within a bound, others
are served meanwhile, and the attack is counted with its reason.
"""
import contextlib
import gzip
import http.client
import json
import pathlib
import random
import socket
import ssl
import threading
import unittest
import zlib

import msgpack

from forward_sender import Sender, entries, event_time, message
from program import free_port, run
from receiving import Receiving, certificate

MIB = 1 << 20
# What an attack may add to the memory of the ingester after it served its first senders. A message
# takes at most 16 MiB of what was packed, in a buffer that doubles (28 MiB were seen); ten bombs of
# 1 MiB at a time 20 MiB more, since each is received, in such a buffer, before it is looked into. A
# connection takes 7 KiB, behind TLS 25 KiB.
BOUND = 64 * MIB
BOMB = "messages that grow without measure when they are unpacked"


def bomb(gibibytes, line=b"\0" * MIB):
    """Members of gzip, each 64 MiB of nothing: about 1 MiB a GiB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    member = b"".join(packer.compress(line) for _ in range(64 * MIB // len(line)))
    return (member + packer.flush()) * (16 * gibibytes)


class HostilePeers(Receiving):
    def setUp(self):
        super().setUp()
        cert, key = certificate(self.folder)
        self.ports = {name: free_port() for name in ("f", "ft", "s", "st", "h", "ht")}
        tls = f"tls: {{certificate: {cert}, key: {key}}}"
        port = self.ports
        self.ingest(f"""
  - {{name: f, forward: 'tcp://127.0.0.1:{port["f"]}'}}
  - {{name: ft, forward: 'tls://127.0.0.1:{port["ft"]}', {tls}}}
  - {{name: s, format: plain, syslog: 'tcp://127.0.0.1:{port["s"]}'}}
  - {{name: st, format: plain, syslog: 'tls://127.0.0.1:{port["st"]}', {tls}}}
  - {{name: h, http: 'tcp://127.0.0.1:{port["h"]}'}}
  - {{name: ht, http: 'tls://127.0.0.1:{port["ht"]}', {tls}}}
""")
        self.tls = ssl.create_default_context(cafile=cert)
        self.served = 0
        # The first of everything costs memory once.
        for _ in range(3):
            self.serve()
        self.closed()
        self.quiet = self.peak()

    # The process.

    def peak(self):
        """The most memory, in bytes, since the last look: proc(5), VmHWM and clear_refs."""
        folder = pathlib.Path(f"/proc/{self.ingester.pid}")
        most = int((folder / "status").read_text().split("VmHWM:")[1].split()[0]) * 1024
        (folder / "clear_refs").write_text("5")
        return most

    def closed(self):
        """Waits until only what listens is open; the number of descriptors then."""
        self.wait(self.connections, lambda count: count == 0)
        return self.descriptors()

    def connections(self):
        """Connections that the ingester has not closed, proc_net_tcp(5)."""
        ports = {f"{port:04X}" for port in self.ports.values()}
        with open("/proc/net/tcp", encoding="ascii") as table:
            rows = [line.split() for line in table][1:]
        # ESTABLISHED, SYN_RECV and CLOSE_WAIT; FIN_WAIT2 waits for the peer, a minute long.
        return sum(row[1].split(":")[1] in ports and row[3] in ("01", "03", "08") for row in rows)

    def drops(self):
        done = run("health", "--history", self.history, "--json")
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        return {row["name"]: row["drops"] for row in rows if row["type"] == "source"}

    def wait_counted(self, source, reason, count=1, seconds=30):
        self.wait(self.drops, lambda got: got.get(source, {}).get(reason, 0) >= count, seconds)

    # The senders.

    def connect(self, name):
        return socket.create_connection(("127.0.0.1", self.ports[name]), 30)

    def secured(self, name):
        return self.tls.wrap_socket(self.connect(name), server_hostname="localhost")

    def post(self, name, body, kind="application/json", **fields):
        secure = {"context": self.tls} if name == "ht" else {}
        made = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = made("localhost", self.ports[name], timeout=60, **secure)
        with contextlib.closing(connection):
            connection.request("POST", "/", body, {"Content-Type": kind, **fields})
            return connection.getresponse().status

    def serve(self):
        """A sender of each kind is served, and answered where its protocol has an answer."""
        self.served += 1
        text = f"good-{self.served}-"
        for name, tls in (("f", False), ("ft", True)):
            with contextlib.closing(self.secured(name) if tls else self.connect(name)) as link:
                sender = Sender.of(link)
                self.assertTrue(sender.acknowledged("packed", [text + name], f"c{self.served}"))
        for name in ("h", "ht"):
            self.assertEqual(self.post(name, json.dumps({"message": text + name})), 200)
        for name in ("s", "st"):
            secure = name == "st"
            with contextlib.closing(self.secured(name) if secure else self.connect(name)) as link:
                link.sendall(f"<13>{text}{name}\n".encode())
                if secure:
                    link.unwrap()
        self.wait(lambda: run("logs", "--history", self.history, "--text", text).stdout.decode(),
                  lambda got: all(text + name in got for name in self.ports))

    @contextlib.contextmanager
    def attacked(self, bound=BOUND):
        """Others are served while it lasts and after it, within the bound."""
        self.peak()
        yield
        self.serve()
        grown = self.peak() - self.quiet
        print(f"  {self.id().rsplit('.', 1)[1]}: {grown / MIB:+.1f} MiB", flush=True)
        self.assertLess(grown, bound)

    def hung_up(self, link):
        """The peer ends the connection."""
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            while link.recv(65_536):
                pass
        link.close()

    def throw(self, link, data):
        """Sends as much as the peer takes."""
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            link.sendall(data)


class BombTests(HostilePeers):
    def test_a_gzip_bomb_of_4_gib_over_forward(self):
        whole = bomb(4)
        self.assertGreater(len(whole), MIB)
        data = msgpack.packb(["t", whole, {"compressed": "gzip", "chunk": "x"}])
        with self.attacked():
            for name, link in (("f", self.connect("f")), ("ft", self.secured("ft"))):
                self.throw(link, data)
                self.hung_up(link)
                self.wait_counted(name, BOMB)

    def test_many_gzip_bombs_at_a_time(self):
        data = msgpack.packb(["t", bomb(1), {"compressed": "gzip", "chunk": "x"}])
        with self.attacked():
            links = [self.connect("f") for _ in range(10)]
            threads = [threading.Thread(target=self.throw, args=(link, data)) for link in links]
            for thread in threads:
                thread.start()
            self.serve()
            for thread in threads:
                thread.join()
            for link in links:
                self.hung_up(link)
            self.wait_counted("f", BOMB, 10)

    def test_a_gzip_bomb_that_stays_below_the_measure_is_read_piece_by_piece(self):
        body = random.Random(1).randbytes(10).hex() + "x" * 4_000
        event = msgpack.packb([event_time(), {"log": body}])
        # A block's worth that is stored for each so many: 400 times smaller as a whole.
        plain = event * (200 * MIB // len(event))
        packed = b"".join(gzip.compress(plain[at:at + 64_000], 9)
                          for at in range(0, len(plain), 64_000))
        data = msgpack.packb(["t", packed, {"compressed": "gzip", "chunk": "x", "size": 1}])
        self.assertLess(len(plain) / len(packed), 500)
        with self.attacked(), contextlib.closing(self.connect("f")) as link:
            sender = Sender.of(link)
            sender.send(data)
            self.assertEqual(sender.read(), {"ack": "x"})

    def test_a_gzip_bomb_over_http(self):
        whole = bomb(4)
        with self.attacked():
            for name in ("h", "ht"):
                self.assertEqual(self.post(name, whole, **{"Content-Encoding": "gzip"}), 413)
                self.wait_counted(name, "requests that were too large")


class DeclaredTests(HostilePeers):
    def test_4_gib_that_are_only_declared(self):
        heads = (b"\x92\xa1t\xc6\xff\xff\xff\xff", b"\xdd\xff\xff\xff\xff",
                 b"\x92\xa1t\xdb\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff")
        with self.attacked():
            for name, link in [(name, link) for name in ("f", "ft") for link in heads]:
                peer = self.connect(name) if name == "f" else self.secured(name)
                self.throw(peer, link)
                self.hung_up(peer)
            for name in ("f", "ft"):
                self.wait(self.drops, lambda got: sum(got[name].values()) >= 4)
            # Syslog's count is of a message that is cut; HTTP's length is refused.
            slow = self.connect("s")
            slow.sendall(b"999999999 <13>declared")
            self.assertEqual(self.declares("h", 4 << 30), 413)
            self.assertEqual(self.declares("ht", 4 << 30), 413)
            self.wait_counted("h", "requests that were too large")
            slow.close()

    def declares(self, name, length):
        link = self.connect(name) if name == "h" else self.secured(name)
        with contextlib.closing(link):
            link.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                         b"Content-Length: %d\r\n\r\n" % length)
            return int(link.recv(65_536).split()[1])

    def test_ten_thousand_levels(self):
        deep = b"\x93\xa1t\x01\x81\xa1a" + b"\x91" * 10_000 + b"\x01"
        words = b'{"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}"
        with self.attacked():
            for name in ("f", "ft"):
                for data in (deep, b'["t",1,' + words + b"]"):
                    peer = self.connect(name) if name == "f" else self.secured(name)
                    self.throw(peer, data)
                    self.hung_up(peer)
                self.wait(self.drops, lambda got: sum(got[name].values()) >= 2)
            for name in ("h", "ht"):
                self.assertEqual(self.post(name, words), 400)
                self.wait_counted(name, "requests that could not be read")


class CrowdTests(HostilePeers):
    def test_a_thousand_idle_connections_and_a_thousand_that_come_and_go(self):
        before = self.closed()
        with self.attacked():
            idle = [self.connect(name) for name in ("f", "s", "h") for _ in range(1_000)]
            self.serve()
            for number in range(1_000):
                with contextlib.closing(self.connect("fsh"[number % 3])) as link:
                    if number % 2:
                        link.sendall(b"\x93\xa1t")
            self.serve()
            for link in idle:
                link.close()
            self.assertLessEqual(self.closed(), before)

    def test_connections_above_the_limit_are_refused_and_counted(self):
        before = self.closed()
        with self.attacked():
            for name in ("f", "ht"):
                crowd = [self.connect(name) for _ in range(1_100)]
                self.wait_counted(name, "connections refused: 1024 are open", 76)
                for link in crowd:
                    link.close()
                self.assertLessEqual(self.closed(), before)

    def test_slow_half_open_and_silent_senders_are_let_go_and_counted(self):
        before = self.closed()
        slow = {
            "f": b"\x93\xa1t\xc6\x03\x00\x00\x00", "s": b"900000000 <13>slow",
            "h": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"message\":",
        }
        with self.attacked():
            crowd = []
            for name, data in slow.items():
                for _ in range(100):
                    crowd.append(self.connect(name))
                    self.throw(crowd[-1], data + b"x" * 1_000 * (name == "f"))
                crowd += [self.connect(name) for _ in range(100)]
            for name in ("ft", "st", "ht"):
                for number in range(100):
                    crowd.append(self.connect(name))
                    # The head of a record that would hold a hello.
                    crowd[-1].sendall(b"\x16\x03\x01\x02\x00\x01" * (number % 2))
            self.serve()
            for name in ("ft", "st", "ht"):
                self.wait_counted(name, "connections closed: the handshake took too long", 100)
            for name in slow:
                self.wait_counted(name, "messages unfinished: their senders stalled", 100, 90)
                self.wait_counted(name, "connections closed: nothing came over them", 100, 90)
            self.assertLessEqual(self.closed(), before)
            for link in crowd:
                link.close()


if __name__ == "__main__":
    unittest.main()
