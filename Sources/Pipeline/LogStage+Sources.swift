internal import Atlas
internal import Decode

/// How many lines each source had when its rate was measured last.
struct SourcePace: Sendable {
    static let period = Span.seconds(10)

    var at: Instant?
    var lines: [Int] = []
}

/// The first lines of a source of any format.
struct FormatLook: Sendable {
    /// So many are enough for a guess.
    static let most = 200

    var lines: [ArraySlice<UInt8>] = []
}

/// What is told of each source beside its lines.
extension LogStage {
    mutating func note(_ position: ReadPosition?, of source: Int) {
        guard let position else { return }
        builder.note(position)
        if position.cursor == nil { states[source].offset = position.offset }
    }

    /// Of a source of any format: what its first lines look like.
    mutating func guess(_ batch: LineBatch) {
        let source = Int(batch.source)
        guard sources[source].format == AutoLog().name, batch.count > 0 else { return }
        var look = looks[source] ?? FormatLook()
        let missing = FormatLook.most - look.lines.count
        guard missing > 0 else { return }
        for index in 0..<min(missing, batch.count) {
            look.lines.append(ArraySlice(Array(batch.line(index).prefix(4_096))))
        }
        let guess = FormatGuess.guess(of: look.lines)
        states[source].guess = FormatGuessed(
            format: guess.format.name,
            confidence: guess.confidence
        )
        // Its lines are needed no more, their number is.
        if look.lines.count == FormatLook.most {
            look.lines = [ArraySlice<UInt8>](repeating: [], count: FormatLook.most)
        }
        looks[source] = look
    }

    /// Rates, over whole periods, and what is open.
    mutating func measure(at now: Instant) {
        var streams = [Int](repeating: 0, count: states.count)
        for key in decoders.keys { streams[Int(key.source)] += 1 }
        for index in states.indices where states[index].streams != streams[index] {
            states[index].streams = streams[index]
        }
        let passed = pace.at.map { now - $0 } ?? SourcePace.period
        guard passed >= SourcePace.period else { return }
        for index in states.indices where pace.at != nil {
            let before = pace.lines.count > index ? pace.lines[index] : 0
            states[index].rate = Double(states[index].lines - before) / passed.seconds
        }
        pace = SourcePace(at: now, lines: states.map(\.lines))
    }
}
