internal import Atlas
internal import Decode
internal import Evaluate

/// Lines: decoded, counted, gathered into chunks, and searched for evidence.
struct LogStage: Sendable {
    enum Event {
        case chunk(LogChunk)
        /// `writer` is the resource whose log says so.
        case evidence(Trace, writer: String)
    }

    /// Of the plan's sources, and behind them of their placed parts.
    var states: [SourceState]
    let sources: [LogSource]
    /// One for each source, as it begins.
    let beginnings: [SourceDecoder]
    /// Of the streams that are open.
    var decoders: [StreamKey: SourceDecoder] = [:]
    let matchers: [SignatureMatcher?]
    /// Resources by what others call them.
    private let aliases: [String: String]
    var builder: ChunkBuilder
    var counter = RateCounter()
    var rules: RuleStage
    var pace = SourcePace()
    /// Of each of `states`, the lines since they were drained.
    var tallies: [RateCounter.Tally] = []
    /// Lines of each source of any format that its guess rests on.
    var looks: [Int: FormatLook] = [:]

    init(_ plan: WatchPlan, nextLine: UInt64) {
        sources = plan.sources
        states = plan.sources.map { source in
            SourceState(
                name: source.name,
                resource: source.resource,
                place: source.place,
                format: source.format
            )
        }
        let own = plan.formats.compactMap(RegexFormat.init)
        let formats = plan.sources.map { source in
            FormatCatalog.format(named: source.format, own: own) ?? PlainLog()
        }
        tallies = plan.sources.map { _ in RateCounter.Tally() }
        beginnings = zip(plan.sources, formats).map { source, format in
            SourceDecoder(format: format, zone: source.zone)
        }
        let rules = RuleStage(plan, formats: formats)
        let packs = plan.packs.map { ($0.system, SignatureMatcher($0)) }
        matchers = plan.sources.indices.map { index in
            let source = plan.sources[index]
            let isOwned = source.resource != nil || rules.areAbout(index)
            return isOwned ? packs.first { $0.0 == source.format }?.1 : nil
        }
        self.rules = rules
        aliases = Dictionary(
            plan.targets.compactMap { target in target.alias.map { ($0, target.resource) } },
            uniquingKeysWith: { first, _ in first }
        )
        builder = ChunkBuilder(nextLine: nextLine)
    }

    var rates: LogRates { counter.rates }
    var nextLine: UInt64 { builder.nextLine }

    mutating func take(_ batch: LineBatch, arrival: Instant, _ emit: (Event) -> Void) {
        let source = Int(batch.source)
        guard sources.indices.contains(source) else { return }
        guard !rules.areAbout(source) else { return takeRuled(batch, arrival: arrival, emit) }
        var readings = ReadingBuffer()
        read(batch, arrival: arrival, into: &readings)
        tallies[source] += counter.count(
            readings.levels,
            times: readings.times,
            arrival: arrival
        )
        let found = matches(in: batch, readings)[...]
        keep(batch, arrival: arrival, readings, found, emit)
        note(batch, unparsed: readings.unparsed, newest: readings.times.last, arrival: arrival)
        guess(batch)
    }

    private mutating func read(
        _ batch: LineBatch,
        arrival: Instant,
        into readings: inout ReadingBuffer
    ) {
        let key = StreamKey(source: batch.source, stream: batch.stream)
        var decoder = decoders.removeValue(forKey: key) ?? beginnings[Int(batch.source)]
        decoder.read(
            batch.bytes.span.bytes,
            ends: batch.ends.span,
            arrival: arrival,
            into: &readings
        )
        decoders[key] = decoder
    }

    /// Adds the lines to chunks, and tells the evidence of each before the chunk it is in.
    private mutating func keep(
        _ batch: LineBatch,
        arrival: Instant,
        _ readings: borrowing ReadingBuffer,
        _ found: ArraySlice<(line: Int, Trace)>,
        _ emit: (Event) -> Void
    ) {
        let source = Int(batch.source)
        let writer = sources[source].resource ?? sources[source].name
        var found = found
        var next = 0
        var isOpen = false
        while next < batch.count {
            let from = next
            let number = builder.nextLine
            next = builder.add(batch, from: from, arrival: arrival, readings: readings)
            while let (line, trace) = found.first, line < next {
                var trace = trace
                trace.evidence.line = number + UInt64(line - from)
                emit(.evidence(trace, writer: writer))
                found.removeFirst()
            }
            if builder.isFull, let chunk = builder.seal() {
                isOpen = true
                emit(.chunk(chunk))
            }
        }
        note(batch.position, of: source)
        if let receipt = batch.receipt { builder.note(receipt: receipt) }
        // Lines are kept together with their position: none is read twice after a crash. A full block
        // of a file is a chunk as it is: to fill that up from the next would copy both.
        if isOpen || builder.isWellFilled, batch.position != nil, let chunk = builder.seal() {
            emit(.chunk(chunk))
        }
    }

