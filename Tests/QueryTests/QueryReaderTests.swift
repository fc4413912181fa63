import Atlas
import Chance
import Query
import Testing

@Suite("A query as text")
struct QueryReaderTests {
    private static func text(_ text: String) -> LogCondition { .text(LogCondition.Text(text)) }

    private static func field(_ name: String, _ value: String) -> LogCondition {
        .field(name, .equals(LogCondition.Text(value)))
    }

    private static func number(
        _ name: String,
        _ comparison: LogCondition.Comparison,
        _ bound: String
    ) throws -> LogCondition {
        .field(name, .number(comparison, try #require(Quantity(bound))))
    }

    private func read(_ query: String) throws -> LogCondition { try QueryReader.read(query) }

    @Test("without a word is any line", arguments: ["", " ", "\t \n"])
    func nothing(query: String) throws {
        #expect(try read(query) == .all)
    }

    @Test("stands for its words, all of them, in either case unless there is a capital")
    func words() throws {
        #expect(try read("refused") == .text(.init("refused", ignoresCase: true)))
        #expect(try read("FATAL") == .text(.init("FATAL", ignoresCase: false)))
        #expect(try read("a b  c") == .and([Self.text("a"), Self.text("b"), Self.text("c")]))
        #expect(try read("a AND b") == .and([Self.text("a"), Self.text("b")]))
        #expect(try read("暗い") == Self.text("暗い"))
    }

    @Test(
        "takes what lines hold for words: paths, addresses, times, calls",
        arguments: [
            "10.0.0.1:5432", "15:52:01", "/var/log/messages", "http://a/b?c=d", "std::vector",
            "FATAL:",
            "user=", "connect(2)", "f(a,b(c))", "--config", "->", "a->b", "*", "[warn]", "50%",
            "x!",
            "it's", "a\"b", "@", "#12", "~", "a,b", "<none>", "=5", "or", "and", "not", "ORDER",
        ]
    )
    func plainWords(word: String) throws {
        #expect(try read(word) == Self.text(word))
        #expect(try read("(a OR \(word))") == .or([Self.text("a"), Self.text(word)]))
    }

    @Test("has phrases in quotes, with a backslash before quotes and backslashes")
    func phrases() throws {
        #expect(try read(#""could not connect""#) == Self.text("could not connect"))
        #expect(try read(#""say \"hi\"""#) == Self.text(#"say "hi""#))
        #expect(try read(#""C:\new\\""#) == Self.text(#"C:\new\"#))
        #expect(try read(#""a OR b""#) == Self.text("a OR b"))
        #expect(try read(#""level>=warn""#) == Self.text("level>=warn"))
    }

    @Test("binds negation first, then words side by side, then OR")
    func precedence() throws {
        let (a, b, c) = (Self.text("a"), Self.text("b"), Self.text("c"))
        #expect(try read("a b OR c") == .or([.and([a, b]), c]))
        #expect(try read("a (b OR c)") == .and([a, .or([b, c])]))
        #expect(try read("-a b") == .and([.not(a), b]))
        #expect(try read("NOT a OR b") == .or([.not(a), b]))
        #expect(try read("!(a OR b)") == .not(.or([a, b])))
        #expect(try read("-(-a)") == .not(.not(a)))
        #expect(try read(#"-"a""#) == .not(a))
        #expect(try read("a - b") == .and([a, Self.text("-"), b]))
    }

    @Test("has regular expressions between slashes, in either case unless a letter is a capital")
    func regexes() throws {
        #expect(try read("/a+ b/") == .pattern(.init("a+ b", ignoresCase: true)))
        #expect(try read("/A+/") == .pattern(.init("A+", ignoresCase: false)))
        #expect(try read(#"/\S+\D/"#) == .pattern(.init(#"\S+\D"#, ignoresCase: true)))
        #expect(try read("/A/i") == .pattern(.init("A", ignoresCase: true)))
        #expect(try read("/a/c") == .pattern(.init("a", ignoresCase: false)))
        #expect(try read(#"/a\/b/"#) == .pattern(.init("a/b", ignoresCase: true)))
        #expect(try read(#"/a\\/"#) == .pattern(.init(#"a\\"#, ignoresCase: true)))
        #expect(
            try read("(/x/ OR y)")
                == .or([.pattern(.init("x", ignoresCase: true)), Self.text("y")])
        )
        #expect(try read("/(a|b)/") == .pattern(.init("(a|b)", ignoresCase: true)))
        #expect(try read("-/x/") == .not(.pattern(.init("x", ignoresCase: true))))
    }

    @Test("compares levels, by all the names that people have for them")
    func levels() throws {
        #expect(try read("level>=warn") == .level(.least, .warn))
        #expect(try read("level:error") == .level(.equal, .error))
        #expect(try read("level!=INFO") == .level(.unequal, .info))
        #expect(try read("level<warning") == .level(.less, .warn))
        #expect(try read("level=\"crit\"") == .level(.equal, .fatal))
    }

    @Test("compares times")
    func times() throws {
        let day = try #require(Instant(rfc3339: "2026-11-23T00:00:00Z"))
        #expect(try read("time>=2026-11-23") == .time(.least, day))
        #expect(try read("time<2026-11-23T09:00:00+09:00") == .time(.less, day))
    }

    @Test("has fields: whole values, parts with stars, any value, other values, expressions")
    func fields() throws {
        #expect(try read("user:bob") == Self.field("user", "bob"))
        #expect(try read("user=bob") == Self.field("user", "bob"))
        #expect(try read("user==bob") == Self.field("user", "bob"))
        #expect(try read(#"user:"a b""#) == Self.field("user", "a b"))
        #expect(try read("path:/api*") == .field("path", .like(.init("/api*"))))
        #expect(try read("path:/var/log") == Self.field("path", "/var/log"))
        #expect(try read("user:*") == .field("user", .exists))
        #expect(
            try read("user!=bob")
                == .and([.field("user", .exists), .not(Self.field("user", "bob"))])
        )
        #expect(try read("user:/^b/") == .field("user", .matches(.init("^b", ignoresCase: true))))
        #expect(try read("message:refused") == .field("message", .holds(.init("refused"))))
        #expect(try read("x-id.a_b@c:1") == Self.field("x-id.a_b@c", "1"))
        #expect(try read("at:10:00") == Self.field("at", "10:00"))
        #expect(try read("(user:bob)") == Self.field("user", "bob"))
        #expect(try read("-user:bob") == .not(Self.field("user", "bob")))
    }

