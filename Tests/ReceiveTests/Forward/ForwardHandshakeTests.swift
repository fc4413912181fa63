import Atlas
import Foundation
import Testing

@testable import Receive

@Suite("The Forward protocol: handshake")
struct ForwardHandshakeTests {
    private let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("azimuth-\(UUID().uuidString)")

    private func file(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appendingPathComponent(name).path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    private func receiver(users: String? = nil) throws -> Receiver {
        try Receiver(
            .forward(
                ForwardReceiver(
                    listeners: [Listener(transport: .tcp, host: "127.0.0.1")],
                    sharedKeyFile: try file("key", "open sesame\n"),
                    usersFile: try users.map { try file("users", $0) }
                )
            )
        )
    }

    private struct Helo {
        var nonce: [UInt8]
        var auth: [UInt8]
    }

    /// What the server says first: nonce and salt.
    private func helo(_ client: Client) throws -> Helo {
        // 92 a4 HELO 83 a5 nonce c4 10 <16> a4 auth c4 <n> ...
        let head = client.receive(exactly: 31)
        try #require(head.count == 31)
        #expect(
            Array(head.prefix(12)) == [0x92, 0xA4] + Array("HELO".utf8) + [0x83, 0xA5]
                + Array("nonc".utf8)
        )
        let auth = client.receive(exactly: 7)
        let salt = client.receive(exactly: Int(auth.last ?? 0))
        #expect(client.receive(exactly: 11) == [0xA9] + Array("keepalive".utf8) + [0xC3])
        return Helo(nonce: Array(head[15...]), auth: salt)
    }

    private func ping(
        _ helo: Helo,
        key: String = "open sesame",
        user: String = "",
        password: String = ""
    ) -> Pack {
        let salt = Array("salty".utf8)
        let host = Array("web-1".utf8)
        let digest = ForwardHandshake.digest(salt + host + helo.nonce + Array(key.utf8))
        let secret = ForwardHandshake.digest(helo.auth + Array(user.utf8) + Array(password.utf8))
        return .array([
            .text("PING"), .text("web-1"), .bytes(salt),
            .text(String(decoding: digest, as: UTF8.self)),
            .text(user), .text(String(decoding: secret, as: UTF8.self)),
        ])
    }

    private static let event = Pack.array([.text("t"), .int(1), .record(["a": .int(1)])])

    @Test("F10 with the right key events are taken, and the server proves that it knows it, too")
    func good() throws {
        let receiver = try receiver()
        let client = try receiver.client()
        let helo = try helo(client)
        client.send(ping(helo))
        let pong = client.receive(exactly: 8)
        #expect(pong == [0x95, 0xA4] + Array("PONG".utf8) + [0xC3, 0xA0])
        let length = try Int(#require(client.receive(exactly: 1).first) & 0x1F)
        let host = client.receive(exactly: length)
        let digest = client.receive(exactly: 130)
        #expect(
            Array(digest.dropFirst(2))
                == ForwardHandshake.digest(
                    Array("salty".utf8) + host + helo.nonce + Array("open sesame".utf8)
                )
        )
        client.send(Self.event)
        try receiver.wait(lines: 1)
    }

    @Test("F10 users are asked for where there are some")
    func users() throws {
        let receiver = try receiver(users: "# senders\nann:one\nbob:a:b\n")
        let client = try receiver.client()
        client.send(ping(try helo(client), user: "bob", password: "a:b"))
        #expect(client.receive(exactly: 7).last == 0xC3)
        client.send(Self.event)
        try receiver.wait(lines: 1)
    }

    @Test("F10 who is refused hears why, and the connection ends")
    func refused() throws {
        let receiver = try receiver(users: "ann:one\n")
        let pings: [(String, (Helo) -> Pack)] = [
            ("shared_key mismatch", { ping($0, key: "wrong", user: "ann", password: "one") }),
            ("username/password mismatch", { ping($0, user: "ann", password: "two") }),
            ("username/password mismatch", { ping($0, user: "eve", password: "one") }),
            ("invalid ping message", { _ in .array([.text("PING"), .text("x")]) }),
            ("invalid ping message", { _ in Self.event }),
        ]
        for (reason, ping) in pings {
            let client = try receiver.client()
            client.send(ping(try helo(client)))
            let pong = client.receive()
            #expect(pong.starts(with: [0x95, 0xA4] + Array("PONG".utf8) + [0xC2]))
            #expect(String(decoding: pong, as: UTF8.self).contains(reason))
            #expect(client.isClosed())
        }
        try receiver.wait(for: "the counts") { $0.dropped.values.reduce(0, +) == pings.count }
        #expect(receiver.lineCount == 0)
        #expect(receiver.dropped["senders refused: username/password mismatch"] == 2)
    }

    @Test("a key that everybody may read is refused, with what to do")
    func openKey() throws {
        let path = try file("key", "secret\n", mode: 0o644)
        let receiver = ForwardReceiver(listeners: [], sharedKeyFile: path)
        let error = #expect(throws: ReceiveError.self) { try ForwardGate.read(receiver) }
        #expect(error?.remedy == "chmod 600 \(path)")
    }
}
