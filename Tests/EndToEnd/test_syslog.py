"""Real senders of syslog against `azimuth ingest`: what each sends is in the history."""
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import threading

from program import ROOT, free_port
from receiving import Receiving, certificate, need, python_with, skip

SENT = ROOT / ".build" / "syslog-ng"

HANDLERS = """
import logging, logging.handlers, socket, sys
udp, tcp, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
log = logging.getLogger("py")
log.setLevel("DEBUG")
for handler, words in (
        (logging.handlers.SysLogHandler(("127.0.0.1", udp), facility="local2"), "python udp"),
        (logging.handlers.SysLogHandler(path), "python unix"),
        (logging.handlers.SysLogHandler(("127.0.0.1", tcp), socktype=socket.SOCK_STREAM), "python tcp")):
    log.addHandler(handler)
    log.error(words + " caf\\u00e9")
    log.warning(words + " second\\nof two lines")
    handler.close()
    log.removeHandler(handler)
"""

RFC5424 = """
import logging, sys
from rfc5424logging import Rfc5424SysLogHandler
log = logging.getLogger("py5424")
log.addHandler(Rfc5424SysLogHandler(address=("127.0.0.1", int(sys.argv[1]))))
log.error("python 5424", extra={"structured_data": {"azi@1": {"key": 'a "b" ]'}}})
"""


class LoggerTests(Receiving):
    def test_logger_in_all_its_modes(self):
        logger = need("logger")
        udp, tcp = free_port(), free_port()
        path = self.folder / "log.sock"
        self.ingest(f"  - {{name: s, syslog: ['udp://127.0.0.1:{udp}', 'tcp://127.0.0.1:{tcp}',"
                    f" 'unix-datagram:{path}'], format: plain}}\n")
        over = {"udp": ["-n", "127.0.0.1", "-P", udp, "-d"], "tcp": ["-n", "127.0.0.1", "-P", tcp, "-T"]}
        modes = {
            "udp default": over["udp"], "udp rfc3164": over["udp"] + ["--rfc3164", "-i"],
            "udp rfc5424": over["udp"] + ["--rfc5424=notime,nohost,notq"],
            "udp structured": over["udp"] + ["--msgid", "M1", "--sd-id", "azi@1", "--sd-param",
                                             'k="a \\" b"'],
            "tcp default": over["tcp"], "tcp rfc3164": over["tcp"] + ["--rfc3164"],
            "tcp counted": over["tcp"] + ["--octet-count"], "unix": ["-u", path],
        }
        for mode, words in modes.items():
            done = subprocess.run(
                [logger, "-p", "local3.warning", "-t", "azi", *map(str, words), f"by {mode}"],
                capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, f"{mode}: {done.stderr}")
        # Several messages of one connection, counted and glued.
        lines = self.file("lines", "".join(f"counted line {n}\n" for n in range(50)))
        subprocess.run([logger, "-t", "azi", *map(str, over["tcp"]), "--octet-count", "-f", lines],
                       check=True)
        got = self.wait_for(*(f"by {mode}" for mode in modes), "counted line 49")
        self.assertEqual(len(got), len(modes) + 50)
        by = {mode: next(line for line in got if line.endswith(f"by {mode}")) for mode in modes}
        for mode, line in by.items():
            self.assertTrue(line.startswith("<156>"), f"{mode}: {line}")
        self.assertTrue(by["tcp counted"].startswith("<156>1 2"), by["tcp counted"])
        self.assertRegex(by["udp rfc3164"], r"^<156>\w{3} [ \d]\d \d\d:\d\d:\d\d \S+ azi\[\d+\]: by")
        self.assertRegex(by["unix"], r"^<156>\w{3} [ \d]\d \d\d:\d\d:\d\d azi: by unix$")
        self.assertIn('[azi@1 k="a \\" b"]', by["udp structured"])
        counted = [line for line in got if "counted line" in line]
        self.assertEqual([line.rsplit(" ", 1)[1] for line in counted], [str(n) for n in range(50)])

    def test_the_level_comes_from_the_priority(self):
        logger, udp = need("logger"), free_port()
        self.ingest(f"  - {{name: s, syslog: 'udp://127.0.0.1:{udp}'}}\n")
        for level in ("err", "debug"):
            subprocess.run([logger, "-n", "127.0.0.1", "-P", str(udp), "-d", "-p", f"user.{level}",
                            "-t", "azi", f"said as {level}"], check=True)
        with socket.socket(type=socket.SOCK_DGRAM) as sender:
            sender.sendto(b"no priority at all", ("127.0.0.1", udp))
        self.wait_for("said as err", "said as debug", "no priority at all")
        levels = {line["message"]: line["level"] for line in self.logs()}
        found = {text: level for message, level in levels.items() for text in
                 ("said as err", "said as debug", "no priority at all") if text in message}
        self.assertEqual(found, {"said as err": "error", "said as debug": "debug",
                                 "no priority at all": "notice"})


