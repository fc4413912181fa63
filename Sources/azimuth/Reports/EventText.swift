import Atlas

/// An event as a line for people: when, how it is, of what kind, about whom, and what.
enum EventText {
    static func line(_ event: EstateEvent) -> String {
        let columns = [
            event.at.description, pad(event.health.rawValue, 11), pad(event.kind.rawValue, 9),
            change(event),
        ]
        return Explain.printable(columns.joined(separator: "  ")) + "\n"
    }

    private static func change(_ event: EstateEvent) -> String {
        let words: String
        switch event.kind {
        case .run: return "the ingester began to watch"
        case .mark: return event.text
        case .finding: words = event.to ?? "over: \(event.from ?? "")"
        case .health, .role, .direction, .serving, .failover:
            let from = event.from.map { "\($0) ⇒ " } ?? ""
            words = "\(event.subject)  \(from)\(event.to ?? "nobody")"
        }
        return event.text.isEmpty ? words : "\(words)  (\(event.text))"
    }

    private static func pad(_ word: String, _ width: Int) -> String {
        word + String(repeating: " ", count: max(0, width - word.count))
    }
}
