import Atlas
import Glibc

/// The loop of a FileTail, on its thread.
struct TailLoop: ~Copyable {
    /// What nobody tells of is looked at so often.
    private static let pollPeriod = Span.seconds(1)
    /// All is looked at so often, told or not.
    private static let auditPeriod = Span.seconds(10)
    /// Blocks that are read before news are looked for.
    private static let round = 64

    private let mailbox: Mailbox<Input>
    private let stopping: WakePipe
    private var sets: [FileSet]
    private let follows: Bool
    private var inputs: [TailedInput]
    private var journals: [JournalTail] = []
    private var context: TailContext
    private var nextPoll = Monotonic.now()
    private var nextAudit = Monotonic.now() + Self.auditPeriod

    init(
        sources: [LogSource],
        positions: [ReadPosition],
        mailbox: Mailbox<Input>,
        stopping: WakePipe,
        options: FileTail.Options
    ) {
        self.mailbox = mailbox
        self.stopping = stopping
        follows = options.follows
        context = TailContext(
            usesNotifications: options.usesNotifications,
            mostOpen: options.mostOpen
        )
        let saved = Dictionary(grouping: positions, by: \.source)
        let numbered = Array(sources.enumerated())
        sets = numbered.compactMap { index, source in
            guard case .files(let files) = source.origin else { return nil }
            return FileSet(
                source,
                files: files,
                index: index,
                positions: saved[source.name] ?? [],
                treatment: LineTreatment(
                    limit: files.lineLimit,
                    encoding: files.encoding,
                    multiline: files.multiline,
                    judge: files.multiline?.pattern.flatMap(options.judge)
                ),
                backlog: options.backlog,
                follows: options.follows
            )
        }
        let lineLimit = LogFiles.defaultLineLimit
        inputs = numbered.filter { $0.element.origin == .standardInput }.map { index, _ in
            TailedInput(STDIN_FILENO, index: index, lineLimit: lineLimit)
        }
        var journalOptions = JournalTail.Options()
        journalOptions.backlog = options.backlog
        journalOptions.follows = options.follows
        journals = numbered.compactMap { index, source in
            guard case .journal(let journal) = source.origin else { return nil }
            return JournalTail(
                source,
                journal,
                index: index,
                position: saved[source.name]?.last { $0.cursor != nil },
                options: journalOptions
            )
        }
    }

    /// Runs until it is stopped, or nothing more will come: then true.
    mutating func run() -> Bool {
        defer { for journal in journals { journal.close() } }
        while true {
            let now = Monotonic.now()
            lookAround(now)
            var left = Self.round
            while left > 0, deliver(), let file = context.next() {
                left -= 1
                sets.first { $0.index == file.index }?.advance(file, Monotonic.now(), &context)
            }
            for set in sets { set.tellLag(now, isOver: !context.hasWork, &context) }
            if !follows, !context.hasWork {
                for set in sets { set.end(&context) }
                sets = []
            }
            if sets.isEmpty, inputs.isEmpty, journals.isEmpty, deliver() { return true }
            guard listen() else {
                for set in sets { set.flush(&context) }
                _ = deliver()
                return false
            }
        }
    }

    /// What is due is looked at.
    private mutating func lookAround(_ now: Monotonic) {
        if nextPoll <= now {
            for set in sets where set.needsPolling { set.poll(&context) }
            nextPoll = now + Self.pollPeriod
        }
        if nextAudit <= now {
            for set in sets { set.audit(now, &context) }
            nextAudit = now + Self.auditPeriod
        }
        context.fireTimers(now)
        for journal in journals { journal.step(now, &context) }
        journals.removeAll(where: \.hasEnded)
        for set in sets { set.walkIfWanted(now, &context) }
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
        let owners = journals.flatMap { journal in journal.descriptors.map { ($0, journal) } }
        descriptors += owners.map { pollFor(POLLIN, $0.0) }
        wait(for: &descriptors, until: deadline)
        heed()
        for (descriptor, input) in zip(descriptors[first...], inputs) where descriptor.revents != 0
        {
            input.read(&context)
        }
        var last: JournalTail?
        for (descriptor, owner) in zip(descriptors[(first + inputs.count)...], owners)
        where descriptor.revents != 0 && owner.1 !== last {
            owner.1.read(&context)
            last = owner.1
        }
        inputs.removeAll(where: \.hasEnded)
        return descriptors[0].revents == 0
    }

    /// When there is something to do though nothing is told; nil for never.
    private var deadline: Monotonic? {
        if context.hasWork { return Monotonic.now() }
        var times = journals.compactMap(\.wakeTime)
        guard !sets.isEmpty else { return times.min() }
        times += [nextAudit] + sets.compactMap(\.walkTime)
        if let time = context.wakeTime { times.append(time) }
        if sets.contains(where: \.needsPolling) { times.append(nextPoll) }
        return times.min()
    }

    private mutating func heed() {
        let news = context.watcher.read()
        if news.isOverflow {
            for set in sets { set.notice(&context) }
        }
        for file in news.files { context.enqueue(file) }
        for set in sets {
            for (number, index) in news.lost where index == set.index { set.lose(number) }
            if news.sets.contains(set.index) { set.wantsWalk = true }
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

extension Multiline {
    /// The regular expression of its rule, where it has one.
    package var pattern: String? {
        switch rule {
        case .first(let pattern), .continuation(let pattern): pattern
        case .indentation: nil
        }
    }
}
