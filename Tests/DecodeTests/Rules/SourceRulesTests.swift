import Atlas
import Testing

@testable import Decode

@Suite("The rules of a source")
struct SourceRulesTests {
    private static let format = UserFormat(
        name: "own",
        pattern: #"(?<level>\w+) (?<host>\S*) (?<path>\S*) (?<took>\S*) (?<message>.*)"#,
        fields: [UserFormat.TypedField(name: "took", type: .duration)]
    )

    private static let estate = Estate(
        layers: ["web", "db"],
        areas: [
            Area(kind: .region, name: "tokyo", code: "ap-1", zones: ["1a"]),
            Area(kind: .site, name: "osaka", code: "dc-2"),
        ],
        resources: [
            Resource(name: "web-1", place: Place(area: "tokyo", zone: "1a"), layer: "web"),
            Resource(name: "db-1", place: Place(area: "osaka"), layer: "db"),
            Resource(name: "db-2", place: Place(area: "tokyo", zone: "1a"), layer: "db"),
        ],
        services: [Service(name: "orders", members: ["db-1"])]
    )

    /// A judge of lines, and what it made of the last one.
    private struct Judge {
        var rules: SourceRules
        var decoder: SourceDecoder
        var ruled = RuledFields()

        mutating func verdict(_ line: String) -> SourceRules.Verdict {
            let bytes = Array(line.utf8)
            var fields = FieldList()
            let reading = decoder.read(bytes.span.bytes, into: &fields, arrival: .distantPast)
            return rules.judge(
                bytes.span.bytes,
                level: reading.level,
                messageStart: reading.messageStart,
                fields: fields,
                ruled: &ruled
            )
        }

        /// The new fields of a line, as `name=text`.
        mutating func new(_ line: String) -> [String] {
            _ = verdict(line)
            var texts: [String] = []
            let bytes = Array(line.utf8)
            rules.forEachNew(ruled, of: bytes.span.bytes) { name, text, _ in
                texts.append("\(name)=\(String(decoding: text, as: UTF8.self))")
            }
            return texts
        }
    }

    private func judge(_ rules: [LineRule], format name: String = "own") throws -> Judge {
        let own = try #require(RegexFormat(Self.format))
        let format = try #require(FormatCatalog.format(named: name, own: [own]))
        let source = LogSource(name: "app", path: "/app", format: name)
        let plan = WatchPlan(estate: Self.estate, sources: [source], rules: rules)
        let ready = try #require(SourceRules(plan, source: source, format: format))
        return Judge(rules: ready, decoder: SourceDecoder(format: format))
    }

    private func rule(
        _ when: [LineRule.Condition],
        _ action: LineRule.Action
    ) -> LineRule {
        LineRule(name: "r", when: when, action: action)
    }

    private func isDropped(_ line: String, _ when: LineRule.Condition...) throws -> Bool {
        var judge = try judge([rule(when, .drop)])
        return judge.verdict(line).dropper == 0
    }

    @Test("compare a field's text, pattern, presence, number and duration")
    func tests() throws {
        let line = "WARN web-1 /health 12ms all good"
        #expect(try isDropped(line, .field("path", .equals(["/x", "/health"]))))
        #expect(try !isDropped(line, .field("path", .equals(["/healthy"]))))
        #expect(try isDropped(line, .field("host", .matches("b-[0-9]$"))))
        #expect(try isDropped(line, .field("message", .matches("good"))))
        #expect(try isDropped(line, .field("line", .matches("^WARN"))))
        #expect(try isDropped(line, .field("path", .exists(true)), .field("user", .exists(false))))
        #expect(try !isDropped(line, .field("user", .exists(true))))
        let ten = LineRule.Bound(value: 10_000_000, isDuration: true)
        #expect(try isDropped(line, .field("took", .number(.above, ten))))
        #expect(try !isDropped(line, .field("took", .number(.most, ten))))
        let number = LineRule.Bound(value: 5, isDuration: false)
        #expect(try !isDropped(line, .field("took", .number(.above, number))))
        #expect(try isDropped("INFO 6.5 x y z", .field("host", .number(.above, number))))
        #expect(try isDropped(line, .level(.warn)) && isDropped(line, .levelBelow(.error)))
        #expect(try !isDropped(line, .level(.error)))
        #expect(try !isDropped(line, .level(.warn), .field("path", .equals(["/x"]))))
    }

