import Atlas

/// The lines in the order in which they came.
func lines(_ inputs: [Input], of source: UInt16? = nil) -> [String] {
    inputs.flatMap { input -> [String] in
        guard case .lines(let batch) = input.event, source ?? batch.source == batch.source else {
            return []
        }
        return (0..<batch.count).map { String(decoding: batch.line($0), as: UTF8.self) }
    }
}

/// What was told of a source, but for the coming and going of streams.
func happenings(_ inputs: [Input], of source: UInt16? = nil) -> [SourceEvent] {
    inputs.compactMap { input in
        guard case .source(let event) = input.event, source ?? event.source == event.source,
            event.kind != .closed, event.kind != .progress
        else { return nil }
        return event
    }
}

func positions(_ inputs: [Input]) -> [ReadPosition] {
    inputs.compactMap { if case .lines(let batch) = $0.event { batch.position } else { nil } }
}
