package import Atlas

/// A run of lines as the file holds it: like `LogChunk`, with sources that mean the same in every
/// run.
package struct StoredChunk: Equatable, Sendable {
    package var firstLine: UInt64
    /// Ids of the sources in the history, rising; `slots` count them.
    package var sources: [Int64]
    package var slots: [UInt16]
    package var bytes: [UInt8]
    package var ends: [UInt32]
    package var arrivals: [Instant]
    package var times: [Instant]
    package var levels: [Level]
    package var messageStarts: [UInt32]

    package init(
        firstLine: UInt64,
        sources: [Int64],
        slots: [UInt16],
        bytes: [UInt8],
        ends: [UInt32],
        arrivals: [Instant],
        times: [Instant],
        levels: [Level],
        messageStarts: [UInt32]
    ) {
        self.firstLine = firstLine
        self.sources = sources
        self.slots = slots
        self.bytes = bytes
        self.ends = ends
        self.arrivals = arrivals
        self.times = times
        self.levels = levels
        self.messageStarts = messageStarts
    }

    package var count: Int { levels.count }
    package var lastLine: UInt64 { firstLine + UInt64(count) - 1 }

    /// How many bytes all lines have.
    package var textSize: Int { Int(ends.last ?? 0) }
}

/// Columns that a question needs; levels are always there.
package struct ColumnSet: OptionSet, Sendable {
    package var rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let ends = ColumnSet(rawValue: 1)
    package static let slots = ColumnSet(rawValue: 2)
    package static let arrivals = ColumnSet(rawValue: 4)
    package static let times = ColumnSet(rawValue: 8)
    package static let starts = ColumnSet(rawValue: 16)
    package static let all: ColumnSet = [.ends, .slots, .arrivals, .times, .starts]
}

/// Whole lines of a chunk that are unpacked together.
package struct TextPart: Hashable, Sendable {
    /// In the blob.
    package var stored: Range<Int>
    /// In the bytes of all lines.
    package var text: Range<Int>

    package init(stored: Range<Int>, text: Range<Int>) {
        self.stored = stored
        self.text = text
    }
}
