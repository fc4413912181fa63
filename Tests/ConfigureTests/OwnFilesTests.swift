import Atlas
import Testing

@testable import Configure

@Suite("The operator's own formats and signature packs")
struct OwnFilesTests {
    private static let configuration = """
        estate: {layers: [l], sites: {s: }, resources: {r: {at: s, layer: l}}}
        sources:
          - {file: a.log, format: mine, resource: r}
        """
    private static let format = """
        name: mine
        pattern: '(?<level>\\w+) (?<message>.*)'
        levels: {ALARM: error}
        samples:
          - {line: ALARM it burns, level: error, message: it burns}
          - {line: "\\tat x", is: unknown}
        """
    private static let pack = """
        system: mine
        signatures:
          - {name: a, match: it burns, phase: detect, edge: begin, role: any, sample: ALARM it burns}
        """

    /// Knows formats by a rule simple enough to follow: the message is what comes after a blank.
    private static let catalogue = Catalogue(
        probes: [],
        formats: ["plain", "bundled"],
        themes: [],
        mistakes: { format in
            format.pattern.contains("WRONG")
                ? [FormatMistake(.pattern, at: 3, what: "it is wrong", remedy: "mend it")] : []
        },
        read: { line, _, _ in
            guard let blank = line.firstIndex(of: " ") else { return .unknown }
            return .message(String(line[line.index(after: blank)...]))
        }
    )

    private func load(_ files: [String: String]) throws -> Result<Configuration, ConfigureError> {
        var result: Result<Configuration, ConfigureError> = .failure(.invalid([]))
        try inTemporaryFolder { folder in
            for (name, text) in files { try folder.write(name, text) }
            do throws(ConfigureError) {
                let path = folder.path + "/azimuth.yaml"
                result = .success(try Configuration.load(path: path, catalogue: Self.catalogue))
            } catch {
                result = .failure(error)
            }
        }
        return result
    }

    /// `FILE LINE:COLUMN what / remedy`, the file without its folder.
    private func problems(_ files: [String: String]) throws -> [String] {
        guard case .failure(let error) = try load(files) else { return [] }
        return error.problems.map { problem in
            let file = problem.file.split(separator: "/").suffix(2).joined(separator: "/")
            let name = file.hasSuffix("azimuth.yaml") ? "azimuth.yaml" : file
            return "\(name) \(problem.line):\(problem.column) \(problem.what) / \(problem.remedy)"
        }
    }

