/// Whatever enters the fold: numbered, timed, recorded, and never decoded before it is recorded.
///
/// Its makers are in Collect, its only consumer is Pipeline; here because both speak it.
package struct Input: Hashable, Sendable {
    /// When it entered.
    ///
    /// Not always rising: readers run side by side.
    package var at: Instant
    package var event: InputEvent

    package init(at: Instant, event: InputEvent) {
        self.at = at
        self.event = event
    }
}

package enum InputEvent: Hashable, Sendable {
    case lines(LineBatch)
    case source(SourceEvent)
    case reply(ProbeReply)
    case attempt(CanaryTry)
    /// A person's note.
    case mark(String)
    /// Once a second, so that what depends on time passing is recorded, too.
    case tick
}

/// Whole lines of one stream, in order.
package struct LineBatch: Hashable, Sendable {
    /// Index into the plan's sources.
    package var source: UInt16
    /// Which file, connection or sender of the source they come from; 0 where it has but one.
    ///
    /// Never used again in a run for another one. What a line leaves open, the next line of the
    /// same stream tells.
    package var stream: UInt32
    /// The lines one after the other, without line ends.
    package var bytes: [UInt8]
    /// End of each line in `bytes`.
    package var ends: [UInt32]
    /// Where the file is read up to after the last line; nil for what is no file.
    package var position: ReadPosition?
    /// What its sender waits for: told back once these lines and all before are kept.
    ///
    /// Not recorded: nobody waits in a replay.
    package var receipt: UInt64?

    package init(
        source: UInt16,
        stream: UInt32 = 0,
        bytes: [UInt8],
        ends: [UInt32],
        position: ReadPosition? = nil,
        receipt: UInt64? = nil
    ) {
        self.source = source
        self.stream = stream
        self.bytes = bytes
        self.ends = ends
        self.position = position
        self.receipt = receipt
    }

    package var count: Int { ends.count }

    package func line(_ index: Int) -> ArraySlice<UInt8> {
        bytes[(index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])]
    }
}

/// Something that happened to a source itself.
package struct SourceEvent: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable {
        case opened
        case rotated
        case truncated
        /// Not there (yet).
        case missing
        /// There, and may not be read.
        case unreadable
        /// Lines longer than the limit were cut; `count` says how many.
        case cut
        /// No more will come (standard input ended).
        case ended
        /// A stream of the source is over: its file is gone, or its connection closed.
        case closed
        /// What came was not kept; `count` says how many lines or messages, `detail` why.
        case dropped
        /// A file grew and was not read for a while; it is opened anew.
        case stalled
        /// How far it is behind: `count` bytes of its files were not read so far.
        case progress
        /// What is wrong with single files and folders of it: `count` says of how many, `troubles`
        /// names some. It takes the place of what was said before.
        case troubles
        /// Secrets were hidden in what came; `count` says how many, or, where `detail` says why,
        /// how many lines were hidden whole.
        case redacted
    }

    /// Index into the plan's sources.
    package var source: UInt16
    /// As in `LineBatch`; 0 where it is about the source as a whole.
    package var stream: UInt32
    package var kind: Kind
    /// What the system said, for people.
    package var detail: String
    package var count: Int
    /// With `closed`: the position that nobody needs any more.
    package var position: ReadPosition?
    /// With `progress`: the files that are furthest behind, or were read last; nil for no news.
    package var files: [FileProgress]?
    /// With `troubles`: at most `mostTroubles`, each with its path.
    package var troubles: [String]?

    package static let mostTroubles = 8

    package init(
        source: UInt16,
        stream: UInt32 = 0,
        kind: Kind,
        detail: String = "",
        count: Int = 0,
        position: ReadPosition? = nil,
        files: [FileProgress]? = nil,
        troubles: [String]? = nil
    ) {
        self.source = source
        self.stream = stream
        self.kind = kind
        self.detail = detail
        self.count = count
        self.position = position
        self.files = files
        self.troubles = troubles
    }
}

/// How far one file of a source is read.
package struct FileProgress: Codable, Hashable, Sendable {
    package var path: String
    /// Bytes of it that were read.
    package var offset: UInt64
    package var size: UInt64

    package init(path: String, offset: UInt64, size: UInt64) {
        self.path = path
        self.offset = offset
        self.size = size
    }

    /// Bytes that were not read so far.
    package var lag: UInt64 { size > offset ? size - offset : 0 }
}

/// What came of asking a target once.
package struct ProbeReply: Codable, Hashable, Sendable {
    package enum Outcome: Codable, Hashable, Sendable {
        /// The raw reply, as text; invalid UTF-8 already replaced.
        case answered(String)
        case failed(ProbeFailure)
    }

    /// Index into the plan's targets; nil for a question that a canary asks.
    package var target: Int?
    /// What was asked.
    package var question: Question
    package var started: Instant
    package var ended: Instant
    package var outcome: Outcome

    package init(
        target: Int?,
        question: Question,
        started: Instant,
        ended: Instant,
        outcome: Outcome
    ) {
        self.target = target
        self.question = question
        self.started = started
        self.ended = ended
        self.outcome = outcome
    }

    package enum Question: Codable, Hashable, Sendable {
        /// What the probe asks each time.
        case status
        /// Which of the canary's numbers from `first` to `last` are there.
        case writes(canary: Int, first: Int64, last: Int64)
    }
}

/// Why there is no reply.
///
/// `detail` is the client's or the system's own words, cut to 300 bytes.
package struct ProbeFailure: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable {
        /// No connection: refused, unknown host, server starting up.
        case unreachable
        /// Password or right is missing.
        case denied
        /// A connection broke that had worked.
        case broken
        /// No answer in time.
        case timeout
        /// It answered with an error of its own.
        case refused
        /// More came than a reply may hold (1 MiB).
        case tooLarge = "too-large"
        /// The client program is not installed or could not be started, or who tells of it is away.
        case noClient = "no-client"
    }

    package var kind: Kind
    package var detail: String

    package init(kind: Kind, detail: String) {
        self.kind = kind
        self.detail = detail
    }
}

/// One try of a canary.
package struct CanaryTry: Codable, Hashable, Sendable {
    /// Index into the plan's canaries.
    package var canary: Int
    /// Rises by one a try; unique over restarts (it starts at the milliseconds since the epoch).
    package var number: Int64
    package var started: Instant
    package var ended: Instant
    /// Index into the canary's targets.
    package var target: Int
    /// Nil when it was good.
    package var failure: ProbeFailure?

    package init(
        canary: Int,
        number: Int64,
        started: Instant,
        ended: Instant,
        target: Int,
        failure: ProbeFailure? = nil
    ) {
        self.canary = canary
        self.number = number
        self.started = started
        self.ended = ended
        self.target = target
        self.failure = failure
    }
}