    private mutating func note(
        _ batch: LineBatch,
        unparsed: Int,
        newest: Instant?,
        arrival: Instant
    ) {
        let source = Int(batch.source)
        states[source].bytes += batch.bytes.count
        guard batch.count > 0 else { return }
        states[source].lines += batch.count
        states[source].unparsed += unparsed
        states[source].lastLine = arrival
        states[source].newest = newest
        states[source].health = .ok
        states[source].reason = ""
    }

    /// In the order of the lines; those of a line in the order of the pack.
    private func matches(
        in batch: LineBatch,
        _ readings: borrowing ReadingBuffer
    ) -> [(line: Int, Trace)] {
        guard let matcher = matchers[Int(batch.source)] else { return [] }
        let source = sources[Int(batch.source)]
        let candidates = matcher.candidates(
            in: batch.bytes,
            ends: batch.ends,
            messageStarts: readings.messageStarts
        )
        var found: [(line: Int, Trace)] = []
        for index in candidates {
            let message = batch.line(index).dropFirst(Int(readings.messageStarts[index]))
            for match in matcher.matches(message) {
                let (time, level) = (readings.times[index], readings.levels[index])
                let trace = trace(match, message, time, level, source.resource ?? source.name)
                found.append((index, trace))
            }
        }
        return found
    }

    mutating func take(_ event: SourceEvent, at instant: Instant) {
        guard sources.indices.contains(Int(event.source)) else { return }
        let index = Int(event.source)
        switch event.kind {
        case .opened:
            states[index].health = .ok
            states[index].reason = ""
        case .rotated, .truncated:
            states[index].rotations += 1
        case .missing, .unreadable:
            states[index].health = event.kind == .missing ? .noData : .warn
            states[index].reason = event.detail
        case .cut:
            states[index].cut += event.count
        case .ended:
            states[index].reason = "ended"
        case .closed:
            let key = StreamKey(source: event.source, stream: event.stream)
            decoders[key] = nil
            rules.close(key)
            if let position = event.position { builder.forget(position) }
        case .dropped:
            states[index].dropped += event.count
            states[index].drops[event.detail, default: 0] += event.count
        case .stalled:
            states[index].health = .warn
            states[index].reason = event.detail
            states[index].stalls += 1
            states[index].stalledAt = instant
            states[index].stall = event.detail
        case .troubles:
            let since = states[index].troubles?.since ?? instant
            let details = event.troubles ?? []
            states[index].troubles =
                event.count > 0
                ? SourceTroubles(since: since, count: event.count, details: details) : nil
        case .progress:
            states[index].lag = event.count
            if let files = event.files { states[index].files = files }
        case .redacted:
            states[index].redacted = (states[index].redacted ?? 0) + event.count
            if !event.detail.isEmpty { states[index].reason = event.detail }
        }
    }

    mutating func advance(to now: Instant) {
        counter.advance(to: now)
        measure(at: now)
    }

    mutating func seal() -> LogChunk? { builder.seal() }

    /// What senders wait for; nil when nobody waits.
    mutating func sealAwaited() -> LogChunk? { builder.isAwaited ? builder.seal() : nil }

    /// A line that names no resource of ours is about whoever writes it, and says nothing of who
    /// took over.
    func trace(
        _ match: SignatureMatcher.Match,
        _ message: ArraySlice<UInt8>,
        _ time: Instant,
        _ level: Level,
        _ writer: String
    ) -> Trace {
        let named = match.name.flatMap { aliases[$0] }
        let evidence = Evidence(
            at: time,
            phase: match.signature.phase,
            eye: .log,
            subject: named ?? writer,
            text: String(decoding: message.prefix(300), as: UTF8.self),
            health: health(match.signature.phase, level)
        )
        let side = match.name != nil && named == nil ? .any : match.signature.role
        return Trace(evidence, edge: match.signature.edge, side: side)
    }

    private func health(_ phase: FailoverPhase, _ level: Level) -> Health {
        if level == .fatal { return .down }
        return phase == .detect || level == .error ? .warn : .ok
    }
}
