import Atlas

/// Reads formats of the operator's own, alone or inside a recording.
struct FormatReader {
    private static let keys = [
        "name", "summary", "pattern", "continuation", "time", "zone", "levels", "fields", "samples",
    ]

    let reader: Reader
    /// The text that is read, for places inside its values.
    let source: ScalarPlaces
    let mistakes: (UserFormat) -> [FormatMistake]
    /// Names that no format of the operator's own may have.
    let taken: [String]

    /// Nil when it cannot be used; what is wrong was noted.
    ///
    /// `name` is set as soon as it is known, so that nobody misses a format that is only broken.
    func format(_ node: YamlNode, subject: String, name: inout String?) -> UserFormat? {
        let before = reader.problems.count
        guard let fields = reader.fields(of: node, subject: subject, allowed: Self.keys) else {
            return nil
        }
        name = reader.require(fields, "name", example: "orders-script")
            .flatMap { reader.name(of: $0, subject: fields.name(of: "name")) }
        if let name, taken.contains(name) {
            reader.note(
                fields.position(of: "name"),
                "the format '\(name)' comes with azimuth and stays as it is",
                "give yours another name, and write that one into the sources"
            )
        }
        let pattern = reader.requiredText(
            fields,
            "pattern",
            example: "'(?<time>\\S+ \\S+) (?<level>\\w+) (?<message>.*)'"
        )
        .map(Self.withoutLineEnd)
        let samples = samples(fields)
        guard let name, let pattern else { return nil }
        var format = UserFormat(
            name: name,
            summary: reader.text(fields, "summary") ?? "",
            pattern: pattern,
            continuation: reader.text(fields, "continuation").map(Self.withoutLineEnd),
            time: reader.text(fields, "time"),
            zone: reader.choice(fields, "zone", among: UserFormat.Zone.allCases),
            levels: levels(fields),
            fields: types(fields),
            samples: samples
        )
        // Samples of a format that is wrong already would only repeat it.
        let isBroken = reader.problems.count > before
        if isBroken { format.samples = [] }
        let found = mistakes(format)
        for mistake in found { note(mistake, fields, format) }
        return found.isEmpty && !isBroken ? format : nil
    }

    /// A block text (`|`) ends with a line end, which no line holds.
    private static func withoutLineEnd(_ text: String) -> String {
        text.last == "\n" ? String(text.dropLast()) : text
    }

    private func levels(_ fields: Fields) -> [UserFormat.LevelWord] {
        guard let node = fields["levels"] else { return [] }
        let entries = reader.entries(of: node, subject: fields.name(of: "levels")) ?? []
        return entries.compactMap { entry in
            level(of: entry.value, subject: "level '\(reader.shown(entry.key))'")
                .map { UserFormat.LevelWord(word: entry.key, level: $0) }
        }
    }

    private func types(_ fields: Fields) -> [UserFormat.TypedField] {
        guard let node = fields["fields"] else { return [] }
        let entries = reader.entries(of: node, subject: fields.name(of: "fields")) ?? []
        return entries.compactMap { entry in
            let subject = "field '\(reader.shown(entry.key))'"
            guard let text = reader.text(of: entry.value, subject: subject, needed: "a type")
            else { return nil }
            let known = UserFormat.FieldType.allCases
            if let type = known.first(where: { $0.rawValue == text }) {
                return UserFormat.TypedField(name: entry.key, type: type)
            }
            let what = "\(subject) is '\(reader.shown(text))', which is no type"
            reader.noteUnknown(entry.value.at, what, text, among: known.map(\.rawValue))
            return nil
        }
    }

    private func level(of node: YamlNode, subject: String) -> Level? {
        guard let text = reader.text(of: node, subject: subject, needed: "a level") else {
            return nil
        }
        if let level = Level.allCases.first(where: { $0.name == text }) { return level }
        let what = "\(subject) is '\(reader.shown(text))'"
        reader.noteUnknown(node.at, what, text, among: Level.allCases.map(\.name))
        return nil
    }

    private func samples(_ fields: Fields) -> [UserFormat.Sample] {
        let list = reader.require(
            fields,
            "samples",
            example: "one real line at least, as {line: ...}"
        )
        .flatMap { reader.items(of: $0, subject: fields.name(of: "samples")) }
        if let list, list.isEmpty {
            reader.note(
                fields.position(of: "samples"),
                "\(fields.subject) has no sample",
                "copy a real line here, as - line: '...'"
            )
        }
        return (list ?? []).enumerated().compactMap { sample($1, number: $0 + 1) }
    }

    private func sample(_ node: YamlNode, number: Int) -> UserFormat.Sample? {
        let subject = "sample \(number)"
        let allowed = ["line", "is", "time", "level", "message"]
        guard let fields = reader.fields(of: node, subject: subject, allowed: allowed) else {
            return nil
        }
        let line = reader.requiredText(fields, "line", example: "'a real line'")
        let shape = reader.choice(fields, "is", among: UserFormat.Sample.Shape.allCases)
        let time = reader.text(fields, "time").flatMap { text -> Instant? in
            if let instant = Instant(rfc3339: text) { return instant }
            reader.note(
                fields.position(of: "time"),
                "\(fields.name(of: "time")) is '\(reader.shown(text))', which is no RFC 3339 time",
                "write it like 2026-11-23T07:20:31.180Z"
            )
            return nil
        }
        let level = fields["level"].flatMap {
            self.level(of: $0, subject: fields.name(of: "level"))
        }
        return line.map {
            UserFormat.Sample(
                line: Self.withoutLineEnd($0),
                shape: shape ?? .record,
                time: time,
                level: level,
                message: reader.text(fields, "message")
            )
        }
    }

    /// Puts a mistake where its text stands.
    private func note(_ mistake: FormatMistake, _ fields: Fields, _ format: UserFormat) {
        let key: String
        var text: String?
        var place = fields
        switch mistake.place {
        case .pattern: (key, text) = ("pattern", format.pattern)
        case .continuation: (key, text) = ("continuation", format.continuation)
        case .time: (key, text) = ("time", format.time)
        case .zone: key = "zone"
        case .levels: key = "levels"
        case .field(let index):
            key = "fields"
            if case .map(let entries)? = fields["fields"]?.content,
                let entry = entries.first(where: { $0.key == format.fields[index].name })
            {
                return reader.note(entry.keyAt, mistake.what, mistake.remedy)
            }
        case .sample(let index, let field):
            key = field
            if case .list(let items)? = fields["samples"]?.content, items.indices.contains(index),
                let sample = reader.fields(
                    of: items[index],
                    subject: "sample \(index + 1)",
                    allowed: ["line", "is", "time", "level", "message"]
                )
            {
                place = sample
            }
        }
        let at = place.position(of: key)
        guard let text, let offset = mistake.offset else {
            let isText = text != nil
            let what = (isText ? "\(fields.name(of: key)): " : "") + mistake.what
            return reader.note(at, what, mistake.remedy)
        }
        reader.note(
            source.position(of: offset, in: text, at: at),
            "\(fields.name(of: key)): \(mistake.what)",
            mistake.remedy,
            excerpt: Excerpt.text(text, offset: offset)
        )
    }
}
