package import Atlas
internal import Synchronization

/// Hides secrets in lines, where they enter: what it gives on is all that anybody sees.
///
/// Readers on any threads share it. A batch without a trace of a secret is given on as it came,
/// after one pass over its bytes.
package final class Redactor: Sendable {
    /// By the index of the source; behind them that for everything else.
    private let finders: [SecretFinder?]
    private let counts: Mutex<[Count]>

    private struct Count {
        var values = 0
        /// Lines that are hidden whole, since a pattern gave up; and which one did so last.
        var lines = 0
        var pattern = ""
    }

    /// Nil when nothing is to be hidden.
    ///
    /// Throws where a pattern of the operator's own is none, which `check` tells before.
    package init?(_ plan: RedactionPlan, sources: [LogSource]) throws(RedactError) {
        guard !plan.isEmpty else { return nil }
        var finders: [SecretFinder?] = []
        for source in sources { finders.append(try SecretFinder(plan.redactions(of: source.name))) }
        finders.append(try SecretFinder(plan.everywhere))
        self.finders = finders
        counts = Mutex([Count](repeating: Count(), count: finders.count))
    }

    package func redact(_ input: Input) -> Input {
        if case .mark(let text) = input.event { return note(text, at: input.at) }
        guard case .lines(let batch) = input.event else { return input }
        let index = min(Int(batch.source), finders.count - 1)
        guard let finder = finders[index] else { return input }
        let secrets = finder.secrets(in: batch)
        guard !secrets.isEmpty else { return input }
        counts.withLock { counts in
            for secret in secrets {
                if secret.isWholeLine {
                    counts[index].lines += 1
                    counts[index].pattern = finder.names[secret.name]
                } else {
                    counts[index].values += 1
                }
            }
        }
        return Input(at: input.at, event: .lines(finder.hide(secrets, in: batch)))
    }

    /// A person's note: hidden in as in everything else.
    private func note(_ text: String, at instant: Instant) -> Input {
        let bytes = Array(text.utf8)
        let batch = LineBatch(source: 0, bytes: bytes, ends: [UInt32(bytes.count)])
        guard let finder = finders.last ?? nil else {
            return Input(at: instant, event: .mark(text))
        }
        let hidden = finder.hide(finder.secrets(in: batch), in: batch)
        return Input(at: instant, event: .mark(String(decoding: hidden.bytes, as: UTF8.self)))
    }

    /// What was hidden since the last call, for the fold: a source event for each source.
    package func news(at now: Instant) -> [Input] {
        let news = counts.withLock { counts in
            defer { for index in counts.indices { counts[index] = Count() } }
            return counts
        }
        // What belongs to no source has no state to show it in.
        return news.dropLast().enumerated().flatMap { index, count -> [Input] in
            var events: [SourceEvent] = []
            let source = UInt16(index)
            if count.values > 0 {
                events.append(SourceEvent(source: source, kind: .redacted, count: count.values))
            }
            if count.lines > 0 {
                let detail = "redaction '\(count.pattern)' tried for too long: lines hidden whole"
                events.append(
                    SourceEvent(
                        source: source,
                        kind: .redacted,
                        detail: detail,
                        count: count.lines
                    )
                )
            }
            return events.map { Input(at: now, event: .source($0)) }
        }
    }
}

/// Why nothing can be hidden.
package enum RedactError: Explained, Hashable {
    case badPattern(name: String, detail: String)

    package var what: String {
        switch self {
        case .badPattern(let name, let detail):
            "the redaction '\(name)' is no regular expression: \(detail)"
        }
    }

    package var remedy: String { "correct it; 'azimuth check' shows the place" }

    package var exit: ExitStatus { .badConfiguration }
}
