import Atlas
import Chance
import Testing

@testable import Redact

@Suite("What is redacted")
struct RedactorTests {
    private static let all = Redaction.Kind.allCases.map { Redaction.known($0) }

    private func batch(_ lines: [String], source: UInt16 = 0) -> LineBatch {
        var batch = LineBatch(source: source, bytes: [], ends: [])
        for line in lines {
            batch.bytes += Array(line.utf8)
            batch.ends.append(UInt32(batch.bytes.count))
        }
        return batch
    }

    private func hidden(
        _ lines: [String],
        _ redactions: [Redaction] = all
    ) throws -> [String] {
        let plan = RedactionPlan(everywhere: redactions)
        let redactor = try #require(try Redactor(plan, sources: []))
        let input = Input(at: .distantPast, event: .lines(batch(lines)))
        guard case .lines(let batch) = redactor.redact(input).event else { return [] }
        return (0..<batch.count).map { String(decoding: batch.line($0), as: UTF8.self) }
    }

    private func hidden(_ line: String, _ redactions: [Redaction] = all) throws -> String {
        try #require(try hidden([line], redactions).first)
    }

    static let secrets: [(line: String, hidden: String)] = [
        (
            "auth eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl ok",
            "auth [redacted:jwt] ok"
        ),
        ("Authorization: Bearer abc123DEF456", "Authorization: Bearer [redacted:bearer]"),
        ("authorization: Basic dXNlcjpwYXNz", "authorization: Basic [redacted:bearer]"),
        ("key AKIAIOSFODNN7EXAMPLE used", "key [redacted:aws-key] used"),
        (
            "aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "aws_secret_access_key=[redacted:token]"
        ),
        (#"{"api_key": "k-93x7-aa02", "n": 1}"#, #"{"api_key": "[redacted:token]", "n": 1}"#),
        (#"{\"token\":\"abcd1234efgh\"}"#, #"{\"token\":\"[redacted:token]\"}"#),
        ("push ghp_0123456789abcdefghijABCDEFGHIJ done", "push [redacted:token] done"),
        ("login user=bob password=hunter2 ok", "login user=bob password=[redacted:password] ok"),
        ("mysql --password s3cret -e x", "mysql --password [redacted:password] -e x"),
        ("mysql --password=s3cret -e x", "mysql --password=[redacted:password] -e x"),
        ("DB_PASSWORD='two words'", "DB_PASSWORD='[redacted:password]'"),
        (
            "connect postgres://app:s3cr3t@db-1:5432/orders",
            "connect postgres://app:[redacted:password]@db-1:5432/orders"
        ),
        ("paid with 4111 1111 1111 1111.", "paid with [redacted:card]."),
        ("paid with 4111-1111-1111-1111", "paid with [redacted:card]"),
        ("pan=5500005555555559;", "pan=[redacted:card];"),
        ("card 6011000990139424 x", "card [redacted:card] x"),
        ("amex 3782 822463 10005", "amex [redacted:card]"),
        ("mail to ann.b+x@mail.example.org.", "mail to [redacted:email]."),
        ("from 192.168.17.203:4431", "from 192.168.17.[redacted:ipv4]:4431"),
    ]

    @Test("secrets of every kind", arguments: secrets)
    func finds(_ secret: (line: String, hidden: String)) throws {
        #expect(try hidden(secret.line) == secret.hidden)
    }

    static let harmless = [
        "2026-11-23 07:20:31.180 UTC [3055] LOG:  checkpoint complete: wrote 3 buffers",
        "unexpected token: identifier", "Failed password for root from host-9 port 22",
        "bearer authentication failed", "COMMAND=/bin/ls PWD=/root USER=root",
        "at 1795418431180000000 and 1795418431180", "id 4111111111111112 is no card",
        "blk_5080254298708411681", "5080254298708411681", "7992739871398",
        "550e8400-e29b-41d4-a716-446655440000", "ratio 0.4111111111111111", "a@b",
        "version 1.2.3.4.5", "300.1.1.1", "passenger=12", "eyJ is short", "",
    ]

    @Test("nothing in lines without a secret", arguments: harmless)
    func passes(_ line: String) throws {
        #expect(try hidden(line) == line)
    }

    @Test("only what is asked for, and a value of two kinds once")
    func choice() throws {
        let line = "token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln for ann@example.org"
        #expect(try hidden(line, [.known(.email)]).hasSuffix("for [redacted:email]"))
        #expect(try hidden(line) == "token=[redacted:jwt] for [redacted:email]")
    }

    @Test("line by line: a secret does not reach over the end of its line")
    func lines() throws {
        let lines = ["x 4111 1111", " 1111 1111", "password=", "visible", "", "pwd: b"]
        #expect(
            try hidden(lines) == [
                "x 4111 1111", " 1111 1111", "password=", "visible", "",
                "pwd: [redacted:password]",
            ]
        )
    }

    @Test("what is redacted already stays as it is")
    func twice() throws {
        for secret in Self.secrets {
            #expect(try hidden(try hidden(secret.line)) == secret.hidden)
        }
    }

    @Test("what a regular expression of the operator's own finds, or its group `secret`")
    func own() throws {
        let orders = Redaction.own(name: "order", pattern: #"ORD-\d{4}"#)
        #expect(
            try hidden("a ORD-1234, ORD-99999", [orders]) == "a [redacted:order], [redacted:order]9"
        )
        let part = Redaction.own(name: "pin", pattern: #"pin (?<secret>\d+)"#)
        #expect(try hidden("pin 1234 taken", [part]) == "pin [redacted:pin] taken")
    }

    @Test("a line whole where a regular expression gives up on it, and it is counted")
    func closed() throws {
        let bad = Redaction.own(name: "bad", pattern: "(a+)+[cd]")
        let source = LogSource(name: "s", path: "/s", format: "plain")
        let plan = RedactionPlan(sources: ["s": [bad]])
        let redactor = try #require(try Redactor(plan, sources: [source]))
        let line = String(repeating: "a", count: 60) + "b"
        let input = Input(at: .distantPast, event: .lines(batch(["x", line, "aac"])))
        guard case .lines(let found) = redactor.redact(input).event else { return }
        let texts = (0..<found.count).map { String(decoding: found.line($0), as: UTF8.self) }
        #expect(texts == ["x", "[redacted:bad (whole line)]", "[redacted:bad]"])
        let news = redactor.news(at: .distantPast).map(\.event)
        #expect(news.count == 2)
        guard case .source(let hiddenLines) = news.last else { return }
        #expect(hiddenLines.count == 1)
        #expect(hiddenLines.detail.contains("'bad'"))
        #expect(redactor.news(at: .distantPast).isEmpty)
    }

    @Test("anywhere in a long line, and the line whole where a find has no end in sight")
    func long() throws {
        let number = Redaction.own(name: "n", pattern: #"(?<![0-9])N[0-9]+\b"#)
        let filler = String(repeating: "x y ", count: 1_500)
        for length in [0, 1, 700, 1_000, 1_020, 1_024, 1_100, 1_500] {
            let before = String(repeating: "x y ", count: length)
            let line = before + "N12345 " + filler + "N67890"
            #expect(
                try hidden(line, [number]) == before + "[redacted:n] " + filler + "[redacted:n]"
            )
        }
        let endless = before("N" + String(repeating: "1", count: 5_000) + " z")
        #expect(try hidden(endless, [number]) == "[redacted:n (whole line)]")
        let letters = Redaction.own(name: "n", pattern: "[a-z]+[0-9]")
        let line = String(repeating: "a", count: 65_536)
        #expect(try hidden(line, [letters]) == line)
    }

    private func before(_ text: String) -> String { String(repeating: ". ", count: 60) + text }

    @Test("in the lines of one source, and in notes what is redacted everywhere")
    func places() throws {
        let sources = ["a", "b"].map { LogSource(name: $0, path: "/\($0)", format: "plain") }
        let plan = RedactionPlan(
            everywhere: [.known(.email)],
            sources: ["b": [.known(.password)]]
        )
        let redactor = try #require(try Redactor(plan, sources: sources))
        func text(_ source: UInt16) -> String {
            let lines = batch(["x@example.org pwd=1"], source: source)
            let input = redactor.redact(Input(at: .distantPast, event: .lines(lines)))
            guard case .lines(let batch) = input.event else { return "" }
            return String(decoding: batch.bytes, as: UTF8.self)
        }
        #expect(text(0) == "[redacted:email] pwd=1")
        #expect(text(1) == "[redacted:email] pwd=[redacted:password]")
        let note = redactor.redact(Input(at: .distantPast, event: .mark("ask x@example.org")))
        #expect(note.event == .mark("ask [redacted:email]"))
    }

    @Test("any bytes come through, each line where it was")
    func hostile() throws {
        var dice = Dice(7)
        let alphabet = Array("eyJ.@:/=45678 -\"'\\pwdtokensecretAKIA\u{0}\n\u{E9}".utf8)
        for _ in 0..<300 {
            var batch = LineBatch(source: 0, bytes: [], ends: [])
            for _ in 0..<8 {
                batch.bytes += (0..<dice.roll(0..<64)).map { _ in dice.pick(alphabet) }
                batch.ends.append(UInt32(batch.bytes.count))
            }
            let plan = RedactionPlan(everywhere: Self.all)
            let redactor = try #require(try Redactor(plan, sources: []))
            let input = redactor.redact(Input(at: .distantPast, event: .lines(batch)))
            guard case .lines(let hidden) = input.event else { return }
            #expect(hidden.count == batch.count)
            #expect(hidden.ends.last.map(Int.init) == hidden.bytes.count)
        }
    }
}
