import Atlas
import Glibc

/// The loop of a FileTail, on its thread.
struct TailLoop: ~Copyable {
    private static let pollPeriod = Span.seconds(1)

    private let mailbox: Mailbox<Input>
    private let stopping: WakePipe
    private var files: [TailedSource]
    private let follows: Bool
    private var inputs: [TailedInput]
    private var context: TailContext
    private var nextPoll = Monotonic.now()
    /// Which file comes first in the next round.
    private var turn = 0

    init(
        sources: [LogSource],
        positions: [ReadPosition],
        mailbox: Mailbox<Input>,
        stopping: WakePipe,
        lineLimit: Int,
        backlog: Int,
        follows: Bool
    ) {
        self.mailbox = mailbox
        self.follows = follows
        self.stopping = stopping
        context = TailContext(lineLimit: lineLimit)
        let numbered = Array(sources.enumerated())
        files = numbered.compactMap { index, source in
            guard case .files = source.origin else { return nil }
            let position = positions.last { $0.source == source.name }
            return TailedSource(source, index: index, resume: position, backlog: backlog)
        }
        inputs = numbered.filter { $0.element.origin == .standardInput }.map { index, _ in
            TailedInput(STDIN_FILENO, index: index, lineLimit: lineLimit)
        }
        for (index, source) in numbered where source.origin == .journal {
            do {
                inputs.append(
                    try TailedInput(journalFrom: backlog, index: index, lineLimit: lineLimit)
                )
            } catch {
                let event = SourceEvent(
                    source: UInt16(index),
                    kind: .unreadable,
                    detail: error.what
                )
                context.emit(.source(event))
            }
        }
    }

    /// Runs until it is stopped, or nothing more will come: then true.
    mutating func run() -> Bool {
        defer { for input in inputs { input.close() } }
        while true {
            let now = Monotonic.now()
            if nextPoll <= now {
                for file in files where file.needsPolling { file.notice() }
                nextPoll = now + Self.pollPeriod
            }
            for step in files.indices {
                let place = (turn + step) % files.count
                guard files[place].isDirty else { continue }
                files[place].advance(now, &context)
                guard deliver() else {
                    // Its neighbour comes first when there is room again.
                    turn = (place + 1) % files.count
                    break
                }
            }
            if !follows {
                for file in files where file.isRead { file.end(&context) }
                files.removeAll(where: \.isRead)
                turn = 0
            }
            if files.isEmpty, inputs.isEmpty, deliver() { return true }
            guard listen() else { return false }
        }
    }

    /// Waits for whatever comes first; false when it is to stop.
    private mutating func listen() -> Bool {
        var descriptors = [pollFor(POLLIN, stopping.descriptor)]
        if !deliver() {
            descriptors.append(pollFor(POLLIN, mailbox.spaceDescriptor))
            wait(for: &descriptors, until: nil)
            return descriptors[0].revents == 0
        }
        if let inotify = context.watcher.descriptor { descriptors.append(pollFor(POLLIN, inotify)) }
        let first = descriptors.count
        descriptors += inputs.map { pollFor(POLLIN, $0.descriptor) }
        var deadline: Monotonic?
        if files.contains(where: \.needsPolling) { deadline = nextPoll }
        if files.contains(where: \.isDirty) { deadline = Monotonic.now() }
        wait(for: &descriptors, until: deadline)
        heed()
        for (descriptor, input) in zip(descriptors[first...], inputs) where descriptor.revents != 0
        {
            input.read(&context)
        }
        inputs.removeAll(where: \.hasEnded)
        return descriptors[0].revents == 0
    }

    private mutating func heed() {
        let news = context.watcher.read()
        for file in files {
            for watch in news.lost { file.lose(watch) }
            if news.isOverflow || news.sources.contains(file.index) { file.notice() }
        }
    }

    /// False while the mailbox does not take all there is.
    private mutating func deliver() -> Bool {
        var done = 0
        while done < context.outbox.count, mailbox.offer(context.outbox[done]) { done += 1 }
        context.outbox.removeFirst(done)
        return context.outbox.isEmpty
    }
}
