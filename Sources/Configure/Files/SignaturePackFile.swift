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
    let reader: Reader

    func pack(_ node: YamlNode, subject: String) -> SignaturePack? {
        guard
            let fields = reader.fields(
                of: node,
                subject: subject,
                allowed: ["system", "signatures"]
            )
        else { return nil }
        let system = reader.require(fields, "system", example: "postgresql")
            .flatMap { reader.name(of: $0, subject: fields.name(of: "system")) }
        let list = reader.require(fields, "signatures", example: "a list of signatures")
            .flatMap { reader.items(of: $0, subject: fields.name(of: "signatures")) }
        var names: Set<String> = []
        let signatures = (list ?? []).enumerated().compactMap { index, item in
            signature(item, number: index + 1, &names)
        }
        return system.map { SignaturePack(system: $0, signatures: signatures) }
    }

    private func signature(
        _ node: YamlNode,
        number: Int,
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
        if let match, let sample, !Self.matches(match, sample) {
            reader.note(
                fields.position(of: "sample"),
                "the sample of \(fields.subject) does not hold its own 'match'",
                "copy a real line of the system's log here, or correct 'match'"
            )
        }
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
        for part in Signature.pieces(of: match).texts.map({ Array($0.utf8) }) {
            let found = rest.indices.first { rest[$0...].starts(with: part) }
            guard let found else { return false }
            rest = rest[(found + part.count)...]
        }
        return true
    }
}
