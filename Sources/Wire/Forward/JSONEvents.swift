/// The events of a message that came as JSON, written as lines of the same form as others.
///
/// Tag, time and record are taken as they stand, but for blanks between tokens.
package enum JSONEvents {
    package struct Message {
        /// The lines, each with its end.
        package var bytes: [UInt8] = []
        package var ends: [UInt32] = []
        package var invalid = 0
        /// The chunk that the sender wants acknowledged, as a string of JSON.
        package var chunk: [UInt8]?
    }

    /// Reads what `skipper` has found whole up to `end`; nil for what is no message.
    ///
    /// An object that stands alone is taken as the record of an event without a tag.
    package static func read(
        _ bytes: RawSpan,
        from start: Int,
        _ skipper: JSONSkipper,
        end: Int
    ) -> Message? {
        var message = Message()
        if bytes.byte(start) == 0x7B {
            copy(bytes, start..<end, to: &message.bytes)
            message.ends.append(UInt32(message.bytes.count))
            return message
        }
        let parts = skipper.parts
        guard skipper.partCount >= 2, skipper.partCount == parts.count,
            bytes.byte(parts[0]) == 0x22
        else { return nil }
        let values = parts.indices.map { index in
            trimmed(bytes, parts[index]..<(index + 1 < parts.count ? parts[index + 1] : end))
        }
        var option: Range<Int>?
        if bytes.byte(values[1].lowerBound) == 0x5B {
            option = values.count > 2 ? values[2] : nil
            for entry in elements(bytes, values[1]) {
                let pair = bytes.byte(entry.lowerBound) == 0x5B ? elements(bytes, entry) : []
                append(bytes, values[0], pair, to: &message)
            }
        } else {
            guard values.count >= 3 else { return nil }
            option = values.count > 3 ? values[3] : nil
            append(bytes, values[0], Array(values[1...2]), to: &message)
        }
        message.chunk = option.flatMap { chunk(bytes, $0) }
        return message
    }

    private static func append(
        _ bytes: RawSpan,
        _ tag: Range<Int>,
        _ pair: [Range<Int>],
        to message: inout Message
    ) {
        guard pair.count == 2, isNumber(bytes, pair[0]), bytes.byte(pair[1].lowerBound) == 0x7B
        else {
            message.invalid += 1
            return
        }
        message.bytes += Array("{\"@tag\":".utf8)
        copy(bytes, tag, to: &message.bytes)
        if bytes.array(pair[0]).contains(where: { (0x31...0x39).contains($0) }) {
            message.bytes += Array(",\"@time\":".utf8)
            copy(bytes, pair[0], to: &message.bytes)
        }
        let inside = message.bytes.count
        message.bytes.append(0x2C)
        copy(bytes, pair[1].dropFirst(), to: &message.bytes)
        if message.bytes.count == inside + 2 { message.bytes.remove(at: inside) }
        message.ends.append(UInt32(message.bytes.count))
    }

    private static func isNumber(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        bytes.array(range).allSatisfy {
            (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x2B || $0 == 0x65 || $0 == 0x45
                || $0 == 0x2D
        }
    }

    /// Without blanks around it, the comma behind it, and the bracket that ends what it is in.
    private static func trimmed(_ bytes: RawSpan, _ range: Range<Int>) -> Range<Int> {
        var end = range.upperBound
        while end > range.lowerBound, bytes.byte(end - 1).isJSONBlank { end -= 1 }
        end -= 1
        while end > range.lowerBound, bytes.byte(end - 1).isJSONBlank { end -= 1 }
        return range.lowerBound..<max(end, range.lowerBound + 1)
    }

    /// The elements of an array.
    private static func elements(_ bytes: RawSpan, _ array: Range<Int>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start: Int?
        var depth = 0
        var isInString = false
        var offset = array.lowerBound + 1
        while offset < array.upperBound {
            let byte = bytes.byte(offset)
            if isInString {
                if byte == 0x5C { offset += 1 } else if byte == 0x22 { isInString = false }
            } else if depth == 0, byte == 0x2C || byte == 0x5D {
                if let begin = start { found.append(trimmed(bytes, begin..<(offset + 1))) }
                start = nil
            } else {
                if start == nil, !byte.isJSONBlank { start = offset }
                if byte == 0x22 { isInString = true }
                if byte == 0x7B || byte == 0x5B { depth += 1 }
                if byte == 0x7D || byte == 0x5D { depth -= 1 }
            }
            offset += 1
        }
        return found
    }

    /// The string of the key `chunk` of an object.
    private static func chunk(_ bytes: RawSpan, _ object: Range<Int>) -> [UInt8]? {
        guard bytes.byte(object.lowerBound) == 0x7B else { return nil }
        var text: [UInt8] = []
        copy(bytes, object, to: &text)
        let key = Array("\"chunk\":\"".utf8)
        for start in text.indices where text[start...].starts(with: key) {
            let before = text[start - 1]
            guard before == 0x7B || before == 0x2C else { continue }
            let begin = start + key.count - 1
            var end = begin + 1
            while end < text.count, text[end] != 0x22 { end += text[end] == 0x5C ? 2 : 1 }
            return end < text.count ? Array(text[begin...end]) : nil
        }
        return nil
    }

    /// Appends JSON without the blanks between its tokens.
    private static func copy(_ bytes: RawSpan, _ range: Range<Int>, to out: inout [UInt8]) {
        var isInString = false
        var isEscaped = false
        for offset in range {
            let byte = bytes.byte(offset)
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == 0x5C {
                    isEscaped = true
                } else if byte == 0x22 {
                    isInString = false
                }
            } else if byte.isJSONBlank {
                continue
            } else if byte == 0x22 {
                isInString = true
            }
            out.append(byte)
        }
    }
}