class ShapeTests(Receiving):
    """Scenarios of messages that keep to no standard: none is dropped."""

    def read(self, *messages):
        """Level and message of each."""
        udp = free_port()
        self.ingest(f"  - {{name: s, syslog: 'udp://127.0.0.1:{udp}'}}\n")
        with socket.socket(type=socket.SOCK_DGRAM) as sender:
            for message in messages:
                sender.sendto(message, ("127.0.0.1", udp))
        got = self.wait(self.logs, lambda got: len(got) >= len(messages))
        return [(line["level"], line["message"]) for line in got]

    def test_S06_without_a_priority_that_can_be_read_it_is_a_notice(self):
        whole = ["none", "<192>above", "<>empty", "<999>far above", "<>", "<1911>four digits",
                 "<-1>below", "<13", "<1 3>blank"]
        self.assertEqual(self.read(*map(str.encode, whole)), [("notice", text) for text in whole])

    def test_S07_no_host_no_time_rfc_3339_and_parts_of_a_second(self):
        self.assertEqual(self.read(
            b"<11>app: no host, no time", b"<12>Nov 23 06:52:30 app: no host",
            b"<14>2026-11-23T06:52:30.739815+00:00 vm app: 3339",
            b"<15>Nov 23 06:52:30.123 vm app[7]: parts"),
            [("error", "app: no host, no time"), ("warn", "app: no host"), ("info", "app: 3339"),
             ("debug", "app[7]: parts")])

    def test_S09_structured_data_of_rfc_5424(self):
        head = b"<11>1 2026-11-23T06:52:30Z vm app 7 ID "
        shapes = {
            b'[a@1 k="1"][b@2 l="2"] two': "two", b"[a@1] empty": "empty",
            b'[a.b.c@1.2.3 k="v"] dots': "dots", b"[broken x] broken": "[broken x] broken",
            b'[a@1 k="\\]\\"\\\\"] brackets': "brackets", b'[a@1 k="1"]': "", b"-": "",
            b"- \xef\xbb\xbfwith a BOM": "with a BOM",
            b'[a@1 k="never closed': '[a@1 k="never closed',
        }
        self.assertEqual(self.read(*(head + shape for shape in shapes)),
                         [("error", text) for text in shapes.values()])


class PythonTests(Receiving):
    def test_the_handlers_of_the_standard_library(self):
        udp, tcp = free_port(), free_port()
        path = self.folder / "log.sock"
        self.ingest(f"  - {{name: s, syslog: ['udp://127.0.0.1:{udp}', 'tcp://127.0.0.1:{tcp}',"
                    f" 'unix-datagram:{path}'], format: plain}}\n")
        script = self.file("send.py", HANDLERS)
        subprocess.run(["/usr/bin/python3", script, str(udp), str(tcp), path], check=True)
        got = self.wait_for(*(f"python {way} second" for way in ("udp", "tcp", "unix")))
        for way in ("udp", "unix"):
            self.assertTrue(any(f"python {way} caf\u00e9" in line for line in got), got)
            self.assertTrue(any(line.endswith(f"python {way} second\nof two lines") for line in got))
        self.assertFalse(any("\0" in line for line in got))
        self.assertIn("<147>python udp caf\u00e9", got)

    def test_the_rfc5424_handler(self):
        python, udp = python_with("rfc5424-logging-handler"), free_port()
        self.ingest(f"  - {{name: s, syslog: 'udp://127.0.0.1:{udp}', format: plain}}\n")
        script = self.file("send.py", RFC5424)
        subprocess.run([python, script, str(udp)], check=True)
        line = self.wait_for("python 5424")[0]
        self.assertIn("[azi@1 ", line)
        self.assertIn("\ufeffpython 5424", line)

    def test_a_pickle_is_refused_and_counted(self):
        tcp = free_port()
        self.ingest(f"  - {{name: s, syslog: 'tcp://127.0.0.1:{tcp}', format: plain}}\n")
        script = self.file("send.py", "import logging, logging.handlers, sys\n"
                           "log = logging.getLogger('p')\n"
                           "log.addHandler(logging.handlers.SocketHandler('127.0.0.1',"
                           " int(sys.argv[1])))\nlog.error('pickled')\n")
        subprocess.run(["/usr/bin/python3", script, str(tcp)], check=True)
        self.wait_said("Python pickle", "SysLogHandler")
        self.assertEqual(self.messages(), [])


