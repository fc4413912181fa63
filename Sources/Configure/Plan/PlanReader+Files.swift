import Atlas

/// What a source of files may say beside its path.
extension PlanReader {
    static let fileKeys = [
        "exclude", "encoding", "multiline", "line_limit", "bytes_per_second", "ignore_older",
    ]

    /// Each mistake is noted, and leaves what holds without the key.
    func fileOrigin(_ fields: Fields, _ path: String) -> Origin {
        guard path != "-" else {
            for key in Self.fileKeys where fields.has(key) {
                reader.note(
                    fields.keyPosition(of: key),
                    "\(fields.name(of: key)) is about files, and this source is standard input",
                    "leave it out"
                )
            }
            return .standardInput
        }
        var files = LogFiles(path: path)
        files.exclude = exclusions(fields)
        files.encoding = encoding(fields)
        files.multiline = multiline(fields)
        let limit = reader.bytes(fields, "line_limit", in: 16...(16 << 20))
        files.lineLimit = limit ?? LogFiles.defaultLineLimit
        files.bytesPerSecond = reader.bytes(fields, "bytes_per_second", in: 1...(1 << 40))
        files.ignoreOlder = reader.span(
            fields,
            "ignore_older",
            in: .seconds(1) ... .seconds(10 * 366 * 86_400)
        )
        return .files(files)
    }

    private func exclusions(_ fields: Fields) -> [String] {
        guard let node = fields["exclude"] else { return [] }
        let subject = fields.name(of: "exclude")
        return (reader.items(of: node, subject: subject) ?? []).compactMap { item in
            guard let text = reader.text(of: item, subject: "a pattern of \(subject)") else {
                return nil
            }
            return text.contains("/") ? resolve(text) : text
        }
    }

    private func encoding(_ fields: Fields) -> String? {
        guard let text = reader.text(fields, "encoding") else { return nil }
        guard text.utf8.count <= 64, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !text.contains("/"), knowsEncoding(text)
        else {
            reader.note(
                fields.position(of: "encoding"),
                "\(fields.name(of: "encoding")) is '\(reader.shown(text))', which cannot be read here",
                "use a name that `iconv -l` lists, such as SHIFT_JIS, EUC-JP or UTF-16LE"
            )
            return nil
        }
        return text
    }

    private func multiline(_ fields: Fields) -> Multiline? {
        guard let node = fields["multiline"] else { return nil }
        let subject = fields.name(of: "multiline")
        let keys = ["first", "continuation", "indent"]
        guard let parts = reader.fields(of: node, subject: subject, allowed: keys + ["timeout"])
        else { return nil }
        let timeout = reader.span(parts, "timeout", in: .milliseconds(10) ... .seconds(3_600))
        let chosen = keys.filter(parts.has)
        guard chosen.count == 1, let key = chosen.first else {
            reader.note(
                node.at,
                "\(subject) has \(chosen.isEmpty ? "no rule" : "several rules")",
                "write one of first: PATTERN, continuation: PATTERN, indent: true"
            )
            return nil
        }
        var rule: Multiline.Rule?
        if key == "indent" {
            rule = reader.flag(parts, key) == true ? .indentation : nil
        } else if let text = reader.text(parts, key) {
            if let mistake = patternMistake(text) {
                reader.note(
                    parts.position(of: key),
                    "\(parts.name(of: key)) is no regular expression: \(mistake)",
                    "write one of PCRE2; it is matched from the beginning of a line"
                )
            } else {
                rule = key == "first" ? .first(text) : .continuation(text)
            }
        }
        return rule.map { Multiline(rule: $0, timeout: timeout ?? .seconds(1)) }
    }
}

extension LogFiles {
    /// The keys of a source beside its path, as they are written; those with defaults are left out.
    var yamlPairs: [String] {
        var pairs: [String] = []
        if !exclude.isEmpty { pairs.append("exclude: \(YamlWriter.list(exclude))") }
        if let encoding { pairs.append("encoding: \(YamlWriter.scalar(encoding))") }
        if let multiline {
            let rule =
                switch multiline.rule {
                case .first(let pattern): "first: \(YamlWriter.scalar(pattern))"
                case .continuation(let pattern): "continuation: \(YamlWriter.scalar(pattern))"
                case .indentation: "indent: true"
                }
            pairs.append("multiline: {\(rule), timeout: \(multiline.timeout.exact)}")
        }
        if lineLimit != Self.defaultLineLimit { pairs.append("line_limit: \(lineLimit)") }
        if let bytesPerSecond { pairs.append("bytes_per_second: \(bytesPerSecond)") }
        if let ignoreOlder { pairs.append("ignore_older: \(ignoreOlder.exact)") }
        return pairs
    }
}
