import Atlas

/// Reads what azimuth.yaml and recording.yaml have in common into a plan.
///
/// The estate comes first, whatever the order of the file: all else refers to it. A part that is
/// bad in itself still counts as there, so that one mistake is told once.
struct PlanReader {
    static let keys = ["estate", "sources", "probes", "canaries", "rules"]

    let reader: Reader
    /// Makes a path of the file absolute; recordings keep theirs as they are.
    let resolve: (String) -> String

    /// Reads a regular expression.
    let judge: @Sendable (String) -> PatternReading
    /// The text that is read, for places inside its values.
    let source: ScalarPlaces?

    var plan = WatchPlan()
    var redaction = RedactionPlan()
    var lines = PlanLines()

    // All names that were written, those of bad parts included.
    var layers = Names()
    var areas = Names()
    var places = Names()
    var resources = Names()
    var services = Names()
    private(set) var probes: Names
    private(set) var formats: Names
    let repeatable: Set<String>
    let patternMistake: (String) -> String?
    let knowsEncoding: (String) -> Bool

    init(
        reader: Reader,
        catalogue: Catalogue,
        source: ScalarPlaces? = nil,
        resolve: @escaping (String) -> String = { $0 }
    ) {
        self.judge = catalogue.judge
        self.source = source
        self.reader = reader
        self.probes = Names(catalogue.probes)
        self.formats = Names(catalogue.formats)
        self.repeatable = catalogue.repeatable
        self.patternMistake = catalogue.patternMistake
        self.knowsEncoding = catalogue.knowsEncoding
        self.resolve = resolve
    }

    /// `formats` are names of formats beside those of the catalogue.
    mutating func read(_ root: Fields, formats own: [String] = []) {
        for name in own { formats.insert(name) }
        if let node = root["estate"] { readEstate(node) }
        if let node = root["sources"] { readSources(node) }
        if let node = root["probes"] { readProbes(node) }
        if let node = root["canaries"] { readCanaries(node) }
        if let node = root["redact"] {
            redaction.everywhere = redactions(node, subject: "'redact'")
        }
        if let node = root["rules"] { readRules(node) }
    }

    /// Takes those formats into the plan that its sources use.
    mutating func useFormats(_ own: [UserFormat]) {
        let used = Set(plan.sources.map(\.format))
        plan.formats = own.filter { used.contains($0.name) }
    }

    /// The address of a target; refused when it holds a secret.
    func address(_ node: YamlNode, subject: String) -> String? {
        guard let text = reader.text(of: node, subject: subject) else { return nil }
        guard text.utf8.count <= 4_096, !text.unicodeScalars.contains(where: { $0.value < 0x20 })
        else {
            reader.note(
                node.at,
                "\(subject) is no address",
                "write one line of at most 4096 bytes"
            )
            return nil
        }
        guard !Secret.isInside(text) else {
            reader.note(
                node.at,
                "\(subject) holds a password",
                "leave it out here and put it where the client looks: ~/.pgpass for PostgreSQL"
            )
            return nil
        }
        return text
    }
}

/// Finds a secret that was written into an address.
enum Secret {
    static func isInside(_ address: String) -> Bool {
        let lower = address.lowercased()
        // libpq keywords `password` and `sslpassword`, in both forms; blanks around '=' are legal.
        if lower.contains(/(password|passwd|pwd)\s*=/) { return true }
        // RFC 3986 section 3.2.1: userinfo "user:secret@" of an authority.
        return address.contains(/:\/\/[^\/?#@]*:[^\/?#]+@/)
    }
}
