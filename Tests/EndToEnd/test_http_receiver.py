"""Senders over HTTP against `azimuth ingest`: curl, OTLP's own SDK, and hostile ones."""
import gzip
import http.client
import json
import socket
import subprocess
import threading
import zlib

from program import free_port, run
from receiving import Receiving, certificate, need, python_with

OTLP = """
import json, logging, sys, urllib.request
from google.protobuf.json_format import MessageToDict
from opentelemetry.exporter.otlp.proto.common._log_encoder import encode_logs
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
try:
    from opentelemetry.sdk._logs.export import LogExporter, LogExportResult as Result
except ImportError:
    from opentelemetry.sdk._logs.export import LogRecordExporter as LogExporter
    from opentelemetry.sdk._logs.export import LogRecordExportResult as Result
from opentelemetry.sdk.resources import Resource

class JSONExporter(LogExporter):
    def export(self, batch):
        body = json.dumps(MessageToDict(encode_logs(batch), use_integers_for_enums=True)).encode()
        request = urllib.request.Request(sys.argv[1], body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            print(answer.status, answer.read().decode())
        return Result.SUCCESS

    def shutdown(self):
        pass

    def force_flush(self, timeout_millis=0):
        return True

provider = LoggerProvider(resource=Resource.create({"service.name": "shop", "host.name": "web-1"}))
provider.add_log_record_processor(BatchLogRecordProcessor(JSONExporter()))
log = logging.getLogger("checkout")
log.setLevel("DEBUG")
log.addHandler(LoggingHandler(logger_provider=provider))
log.error("payment failed", extra={"order": 4711})
log.info("payment tried again")
provider.shutdown()
"""


