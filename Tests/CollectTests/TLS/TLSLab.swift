import Foundation
import Testing

@testable import Collect

/// Real TLS servers on ports of the loopback, with certificates of an authority of their own.
///
/// All of one process, which ends with its owner.
final class TLSLab: Sendable {
    let folder: TemporaryFolder
    /// By name: those that say `all is well` over TLS with the certificate of that name (`good`,
    /// `expired`, `early`, `short`, `other`, `alone`), and those that misbehave (see `servers`).
    let ports: [String: UInt16]
    private let input: Pipe
    private let server: Process

    init() throws {
        folder = try TemporaryFolder()
        let made = Process()
        made.executableURL = URL(filePath: "/bin/bash")
        made.arguments = ["-c", Self.certificates, "certificates", folder.path]
        try made.run()
        made.waitUntilExit()
        try #require(made.terminationStatus == 0, "openssl could not make the certificates")
        (input, server) = (Pipe(), Process())
        let output = Pipe()
        server.executableURL = URL(filePath: "/usr/bin/python3")
        server.arguments = ["-W", "ignore", "-c", Self.servers, folder.path]
        server.standardInput = input
        server.standardOutput = output
        try server.run()
        let said = output.fileHandleForReading.availableData
        ports = try JSONDecoder().decode([String: UInt16].self, from: said)
    }

    deinit {
        try? input.fileHandleForWriting.close()
        server.waitUntilExit()
    }

    var authority: String { folder.file("authority.pem") }

    func url(_ name: String, host: String = "127.0.0.1") throws -> String {
        "https://\(host):\(try #require(ports[name]))/"
    }

    private static let certificates = #"""
        set -eu
        cd "$1"
        exec >make.log 2>&1
        key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
        new() {
            openssl req -x509 $key -keyout $1.key -out $1.pem -subj "/CN=$1" -days 365 "${@:2}"
        }
        new authority
        cat >ca.conf <<C
        [ca]
        default_ca = lab
        [lab]
        database = index
        new_certs_dir = .
        certificate = authority.pem
        private_key = authority.key
        default_md = sha256
        policy = any
        copy_extensions = copy
        unique_subject = no
        rand_serial = yes
        [any]
        commonName = supplied
        C
        : >index
        signed() { # NAME SUBJECT_ALT_NAME START END
            openssl req -new $key -keyout $1.key -out $1.csr -subj "/CN=$1" \
                -addext "subjectAltName=$2"
            openssl ca -batch -notext -config ca.conf -in $1.csr -out $1.pem \
                -startdate $3 -enddate $4
        }
        ours=DNS:localhost,IP:127.0.0.1
        signed good $ours 20200101000000Z 20990101000000Z
        signed expired $ours 20200101000000Z 20210101000000Z
        signed early $ours 20900101000000Z 20910101000000Z
        signed short $ours 20200101000000Z $(date -u -d '+9 days 18 hours' +%Y%m%d%H%M%SZ)
        signed other DNS:other.example 20200101000000Z 20990101000000Z
        new alone -addext subjectAltName=$ours
        """#

    private static let servers = #"""
        import json, os, socket, ssl, sys, threading
        os.chdir(sys.argv[1])
        GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nall is well"

        def context(name):
            made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            made.load_cert_chain(name + ".pem", name + ".key")
            return made

        def over(tls, body):
            def serve(guest):
                guest = tls.wrap_socket(guest, server_side=True, suppress_ragged_eofs=True)
                guest.recv(4096)
                body(guest)
            return serve

        def page(guest):
            guest.sendall(GOOD)
            guest.unwrap()

        def endless(guest):
            guest.sendall(b"HTTP/1.1 200 OK\r\n")
            while True:
                guest.sendall(b"X-Filler: " + b"x" * 4096 + b"\r\n")

        def tiny(guest):
            # A record for each byte.
            for byte in GOOD:
                guest.sendall(bytes([byte]))

        def stays(guest):
            guest.sendall(GOOD)
            guest.recv(1)

        def hangs(guest):
            guest.recv(1 << 16)
            guest.recv(1 << 16)

        def says(*pieces):
            def serve(guest):
                guest.recv(4096)
                for piece in pieces:
                    guest.sendall(piece)
            return serve

        def flood(guest):
            # The beginning of a certificate that never ends.
            guest.recv(4096)
            while True:
                guest.sendall(b"\x16\x03\x03\x40\x00" + b"\x0b\xff\xff\xff" + b"x" * 16380)

        def drips(guest):
            # The good server, a byte in each piece.
            there = socket.create_connection(("127.0.0.1", ports["good"]))
            guest.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            def back():
                try:
                    while chunk := guest.recv(4096):
                        there.sendall(chunk)
                except OSError:
                    pass
            threading.Thread(target=back, daemon=True).start()
            while chunk := there.recv(4096):
                for byte in chunk:
                    guest.sendall(bytes([byte]))

        def breaks(guest):
            # The good server until the handshake is done, then bytes that are no record.
            there = socket.create_connection(("127.0.0.1", ports["good"]))
            for _ in range(2):
                there.sendall(guest.recv(4096))
                guest.sendall(there.recv(4096))
            guest.sendall(b"\x17\x03\x03\x00\x20" + b"\x00" * 32)

        old = context("good")
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
        old.set_ciphers("ALL:@SECLEVEL=0")
        twelve = context("good")
        twelve.maximum_version = ssl.TLSVersion.TLSv1_2
        servers = {name: over(context(name), page)
                   for name in ["good", "expired", "early", "short", "other", "alone"]}
        good = context("good")
        servers |= {
            "twelve": over(twelve, page), "old": over(old, page), "endless": over(good, endless),
            "tiny": over(good, tiny), "stays": over(good, stays),
            "rude": over(good, lambda guest: guest.sendall(b"HTTP/1.1 200 OK\r\n\r\nall is well")),
            "mute": over(good, lambda guest: guest.unwrap()),
            "gone": over(good, lambda guest: None),
            "hangs": hangs, "flood": flood, "drips": drips, "breaks": breaks,
            "plain": says(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
            "zeros": says(b"\x00" * 4096), "alert": says(b"\x15\x03\x03\x00\x02\x02\x28"),
            "closes": says(),
        }

        def listen(serve, listener):
            def safely(guest):
                try:
                    serve(guest)
                except (OSError, ValueError):
                    pass
                guest.close()
            while True:
                guest, _ = listener.accept()
                threading.Thread(target=safely, args=[guest], daemon=True).start()

        ports = {}
        for name, serve in servers.items():
            listener = socket.create_server(("127.0.0.1", 0), backlog=64)
            ports[name] = listener.getsockname()[1]
            threading.Thread(target=listen, args=[serve, listener], daemon=True).start()
        print(json.dumps(ports), flush=True)
        sys.stdin.read()
        os._exit(0)
        """#
}
