/// A sealed run of log lines as they came, of all sources, in the order of the fold.
///
/// Sealed means immutable: a chunk may be shared by the fold, the store and a screen. The columns
/// have one element a line. Line `i` is the bytes `ends[i-1] ..< ends[i]`, without its line end.
package final class LogChunk: Sendable {
    /// Number of the first line; lines are numbered from 1 over all sources and chunks.
    package let firstLine: UInt64
    package let bytes: [UInt8]
    package let ends: [UInt32]
    /// Index into the plan's sources, and behind them into `placed`.
    package let sources: [UInt16]
    /// When the line arrived.
    package let arrivals: [Instant]
    /// The line's own time, or its arrival when it states none.
    package let times: [Instant]
    package let levels: [Level]
    /// Where the message begins inside the line, after time, level and the like.
    package let messageStarts: [UInt32]
    /// What is read of each file up to the last line of this chunk; kept with it, atomically.
    package let positions: [ReadPosition]
    /// Positions of files that are gone.
    package let forgotten: [ReadPosition]
    /// Parts of sources whose lines belong to resources of their own: all that there are so far.
    package let placed: [PlacedSource]
    /// What senders wait for, and is kept with the last line of this chunk.
    package let receipts: [UInt64]

    package init(
        firstLine: UInt64,
        bytes: [UInt8],
        ends: [UInt32],
        sources: [UInt16],
        arrivals: [Instant],
        times: [Instant],
        levels: [Level],
        messageStarts: [UInt32],
        positions: [ReadPosition],
        forgotten: [ReadPosition] = [],
        placed: [PlacedSource] = [],
        receipts: [UInt64] = []
    ) {
        self.firstLine = firstLine
        self.bytes = bytes
        self.ends = ends
        self.sources = sources
        self.arrivals = arrivals
        self.times = times
        self.levels = levels
        self.messageStarts = messageStarts
        self.positions = positions
        self.forgotten = forgotten
        self.placed = placed
        self.receipts = receipts
    }

    package var count: Int { ends.count }

    /// The bytes of line `index`, whole.
    package func line(_ index: Int) -> ArraySlice<UInt8> {
        bytes[(index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])]
    }

    package func record(_ index: Int) -> LogRecord {
        LogRecord(
            number: firstLine + UInt64(index),
            source: sources[index],
            arrival: arrivals[index],
            time: times[index],
            level: levels[index],
            messageStart: Int(messageStarts[index]),
            bytes: Array(line(index))
        )
    }
}

/// Lines of one source that rules placed at one resource, as a source of its own.
package struct PlacedSource: Codable, Hashable, Sendable {
    /// So many of a run at most; what goes beyond stays with the plain source.
    package static let limit = 1_000

    /// Of the source in the plan.
    package var source: String
    package var resource: String

    package init(source: String, resource: String) {
        self.source = source
        self.resource = resource
    }

    package var name: String { "\(source): \(resource)" }
}

/// One line of a log with what was read out of it.
package struct LogRecord: Hashable, Sendable {
    /// Its number over all sources, from 1.
    package var number: UInt64
    /// Index into the plan's sources.
    package var source: UInt16
    package var arrival: Instant
    /// Its own time, or its arrival when it states none.
    package var time: Instant
    package var level: Level
    /// Offset of the message inside `bytes`.
    package var messageStart: Int
    /// The line as it came, without its line end.
    package var bytes: [UInt8]

    package init(
        number: UInt64,
        source: UInt16,
        arrival: Instant,
        time: Instant,
        level: Level,
        messageStart: Int,
        bytes: [UInt8]
    ) {
        self.number = number
        self.source = source
        self.arrival = arrival
        self.time = time
        self.level = level
        self.messageStart = messageStart
        self.bytes = bytes
    }

    /// The message as text; invalid UTF-8 becomes U+FFFD.
    package var message: String {
        String(decoding: bytes[min(messageStart, bytes.count)...], as: UTF8.self)
    }
}

/// How far a file was read: what is needed to go on with the next line after a restart.
package struct ReadPosition: Codable, Hashable, Sendable {
    /// The name of the source in the plan.
    package var source: String
    /// Under which name the file was read last; nil in what older versions kept.
    package var path: String?
    package var device: UInt64
    package var inode: UInt64
    /// Offset of the first byte not read so far; always just after a line end.
    package var offset: UInt64
    /// FNV-1a over the first `min(offset, 256)` bytes of the file: its identity beside the inode.
    package var head: UInt64
    /// FNV-1a over the `min(offset, 256)` bytes just before `offset`.
    package var tail: UInt64
    /// When the file was last written, as its file system tells it (stat(2)); nil in what older
    /// versions kept.
    ///
    /// What came to its path later was written later.
    package var modified: Instant?
    /// Of the systemd journal: its cursor behind the last entry; everything but the source is 0 then.
    package var cursor: String?

    /// Where the systemd journal is read up to.
    package init(source: String, cursor: String) {
        self.init(source: source, device: 0, inode: 0, offset: 0, head: 0, tail: 0)
        self.cursor = cursor
    }

    package init(
        source: String,
        path: String? = nil,
        device: UInt64,
        inode: UInt64,
        offset: UInt64,
        head: UInt64,
        tail: UInt64,
        modified: Instant? = nil
    ) {
        self.source = source
        self.path = path
        self.device = device
        self.inode = inode
        self.offset = offset
        self.head = head
        self.tail = tail
        self.modified = modified
    }
}