class HTTPTests(Receiving):
    def receive(self, more="", scheme="tcp"):
        self.port = free_port()
        self.ingest(f"  - {{name: h, http: '{scheme}://127.0.0.1:{self.port}'{more}}}\n")

    def curl(self, *words, path="/", data=None, scheme="http"):
        """The status and the answer."""
        done = subprocess.run(
            [need("curl"), "-sS", "-w", "\n%{http_code}", *words,
             f"{scheme}://127.0.0.1:{self.port}{path}"], input=data, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        body, status = done.stdout.rsplit(b"\n", 1)
        return int(status), json.loads(body) if body else None

    def post(self, data, kind="application/json", *words, path="/"):
        return self.curl("-H", f"Content-Type: {kind}", *words, "--data-binary", "@-", path=path,
                         data=data if isinstance(data, bytes) else data.encode())

    def events(self, count):
        got = self.wait(self.messages, lambda got: len(got) >= count)
        self.assertEqual(len(got), count, got)
        return got


class GoodTests(HTTPTests):
    def test_an_answer_of_200_means_that_the_history_has_it(self):
        self.receive()
        for number in range(3):
            self.assertEqual(self.post('{"n":%d}' % number), (200, {"events": 1}))
            # No waiting: it is there when the answer is.
            self.assertEqual(len(self.messages()), number + 1)

    def test_lines_arrays_objects_and_text(self):
        self.receive()
        self.assertEqual(self.post('{"message":"a"}\n{"message":"b"}\n', "application/x-ndjson"),
                         (200, {"events": 2}))
        self.assertEqual(self.post('[{"message":"c"}, {"message":"d"}]', path="/logs"),
                         (200, {"events": 2}))
        self.assertEqual(self.post('{\n  "message": "e f"\n}'), (200, {"events": 1}))
        self.assertEqual(self.post("text one\ntext two\n", "text/plain"), (200, {"events": 2}))
        self.assertEqual(self.curl("-d", '{"message":"form"}'), (200, {"events": 1}))
        self.assertEqual(self.curl("-H", "Transfer-Encoding: chunked", "--data-binary", "@-",
                                   data=b'{"message":"chunked"}'), (200, {"events": 1}))
        self.assertEqual(self.post("[]"), (200, {"events": 0}))
        got = " ".join(self.events(9))
        for word in ("a", "b", "c", "d", "e f", "text one", "text two", "form", "chunked"):
            self.assertIn(word, got)

    def test_gzip_in_one_member_and_several(self):
        self.receive()
        body = b"".join(b'{"message":"packed %d"}\n' % n for n in range(1000))
        self.assertEqual(self.post(gzip.compress(body), "application/json", "-H",
                                   "Content-Encoding: gzip"), (200, {"events": 1000}))
        two = gzip.compress(b'{"message":"x"}') + gzip.compress(b'{"message":"y"}')
        self.assertEqual(self.post(two, "application/json", "-H", "Content-Encoding: gzip"),
                         (200, {"events": 2}))
        self.events(1002)

    def test_a_large_body_waits_for_a_word_and_is_taken(self):
        self.receive()
        body = b"".join(b'{"message":"%d %s"}\n' % (n, b"x" * 200) for n in range(20_000))
        self.assertEqual(self.post(body, "application/json", "-H", "Expect: 100-continue"),
                         (200, {"events": 20_000}))
        self.events(20_000)

    def test_tls_and_bearer_tokens(self):
        tokens = self.file("tokens", "# who may send\nfirst-token\nsecond-token\n")
        tokens.chmod(0o600)
        cert, key = certificate(self.folder)
        self.receive(f", tokens_file: {tokens}, tls: {{certificate: {cert}, key: {key}}}", "tls")
        base = ["--cacert", cert, "-d", '{"message":"m"}']
        for token, status in (("first-token", 200), ("second-token", 200), ("first-tokem", 401),
                              ("", 401), ("first-token x", 401)):
            words = ["-H", f"Authorization: Bearer {token}"] if token else []
            got, body = self.curl(*base, *words, scheme="https")
            self.assertEqual(got, status, token)
            if status == 401:
                self.assertIn("bearer token", body["message"])
        self.events(2)
        self.end()
        said = "".join(self.said) + self.history.read_bytes().decode("latin-1")
        for secret in ("first-token", "first-tokem", "second-token"):
            self.assertNotIn(secret, said)

    def test_the_sdk_of_opentelemetry(self):
        python = python_with("opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-http")
        self.receive()
        script = self.file("otlp.py", OTLP)
        done = subprocess.run([python, script, f"http://127.0.0.1:{self.port}/v1/logs"],
                              capture_output=True, text=True)
        self.assertEqual(done.stdout, "200 {}\n", done.stderr)
        self.events(2)
        logs = self.logs()
        self.assertIn("payment failed", logs[0]["message"])
        self.assertIn("payment tried again", logs[1]["message"])

    def test_a_socket_of_the_file_system(self):
        path = self.folder / "http.sock"
        self.ingest(f"  - {{name: h, http: 'unix:{path}'}}\n")
        done = subprocess.run([need("curl"), "-sS", "--unix-socket", path, "-d", '{"message":"u"}',
                               "http://localhost/"], capture_output=True)
        self.assertEqual(done.stdout, b'{"events":1}', done.stderr)


class BadTests(HTTPTests):
    def test_bad_requests_are_refused_with_words_and_counted(self):
        self.receive()
        for (status, word), got in {
            (400, "byte 7"): self.post('{"a":1'),
            (400, "event 2 is no object"): self.post('[{"a":1}, 2]'),
            (400, "no gzip"): self.post("x", "application/json", "-H", "Content-Encoding: gzip"),
            (400, "128 levels"): self.post('{"a":' + "[" * 10_000 + "]" * 10_000 + "}"),
            (404, "/v1/logs"): self.post("{}", path="/v1/traces"),
            (404, "at /, /logs"): self.post("{}", path="/upload"),
            (405, "POST"): self.curl(),
            (411, "Content-Length"): self.curl("-X", "POST"),
            (415, "protobuf"): self.post("x", "application/x-protobuf", path="/v1/logs"),
            (415, "application/json"): self.post("x", "image/png"),
            (415, "gzip"): self.post("x", "application/json", "-H", "Content-Encoding: br"),
        }.items():
            self.assertEqual(got[0], status, got)
            self.assertIn(word, got[1]["message"])
        self.assertEqual(self.post('{"message":"good"}')[0], 200)
        self.assertEqual(len(self.events(1)), 1)
        self.wait_said("requests that could not be read", "requests of a type that is not taken")

    def test_of_a_request_with_one_bad_line_nothing_is_kept(self):
        self.receive()
        status, body = self.post('{"message":"first"}\n{"message":\n{"message":"third"}\n')
        self.assertEqual(status, 400)
        self.assertEqual(self.post('{"message":"later"}')[0], 200)
        self.assertIn("later", self.events(1)[0])

    def test_a_bomb_of_gzip_is_refused_in_little_memory(self):
        self.receive()
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        block = b"\0" * (1 << 20)
        bomb = b"".join(packer.compress(block) for _ in range(1024)) + packer.flush()
        bomb = bomb + bomb + bomb + bomb
        self.assertGreater(len(bomb), 1 << 20)
        status, body = self.post(bomb, "application/json", "-H", "Content-Encoding: gzip")
        self.assertEqual(status, 413, body)
        self.assertLess(self.memory(), 250_000)
        self.assertEqual(self.post('{"message":"good"}')[0], 200)

    def test_a_body_over_the_limit_is_refused_stated_or_not(self):
        self.receive(", body_limit: 64K")
        body = b'{"message":"%s"}' % (b"x" * 70_000)
        self.assertEqual(self.post(body)[0], 413)
        self.assertEqual(self.curl("-H", "Transfer-Encoding: chunked", "--data-binary", "@-",
                                   data=body)[0], 413)
        self.assertEqual(self.post('{"message":"good"}')[0], 200)

    def test_slow_and_torn_requests_keep_nothing_and_others_are_served(self):
        self.receive()
        slow = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(300)]
        for number, connection in enumerate(slow):
            head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"message\":"
            connection.sendall(head[:20] if number % 2 else head)
        torn = socket.create_connection(("127.0.0.1", self.port))
        torn.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                     b"10\r\n{\"message\":\"t\"}\n\r\n")
        torn.close()
        garbage = socket.create_connection(("127.0.0.1", self.port))
        garbage.sendall(b"\x16\x03\x01 no HTTP\r\n\r\n")
        self.assertEqual(self.post('{"message":"good"}'), (200, {"events": 1}))
        self.assertIn("good", self.events(1)[0])
        self.assertLess(self.memory(), 200_000)
        for connection in slow + [garbage]:
            connection.close()
        self.wait_said("requests that could not be read")

    def test_many_at_a_time_on_lasting_connections(self):
        self.receive()
        failures = []

        def send(sender):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            for number in range(20):
                connection.request("POST", "/", json.dumps({"message": f"{sender}/{number}"}),
                                   {"Content-Type": "application/json"})
                answer = connection.getresponse()
                if (answer.status, answer.read()) != (200, b'{"events":1}'):
                    failures.append(number)
            connection.close()
        threads = [threading.Thread(target=send, args=(n,)) for n in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        self.assertEqual(len(set(self.events(400))), 400)


class ConfigurationTests(Receiving):
    def check(self, sources):
        done = run("check", self.file("azimuth.yaml", "sources:\n" + sources))
        return done.returncode, done.stdout.decode()

    def test_a_receiver_that_others_reach_needs_tokens(self):
        status, text = self.check("  - {name: h, http: '0.0.0.0:4318'}\n")
        self.assertEqual(status, 3)
        self.assertIn("tokens_file", text)

    def test_tls_needs_a_certificate(self):
        status, text = self.check("  - {name: h, syslog: 'tls://127.0.0.1:6514'}\n")
        self.assertEqual(status, 3)
        self.assertIn("certificate", text)


if __name__ == "__main__":
    import unittest
    unittest.main()
