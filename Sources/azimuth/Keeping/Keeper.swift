import Atlas
import Collect
import History

/// The store thread's work: one transaction after the other, and what to do when one fails.
///
/// What could not be written is retained and written later, and meanwhile no lines come in: those
/// of files stay there, senders that wait for an answer wait. So a disk that is full for less than
/// `Limits.patience` costs nothing. After that watching is worth more: lines come in again, and
/// are counted instead of kept until all that is retained is written.
struct Keeper {
    struct Limits: Sendable {
        /// How long lines are held back.
        var patience = Span.seconds(60)
        /// How much is retained, in bytes of `HistoryBatch.cost`; what was on its way when keeping
        /// failed is a quarter of it at most.
        var room = 64 << 20
        /// The least and the longest time until it is tried again; doubles in between.
        var pauses = (first: Span.seconds(1), last: Span.seconds(4))

        init(patience: Span? = nil) {
            if let patience { self.patience = patience }
        }
    }

    /// Called from the store's thread.
    struct Ties: Sendable {
        /// What is wrong, whenever that changes; nil when keeping goes on.
        var changed: @Sendable (KeepingTrouble?) -> Void
        /// The receipts of what has reached the disk.
        var kept: @Sendable ([UInt64]) -> Void = { _ in }
        /// Lines did not; before `kept` is called for later ones.
        var lost: @Sendable () -> Void = {}
        /// Whether lines are to be held back.
        var hold: @Sendable (Bool) -> Void = { _ in }
        /// So many lines of a source are lost; false when that has to be told later.
        var dropped: @Sendable (_ source: Int, _ count: Int) -> Bool = { _, _ in true }
        var say: @Sendable (String) -> Void = { _ in }
    }

    /// As much goes into one transaction.
    private static let pieceBytes = 8 << 20

    private let sink: any HistorySink
    private let sources: [String]
    private let limits: Limits
    private let ties: Ties
    /// How the run begins, where that could not be kept so far.
    private var opening: RunOpening?
    /// What is to be written, oldest first, without parts of the picture.
    private var waiting: [HistoryBatch] = []
    private var waitingCost = 0
    /// Of the picture, the newest of each: with whatever is written next the picture is whole.
    private var parts: [PicturePart] = []
    private var at = Instant.distantPast
    private var trouble: KeepingTrouble?
    private var began = Monotonic.now()
    private var nextTry = Monotonic.now()
    private var pause: Span
    /// Lost lines by source, that nobody was told of.
    private var untold: [Int: Int] = [:]

    init(sink: any HistorySink, sources: [String], limits: Limits = Limits(), ties: Ties) {
        self.sink = sink
        self.sources = sources
        self.limits = limits
        self.ties = ties
        pause = limits.pauses.first
    }

    /// The run could not begin in the history: that is tried again before anything else is kept.
    mutating func open(_ failed: RunOpening.Failed, now: Monotonic) {
        opening = failed.opening
        at = failed.opening.at
        fail(failed.error, now)
    }

    /// The fold hands something over at least once a second: that is when it is tried again.
    mutating func keep(_ batches: [HistoryBatch], now: Monotonic) {
        at = batches.reduce(at) { max($0, $1.at) }
        parts = Self.newest(parts + batches.flatMap(\.parts))
        if trouble != nil, now >= nextTry { write(now) }
        if let trouble, !trouble.isHolding {
            let isBarred = if case .damaged = trouble.error { true } else { false }
            if !isBarred || !goesOn(with: batches, now) { lose(batches) }
        } else {
            retain(batches)
            if trouble == nil { write(now) }
        }
        if let trouble, trouble.isHolding,
            now - began >= limits.patience || waitingCost > limits.room
        {
            letGo(now)
        }
        tellLost()
    }

    /// Tries once more to write what is retained, and says what is left.
    mutating func end() {
        guard trouble != nil else { return }
        write(.now())
        tellLost()
        guard let trouble else { return }
        let lines = Self.lines(of: waiting)
        ties.say(
            "not kept at the end: \(lines) lines that waited, and \(trouble.lostText) before; "
                + "what is in files is read again at the next start"
        )
    }

    // MARK: - Writing

    private mutating func retain(_ batches: [HistoryBatch]) {
        for var batch in batches {
            batch.parts = []
            waitingCost += batch.cost
            waiting.append(batch)
        }
    }

    /// Writes what waits, a piece after the other.
    private mutating func write(_ now: Monotonic) {
        do throws(HistoryError) { try begin() } catch { return fail(error, now) }
        repeat {
            let count = pieceCount
            let piece = HistoryBatch(joining: waiting.prefix(count), parts: parts, at: at)
            do throws(HistoryError) {
                try sink.append(piece)
                confirm(piece)
            } catch {
                // A batch that can never be kept is not to be in the way of others.
                guard case .misused = error else { return fail(error, now) }
                ties.say("lost: \(Self.lines(of: [piece])) lines; \(error.what); \(error.remedy)")
                note(lost: waiting.prefix(count))
            }
            parts = []
            waitingCost -= waiting.prefix(count).reduce(0) { $0 + $1.cost }
            waiting.removeFirst(count)
        } while !waiting.isEmpty
        goOn(now)
    }