class RsyslogTests(Receiving):
    def rsyslog(self, actions, modules=""):
        """Forwards what is in a file; `actions` is the ruleset."""
        program = need("rsyslogd")
        lines = self.file("in.log", "".join(f"rsyslog line {n} \\ \"x\"\n" for n in range(1000)))
        self.folder.joinpath("work").mkdir(exist_ok=True)
        config = self.file("rsyslog.conf", f"""
global(workDirectory="{self.folder}/work")
{modules}
module(load="imfile")
input(type="imfile" file="{lines}" tag="azi" ruleset="r")
ruleset(name="r") {{
{actions}
}}
""")
        return self.start(program, "-n", "-f", config, "-i", self.folder / "rsyslog.pid")

    def every(self, source, count=1000):
        got = self.wait(lambda: self.messages(source), lambda got: len(got) >= count)
        numbers = [int(line.split("rsyslog line ")[1].split(" ")[0]) for line in got]
        self.assertEqual(numbers, list(range(count)), f"of {source}")
        return got

    def test_omfwd_by_udp_tcp_and_counted(self):
        ports = {name: free_port() for name in ("tcp", "octet", "new", "udp")}
        self.ingest("".join(
            f"  - {{name: {name}, syslog: '{'udp' if name == 'udp' else 'tcp'}://127.0.0.1:{port}',"
            " format: plain}\n" for name, port in ports.items()))
        action = 'action(type="omfwd" target="127.0.0.1" port="{}" {})'
        self.rsyslog("\n".join((
            action.format(ports["tcp"], 'protocol="tcp"'),
            action.format(ports["octet"], 'protocol="tcp" TCP_Framing="octet-counted"'),
            action.format(ports["new"], 'protocol="tcp" TCP_Framing="octet-counted"'
                          ' template="RSYSLOG_SyslogProtocol23Format"'),
            action.format(ports["udp"], 'protocol="udp"'))))
        for name in ports:
            got = self.every(name)
            self.assertTrue(all(line.startswith("<") and line.endswith(' \\ "x"') for line in got))
        self.assertRegex(self.messages("new")[0], r"^<133>1 2\d{3}-\S+ \S+ azi - - -  ?rsyslog")

    def test_omfwd_over_tls(self):
        if not list(pathlib.Path("/usr/lib").glob("*/rsyslog/lmnsd_gtls.so")):
            skip("rsyslog-gnutls is not installed: .ci/setup test")
        port = free_port()
        cert, key = certificate(self.folder)
        self.ingest(f"  - {{name: tls, syslog: 'tls://127.0.0.1:{port}', format: plain,"
                    f" tls: {{certificate: {cert}, key: {key}}}}}\n")
        self.rsyslog(
            f'action(type="omfwd" target="127.0.0.1" port="{port}" protocol="tcp"'
            ' TCP_Framing="octet-counted" StreamDriver="gtls" StreamDriverMode="1"'
            ' StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="localhost")',
            f'global(DefaultNetstreamDriverCAFile="{cert}")')
        self.every("tls")

    def test_a_compressed_stream_is_refused_and_counted(self):
        port = free_port()
        self.ingest(f"  - {{name: s, syslog: 'tcp://127.0.0.1:{port}', format: plain}}\n")
        self.rsyslog(f'action(type="omfwd" target="127.0.0.1" port="{port}" protocol="tcp"'
                     ' compression.mode="stream:always")')
        self.wait_said("compressed data")
        self.assertEqual(self.messages(), [])