    @Test("compares numbers, with units")
    func numbers() throws {
        #expect(try read("status>=500") == Self.number("status", .least, "500"))
        #expect(try read("took>1.5s") == Self.number("took", .more, "1.5s"))
        #expect(try read("bytes<10kB") == Self.number("bytes", .less, "10kB"))
        #expect(try read("x<=-5") == Self.number("x", .most, "-5"))
    }

    @Test("names sources and resources, and fields that are called like words of the language")
    func names() throws {
        #expect(try read("source:web*") == .source(.like(.init("web*"))))
        #expect(try read(#"source:"orders-a log""#) == .source(.equals(.init("orders-a log"))))
        #expect(try read("resource!=db1") == .not(.resource(.equals(.init("db1")))))
        #expect(try read("resource:*") == .resource(.exists))
        #expect(try read("field:level:30") == Self.field("level", "30"))
        #expect(try read("field:level>30") == Self.number("level", .more, "30"))
        #expect(try read("field:x") == Self.field("field", "x"))
    }

    struct Wrong: CustomTestStringConvertible, Sendable {
        var query: String
        var offset: Int
        var words: String
        var remedy: String

        init(_ query: String, _ offset: Int, _ words: String, _ remedy: String) {
            self.query = query
            self.offset = offset
            self.words = words
            self.remedy = remedy
        }

        var testDescription: String { query.prefix(40).description }
    }

