import Atlas
import Glibc
import Probes

/// Follows the systemd journal: journalctl(1) in its export format, started again when it ends.
///
///     waiting ─ its time comes → running ─ end of its output → ending ─ waited for → waiting
///
/// The cursor of the last entry is the position, so that it goes on there: after journalctl ended,
/// and after a restart. For the thread of its loop only.
final class JournalTail {
    /// What it takes to run journalctl; other values are for tests.
    struct Options {
        var program = "journalctl"
        /// How long it stays away after its first end in a row; twice as long after each more.
        var pause = Span.seconds(1)
        /// Entries from before, where nothing is known of the journal.
        var backlog = 0
        var follows = true
    }

    private enum State {
        case waiting(until: Monotonic)
        case running(since: Monotonic)
        case ending(since: Monotonic)
    }

    private static let longestPause = Span.seconds(60)
    /// It is well when it has run for so long, with or without an entry.
    private static let probation = Span.seconds(5)
    private static let mostWords = 4_096

    private let index: Int
    private let source: LogSource
    private let journal: SystemJournal
    private let options: Options
    private var cursor: String?
    private var state = State.waiting(until: Monotonic(nanoseconds: 0))
    private var process: ClientProcess?
    private var errors: Descriptor?
    private var framer: JournalExportFramer
    /// What it said last on its standard error, and what of that was told.
    private var words: [UInt8] = []
    private var toldWords: [UInt8] = []
    private var pause: Span
    /// It ended, or could not be started, and has not proved well since.
    private var isTroubled = false
    private(set) var hasEnded = false

    /// Goes on behind the position's entry; where that is gone, with the next one there is.
    init(
        _ source: LogSource,
        _ journal: SystemJournal,
        index: Int,
        position: ReadPosition?,
        options: Options
    ) {
        self.source = source
        self.journal = journal
        self.index = index
        self.options = options
        cursor = position?.cursor
        pause = options.pause
        framer = JournalExportFramer(limit: journal.entryLimit)
    }

    /// The newest entry is read where it begins at the end: its cursor is the first position.
    var arguments: [String] {
        var arguments = [options.program, "--quiet", "--no-pager", "--output=export", "--all"]
        if options.follows { arguments.append("--follow") }
        if let directory = journal.directory { arguments.append("--directory=\(directory)") }
        arguments += journal.units.map { "--unit=\($0)" }
        if let cursor {
            arguments += ["--after-cursor=\(cursor)", "--no-tail"]
        } else if source.start == .beginning {
            arguments.append("--no-tail")
        } else {
            arguments.append("--lines=\(max(1, options.backlog))")
        }
        return arguments
    }

    /// To be polled for input.
    var descriptors: [Int32] {
        guard case .running = state else { return [] }
        var all: [Int32] = []
        if let output = process?.descriptor { all.append(output) }
        if let number = errors?.number { all.append(number) }
        return all
    }

    /// When to call `step` though nothing is readable; nil for never.
    var wakeTime: Monotonic? {
        switch state {
        case .waiting(let time): time
        case .running(let since): isTroubled ? since + Self.probation : nil
        case .ending: Monotonic.now() + .milliseconds(10)
        }
    }

    func step(_ now: Monotonic, _ context: inout TailContext) {
        switch state {
        case .waiting(let time) where time <= now && !hasEnded: start(now, &context)
        case .running(let since) where isTroubled && since + Self.probation <= now:
            prove(&context)
        case .ending(let since): bury(since, now, &context)
        case .waiting, .running: break
        }
    }

    private func start(_ now: Monotonic, _ context: inout TailContext) {
        let command = SessionCommand(arguments: arguments)
        do throws(CollectError) {
            let ends = try makePipe()
            let ours = Descriptor(ends.read)
            let theirs = Descriptor(ends.write)
            makeNonBlocking(ours.number)
            let started = try ClientProcess.startCommand(
                command.arguments,
                environment: ClientEnvironment().entries(for: command),
                errors: theirs.number
            )
            process = consume started
            errors = consume ours
            framer = JournalExportFramer(limit: journal.entryLimit)
            (words, toldWords) = ([], [])
            state = .running(since: now)
        } catch {
            fail(error.what, now, &context)
        }
    }