def syslog_ng():
    """The program, its module folder and environment: Debian's package beside rsyslog's."""
    root = SENT / "root"
    if not (root / "usr/sbin/syslog-ng").exists():
        shutil.rmtree(SENT, True)
        root.mkdir(parents=True)
        for package in ("syslog-ng-core", "libivykis0", "libnet1", "libjson-c5", "libwrap0",
                        "libpcre3"):
            done = subprocess.run(["apt-get", "-q", "download", package], cwd=SENT,
                                  capture_output=True, text=True)
            if done.returncode != 0:
                shutil.rmtree(SENT, True)
                skip(f"{package} cannot be fetched: {done.stderr[-300:]}")
        for package in SENT.glob("*.deb"):
            subprocess.run(["dpkg", "-x", package, root], check=True)
    folders = sorted({str(path.parent) for path in root.rglob("*.so*")})
    modules = next((root / "usr/lib/syslog-ng").glob("[0-9]*"))
    environment = dict(os.environ, LD_LIBRARY_PATH=":".join(folders))
    program = root / "usr/sbin/syslog-ng"
    version = subprocess.run([program, "--version"], capture_output=True, env=environment)
    if version.returncode != 0:
        skip(f"syslog-ng does not run beside: {version.stderr.decode()[-300:]}")
    return program, modules, environment


class SyslogNGTests(Receiving):
    def test_network_and_syslog_destinations(self):
        program, modules, environment = syslog_ng()
        ports = {name: free_port() for name in ("tcp", "udp", "syslog")}
        self.ingest("".join(
            f"  - {{name: {name}, syslog: '{'udp' if name == 'udp' else 'tcp'}://127.0.0.1:{port}',"
            " format: plain}\n" for name, port in ports.items()))
        lines = self.file("in.log", "".join(f"ng line {n}\n" for n in range(200)))
        config = self.file("ng.conf", f"""@version: 3.35
source s {{ file("{lines}" flags(no-parse) read-old-records(yes)); }};
destination tcp {{ network("127.0.0.1" port({ports["tcp"]})); }};
destination udp {{ network("127.0.0.1" port({ports["udp"]}) transport("udp")); }};
destination syslog {{ syslog("127.0.0.1" port({ports["syslog"]}) transport("tcp")); }};
log {{ source(s); destination(tcp); destination(udp); destination(syslog); }};
""")
        self.start(program, "-F", "--no-caps", "-f", config, "--module-path", modules,
                   "-R", self.folder / "ng.persist", "-p", self.folder / "ng.pid",
                   "-c", self.folder / "ng.ctl", env=environment)
        for name in ports:
            got = self.wait(lambda: self.messages(name), lambda got: len(got) >= 200)
            numbers = [int(line.rsplit("ng line ", 1)[1]) for line in got]
            self.assertEqual(sorted(numbers), list(range(200)), f"of {name}")
        self.assertIn(" - - [meta sequenceId=", self.messages("syslog")[0])


class ProxyTests(Receiving):
    def test_nginx_access_and_error_log(self):
        nginx, udp, port = need("nginx"), free_port(), free_port()
        self.ingest(f"  - {{name: s, syslog: 'udp://127.0.0.1:{udp}', format: plain}}\n")
        config = self.file("nginx.conf", f"""
daemon off; pid {self.folder}/nginx.pid; error_log syslog:server=127.0.0.1:{udp},tag=ngerr info;
events {{}}
http {{
  access_log syslog:server=127.0.0.1:{udp},nohostname,tag=ngacc combined;
  client_body_temp_path {self.folder}; proxy_temp_path {self.folder}; fastcgi_temp_path {self.folder};
  uwsgi_temp_path {self.folder}; scgi_temp_path {self.folder};
  server {{ listen 127.0.0.1:{port}; location / {{ return 200 ok; }} location /none {{ root /nowhere; }} }}
}}
""")
        self.start(nginx, "-c", config, "-p", self.folder)
        self.wait(lambda: subprocess.run(["curl", "-s", "-A", 'a "b"', f"http://127.0.0.1:{port}/path"],
                                         capture_output=True).stdout, lambda got: got == b"ok")
        subprocess.run(["curl", "-s", f"http://127.0.0.1:{port}/none"], capture_output=True)
        got = self.wait_for("GET /path HTTP/1.1", "/nowhere/none")
        access = next(line for line in got if "GET /path" in line)
        self.assertRegex(access, r'^<190>\w{3} [ \d]\d \d\d:\d\d:\d\d ngacc: 127\.0\.0\.1 - - \[')
        self.assertIn(r'a \x22b\x22', access)
        self.assertTrue(any("ngerr: " in line and "/nowhere/none" in line for line in got), got)

    def test_haproxy_in_its_formats(self):
        haproxy, udp, port = need("haproxy"), free_port(), free_port()
        path = self.folder / "log.sock"
        self.ingest(f"  - {{name: s, syslog: ['udp://127.0.0.1:{udp}', 'unix-datagram:{path}'],"
                    " format: plain}\n")
        config = self.file("haproxy.cfg", f"""
global
  log 127.0.0.1:{udp} format rfc3164 local0
  log 127.0.0.1:{udp} format rfc5424 local1
  log {path} format rfc3164 local2
defaults
  mode http
  log global
  option httplog
  timeout client 5s
  timeout server 5s
  timeout connect 5s
frontend fe
  bind 127.0.0.1:{port}
  http-request return status 200 content-type text/plain string ok
""")
        self.start(haproxy, "-db", "-f", config)
        self.wait(lambda: subprocess.run(["curl", "-s", f"http://127.0.0.1:{port}/hap"],
                                         capture_output=True).stdout, lambda got: got == b"ok")

        def heads(got):
            return {line.split(">")[0] for line in got if "GET /hap" in line}
        got = self.wait(self.messages, lambda got: heads(got) == {"<134", "<142", "<150"})
        self.assertTrue(any(line.startswith("<142>1 2") for line in got), got)


