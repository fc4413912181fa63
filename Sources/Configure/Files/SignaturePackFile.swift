package import Atlas

extension SignaturePack {
    /// Reads a pack; `file` is how problems name the text.
    ///
    /// Throws `.invalid` with all problems; a sample without its own signature's text is one.
    package static func load(
        yaml text: String,
        file: String
    ) throws(ConfigureError) -> SignaturePack {
        let (root, problems) = YamlText.parse(text, file: file)
        let reader = Reader(file: file, problems: problems)
        let pack = root.flatMap { SignatureReader(reader: reader).pack($0, subject: "the pack") }
        if root == nil, problems.isEmpty {
            reader.note(.start, "the file says nothing", "begin with the line 'system: NAME'")
        }
        guard let pack, reader.problems.isEmpty else { throw .invalid(reader.sortedProblems) }
        return pack
    }

    /// Throws `.unreadable`, or as `load(yaml:file:)`.
    package static func load(path: String) throws(ConfigureError) -> SignaturePack {
        try load(yaml: TextFile.read(path), file: path)
    }
}

/// Reads signature packs, alone or inside a recording.
struct SignatureReader {
    /// What is asked of a pack of the operator's own beside.
    struct Own {
        /// Formats that there are.
        var systems: Names
        /// Reads a line with a system's format; nil when that is not known.
        var read: (_ line: String, _ system: String) -> Catalogue.LineReading?
    }

    let reader: Reader
    var own: Own?

    func pack(_ node: YamlNode, subject: String) -> SignaturePack? {
        let before = reader.problems.count
        guard
            let fields = reader.fields(
                of: node,
                subject: subject,
                allowed: ["system", "signatures"]
            )
        else { return nil }
        let system = reader.require(fields, "system", example: "postgresql")
            .flatMap { reader.name(of: $0, subject: fields.name(of: "system")) }
        if let own, let system {
            let user = "'system' of \(subject)"
            let at = fields.position(of: "system")
            _ = reader.isKnown(system, at: at, user: user, "format", own.systems)
        }
        let list = reader.require(fields, "signatures", example: "a list of signatures")
            .flatMap { reader.items(of: $0, subject: fields.name(of: "signatures")) }
        var names: Set<String> = []
        let signatures = (list ?? []).enumerated().compactMap { index, item in
            signature(item, number: index + 1, system: system ?? "", &names)
        }
        if let own, let system, reader.problems.count == before {
            noteAmbiguous(signatures, list ?? []) { sample in
                if case .message(let message) = own.read(sample, system) { message } else { sample }
            }
        }
        return system.map { SignaturePack(system: $0, signatures: signatures) }
    }

    private func signature(
        _ node: YamlNode,
        number: Int,
        system: String,
        _ names: inout Set<String>
    ) -> Signature? {
        let allowed = ["name", "match", "phase", "edge", "role", "sample"]
        guard
            let fields = reader.fields(
                of: node,
                subject: reader.subject("signature", node, number),
                allowed: allowed
            )
        else { return nil }
        let name = reader.require(fields, "name", example: "promote-requested")
            .flatMap { reader.name(of: $0, subject: fields.name(of: "name")) }
        if let name, !names.insert(name).inserted {
            let remedy = "give one of the two another name"
            reader.note(
                fields.position(of: "name"),
                "the signature '\(name)' is there twice",
                remedy
            )
        }
        let match = reader.requiredText(fields, "match", example: "a part of the message")
        let phase = word(fields, "phase", FailoverPhase.allCases)
        let edge = word(fields, "edge", [Signature.Edge.begin, .end, .point])
        let role = word(fields, "role", [Signature.Side.successor, .predecessor, .any])
        let sample = reader.requiredText(fields, "sample", example: "a real line that matches")
        if let match, let sample { judge(sample, match, fields, system: system) }
        guard let name, let match, let phase, let edge, let role, let sample else { return nil }
        return Signature(
            name: name,
            match: match,
            phase: phase,
            edge: edge,
            role: role,
            sample: sample
        )
    }

    private func judge(_ sample: String, _ match: String, _ fields: Fields, system: String) {
        let at = fields.position(of: "sample")
        let subject = "the sample of \(fields.subject)"
        guard Self.matches(match, sample) else {
            return reader.note(
                at,
                "\(subject) does not hold its own 'match'",
                "copy a real line of the system's log here, or correct 'match'"
            )
        }
        switch own?.read(sample, system) {
        case .unknown:
            reader.note(
                at,
                "\(subject) has not the form of the format '\(reader.shown(system))'",
                "copy a whole line of the system's log, its time included"
            )
        case .message(let message) where !Self.matches(match, message):
            reader.note(
                at,
                "\(subject) holds its 'match' before the message, which is all that is searched:"
                    + " '\(reader.shown(message))'",
                "write a part of the message into 'match'"
            )
        default: break
        }
    }

    /// A line shall speak for one signature; two that mean it have the same text.
    private func noteAmbiguous(
        _ signatures: [Signature],
        _ items: [YamlNode],
        message: (String) -> String
    ) {
        for signature in signatures {
            let said = message(signature.sample)
            let other = signatures.first {
                $0.match != signature.match && Self.matches($0.match, said)
            }
            guard let other, let item = items.first(where: { Self.name(of: $0) == signature.name })
            else { continue }
            reader.note(
                item.at,
                "the sample of signature '\(reader.shown(signature.name))' matches"
                    + " '\(reader.shown(other.name))', too",
                "make 'match' of '\(reader.shown(other.name))' longer,"
                    + " or give both the same 'match'"
            )
        }
    }

    private static func name(of item: YamlNode) -> String? {
        guard case .map(let entries) = item.content,
            case .text(let name, _)? = entries.first(where: { $0.key == "name" })?.value.content
        else { return nil }
        return name
    }

    private func word<Word: RawRepresentable>(
        _ fields: Fields,
        _ key: String,
        _ words: [Word]
    ) -> Word? where Word.RawValue == String {
        reader.require(fields, key, example: words.first?.rawValue ?? "")
            .flatMap { _ in reader.choice(fields, key, among: words) }
    }

    /// True when the parts of `match` between its stars stand in `line` in their order.
    static func matches(_ match: String, _ line: String) -> Bool {
        var rest = Array(line.utf8)[...]
        for part in match.split(separator: "*").map({ Array($0.utf8) }) {
            let found = rest.indices.first { rest[$0...].starts(with: part) }
            guard let found else { return false }
            rest = rest[(found + part.count)...]
        }
        return true
    }
}
