import Atlas

extension PlanReader {
    /// What a list of redactions says; what is wrong was noted.
    func redactions(_ node: YamlNode, subject: String) -> [Redaction] {
        var names: Set<String> = []
        return (reader.items(of: node, subject: subject) ?? []).enumerated().compactMap {
            index,
            item in
            let redaction = redaction(item, subject: "item \(index + 1) of \(subject)")
            guard let redaction else { return nil }
            guard names.insert(redaction.name).inserted else {
                noteTwice(item.at, "the redaction '\(redaction.name)'")
                return nil
            }
            return redaction
        }
    }

    private func redaction(_ node: YamlNode, subject: String) -> Redaction? {
        let known = Redaction.Kind.allCases.map(\.rawValue)
        guard case .map = node.content else {
            let needed = "a name or a {name: ..., regex: ...}"
            guard let text = reader.text(of: node, subject: subject, needed: needed) else {
                return nil
            }
            if let kind = Redaction.Kind(rawValue: text) { return .known(kind) }
            let what = "\(subject): there is no redaction '\(reader.shown(text))'"
            reader.noteUnknown(node.at, what, text, among: known)
            return nil
        }
        guard let fields = reader.fields(of: node, subject: subject, allowed: ["name", "regex"])
        else { return nil }
        let name = reader.requiredText(fields, "name", example: "order-number")
        let pattern = pattern(fields, "regex", example: "'ORD-\\d{8}'")
        guard let name, let pattern else { return nil }
        guard name.wholeMatch(of: /[A-Za-z0-9_.-]{1,40}/) != nil, !known.contains(name) else {
            reader.note(
                fields.position(of: "name"),
                known.contains(name)
                    ? "'\(name)' is a redaction of azimuth's own"
                    : "\(fields.name(of: "name")) is no name of a redaction",
                known.contains(name)
                    ? "choose another name" : "use 1 to 40 letters, digits, '-', '_' and '.'"
            )
            return nil
        }
        return .own(name: name, pattern: pattern.text)
    }

    /// A regular expression and the names of its groups; noted with the place where it is none.
    func pattern(
        _ fields: Fields,
        _ key: String,
        example: String
    ) -> (text: String, groups: [String])? {
        guard let written = reader.requiredText(fields, key, example: example) else { return nil }
        // A block text ends with a line end.
        let text = written.last == "\n" ? String(written.dropLast()) : written
        switch judge(text) {
        case .groups(let groups): return (text, groups)
        case .mistake(let what, let offset):
            let at = fields.position(of: key)
            reader.note(
                source?.position(of: offset, in: text, at: at) ?? at,
                "\(fields.name(of: key)): \(what)",
                "correct the regular expression; its language is PCRE2's (man pcre2pattern)",
                excerpt: Excerpt.text(text, offset: offset)
            )
            return nil
        }
    }
}