    @Test("of other sources and formats are no rules of it")
    func others() throws {
        let own = try #require(RegexFormat(Self.format))
        let source = LogSource(name: "app-7", path: "/app", format: "own")
        func isRuled(_ condition: LineRule.Condition) -> Bool {
            let plan = WatchPlan(sources: [source], rules: [rule([condition], .drop)])
            return SourceRules(plan, source: source, format: own) != nil
        }
        #expect(isRuled(.source(["x", "app-?"])) && !isRuled(.source(["app"])))
        #expect(isRuled(.format(["own"])) && !isRuled(.format(["plain"])))
    }

    @Test("keep what any of them keeps, and drop the rest under the name of the last")
    func keep() throws {
        var judge = try judge([
            rule([.level(.error)], .keep),
            rule([.field("path", .equals(["/pay"]))], .keep),
        ])
        #expect(judge.verdict("ERROR h /x 1s m").dropper == nil)
        #expect(judge.verdict("INFO h /pay 1s m").dropper == nil)
        #expect(judge.verdict("INFO h /x 1s m").dropper == 1)
    }

    @Test("sample the first of so many lines, and the same lines again in another run")
    func sample() throws {
        let lines = (0..<20).map { "INFO h\($0 % 7) /x 1s m" }
        func kept(_ field: String?) throws -> [Int] {
            var judge = try judge([rule([], .sample(oneIn: 4, by: field))])
            return lines.indices.filter { judge.verdict(lines[$0]).dropper == nil }
        }
        #expect(try kept(nil) == [0, 4, 8, 12, 16])
        let byHost = try kept("host")
        #expect(try byHost == kept("host"))
        #expect(Set(byHost.map { $0 % 7 }).count * 3 > byHost.count - 3)
        #expect(byHost.allSatisfy { index in index + 7 >= 20 || byHost.contains(index + 7) })
    }

    @Test("rename fields and add new ones, which rules behind them see")
    func derive() throws {
        var judge = try judge([
            rule([], .rename(from: "host", to: "node")),
            rule([], .derive(.capture(to: "tenant", from: "path", pattern: "^/t/([^/]+)"))),
            rule([], .derive(.constant(to: "dc", value: "east"))),
            rule([.field("host", .exists(true))], .drop),
            rule([.field("node", .equals(["web-9"])), .field("tenant", .equals(["b"]))], .drop),
        ])
        #expect(judge.new("INFO web-1 /t/acme/x 1s m") == ["tenant=acme", "dc=east"])
        #expect(judge.rules.newName(ofField: 0, judge.ruled) == "node")
        #expect(judge.verdict("INFO web-1 /t/b 1s m").dropper == nil)
        #expect(judge.verdict("INFO web-9 /t/b 1s m").dropper == 4)
        #expect(judge.new("INFO web-1 /plain 1s m") == ["dc=east"])
    }

    @Test("place a line at a resource by name, or by what groups say of it")
    func place() throws {
        func placement(
            _ pattern: LineRule.Placement.Pattern,
            _ traits: LineRule.Placement.Trait...
        ) -> LineRule {
            rule([], .place(LineRule.Placement(field: "host", pattern: pattern, traits: traits)))
        }
        var judge = try judge([
            placement(.glob("web-*"), .init(.resource, "web-1")),
            placement(.regex("^(?<region>[a-z]+)-(?<layer>[a-z]+)$")),
            placement(.regex("^(?<resource>db-.)"), .init(.service, "orders")),
        ])
        #expect(judge.verdict("INFO web-77 /x 1s m").resource == 0)
        #expect(judge.verdict("INFO ap-db /x 1s m") == SourceRules.Verdict(lost: 1))
        #expect(judge.verdict("INFO tokyo-db /x 1s m").resource == 2)
        #expect(judge.verdict("INFO db-1.example /x 1s m").resource == 1)
        #expect(judge.verdict("INFO db-2 /x 1s m") == SourceRules.Verdict(lost: 2))
        #expect(judge.verdict("INFO else /x 1s m") == .kept)
        // Asked again: remembered, and the same.
        #expect(judge.verdict("INFO web-77 /x 1s m").resource == 0)
    }

