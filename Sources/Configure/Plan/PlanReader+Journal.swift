import Atlas

/// What a source says that is systemd's journal.
extension PlanReader {
    static let journalKeys = ["journal", "units"]
    /// The format that such a source has.
    static let journalFormat = "journal-export"

    /// Each mistake is noted; nil where the journal cannot be told.
    func journalOrigin(_ fields: Fields) -> Origin? {
        for key in ["file", "format"] + Self.fileKeys + Self.receiverKeys where fields.has(key) {
            reader.note(
                fields.keyPosition(of: key),
                "\(fields.name(of: key)) has no meaning beside 'journal'",
                "leave it out, or make it a source of its own"
            )
        }
        let units = units(fields)
        guard let node = reader.require(fields, "journal", example: "true"),
            let text = reader.text(of: node, subject: fields.name(of: "journal"))
        else { return nil }
        var journal = SystemJournal(units: units)
        if case .text("true", isPlain: true) = node.content { return .journal(journal) }
        guard text.contains("/"), !text.utf8.contains(where: { $0 < 0x20 }),
            text.utf8.count < 4_096
        else {
            reader.note(
                node.at,
                "\(fields.name(of: "journal")) is '\(reader.shown(text))'",
                "write true for this host's journal, or the path of a folder of journal files"
            )
            return nil
        }
        journal.directory = resolve(text)
        return .journal(journal)
    }

    func refuseJournalKeys(_ fields: Fields) {
        for key in Self.journalKeys.dropFirst() where fields.has(key) {
            reader.note(
                fields.keyPosition(of: key),
                "\(fields.name(of: key)) is only for systemd's journal",
                "leave it out, or write journal: true instead of file"
            )
        }
    }

    private func units(_ fields: Fields) -> [String] {
        guard let node = fields["units"] else { return [] }
        let subject = fields.name(of: "units")
        return (reader.items(of: node, subject: subject) ?? []).compactMap { item in
            reader.name(of: item, subject: "a unit of \(subject)")
        }
    }
}

extension SystemJournal {
    /// The keys of a source, as they are written.
    var yamlPairs: [String] {
        var pairs = ["journal: \(directory.map(YamlWriter.scalar) ?? "true")"]
        if !units.isEmpty { pairs.append("units: \(YamlWriter.list(units))") }
        return pairs
    }
}
