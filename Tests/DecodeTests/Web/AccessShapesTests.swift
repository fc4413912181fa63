import Atlas
import Chance
import Testing

@testable import Decode

/// Lines put together of usual and of odd parts: what each is, is known before.
@Suite("Access logs of all shapes")
struct AccessShapesTests {
    /// As written, and as its field is told.
    private typealias Part = (text: String, field: String)

    private static let clients = ["10.0.0.9", "::1", "a", "client.of.a.long.name.example.com"]
    private static let identities: [Part] = [("-", "<null>-"), ("id", "id"), ("--", "--")]
    private static let users: [Part] = [
        ("-", "<null>-"), ("ann", "ann"), ("a b", "a b"), (#"\"#, #"<backslashed>\"#),
        ("- [", "- ["),
        ("-x", "-x"), ("", ""),
    ]
    private static let requests: [(text: String, fields: [String])] = [
        ("GET /a?b HTTP/1.1", ["method=GET", "path=/a?b", "protocol=HTTP/1.1"]),
        ("GETS /a HTTP/2", ["method=GETS", "path=/a", "protocol=HTTP/2"]),
        ("POST / HTTP/1.0", ["method=POST", "path=/", "protocol=HTTP/1.0"]),
        ("M-SEARCH * HTTP/1.1", ["method=M-SEARCH", "path=*", "protocol=HTTP/1.1"]),
        ("GET /a b", ["method=GET", "path=/a b"]),
        ("GET", ["request=GET"]), ("-", ["request=<null>-"]), ("", ["request="]),
        (#"GET /\"q HTTP/1.1"#, ["method=GET", #"path=<backslashed>/\"q"#, "protocol=HTTP/1.1"]),
        (#"\x16\x03 x"#, [#"request=<backslashed>\x16\x03 x"#]),
    ]
    private static let statuses: [Part] = [
        ("200", "200"), ("404", "404"), ("503", "503"), ("-", "<null>-"), ("20", "20"),
        ("2000", "2000"), ("2x0", "2x0"), ("é0", "é0"), ("000", "000"),
    ]
    private static let bytes: [Part] = [
        ("8", "8"), ("123456789", "123456789"), ("-", "<null>-"), ("1.5", "1.5"), ("12x", "12x"),
        ("x", "x"),
    ]
    private static let quoted: [Part] = [
        ("-", "<null>-"), ("", ""), ("curl/7.88", "curl/7.88"), ("-x", "-x"),
        (#"a \"b\""#, #"<backslashed>a \"b\""#),
    ]

    @Test("have the fields that they were put together of")
    func fields() {
        var dice = Dice(11)
        var wrong: [String] = []
        for _ in 0..<3_000 {
            let (client, identity, user) = (
                dice.pick(Self.clients), dice.pick(Self.identities), dice.pick(Self.users)
            )
            let (request, status, bytes) = (
                dice.pick(Self.requests), dice.pick(Self.statuses), dice.pick(Self.bytes)
            )
            let (referer, agent) = (dice.pick(Self.quoted), dice.pick(Self.quoted))
            let head = "\(client) \(identity.text) \(user.text) [23/Nov/2026:07:00:25 +0000]"
            var line = "\(head) \"\(request.text)\" \(status.text) \(bytes.text)"
            var wanted =
                ["client=\(client)", "identity=\(identity.field)", "user=\(user.field)"]
                + request.fields + ["status=\(status.field)", "bytes=\(bytes.field)"]
            if dice.isLucky(50) {
                line += " \"\(referer.text)\" \"\(agent.text)\""
                wanted += ["referer=\(referer.field)", "agent=\(agent.field)"]
            }
            let reading = FieldReading(AccessLog(), line)
            let level: Level =
                switch status.text {
                case "404": .notice
                case "503": .error
                default: .info
                }
            if reading.fields != wanted || reading.parsed.level != level
                || reading.parsed.time != .exact(Instant(seconds: 1_795_417_225))
            {
                wrong.append("\(line): \(reading.fields)")
            }
        }
        #expect(wrong == [])
    }
}