    /// Reads what there is; call it when a descriptor is readable.
    func read(_ context: inout TailContext) {
        readErrors(&context)
        guard let output = process?.descriptor else { return }
        let count = context.buffer.withUnsafeMutableBytes {
            Glibc.read(output, $0.baseAddress, $0.count)
        }
        if count > 0 { return take(count, &context) }
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        // What it wrote of an entry and did not end comes again.
        state = .ending(since: Monotonic.now())
    }

    private func take(_ count: Int, _ context: inout TailContext) {
        var records = LineBatch(source: UInt16(index), bytes: [], ends: [])
        context.buffer.withUnsafeBytes {
            framer.take(UnsafeRawBufferPointer(rebasing: $0[..<count]), into: &records)
        }
        var batch = LineBatch(source: UInt16(index), bytes: [], ends: [])
        for number in 0..<records.count {
            let entry = JournalEntry(records.line(number))
            cursor = entry.cursor ?? cursor
            entry.append(to: &batch)
        }
        if batch.count > 0 {
            prove(&context)
            batch.position = cursor.map { ReadPosition(source: source.name, cursor: $0) }
            context.emit(.lines(batch))
        }
        let cuts = framer.takeCuts()
        if cuts > 0 { emit(.cut, "cut to \(journal.entryLimit) bytes", count: cuts, &context) }
    }

    /// Journalctl says there what it passes over, such as damaged files.
    private func readErrors(_ context: inout TailContext) {
        guard let number = errors?.number else { return }
        var buffer = [UInt8](repeating: 0, count: Self.mostWords)
        while true {
            let count = buffer.withUnsafeMutableBytes {
                Glibc.read(number, $0.baseAddress, $0.count)
            }
            guard count > 0 else {
                if count == 0 { errors = nil }
                break
            }
            words = Array((words + buffer[..<count]).suffix(Self.mostWords))
        }
        guard let said = lastWords, Array(said.utf8) != toldWords, !isTroubled else { return }
        toldWords = Array(said.utf8)
        emit(.unreadable, said, &context)
    }

    private var lastWords: String? {
        let line = words.split(separator: 0x0A).last
        return line.map { String(decoding: $0.prefix(300), as: UTF8.self) }
    }

    // MARK: - The end

    private func bury(_ since: Monotonic, _ now: Monotonic, _ context: inout TailContext) {
        guard let pid = process?.pid else { return }
        var status: Int32 = 0
        let ended = waitpid(pid, &status, WNOHANG)
        guard ended != 0 || now >= since + .seconds(1) else { return }
        readErrors(&context)
        let isOver = ended == pid && status == 0
        let how =
            ended != pid
            ? "closed its output"
            : status & 0x7F == 0
                ? "ended (\(status >> 8 & 0xFF))" : "ended by signal \(status & 0x7F)"
        close()
        if isOver, !options.follows {
            hasEnded = true
            state = .waiting(until: now)
            return emit(.ended, "", &context)
        }
        let said = lastWords.map { ": \($0)" } ?? ""
        fail("\(options.program) \(how)\(said)", now, &context)
    }

    private func fail(_ what: String, _ now: Monotonic, _ context: inout TailContext) {
        let detail = "\(what); started again in \(pause)"
        emit(.unreadable, detail, &context)
        isTroubled = true
        state = .waiting(until: now + pause)
        pause = min(pause * 2, Self.longestPause)
    }

    private func prove(_ context: inout TailContext) {
        guard isTroubled else { return }
        isTroubled = false
        pause = options.pause
        emit(.opened, "goes on behind the last entry", &context)
    }

    private func emit(
        _ kind: SourceEvent.Kind,
        _ detail: String,
        count: Int = 0,
        _ context: inout TailContext
    ) {
        context.emit(
            .source(
                SourceEvent(source: UInt16(index), kind: kind, detail: detail, count: count)
            )
        )
    }

    /// Ends journalctl, where it runs, and waits for it.
    func close() {
        errors = nil
        guard let pid = process?.pid else { return }
        process = nil
        kill(-pid, SIGKILL)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    }
}
