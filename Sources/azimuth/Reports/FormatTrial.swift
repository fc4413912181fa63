import Decode

/// How many lines of a log each format takes.
struct FormatTrial {
    struct Score: Equatable {
        var format: String
        /// Lines of their own, lines that go on with one, and lines of another shape.
        var records = 0
        var continuations = 0
        var unknown = 0
        /// Records whose time is read.
        var timed = 0
        /// Records whose level is read.
        var levelled = 0

        /// What goes on with no record is nothing.
        var taken: Int { records == 0 ? 0 : records + continuations }
    }

    private let formats: [any LogFormat]
    private var scores: [Score]
    private(set) var lines = 0

    /// `auto` is left out: it takes what the others take.
    init(_ formats: [any LogFormat]) {
        let formats = formats.filter { !($0 is AutoLog) }
        self.formats = formats
        scores = formats.map { Score(format: $0.name) }
    }

    mutating func take(_ line: ArraySlice<UInt8>) {
        lines += 1
        for (index, format) in formats.enumerated() {
            let parsed = format.parse(line.span.bytes)
            switch parsed.shape {
            case .record: scores[index].records += 1
            case .continuation: scores[index].continuations += 1
            case .unknown: scores[index].unknown += 1
            }
            guard parsed.shape == .record else { continue }
            if parsed.time != .none { scores[index].timed += 1 }
            if parsed.level != nil { scores[index].levelled += 1 }
        }
    }

    /// Best first: who takes the most lines, of equals who reads more times and levels.
    ///
    /// Columns are nothing but commas or tabs, which many lines have: they come behind a format that
    /// takes half of the lines. `plain` takes everything and tells nothing, so that it comes last.
    var ranking: [Score] {
        scores.enumerated().sorted { left, right in
            let (a, b) = (left.element, right.element)
            let groups = (group(a, left.offset), group(b, right.offset))
            if groups.0 != groups.1 { return groups.0 < groups.1 }
            let ranks = ((a.taken, a.timed, a.levelled), (b.taken, b.timed, b.levelled))
            return ranks.0 == ranks.1 ? left.offset < right.offset : ranks.0 > ranks.1
        }
        .map(\.element)
    }

    private func group(_ score: Score, _ index: Int) -> Int {
        if formats[index] is PlainLog { return 3 }
        if score.timed + score.levelled == 0 { return 2 }
        return formats[index] is ColumnLog || score.taken * 2 < lines ? 1 : 0
    }
}
