internal import Atlas
internal import Decode

extension FuzzTarget {
    /// Formats of an operator's own, whose patterns come from a file as well.
    static let ownFormats = [
        FuzzTarget("own-format") { bytes in
            guard let usual else { return hold(false, "the format can be read") }
            read(bytes.lines, as: usual)
        },
        // How times are written, and behind its first line end such times.
        FuzzTarget("own-times") { bytes in
            let lines = bytes.lines
            let form = own(#"(?<time>.*)(?<message>\|.*)"#, time: text(lines[0]))
            guard let format = understood(form) else { return }
            read(lines.dropFirst().map { $0 + Array("|x".utf8) }, as: format)
        },
        // The patterns of a record and of what goes on with it, a line each, and lines.
        FuzzTarget("own-patterns") { bytes in
            let lines = bytes.lines
            guard lines.count > 2 else { return }
            var form = own(text(lines[0]))
            form.continuation = lines[1].isEmpty ? nil : text(lines[1])
            // A type without its group is a mistake: most patterns would not be tried.
            form.fields = types.filter { form.pattern.contains("<\($0.name)>") }
            form.samples = [UserFormat.Sample(line: text(lines[2]), shape: .record, level: .warn)]
            guard let format = understood(form) else { return }
            read(Array(lines.dropFirst(2)), as: format)
        },
    ]

    private static let usual = RegexFormat(
        UserFormat(
            name: "own-format",
            summary: "",
            pattern: #"\[(?<time>[^\]]*)\] (?<level>\w+) (?<took>\S+) (?<size>\S*) (?<message>.*)"#,
            continuation: #"\s+(?<message>.*)"#,
            time: "%Y-%m-%d %H:%M:%S.%f",
            zone: .unknown,
            levels: [UserFormat.LevelWord(word: "BAD", level: .error)],
            fields: [
                UserFormat.TypedField(name: "took", type: .duration),
                UserFormat.TypedField(name: "size", type: .integer),
            ],
            samples: []
        )
    )

    /// A field of each type, named after it.
    private static let types = UserFormat.FieldType.allCases.map {
        UserFormat.TypedField(name: $0.rawValue, type: $0)
    }

    private static func own(_ pattern: String, time: String? = nil) -> UserFormat {
        UserFormat(
            name: "own",
            summary: "",
            pattern: pattern,
            continuation: nil,
            time: time,
            zone: nil,
            levels: [],
            fields: [],
            samples: []
        )
    }

    /// The reader of a format; nil where it is refused, with words for what is wrong.
    private static func understood(_ form: UserFormat) -> RegexFormat? {
        let mistakes = RegexFormat.mistakes(in: form)
        for mistake in mistakes {
            hold(!mistake.what.isEmpty && !mistake.remedy.isEmpty, "a mistake has words")
        }
        let format = RegexFormat(form)
        hold(format != nil || !mistakes.isEmpty, "what cannot be read has a mistake")
        return format
    }

    private static func text(_ line: [UInt8]) -> String { String(decoding: line, as: UTF8.self) }
}
