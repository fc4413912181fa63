import Atlas

/// Turns the lines of the mark file into notes, and leaves all other inputs as they are.
struct MarkIntake: Sendable {
    /// Index of the source that follows the file; behind those of the plan.
    let source: Int
    /// Notes up to here are known already.
    let since: Instant

    func sort(_ inputs: [Input]) -> [Input] {
        inputs.flatMap { input -> [Input] in
            switch input.event {
            case .lines(let batch) where Int(batch.source) == source:
                return (0..<batch.count).compactMap { note(batch.line($0)) }
            case .source(let event) where Int(event.source) == source:
                return []
            default:
                return [input]
            }
        }
    }

    /// A line is the time and the words, a blank between; anything else is passed over.
    private func note(_ line: ArraySlice<UInt8>) -> Input? {
        let text = String(decoding: line, as: UTF8.self)
        guard let blank = text.firstIndex(of: " "),
            let at = Instant(rfc3339: text[..<blank]), at > since
        else { return nil }
        return Input(at: at, event: .mark(String(text[text.index(after: blank)...])))
    }
}
