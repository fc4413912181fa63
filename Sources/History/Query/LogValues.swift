/// The values that lines have, and how many lines each.
package struct LogValues: Hashable, Sendable {
    /// So many are told apart.
    ///
    /// Once there are more, the rarer half is given up: lines of those are in `other`, and one that
    /// comes again is counted anew.
    package static let mostValues = 10_000
    /// What a value has beyond that is not looked at, in bytes.
    package static let mostBytes = 256

    package struct Value: Hashable, Sendable {
        package var text: [UInt8]
        package var lines: Int

        package init(text: [UInt8], lines: Int) {
            self.text = text
            self.lines = lines
        }
    }

    /// The most frequent first, of equals by their bytes.
    package var values: [Value]
    /// Lines of values that were too many to be told apart; those in `values` may have some of them.
    package var other: Int
    /// Lines that have none.
    package var missing: Int
    /// The `before` for the rest; nil when all was looked at.
    package var older: UInt64?
    /// Chunks opened.
    package var opened: Int
    /// Chunks passed over because what is on disk is not what was written.
    package var damaged: Int
    /// Lines that may belong to it: a regular expression gave up on them.
    package var undecided: Int

    package init(
        values: [Value] = [],
        other: Int = 0,
        missing: Int = 0,
        older: UInt64? = nil,
        opened: Int = 0,
        damaged: Int = 0,
        undecided: Int = 0
    ) {
        self.values = values
        self.other = other
        self.missing = missing
        self.older = older
        self.opened = opened
        self.damaged = damaged
        self.undecided = undecided
    }

    package var total: Int { values.reduce(other + missing) { $0 + $1.lines } }

    /// Adds what the next page, about older lines, counted.
    package mutating func add(_ next: LogValues) {
        var table = ValueTable(self)
        for value in next.values { table.add(value.text, value.lines) }
        table.other += next.other
        let (values, other) = table.counted
        self.values = values
        self.other = other
        missing += next.missing
        older = next.older
        opened += next.opened
        damaged += next.damaged
        undecided += next.undecided
    }
}

/// Values and their counts, within a bound.
struct ValueTable: Sendable {
    private var counts: [[UInt8]: Int] = [:]
    var other = 0

    init() {}

    init(_ values: LogValues) {
        other = values.other
        for value in values.values { counts[value.text] = value.lines }
    }

    mutating func add(_ text: [UInt8], _ lines: Int) {
        counts[text, default: 0] += lines
        if counts.count > LogValues.mostValues { shed() }
    }

    private mutating func shed() {
        let sorted = sorted
        let kept = sorted.prefix(LogValues.mostValues / 2)
        other += sorted.dropFirst(kept.count).reduce(0) { $0 + $1.lines }
        counts = Dictionary(kept.map { ($0.text, $0.lines) }, uniquingKeysWith: +)
    }

    private var sorted: [LogValues.Value] {
        counts.map { LogValues.Value(text: $0.key, lines: $0.value) }.sorted { left, right in
            left.lines != right.lines
                ? left.lines > right.lines : left.text.lexicographicallyPrecedes(right.text)
        }
    }

    var counted: (values: [LogValues.Value], other: Int) { (sorted, other) }
}
