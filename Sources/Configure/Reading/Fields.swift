import Atlas

/// The values of one map by key, and what the map is about.
struct Fields {
    var subject: String
    var at: Position
    fileprivate var entries: [String: YamlNode.Entry]

    init(subject: String, at: Position, entries: [String: YamlNode.Entry]) {
        self.subject = subject
        self.at = at
        self.entries = entries
    }

    subscript(key: String) -> YamlNode? { entries[key]?.value }

    /// Where the value of a key stands, or the map itself when the key is not there.
    func position(of key: String) -> Position { entries[key]?.value.at ?? at }

    /// Where a key stands, or the map itself when the key is not there.
    func keyPosition(of key: String) -> Position { entries[key]?.keyAt ?? at }

    /// A key for messages; that of the file itself needs no owner.
    func name(of key: String) -> String {
        subject == "the file" ? "'\(key)'" : "'\(key)' of \(subject)"
    }

    func has(_ key: String) -> Bool { entries[key] != nil }

    var isEmpty: Bool { entries.isEmpty }
}

// Values by key. Each notes what is wrong and gives nil then; nil also when the key is not there.
extension Reader {
    /// The value of a key that must be there; `example` is a value to show when it is not.
    func require(_ fields: Fields, _ key: String, example: String) -> YamlNode? {
        if let node = fields[key], !node.isNull { return node }
        let at = fields.has(key) ? fields.keyPosition(of: key) : fields.at
        note(at, "\(fields.subject) has no '\(key)'", "add \(key): \(example)")
        return nil
    }

    func text(_ fields: Fields, _ key: String) -> String? {
        fields[key].flatMap { text(of: $0, subject: fields.name(of: key)) }
    }

    func name(_ fields: Fields, _ key: String) -> String? {
        fields[key].flatMap { name(of: $0, subject: fields.name(of: key)) }
    }

    func requiredText(_ fields: Fields, _ key: String, example: String) -> String? {
        require(fields, key, example: example)
            .flatMap { text(of: $0, subject: fields.name(of: key)) }
    }

    /// One of the words of an enumeration.
    func choice<Word: RawRepresentable>(_ fields: Fields, _ key: String, among words: [Word])
        -> Word?
    where Word.RawValue == String {
        guard let text = text(fields, key) else { return nil }
        if let word = words.first(where: { $0.rawValue == text }) { return word }
        noteUnknown(
            fields.position(of: key),
            "\(fields.name(of: key)) is '\(shown(text))'",
            text,
            among: words.map(\.rawValue)
        )
        return nil
    }

    /// `true` or `false`, without quotes (YAML 1.2.2 section 10.2.1.2).
    func flag(_ fields: Fields, _ key: String) -> Bool? {
        guard let node = fields[key],
            let text = text(of: node, subject: fields.name(of: key), needed: "true or false")
        else { return nil }
        if case .text(_, isPlain: true) = node.content, let flag = Bool(text) { return flag }
        note(node.at, "\(fields.name(of: key)) is '\(shown(text))'", "write true or false")
        return nil
    }

    /// A length of time such as `500ms`, inside `range`.
    func span(_ fields: Fields, _ key: String, in range: ClosedRange<Span>) -> Span? {
        guard let node = fields[key],
            let text = text(of: node, subject: fields.name(of: key), needed: "a length of time")
        else {
            return nil
        }
        guard let span = Span(text) else {
            let isNumber = Double(text) != nil
            note(
                node.at,
                "\(fields.name(of: key)) is '\(shown(text))', which is no length of time"
                    + (isNumber ? " without a unit" : ""),
                isNumber
                    ? "write \(text)s or \(text)ms"
                    : "write a number and a unit, such as 500ms, 2s or 15m"
            )
            return nil
        }
        guard range.contains(span) else {
            note(
                node.at,
                "\(fields.name(of: key)) is \(shown(text)), outside of"
                    + " \(range.lowerBound.exact) to \(range.upperBound.exact)",
                "choose a length of time between them"
            )
            return nil
        }
        return span
    }

    /// The name of something that must exist; `kind` says what, such as `resource`.
    func reference(_ fields: Fields, _ key: String, kind: String, known: Names) -> String? {
        guard let text = text(fields, key) else { return nil }
        return isKnown(text, at: fields.position(of: key), user: fields.name(of: key), kind, known)
            ? text : nil
    }

    func isKnown(
        _ name: String,
        at: Position,
        user: String,
        _ kind: String,
        _ known: Names
    ) -> Bool {
        if known.contains(name) { return true }
        noteUnknown(at, "\(user): there is no \(kind) '\(shown(name))'", name, among: known.list)
        return false
    }
}

extension Span {
    /// The shortest text that `Span.init(_:)` reads back as exactly this, for up to 104 days.
    var exact: String {
        if self == .zero { return "0s" }
        for (unit, name) in [
            (86_400_000_000_000, "d"), (3_600_000_000_000, "h"), (60_000_000_000, "m"),
            (1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us"),
        ] where nanoseconds % Int64(unit) == 0 {
            return "\(nanoseconds / Int64(unit))\(name)"
        }
        return "\(nanoseconds)ns"
    }
}