    @Test("take any bytes, and count a pattern that gives up as one that does not match")
    func hostile() throws {
        var judge = try judge([
            rule([.field("message", .matches("(a+)+$"))], .drop),
            rule([], .derive(.capture(to: "x", from: "message", pattern: "(.)"))),
        ])
        #expect(judge.verdict("INFO h /x 1s " + String(repeating: "a", count: 60) + "b") == .kept)
        #expect(judge.verdict("") == .kept)
        #expect(judge.verdict("\u{0}\u{1B}[31m") == .kept)
        #expect(judge.verdict("INFO h /x 1s ") == .kept)
    }
}

@Suite("Named groups of an operator's format")
struct RegexFieldTests {
    private func fields(
        _ pattern: String,
        _ types: [UserFormat.TypedField],
        _ line: String
    ) throws -> [String] {
        let format = UserFormat(name: "own", pattern: pattern, fields: types)
        let regex = try #require(RegexFormat(format))
        let bytes = Array(line.utf8)
        var fields = FieldList()
        _ = regex.parse(bytes.span.bytes, into: &fields)
        return (0..<fields.count).map { index in
            guard case .own(let name) = fields[index].name else { return "?" }
            let text = String(decoding: bytes[fields[index].value.range], as: UTF8.self)
            return "\(regex.fieldNames[Int(name)]) \(fields[index].kind) \(text)"
        }
    }

    private func typed(_ name: String, _ type: UserFormat.FieldType) -> UserFormat.TypedField {
        UserFormat.TypedField(name: name, type: type)
    }

    @Test("are fields in the order of their groups, those that took no part left out")
    func groups() throws {
        let pattern = "(?<level>[A-Z]+) (?:u=(?<user>\\w+) )?(?<ip>\\S+) (?<message>.*)"
        #expect(try fields(pattern, [], "INFO u=bob ::1 m") == ["user text bob", "ip text ::1"])
        #expect(try fields(pattern, [], "INFO ::1 m") == ["ip text ::1"])
        #expect(try fields(pattern, [], "no match").isEmpty)
    }

    @Test("have the type that is asked for where their text is of it, else stay text")
    func types() throws {
        let pattern = #"(?<i>\S+) (?<f>\S+) (?<d>\S+) (?<b>\S+) (?<message>.*)"#
        let types = [
            typed("i", .integer), typed("f", .number), typed("d", .duration), typed("b", .boolean),
        ]
        #expect(
            try fields(pattern, types, "-12 1.5e3 1m2.5s Yes m") == [
                "i number -12", "f number 1.5e3", "d duration 1m2.5s", "b true Yes",
            ]
        )
        #expect(
            try fields(pattern, types, "1.2 1. 12 maybe m") == [
                "i text 1.2", "f text 1.", "d text 12", "b text maybe",
            ]
        )
    }

    @Test("a type for a group that is not there is a mistake with the near name")
    func mistakes() {
        let format = UserFormat(
            name: "own",
            pattern: "(?<host>\\S+) (?<message>.*)",
            fields: [typed("hots", .integer)]
        )
        let found = RegexFormat.mistakes(in: format)
        #expect(found.map(\.place) == [.field(0)])
        #expect(found.map(\.remedy) == ["did you mean 'host'?"])
    }

    @Test("lengths of time read in every unit, and what has none is none")
    func durations() {
        func read(_ text: String) -> Double? {
            Array(text.utf8).withUnsafeBytes { DurationText.nanoseconds($0) }
        }
        #expect(read("12ms") == 12e6 && read("1.5s") == 1.5e9 && read("250us") == 250e3)
        #expect(read("3µs") == 3e3 && read("7ns") == 7 && read("1h2m3s") == 3_723e9)
        #expect(
            ["", "12", "s", "1x", "1.2.3s", "-1s", "1sec", "ms1"].allSatisfy { read($0) == nil }
        )
    }
}
