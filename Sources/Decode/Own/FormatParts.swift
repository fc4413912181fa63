internal import Atlas
internal import Patterns

/// The parts of an operator's format, compiled, and what is wrong with them.
struct FormatParts {
    private(set) var mistakes: [FormatMistake] = []
    private(set) var record: RegexCode?
    private(set) var continuation: RegexCode?
    private(set) var time: Int?
    private(set) var level: Int?
    private(set) var message: Int?
    private(set) var rest: Int?
    private(set) var timePattern: TimePattern?
    private(set) var fields: [RegexField] = []
    private(set) var restFields: [RegexField] = []
    /// What the fields of both refer to.
    private(set) var fieldNames: [String] = []

    init(_ format: UserFormat) {
        record = compile(format.pattern, .pattern)
        if let record {
            message = group("message", of: record, .pattern)
            time = group("time", of: record, .pattern)
            level = group("level", of: record, .pattern)
            if message == nil, mistakes.isEmpty {
                note(
                    .pattern,
                    "it has no group 'message'",
                    "write (?<message>.*) where the message is"
                )
            }
            judgeTime(format)
            judgeLevels(format)
        }
        if let text = format.continuation {
            continuation = compile(text, .continuation)
            rest = continuation.flatMap { group("message", of: $0, .continuation) }
        }
        if let record { fields = fields(of: record, format) }
        if let continuation { restFields = fields(of: continuation, format) }
        for (index, type) in format.fields.enumerated() where !fieldNames.contains(type.name) {
            let remedy = nearestName(to: type.name, among: fieldNames)
                .map { "did you mean '\($0)'?" }
            note(
                .field(index),
                "no group is called '\(type.name)'",
                remedy ?? "write (?<\(type.name)>...) in 'pattern', or leave the type out"
            )
        }
    }

    /// The groups that are neither time, level nor message.
    private mutating func fields(of code: RegexCode, _ format: UserFormat) -> [RegexField] {
        code.namedGroups.filter { !UserFormat.groups.contains($0.name) }.map { group in
            let known = fieldNames.firstIndex(of: group.name)
            if known == nil { fieldNames.append(group.name) }
            return RegexField(
                group: group.number,
                name: UInt8(known ?? fieldNames.count - 1),
                type: format.fields.first { $0.name == group.name }?.type ?? .text
            )
        }
    }

    private mutating func note(
        _ place: FormatMistake.Place,
        at offset: Int? = nil,
        _ what: String,
        _ remedy: String
    ) {
        mistakes.append(FormatMistake(place, at: offset, what: what, remedy: remedy))
    }

    private mutating func compile(_ text: String, _ place: FormatMistake.Place) -> RegexCode? {
        switch RegexCode.compile(text) {
        case .code(let code): return code
        case .refused(let words, let offset):
            note(
                place,
                at: offset,
                words,
                "correct the regular expression; its language is PCRE2's (man pcre2pattern)"
            )
            return nil
        }
    }

    private mutating func group(
        _ name: String,
        of code: RegexCode,
        _ place: FormatMistake.Place
    ) -> Int? {
        switch code.group(named: name) {
        case .none: return nil
        case .number(let number): return number
        case .ambiguous:
            note(
                place,
                "several groups are called '\(name)'",
                "give the name once; in (?|A|B) both sides may have it"
            )
            return nil
        }
    }

    private mutating func judgeTime(_ format: UserFormat) {
        switch (time, format.time) {
        case (nil, nil):
            if format.zone != nil { noteZone("there is no time that has one") }
        case (nil, .some):
            note(
                .time,
                "the pattern has no group 'time' that has this form",
                "write (?<time>...) around the time in 'pattern', or leave 'time' out"
            )
        case (.some, nil):
            note(
                .pattern,
                "it has a group 'time', and no key 'time' says how that is written",
                "add, for example, time: '%Y-%m-%d %H:%M:%S'"
            )
        case (.some, .some(let text)):
            switch TimePattern.compile(text) {
            case .pattern(let pattern):
                timePattern = pattern
                if pattern.saysZone, format.zone != nil { noteZone("the times say theirs") }
            case .refused(let offset, let what, let remedy):
                note(.time, at: offset, what, remedy)
            }
        }
    }

    private mutating func noteZone(_ why: String) {
        note(.zone, "a zone is of no use: \(why)", "leave 'zone' out")
    }

    private mutating func judgeLevels(_ format: UserFormat) {
        guard level == nil, !format.levels.isEmpty else { return }
        note(
            .levels,
            "the pattern has no group 'level' that holds these words",
            "write (?<level>...) around the level in 'pattern', or leave 'levels' out"
        )
    }
}