    @Test(
        "that is wrong is refused, with the place, the reason and what to do",
        arguments: [
            Wrong("a (b OR c", 2, "bracket is not closed", "close it"),
            Wrong("a b)", 3, "closes nothing", "quotes"),
            Wrong("a OR", 4, "a condition is missing", "go on"),
            Wrong("OR a", 0, "OR has no condition before it", "quotes"),
            Wrong("a OR OR b", 5, "OR has no condition before it", "quotes"),
            Wrong("a AND", 5, "a condition is missing", "go on"),
            Wrong("()", 1, "a condition is missing", "go on"),
            Wrong("a \"b c", 2, "quote is not closed", "close it"),
            Wrong("\"\"", 0, "quotes hold nothing", "fill"),
            Wrong("a -", 2, "nothing follows", "\"-\""),
            Wrong("!", 0, "nothing follows", "\"!\""),
            Wrong("/a(b/", 4, "this regular expression is none", "PCRE2"),
            Wrong("/(a|b", 0, "regular expression is not closed", "quotes"),
            Wrong("//", 0, "regular expression is empty", "between"),
            Wrong("level>=wran", 7, "'wran' is no level", "did you mean 'warn'?"),
            Wrong("level:30", 6, "'30' is no level", "field:level"),
            Wrong("level>=", 7, "a value has to follow level>=", "level>=warn"),
            Wrong("level:/x/", 6, "a level is a word", "trace"),
            Wrong("time>yesterday", 5, "'yesterday' is no time", "2026-11-23"),
            Wrong("time:2026-11-23", 4, "times are compared", "time>="),
            Wrong("status>", 7, "a value has to follow status>", "12ms"),
            Wrong("status>=5xx", 8, "'5xx' is no number", "quotes"),
            Wrong("a status>/5/", 9, "is no number", "quotes"),
            Wrong("source>a", 6, "a source is a name", "source:NAME"),
            Wrong("source:", 7, "a value has to follow", "*"),
            Wrong("field:user:", 11, "a value has to follow", "*"),
        ]
    )
    func wrong(wrong: Wrong) throws {
        let error = #expect(throws: QueryError.self) { try QueryReader.read(wrong.query) }
        let mistake = try #require(error).mistake
        #expect(mistake.offset == wrong.offset)
        #expect(mistake.words.contains(wrong.words), "\(mistake.words)")
        #expect(mistake.remedy.contains(wrong.remedy), "\(mistake.remedy)")
    }

    @Test(
        "shows where it goes wrong with a caret, also far into a long one and behind wide letters"
    )
    func caret() {
        func shown(_ query: String) -> [Substring] {
            let error = #expect(throws: QueryError.self) { try QueryReader.read(query) }
            return error?.what.split(separator: "\n") ?? []
        }
        let short = shown("level>=warn (refused OR reset")
        #expect(short.count == 3)
        #expect(short.dropFirst().first == "           level>=warn (refused OR reset")
        #expect(short.last == "                       ^")
        let long = shown(String(repeating: "word ", count: 200) + ")")
        #expect(long.allSatisfy { $0.count < 130 })
        #expect(long.last?.count == 62)
        #expect(shown("ß )").last == "             ^")
        #expect(shown("a\u{1b}[2J )").joined().utf8.allSatisfy { $0 >= 32 })
    }

    @Test("is refused in words when it is made to hurt")
    func hostile() throws {
        let deep = [
            String(repeating: "(", count: 4_000), String(repeating: "-(", count: 2_000),
            String(repeating: "NOT ", count: 2_000), String(repeating: "(a OR ", count: 1_000),
        ]
        for query in deep + [
            String(repeating: "a ", count: 3_000), String(repeating: "x", count: 1 << 20),
        ] {
            let error = #expect(throws: QueryError.self) { try QueryReader.read(query) }
            #expect(error?.mistake.words.isEmpty == false)
            #expect((error?.what.utf8.count ?? 0) < 1_000)
        }
        #expect(throws: Never.self) {
            try QueryReader.read(
                String(repeating: "(", count: 50) + "a" + String(repeating: ")", count: 50)
            )
        }
    }

    @Test(
        "of random signs and words never traps, and what it refuses has a place inside",
        arguments: 0..<20
    )
    func random(seed: Int) {
        var dice = Dice(seed)
        let pieces = [
            "(", ")", "\"", "/", "-", "!", " ", " ", "OR", "AND", "NOT", ":", "=", ">", "<",
            "level",
            "time", "source", "field", "a", "B", "5ms", "*", "\\", "\u{0}", "\u{7f}", "é", "暗", "i",
            "[",
        ]
        for _ in 0..<500 {
            let query = (0..<dice.roll(0...12)).map { _ in dice.pick(pieces) }.joined()
            do throws(QueryError) {
                _ = LineTest(try QueryReader.read(query))
            } catch {
                #expect((0...query.utf8.count).contains(error.mistake.offset), "\(query)")
                #expect(!error.what.isEmpty && !error.remedy.isEmpty, "\(query)")
            }
        }
    }
}
