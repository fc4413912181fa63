internal import Atlas
internal import Redact

extension FuzzTarget {
    static let secrets = [
        FuzzTarget("redact") { bytes in
            var batch = LineBatch(source: 0, bytes: [], ends: [])
            var single: [[UInt8]] = []
            for line in bytes.lines {
                batch.bytes += line
                batch.ends.append(UInt32(batch.bytes.count))
                let alone = LineBatch(source: 0, bytes: line, ends: [UInt32(line.count)])
                single.append(redacted(alone).bytes)
            }
            let together = redacted(batch)
            hold(together.count == batch.count, "no line is lost")
            for (index, line) in single.enumerated() {
                hold(line.elementsEqual(together.line(index)), "what is hidden is so in any batch")
            }
        }
    ]

    private static let redactor: Redactor? = {
        let kinds: [Redaction.Kind] = [.jwt, .bearer, .token, .password, .card, .email, .ipv4]
        let own = Redaction.own(name: "own", pattern: #"pin=(?<secret>\d+)"#)
        let plan = RedactionPlan(everywhere: kinds.map(Redaction.known) + [own])
        return try? Redactor(plan, sources: [LogSource(name: "a", path: "/a", format: "plain")])
    }()

    private static func redacted(_ batch: LineBatch) -> LineBatch {
        guard let redactor else { fatalError("there is no redactor") }
        let input = redactor.redact(Input(at: Instant(seconds: 0), event: .lines(batch)))
        guard case .lines(let lines) = input.event else { fatalError("lines stay lines") }
        return lines
    }
}
