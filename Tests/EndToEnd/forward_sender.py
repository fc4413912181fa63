"""A sender of the Forward protocol: chunks of any mode, acknowledgements, the handshake."""
import gzip
import hashlib
import os
import socket
import ssl
import struct
import time

import msgpack


def event_time(at=None):
    at = time.time() if at is None else at
    return msgpack.ExtType(0, struct.pack(">II", int(at), int(at % 1 * 1e9)))


def entries(texts):
    return [[event_time(), {"log": text}] for text in texts]


def message(mode, tag, events, chunk=None):
    """The bytes of one message with these events."""
    option = {"size": len(events)}
    if chunk:
        option["chunk"] = chunk
    if mode == "forward":
        body = events
    else:
        body = b"".join(msgpack.packb(event, use_bin_type=False) for event in events)
        if mode == "gzip":
            option["compressed"] = "gzip"
            body = gzip.compress(body)
    return msgpack.packb([tag, body, option])


class Sender:
    def __init__(self, port, tls=None, timeout=20):
        connection = socket.create_connection(("127.0.0.1", port), timeout)
        self.use(tls.wrap_socket(connection) if tls else connection)

    @classmethod
    def of(cls, connection):
        """On a connection that its maker closes."""
        sender = cls.__new__(cls)
        sender.use(connection)
        return sender

    def use(self, connection):
        self.socket, self.unpacker = connection, msgpack.Unpacker()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def read(self):
        """The next message from the server; None at the end of the connection."""
        while True:
            for value in self.unpacker:
                return value
            data = self.socket.recv(65_536)
            if not data:
                return None
            self.unpacker.feed(data)

    def greet(self, key, user=b"", password=b""):
        """The server's PONG."""
        word, option = self.read()
        assert word == "HELO", word
        salt, host, nonce = os.urandom(16), b"sender", option["nonce"]
        self.salt, self.nonce, self.key = salt, nonce, key
        self.socket.sendall(msgpack.packb([
            "PING", host, salt, hashlib.sha512(salt + host + nonce + key).hexdigest(), user,
            hashlib.sha512(option["auth"] + user + password).hexdigest()]))
        return self.read()

    def proves(self, pong):
        """The server knows the key, too."""
        _, good, _, host, digest = pong
        wanted = hashlib.sha512(self.salt + host.encode() + self.nonce + self.key).hexdigest()
        return good and digest == wanted

    def send(self, data):
        self.socket.sendall(data)

    def acknowledged(self, mode, texts, chunk, tag="test"):
        """True once the server says so; False when the connection ends before."""
        try:
            self.send(message(mode, tag, entries(texts), chunk))
            answer = self.read()
        except (ConnectionError, socket.timeout, ssl.SSLError):
            return False
        return answer == {"ack": chunk}