    @Test("are read from folders beside azimuth.yaml; the plan takes the formats that it uses")
    func beside() throws {
        let configuration = try load([
            "azimuth.yaml": Self.configuration, "formats/mine.yaml": Self.format,
            "formats/other.yaml": Self.format.replacing("name: mine", with: "name: other"),
            "packs/mine.yaml": Self.pack, "packs/late.yml": "", "packs/notes.txt": "",
        ]).get()
        #expect(configuration.own.formats.map(\.format.name) == ["mine", "other"])
        #expect(configuration.plan.formats.map(\.name) == ["mine"])
        #expect(
            configuration.plan.formats.first
                == UserFormat(
                    name: "mine",
                    pattern: #"(?<level>\w+) (?<message>.*)"#,
                    levels: [UserFormat.LevelWord(word: "ALARM", level: .error)],
                    samples: [
                        UserFormat.Sample(
                            line: "ALARM it burns",
                            level: .error,
                            message: "it burns"
                        ),
                        UserFormat.Sample(line: "\tat x", shape: .unknown),
                    ]
                )
        )
        #expect(configuration.own.packs.map(\.pack.system) == ["mine"])
        #expect(configuration.own.passedOver.map { $0.hasSuffix("/packs/late.yml") } == [true])
    }

    @Test("may lie elsewhere: two keys name the folders")
    func elsewhere() throws {
        let configuration = try load([
            "azimuth.yaml": Self.configuration + "\nformats: a\npacks: ./b/c\n",
            "a/mine.yaml": Self.format, "b/c/mine.yaml": Self.pack,
        ]).get()
        #expect(configuration.own.formats.count == 1 && configuration.own.packs.count == 1)
    }

    @Test("a pattern may be a block text: the line end behind it is none of the pattern")
    func blockText() throws {
        let format = """
            name: mine
            pattern: |
              (?x) (?<level> [A-Z]+ )
                   [ ] (?<message> .* )
            samples:
              - line: |
                  ALARM it burns
            """
        let own = try load(["azimuth.yaml": Self.configuration, "formats/a.yaml": format]).get().own
        let read = try #require(own.formats.first?.format)
        #expect(read.pattern.hasSuffix("(?<message> .* )"))
        #expect(read.samples.map(\.line) == ["ALARM it burns"])
    }

    @Test("a folder that is named and not there is a mistake, a default one is not")
    func folders() throws {
        let plain = "estate: {name: x}\n"
        #expect(try problems(["azimuth.yaml": plain]) == [])
        let found = try problems(["azimuth.yaml": plain + "packs: no\nformats: azimuth.yaml\n"])
        #expect(found.count == 2)
        #expect(found[0].hasPrefix("azimuth.yaml 2:8 'packs': cannot read the folder"))
        #expect(found[1].contains("Not a directory"))
        #expect(
            try problems(["azimuth.yaml": plain + "packs: http://x\n"]) == [
                "azimuth.yaml 2:8 'packs' is no path / write a path such as /etc/azimuth/packs"
            ]
        )
    }

    @Test("all mistakes of all files are told at once, and none twice")
    func mistakes() throws {
        let broken = """
            name: mine
            pattern: '(?<WRONG''''
            time: '%H'
            zone: local
            levels: {A: bad}
            samples:
              - {line: x, is: odd, level: loud, time: noon, color: red}
              - {is: record}
            """.replacing("''''", with: "'")
        let found = try problems([
            "azimuth.yaml": Self.configuration, "formats/broken.yaml": broken,
            "formats/empty.yaml": "", "formats/syntax.yaml": "name: [",
            "formats/taken.yaml": "{name: bundled, pattern: x, samples: [{line: x}]}",
            "packs/mine.yaml": Self.pack.replacing("ALARM it burns", with: "ALARM all is well"),
        ])
        #expect(
            found
                == [
                    "broken.yaml 2:14 'pattern' of the format: it is wrong / mend it",
                    "broken.yaml 4:7 'zone' of the format is 'local' / use one of: utc, unknown",
                    "broken.yaml 5:13 level 'A' is 'bad' /"
                        + " use one of: trace, debug, info, notice, warn, error, fatal",
                    "broken.yaml 7:19 'is' of sample 1 is 'odd' /"
                        + " use one of: record, continuation, unknown",
                    "broken.yaml 7:31 'level' of sample 1 is 'loud' /"
                        + " use one of: trace, debug, info, notice, warn, error, fatal",
                    "broken.yaml 7:43 'time' of sample 1 is 'noon', which is no RFC 3339 time /"
                        + " write it like 2026-11-23T07:20:31.180Z",
                    "broken.yaml 7:49 unknown key 'color' in sample 1 /"
                        + " use one of: line, is, time, level, message",
                    "broken.yaml 8:5 sample 2 has no 'line' / add line: 'a real line'",
                    "empty.yaml 1:1 the file says nothing / begin with the line 'name: NAME'",
                    "syntax.yaml 2:1 YAML: did not find expected node content while parsing a flow node"
                        + " / correct the syntax here",
                    "taken.yaml 1:8 the format 'bundled' comes with azimuth and stays as it is /"
                        + " give yours another name, and write that one into the sources",
                    "mine.yaml 3:79 the sample of signature 'a' does not hold its own 'match' /"
                        + " copy a real line of the system's log here, or correct 'match'",
                ].map { line in
                    line.hasPrefix("mine") ? "packs/\(line)" : "formats/\(line)"
                }
        )
    }

    @Test("two files may not say the same")
    func twice() throws {
        let found = try problems([
            "azimuth.yaml": Self.configuration, "formats/a.yaml": Self.format,
            "formats/b.yaml": Self.format, "packs/a.yaml": Self.pack, "packs/b.yaml": Self.pack,
        ])
        #expect(found.count == 2)
        #expect(found[0].hasPrefix("formats/b.yaml 1:1 the format 'mine' is in /"))
        #expect(found[0].hasSuffix("/formats/a.yaml, too / rename one of the two"))
        #expect(found[1].hasPrefix("packs/b.yaml 1:1 the signature 'a' of mine is in /"))
    }

    @Test(
        "a sample of a pack is a line of its system that speaks for its signature alone",
        arguments: [
            ("system: mine", "system: mien", "there is no format 'mien'"),
            ("sample: ALARM it burns", "sample: it-burns", "does not hold its own 'match'"),
            (
                "match: it burns", "match: ALARM",
                "before the message, which is all that is searched"
            ),
        ]
    )
    func samplesOfPacks(text: String, change: String, words: String) throws {
        let found = try problems([
            "azimuth.yaml": Self.configuration, "formats/mine.yaml": Self.format,
            "packs/mine.yaml": Self.pack.replacing(text, with: change),
        ])
        #expect(found.count == 1)
        #expect(found.first?.contains(words) == true)
    }

    @Test("a line that two signatures mean is a mistake, unless both have the same text")
    func ambiguous() throws {
        let second =
            "\n  - {name: b, match: TEXT, phase: stop, edge: end, role: any,"
            + " sample: ALARM it burns well}"
        func found(_ match: String) throws -> [String] {
            try problems([
                "azimuth.yaml": Self.configuration, "formats/mine.yaml": Self.format,
                "packs/mine.yaml": Self.pack + second.replacing("TEXT", with: match),
            ])
        }
        #expect(try found("it burns") == [])
        #expect(
            try found("it burns well") == [
                "packs/mine.yaml 4:5 the sample of signature 'b' matches 'a', too /"
                    + " make 'match' of 'a' longer, or give both the same 'match'"
            ]
        )
    }

    @Test("own signatures stand beside the bundled ones; the same name takes the place")
    func merged() {
        func pack(_ system: String, _ names: String..., text: String = "x") -> SignaturePack {
            SignaturePack(
                system: system,
                signatures: names.map {
                    Signature(
                        name: $0,
                        match: text,
                        phase: .detect,
                        edge: .begin,
                        role: .any,
                        sample: text
                    )
                }
            )
        }
        let merged = SignaturePack.merged(
            [pack("a", "one", "two"), pack("b", "one")],
            with: [pack("a", "two", "three", text: "own"), pack("c", "one", text: "own")]
        )
        #expect(merged.map(\.system) == ["a", "b", "c"])
        #expect(merged[0].signatures.map(\.name) == ["one", "two", "three"])
        #expect(merged[0].signatures.map(\.match) == ["x", "own", "own"])
        #expect(merged[1] == pack("b", "one"))
    }

    @Test(
        "the place inside a value is found however it is quoted",
        arguments: [
            ("k: (ab)", "(ab)", 2, 6), ("k: '(ab)'", "(ab)", 2, 7),
            ("k: 'it''s (b'", "it's (b", 6, 12), (#"k: "\\d \t(b""#, "\\d \t(b", 5, 12),
            (#"k: "\x41\u0042c""#, "ABc", 2, 15), ("k: 'é('", "é(", 2, 6),
            ("k: '(ab'", "(ab", 3, 8),
            // Folded and block texts: the beginning of the value.
            ("k: |", "(ab)", 2, 4), ("k: (a", "(a b", 4, 4),
        ]
    )
    func places(yaml: String, value: String, offset: Int, column: Int) {
        let at = ScalarPlaces(yaml).position(
            of: offset,
            in: value,
            at: Position(line: 1, column: 4)
        )
        #expect(at == Position(line: 1, column: column))
    }

    @Test("a long pattern is shown around the place, the caret below it")
    func excerpt() {
        #expect(Excerpt.text("(ab", offset: 3) == "(ab\n   ^")
        #expect(Excerpt.text("\u{1B}é(", offset: 3) == "\u{FFFD}é(\n  ^")
        let long = String(repeating: "a", count: 100) + "(" + String(repeating: "b", count: 100)
        let lines = Excerpt.text(long, offset: 100).split(separator: "\n")
        #expect(
            lines[0].hasPrefix("...aaa") && lines[0].hasSuffix("bbb...") && lines[0].count == 66
        )
        #expect(Array(lines[0])[lines[1].count - 1] == "(")
    }
}