class HostileTests(Receiving):
    def test_idle_connections_slow_senders_and_half_open_tls_leave_others_served(self):
        tcp, tls = free_port(), free_port()
        cert, key = certificate(self.folder)
        self.ingest(f"  - {{name: s, syslog: ['tcp://127.0.0.1:{tcp}', 'tls://127.0.0.1:{tls}'],"
                    f" format: plain, tls: {{certificate: {cert}, key: {key}}}}}\n")
        before = self.descriptors()
        idle = [socket.create_connection(("127.0.0.1", tcp)) for _ in range(900)]
        half = [socket.create_connection(("127.0.0.1", tls)) for _ in range(50)]
        for connection in half[:25]:
            connection.sendall(b"\x16\x03\x01")
        slow = [socket.create_connection(("127.0.0.1", tcp)) for _ in range(20)]
        for connection in slow:
            connection.sendall(b"900000000 <13>")
        block = b"x" * 65536
        for number in range(200):
            with socket.create_connection(("127.0.0.1", tcp)) as churn:
                churn.sendall(f"<13>churn {number}\n".encode())
        for _ in range(100):
            slow[0].sendall(block)
        context = ssl.create_default_context(cafile=cert)
        with socket.create_connection(("127.0.0.1", tls)) as plain, \
                context.wrap_socket(plain, server_hostname="localhost") as secure:
            secure.sendall(b"9 <13>tls ok")
        got = self.wait(self.messages, lambda got: sum("churn" in line for line in got) == 200
                        and any("tls ok"[:5] in line for line in got))
        self.assertEqual({int(line.split()[1]) for line in got if "churn" in line}, set(range(200)))
        self.assertLess(self.memory(), 200_000)
        for connection in idle + half + slow:
            connection.close()
        self.wait(self.descriptors, lambda count: count <= before + 5)

    def test_connections_over_the_limit_are_refused_and_counted(self):
        tcp = free_port()
        self.ingest(f"  - {{name: s, syslog: 'tcp://127.0.0.1:{tcp}', format: plain}}\n")
        held = []
        for _ in range(1100):
            held.append(socket.create_connection(("127.0.0.1", tcp)))
        self.wait_said("connections refused: 1024 are open")
        for connection in held:
            connection.close()
        self.wait(lambda: self._sent(tcp), bool)

    def _sent(self, port):
        with socket.create_connection(("127.0.0.1", port)) as sender:
            sender.sendall(b"<13>after the flood\n")
        return any("after the flood" in line for line in self.messages())

    def test_a_term_under_load_keeps_what_was_taken(self):
        tcp = free_port()
        self.ingest(f"  - {{name: s, syslog: 'tcp://127.0.0.1:{tcp}', format: plain}}\n")
        sent = []

        def send():
            with socket.create_connection(("127.0.0.1", tcp)) as sender:
                try:
                    for number in range(1_000_000):
                        sender.sendall(b"<13>load %d\n" % number)
                        sent.append(number)
                except OSError:
                    pass
        thread = threading.Thread(target=send)
        thread.start()
        self.wait_for("load 100")
        self.end()
        thread.join(20)
        numbers = [int(line.split()[1]) for line in self.messages() if line.startswith("<13>load")]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))


if __name__ == "__main__":
    import unittest
    unittest.main()
