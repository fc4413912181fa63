package import Atlas

/// The recording.yaml of a recording: what was recorded when, and the plan it was recorded with.
package struct RecordingFile: Hashable, Sendable {
    /// What this program reads and writes.
    package static let currentFormat = 1

    package var format: Int
    /// When the first input entered.
    package var made: Instant
    /// When the last one entered; nil when the recording was cut off.
    package var ended: Instant?
    /// The program that made it, such as `azimuth 0.1.0`; may be empty.
    package var by: String
    /// For people; may be empty.
    package var title: String
    /// With its signature packs: a replay needs nothing else.
    package var plan: WatchPlan

    package init(
        format: Int = RecordingFile.currentFormat,
        made: Instant,
        ended: Instant? = nil,
        by: String,
        title: String = "",
        plan: WatchPlan
    ) {
        self.format = format
        self.made = made
        self.ended = ended
        self.by = by
        self.title = title
        self.plan = plan
    }

    /// The text of the file; `load(yaml:)` reads it back as an equal value.
    ///
    /// Not promised for a plan that mixes regions and sites in its order of areas, or refers to
    /// what it does not hold: no azimuth.yaml gives such a plan.
    package var yaml: String {
        var writer = YamlWriter()
        writer.line("recording:")
        writer.line("format: \(format)", depth: 1)
        writer.line("made", made.description, depth: 1)
        if let ended { writer.line("ended", ended.description, depth: 1) }
        if !by.isEmpty { writer.line("by", by, depth: 1) }
        if !title.isEmpty { writer.line("title", title, depth: 1) }
        var text = writer.text + PlanWriter.text(plan)
        if !plan.formats.isEmpty {
            text += "formats:\n"
            for format in plan.formats { text += format.yamlItem }
        }
        guard !plan.packs.isEmpty else { return text }
        text += "signatures:\n"
        for pack in plan.packs { text += pack.yaml(asItem: true) }
        return text
    }

    /// Throws `.unreadable`, or as `load(yaml:file:catalogue:)`.
    package static func load(
        path: String,
        catalogue: Catalogue
    ) throws(ConfigureError) -> RecordingFile {
        try load(yaml: TextFile.read(path), file: path, catalogue: catalogue)
    }

    /// Reads what `yaml` wrote; paths stay as they were recorded.
    ///
    /// `file` is how problems name the text, `catalogue` what this program knows: a recording may
    /// need a newer one. Throws `.invalid` with all problems.
    package static func load(
        yaml text: String,
        file: String,
        catalogue: Catalogue
    ) throws(ConfigureError) -> RecordingFile {
        let (root, problems) = YamlText.parse(text, file: file)
        let reader = Reader(file: file, problems: problems)
        var recording: RecordingFile?
        if let root {
            let source = ScalarPlaces(text)
            recording = RecordingReader(reader: reader, catalogue: catalogue, source: source)
                .recording(root)
        } else if problems.isEmpty {
            reader.note(.start, "the file says nothing", "check that the recording is complete")
        }
        guard let recording, reader.problems.isEmpty else {
            throw .invalid(reader.sortedProblems)
        }
        return recording
    }
}

private struct RecordingReader {
    let reader: Reader
    let catalogue: Catalogue
    let source: ScalarPlaces

    func recording(_ root: YamlNode) -> RecordingFile? {
        let allowed = ["recording"] + PlanReader.keys + ["formats", "signatures"]
        guard let fields = reader.fields(of: root, subject: "the file", allowed: allowed),
            let node = reader.require(fields, "recording", example: "{format: 1, made: ...}"),
            let head = reader.fields(
                of: node,
                subject: "'recording'",
                allowed: ["format", "made", "ended", "by", "title"]
            )
        else { return nil }
        guard isReadable(head) else { return nil }
        let made = reader.require(head, "made", example: "2026-11-23T07:20:31.180Z")
            .flatMap { _ in instant(head, "made") }
        let ended = instant(head, "ended")
        let by = reader.text(head, "by")
        let title = reader.text(head, "title")
        var plans = PlanReader(reader: reader, catalogue: catalogue, source: source)
        var names: [String] = []
        let formats = formats(fields, &names)
        plans.read(fields, formats: names)
        plans.plan.formats = formats
        plans.plan.packs = packs(fields)
        return made.map {
            RecordingFile(
                made: $0,
                ended: ended,
                by: by ?? "",
                title: title ?? "",
                plan: plans.plan
            )
        }
    }

    /// False for a format of a later program; then nothing else of the file is judged.
    private func isReadable(_ head: Fields) -> Bool {
        guard let text = reader.requiredText(head, "format", example: "1") else { return false }
        guard text == "\(RecordingFile.currentFormat)" else {
            reader.note(
                head.position(of: "format"),
                "the recording has format \(reader.shown(text)); this program reads format"
                    + " \(RecordingFile.currentFormat)",
                "replay it with the azimuth that made it, or a newer one"
            )
            return false
        }
        return true
    }

    private func instant(_ fields: Fields, _ key: String) -> Instant? {
        guard let text = reader.text(fields, key) else { return nil }
        if let instant = Instant(rfc3339: text) { return instant }
        reader.note(
            fields.position(of: key),
            "\(fields.name(of: key)) is '\(reader.shown(text))', which is no RFC 3339 time",
            "write it like 2026-11-23T07:20:31.180Z"
        )
        return nil
    }

    /// The formats, and the names of all that are written, of broken ones, too.
    private func formats(_ fields: Fields, _ names: inout [String]) -> [UserFormat] {
        guard let node = fields["formats"] else { return [] }
        // A name that a later program took for a format of its own is still that of the recording.
        let formats = FormatReader(
            reader: reader,
            source: source,
            mistakes: catalogue.mistakes,
            taken: []
        )
        var found: [UserFormat] = []
        for (index, item) in (reader.items(of: node, subject: "'formats'") ?? []).enumerated() {
            var name: String?
            let subject = reader.subject("format", item, index + 1)
            let format = formats.format(item, subject: subject, name: &name)
            if let name { names.append(name) }
            if let format { found.append(format) }
        }
        return found
    }

    private func packs(_ fields: Fields) -> [SignaturePack] {
        guard let node = fields["signatures"] else { return [] }
        let signatures = SignatureReader(reader: reader)
        return (reader.items(of: node, subject: "'signatures'") ?? []).enumerated()
            .compactMap { signatures.pack($1, subject: "pack \($0 + 1)") }
    }
}
