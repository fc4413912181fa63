internal import Atlas
internal import Decode
internal import Evaluate

/// Sources that rules are about: line by line, since each may have another fate.
extension LogStage {
    mutating func takeRuled(_ batch: LineBatch, arrival: Instant, _ emit: (Event) -> Void) {
        let source = Int(batch.source)
        let key = StreamKey(source: batch.source, stream: batch.stream)
        var decoder = decoders.removeValue(forKey: key) ?? beginnings[source]
        defer { decoders[key] = decoder }
        var fields = FieldList(isWanted: rules.needFields(of: source))
        var verdict = rules.verdict(of: key)
        defer { rules.note(verdict, of: key) }
        var levels: [Level] = []
        var times: [Instant] = []
        guess(batch)
        levels.reserveCapacity(batch.count)
        times.reserveCapacity(batch.count)
        for index in 0..<batch.count {
            let line = batch.line(index)
            let reading = decoder.read(line.span.bytes, into: &fields, arrival: arrival)
            count(reading, bytes: line.count, in: source, arrival)
            let fate = rules.judge(line.span.bytes, reading, fields, key, &verdict)
            guard case .kept(let place) = fate else { continue }
            if place != batch.source {
                addParts(until: Int(place))
                count(reading, bytes: line.count, in: Int(place), arrival)
            }
            levels.append(reading.level)
            times.append(reading.time)
            let number = builder.add(line, source: place, arrival: arrival, reading: reading)
            if let matcher = matchers[source], let writer = states[Int(place)].resource {
                let message = line.dropFirst(reading.messageStart)
                for match in matcher.matches(message) {
                    var trace = trace(match, message, reading.time, reading.level, writer)
                    trace.evidence.line = number
                    emit(.evidence(trace, writer: writer))
                }
            }
            if builder.isFull, let chunk = builder.seal() { emit(.chunk(chunk)) }
        }
        _ = levels.withUnsafeBufferPointer { levels in
            times.withUnsafeBufferPointer { counter.count(levels, times: $0, arrival: arrival) }
        }
        states[source].ruled = rules.ruled(source)
        note(batch.position, of: source)
        if let receipt = batch.receipt { builder.note(receipt: receipt) }
    }

    /// Parts of sources have their states behind those of the sources.
    private mutating func addParts(until place: Int) {
        while states.count <= place {
            let part = rules.placed[states.count - sources.count]
            states.append(
                SourceState(
                    name: part.name,
                    resource: part.resource,
                    partOf: part.source,
                    place: part.source,
                    format: sources.first { $0.name == part.source }?.format ?? ""
                )
            )
            tallies.append(RateCounter.Tally())
            builder.placed = rules.placed
        }
    }

    private mutating func count(
        _ reading: SourceDecoder.Reading,
        bytes: Int,
        in index: Int,
        _ arrival: Instant
    ) {
        states[index].lines += 1
        states[index].bytes += bytes
        if !reading.isParsed { states[index].unparsed += 1 }
        states[index].lastLine = arrival
        states[index].newest = reading.time
        states[index].health = .ok
        states[index].reason = ""
        tallies[index].count(reading.level, time: reading.time, arrival: arrival)
    }
}
