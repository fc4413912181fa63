import Atlas
import Collect
import Glibc
import Packing
import Testing
import Unpack

@testable import Receive

@Suite("Events over HTTP")
struct HTTPServerTests {
    private func receiver(
        bodyLimit: Int = 1 << 20,
        limits: ReceiverLimits = ReceiverLimits(),
        room: Int = 64 << 20
    ) throws -> Receiver {
        try Receiver(
            .http(
                HTTPReceiver(
                    listeners: [Listener(transport: .tcp, host: "127.0.0.1")],
                    bodyLimit: bodyLimit
                )
            ),
            limits: limits,
            room: room
        )
    }

    private func request(
        _ body: [UInt8],
        path: String = "/",
        fields: [String] = ["Content-Type: application/json"]
    ) -> [UInt8] {
        let head =
            (["POST \(path) HTTP/1.1", "Host: x", "Content-Length: \(body.count)"] + fields)
            .joined(separator: "\r\n")
        return Array("\(head)\r\n\r\n".utf8) + body
    }

    private func request(_ body: String, path: String = "/") -> [UInt8] {
        request(Array(body.utf8), path: path)
    }

    /// The head and the body of the next answer.
    private func answer(_ client: Client) -> (status: Int, body: String) {
        var text = ""
        while !text.contains("\r\n\r\n") {
            let more = client.receive(1)
            if more.isEmpty { return (0, text) }
            text += String(decoding: more, as: UTF8.self)
        }
        let status = Int(text.split(separator: " ")[1]) ?? 0
        let length =
            text.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.split(separator: " ")[1]) } ?? 0
        return (status, String(decoding: client.receive(exactly: length), as: UTF8.self))
    }

    @Test("the answer comes when the history has the events, and not before")
    func receipt() throws {
        let receiver = try receiver()
        let client = try receiver.client()
        client.send(request(#"{"n":1} {"n":2}"#))
        try receiver.wait(lines: 2)
        var waiting = [pollfd(fd: client.socket, events: Int16(POLLIN), revents: 0)]
        #expect(poll(&waiting, 1, 200) == 0)
        receiver.keepAll()
        #expect(answer(client) == (200, #"{"events":2}"#))
        #expect(receiver.lines == [#"{"n":1}"#, #"{"n":2}"#])
        #expect(receiver.batches.count == 1)
    }

    @Test("without room the sender is asked to come again, and nothing was taken")
    func full() throws {
        let receiver = try receiver(room: 4_096)
        #expect(
            receiver.mailbox.offer(
                Input(
                    at: .distantPast,
                    event: .lines(
                        LineBatch(
                            source: 0,
                            bytes: [UInt8](repeating: 0, count: 8_192),
                            ends: [8_192]
                        )
                    )
                )
            )
        )
        let client = try receiver.client()
        client.send(request(#"{"n":1}"#))
        let (status, body) = answer(client)
        #expect(status == 503)
        #expect(body.contains("no room"))
        try receiver.wait(lines: 1)
        client.send(request(#"{"n":2}"#))
        try receiver.wait(lines: 2)
        receiver.keepAll()
        #expect(answer(client).status == 200)
        #expect(receiver.lines.last == #"{"n":2}"#)
        #expect(receiver.dropped.isEmpty)
    }

    @Test("more than all requests together may have is put off")
    func tooMany() throws {
        var limits = ReceiverLimits()
        limits.bufferedBytes = 100_000
        let receiver = try receiver(limits: limits)
        let client = try receiver.client()
        client.send(request([UInt8](repeating: 0x20, count: 60_000)))
        #expect(answer(client).status == 429)
        client.send(request(#"{"n":1}"#))
        try receiver.wait(lines: 1)
        receiver.keepAll()
        #expect(answer(client).status == 200)
    }

    @Test("requests behind each other on one connection are answered in their order")
    func pipelined() throws {
        let receiver = try receiver()
        let client = try receiver.client()
        client.send(request(#"{"n":1}"#) + request("junk") + request(#"{"n":2}"#))
        try receiver.wait(lines: 1)
        receiver.keepAll()
        #expect(answer(client).status == 200)
        #expect(answer(client).status == 400)
        try receiver.wait(lines: 2)
        receiver.keepAll()
        #expect(answer(client).status == 200)
    }

    @Test("each byte of a request in a write of its own")
    func dripped() throws {
        let receiver = try receiver()
        let client = try receiver.client()
        client.drip(request(#"{"n":1}"#))
        try receiver.wait(lines: 1)
        receiver.keepAll()
        #expect(answer(client).status == 200)
    }

    @Test("a request that ends early keeps nothing, chunks included")
    func torn() throws {
        let receiver = try receiver()
        for text in [
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"n\":1}\n",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"n\":1}\n\r\n",
        ] {
            let client = try receiver.client()
            client.send(Array(text.utf8))
            client.finishSending()
            _ = client.isClosed()
        }
        try receiver.wait(for: "both to be counted") { receiver in
            receiver.dropped["requests that could not be read"] == 2
        }
        #expect(receiver.lineCount == 0)
    }

    @Test("a body that unpacks to more than the limit is too large", arguments: ["gzip", "zstd"])
    func bomb(encoding: String) throws {
        let form: PackedForm = encoding == "gzip" ? .gzip : .zstd
        let receiver = try receiver()
        let client = try receiver.client()
        let bomb = packed([UInt8](repeating: 0x20, count: 4 << 20), as: form)
        client.send(request(bomb, fields: ["Content-Encoding: \(encoding)"]))
        let (status, body) = answer(client)
        #expect(status == 413)
        #expect(body.contains("1048576 bytes, unpacked"))
        client.send(
            request(
                packed(Array(#"{"n":1}"#.utf8), as: form),
                fields: ["Content-Encoding: \(encoding)"]
            )
        )
        try receiver.wait(lines: 1)
        receiver.keepAll()
        #expect(answer(client).status == 200)
    }

    @Test("OTLP's partial success tells how many records are none, and they are counted")
    func partial() throws {
        let receiver = try receiver()
        let client = try receiver.client()
        client.send(
            request(
                #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[1,{"body":{"stringValue":"m"}}]}]}]}"#,
                path: "/v1/logs"
            )
        )
        try receiver.wait(lines: 1)
        receiver.keepAll()
        let (status, body) = answer(client)
        #expect(status == 200)
        #expect(body.hasPrefix(#"{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":""#))
        try receiver.wait(for: "the count") { $0.dropped["log records that are none"] == 1 }
    }

    @Test("what is no HTTP is answered, counted and closed")
    func garbage() throws {
        let receiver = try receiver()
        let client = try receiver.client()
        client.send([0x16, 0x03, 0x01, 0x02] + Array("\r\n\r\n".utf8))
        #expect(answer(client).status == 400)
        try receiver.wait(for: "the count") { $0.dropped["connections closed: no HTTP"] == 1 }
    }

    @Test("who sends the head or the body too slowly is closed, and counted")
    func slow() throws {
        var limits = ReceiverLimits()
        limits.message = .seconds(1)
        let receiver = try receiver(limits: limits)
        let head = try receiver.client()
        let body = try receiver.client()
        head.send(Array("POST / HT".utf8))
        body.send(Array("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{".utf8))
        #expect(head.isClosed())
        #expect(body.isClosed())
        try receiver.wait(for: "both to be counted") { receiver in
            receiver.dropped["messages unfinished: their senders stalled"] == 2
        }
    }

    @Test("a token is known or not, whatever stands around it")
    func tokens() {
        let tokens = BearerTokens([Array("secret-1".utf8), Array("secret-2".utf8)])
        for good in ["Bearer secret-1", "bearer secret-2", "BEARER  secret-1"] {
            #expect(tokens.admit(good))
        }
        for bad in [
            nil, "", "Bearer", "Bearer secret-3", "Bearer secret-1x", "Basic secret-1",
            "secret-1", "Bearer secret-1 secret-2",
        ] {
            #expect(!tokens.admit(bad))
        }
    }
}