    private func confirm(_ piece: HistoryBatch) {
        let receipts = piece.chunks.flatMap(\.receipts)
        if !receipts.isEmpty { ties.kept(receipts) }
    }

    /// How many of the first that wait go into one transaction; 0 where none waits.
    private var pieceCount: Int {
        var bytes = 0
        let more = waiting.dropFirst().prefix { batch in
            bytes += batch.cost
            return bytes <= Self.pieceBytes
        }
        return min(waiting.count, 1 + more.count)
    }

    private mutating func begin() throws(HistoryError) {
        try opening?.begin(in: sink)
        opening = nil
    }

    private mutating func fail(_ error: HistoryError, _ now: Monotonic) {
        if trouble == nil {
            began = now
            pause = limits.pauses.first
            trouble = KeepingTrouble(error: error, since: at)
            ties.hold(true)
            ties.say(
                "not kept: \(error.what); \(error.remedy); lines wait where they come from, "
                    + "\(limits.patience) at most"
            )
        }
        trouble?.error = error
        nextTry = now + pause
        pause = min(pause + pause, limits.pauses.last)
        ties.changed(trouble)
        // What little there is to write may find room where lines do not: so others see the trouble.
        if opening == nil, !parts.isEmpty,
            (try? sink.append(HistoryBatch(at: at, parts: parts))) != nil
        {
            parts = []
        }
    }

    private mutating func goOn(_ now: Monotonic) {
        guard let trouble else { return }
        self.trouble = nil
        ties.hold(false)
        ties.changed(nil)
        let lost = trouble.hasLost ? "\(trouble.lostText) lost" : "nothing lost"
        ties.say("keeping goes on after \(now - began): \(lost)")
    }

    /// True when these could be written though what is retained cannot, which is given up then.
    private mutating func goesOn(with batches: [HistoryBatch], _ now: Monotonic) -> Bool {
        let piece = HistoryBatch(joining: batches, parts: parts, at: at)
        guard opening == nil, (try? sink.append(piece)) != nil else { return false }
        parts = []
        note(lost: waiting[...])
        (waiting, waitingCost) = ([], 0)
        confirm(piece)
        goOn(now)
        return true
    }

    // MARK: - Losing

    /// Lines come in again, and are counted from now on.
    private mutating func letGo(_ now: Monotonic) {
        guard let error = trouble?.error else { return }
        trouble?.isHolding = false
        ties.hold(false)
        ties.changed(trouble)
        ties.say(
            "still not kept after \(now - began): \(error.what); watching goes on, and what comes "
                + "from now on is lost and counted, until there is room"
        )
    }

    private mutating func lose(_ batches: [HistoryBatch]) {
        note(lost: batches[...])
        ties.changed(trouble)
    }

    private mutating func note(lost batches: ArraySlice<HistoryBatch>) {
        let chunks = batches.flatMap(\.chunks)
        for chunk in chunks {
            for source in chunk.sources {
                untold[planned(Int(source), in: chunk), default: 0] += 1
            }
        }
        trouble?.lostLines += Self.lines(of: batches)
        trouble?.lostInputs += batches.reduce(0) { $0 + $1.observations.count }
        trouble?.lostSamples += batches.reduce(0) { $0 + $1.metrics.count }
        if chunks.contains(where: { !$0.receipts.isEmpty }) { ties.lost() }
    }

    /// The plan's source that a placed one is part of.
    private func planned(_ source: Int, in chunk: LogChunk) -> Int {
        guard source >= sources.count else { return source }
        let place = source - sources.count
        guard chunk.placed.indices.contains(place) else { return 0 }
        return sources.firstIndex(of: chunk.placed[place].source) ?? 0
    }

    private mutating func tellLost() {
        for (source, count) in untold.sorted(by: { $0.key < $1.key })
        where ties.dropped(source, count) {
            untold[source] = nil
        }
    }

    // MARK: - Batches

    private static func lines(of batches: some Sequence<HistoryBatch>) -> Int {
        batches.reduce(0) { $0 + $1.chunks.reduce(0) { $0 + $1.count } }
    }

    /// The last of each kind and key, in the order of their last appearance.
    private static func newest(_ parts: [PicturePart]) -> [PicturePart] {
        var seen: Set<String> = []
        return parts.reversed().filter { seen.insert("\($0.kind) \($0.key)").inserted }.reversed()
    }
}
