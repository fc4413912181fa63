import Atlas

/// What a run without a screen says of findings: each when it comes, gets another title or health,
/// and goes.
///
/// What a run opens with, before anything was read, is not worth a word.
struct FindingLog {
    /// In a minute of the run; what is more is counted.
    private static let most = 30
    private static let window = Span.seconds(60)

    private var known: [Finding]
    /// Keys of those that were said.
    private var told: Set<String> = []
    private var said = 0
    private var unsaid = 0
    private var windowStart = Instant.distantPast

    init(opening: [Finding] = []) {
        known = opening
    }

    /// The words for what changed, in the order of the findings.
    mutating func take(_ findings: [Finding], at now: Instant) -> [String] {
        var words: [String] = []
        for finding in findings {
            let before = known.first { $0.key == finding.key }
            let isNew = before?.title != finding.title || before?.health != finding.health
            guard isNew || !told.contains(finding.key) && before?.detail != finding.detail else {
                continue
            }
            told.insert(finding.key)
            words.append("\(finding.title): \(finding.detail)")
        }
        for finding in known where !findings.contains(where: { $0.key == finding.key }) {
            if told.remove(finding.key) != nil { words.append("over: \(finding.title)") }
        }
        known = findings
        return limited(words, at: now)
    }

    private mutating func limited(_ words: [String], at now: Instant) -> [String] {
        var words = words
        if now >= windowStart + Self.window || now < windowStart {
            if unsaid > 0 { words.insert("\(unsaid) more findings came or went", at: 0) }
            (windowStart, said, unsaid) = (now, 0, 0)
        }
        let room = max(0, Self.most - said)
        unsaid += max(0, words.count - room)
        said += min(words.count, room)
        return Array(words.prefix(room))
    }
}
