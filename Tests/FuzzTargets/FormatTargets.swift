internal import Atlas
internal import Decode

extension FuzzTarget {
    static let formats: [FuzzTarget] =
        FormatCatalog.all.map { format in
            FuzzTarget(format.name) { read($0.lines, as: format) }
        } + [guess]

    private static let guess = FuzzTarget("guess", seeds: ["Tests/Fuzz/Seeds/auto"]) { bytes in
        let lines = bytes.lines.map { $0[...] }
        let guess = FormatGuess.guess(of: lines)
        hold((0...1).contains(guess.confidence), "a share is from 0 to 1")
        let again = FormatGuess.guess(of: lines)
        hold(again.format.name == guess.format.name, "lines look like one format")
    }

    private static let arrival = Instant(seconds: 1_795_656_000)

    /// Each line alone, and all of them together.
    static func read(_ lines: [[UInt8]], as format: any LogFormat) {
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        var fields = FieldList()
        var again = FieldList()
        var none = FieldList(isWanted: false)
        // A record of several lines that were joined holds line ends; few are of many.
        let joined = (2...16) ~= lines.count ? [Array(lines.joined(separator: [10]))] : []
        for line in lines + joined {
            let start = read(line.span.bytes, as: format, &fields, &again, &none)
            hold(MessageText.bytes(of: line, from: start).count <= line.count, "a part")
            _ = MessageText.bytes(standingAlone: line, from: start)
            batch.bytes += line
            batch.ends.append(UInt32(batch.bytes.count))
        }
        readTogether(batch, as: format, &none)
    }

    /// What a format reads lies inside the line, and is the same each time; where the message begins.
    private static func read(
        _ line: RawSpan,
        as format: any LogFormat,
        _ fields: inout FieldList,
        _ again: inout FieldList,
        _ none: inout FieldList
    ) -> Int {
        fields.removeAll()
        again.removeAll()
        none.removeAll()
        let parsed = format.parse(line, into: &fields)
        hold(parsed.messageStart >= 0, "the message begins in the line")
        hold(parsed.messageStart <= line.byteCount, "the message begins in the line")
        hold(format.parse(line, into: &again) == parsed, "a line means one thing")
        hold(format.parse(line, into: &none) == parsed, "a line means the same without its fields")
        hold(fields.count == again.count, "a line has the same fields each time")
        for index in 0..<fields.count {
            let field = fields[index]
            hold(field.value.range.upperBound <= line.byteCount, "a value is in the line")
            if case .written(let name) = field.name {
                hold(name.range.upperBound <= line.byteCount, "a name is in the line")
            }
            hold(field == again[index], "a field means one thing")
            show(field, of: line)
        }
        var message: [UInt8] = []
        let place = parsed.message(upTo: line.byteCount)
        FieldText.append(place, parsed.messageKind, of: line, to: &message)
        hold(message.count <= place.count, "a message is not longer than it is written")
        return parsed.messageStart
    }

    private static func show(_ field: Field, of line: RawSpan) {
        var text: [UInt8] = []
        FieldText.append(field, of: line, to: &text)
        switch field.kind {
        case .facility, .severity, .true: break
        default: hold(text.count <= field.value.count, "a text is not longer than it is written")
        }
        if FieldText.isWritten(field, in: line) {
            let written = line.extracting(field.value.range)
            hold(written.withUnsafeBytes(text.elementsEqual), "what is written is the text")
        }
    }

    private static func read(
        _ batch: LineBatch,
        as format: any LogFormat,
        into readings: inout ReadingBuffer
    ) {
        var decoder = SourceDecoder(format: format)
        decoder.read(
            batch.bytes.span.bytes,
            ends: batch.ends.span,
            arrival: arrival,
            into: &readings
        )
    }

    /// Lines mean the same together and one after the other.
    private static func readTogether(
        _ batch: LineBatch,
        as format: any LogFormat,
        _ none: inout FieldList
    ) {
        var together = ReadingBuffer()
        read(batch, as: format, into: &together)
        var single = SourceDecoder(format: format)
        var unparsed = 0
        hold(together.count == batch.count, "each line is read once")
        for index in 0..<batch.count {
            let line = Array(batch.line(index))
            let reading = single.read(line.span.bytes, into: &none, arrival: arrival)
            hold(together.times[index] == reading.time, "a time does not depend on the batch")
            hold(together.levels[index] == reading.level, "a level does not depend on the batch")
            hold(
                Int(together.messageStarts[index]) == reading.messageStart,
                "a message does not depend on the batch"
            )
            hold(together.marks[index].shape == reading.shape, "nor does the shape of a line")
            if !reading.isParsed { unparsed += 1 }
        }
        hold(together.unparsed == unparsed, "the count of lines of another shape is exact")
        pick(of: batch, as: format)
    }

    /// Fields that were asked for stand in their lines.
    private static func pick(of batch: LineBatch, as format: any LogFormat) {
        let names = ["status", "message", "user", "path"] + format.fieldNames.prefix(3)
        var picked = ReadingBuffer(picking: names)
        read(batch, as: format, into: &picked)
        for pick in names.indices {
            let places = picked.places(pick: pick)
            for index in 0..<batch.count where !places[index].isAbsent {
                let start = index == 0 ? 0 : Int(batch.ends[index - 1])
                let place = places[index]
                hold(Int(place.start) >= start, "a field begins in its line")
                hold(
                    Int(place.start) + Int(place.count) <= Int(batch.ends[index]),
                    "a field ends in its line"
                )
                hold(picked.wasFound(pick: pick), "what was found was told")
            }
        }
    }
}
