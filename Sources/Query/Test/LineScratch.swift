internal import Atlas
internal import Decode

/// What a thread tests lines with: made once, used for line after line.
package final class LineScratch {
    /// A regular expression that gave up so often is not tried any more.
    private static let mostUndecided = 1_000

    /// Lines that may match: a regular expression gave up on them.
    package private(set) var undecided = 0
    private var isUndecided = false

    private var fields = FieldList()
    private var parsed = ParsedLine(shape: .unknown)
    private var isParsed = false

    /// The message, where it has keys of its own.
    private var message: [UInt8] = []
    private var inner = FieldList()
    private var isInnerParsed = false

    private var text: [UInt8] = []

    package init() {}

    func begin() {
        isParsed = false
        isInnerParsed = false
        isUndecided = false
    }

    /// What cannot be told does not hold, and counts once a line.
    func decide(_ body: () -> Bool?) -> Bool {
        if undecided < Self.mostUndecided, let answer = body() { return answer }
        if !isUndecided { undecided += 1 }
        isUndecided = true
        return false
    }

    /// Hands over the value of a field; false when the line has none.
    ///
    /// What the format does not tell is looked for inside objects, by `a.b`, and in the message:
    /// as a member where it is a JSON object, or as `key=value`.
    func value(
        of key: FieldKey,
        in line: TestedLine,
        _ format: any LogFormat,
        _ body: (UnsafeRawBufferPointer) -> Bool?
    ) -> Bool? {
        let span = line.bytes.bytes
        if !isParsed {
            fields.removeAll()
            parsed = format.parse(span, into: &fields)
            isParsed = true
        }
        if let field = key.find(fields, in: span) { return hand(over: field, of: span, body) }
        if key.isLine { return body(line.bytes) }
        if key.isMessage {
            readMessage(line)
            return message.withUnsafeBytes(body)
        }
        if key.isTemplate {
            readMessage(line)
            text.removeAll(keepingCapacity: true)
            message.withUnsafeBytes { MessageTemplate.append(of: $0, to: &text) }
            return text.withUnsafeBytes(body)
        }
        if let value = nested(key.name[...], key.dots, fields, span) {
            return value.withUnsafeBytes(body)
        }
        return innerValue(of: key, in: line, body)
    }

    private func hand(
        over field: Field,
        of line: RawSpan,
        _ body: (UnsafeRawBufferPointer) -> Bool?
    ) -> Bool? {
        if FieldText.isWritten(field, in: line) {
            let range = field.value.range
            return line.withUnsafeBytes { bytes in
                body(UnsafeRawBufferPointer(rebasing: bytes[range.clamped(to: 0..<bytes.count)]))
            }
        }
        text.removeAll(keepingCapacity: true)
        FieldText.append(field, of: line, to: &text)
        return text.withUnsafeBytes(body)
    }

    /// The message as people read it.
    private func readMessage(_ line: TestedLine) {
        message.removeAll(keepingCapacity: true)
        let count = line.bytes.count
        if parsed.shape == .record {
            FieldText.append(
                parsed.message(upTo: count),
                parsed.messageKind,
                of: line.bytes.bytes,
                to: &message
            )
        } else {
            message.append(contentsOf: line.bytes[min(line.messageStart, count)...])
        }
    }

    private func innerValue(
        of key: FieldKey,
        in line: TestedLine,
        _ body: (UnsafeRawBufferPointer) -> Bool?
    ) -> Bool? {
        if !isInnerParsed {
            readMessage(line)
            inner.removeAll()
            isInnerParsed = true
            if message.first == UInt8(ascii: "{") {
                _ = JSONLog().parse(message.span.bytes, into: &inner)
            } else if message.contains(UInt8(ascii: "=")) {
                _ = LogfmtLog().parse(message.span.bytes, into: &inner)
            }
        }
        guard inner.count > 0 else { return false }
        // Held, so that nothing can write to it meanwhile.
        let held = message
        return held.withUnsafeBytes { bytes in
            if let field = key.find(inner, in: bytes.bytes) {
                // A word alone is no key.
                if field.kind == .true, field.value.count == 0 { return false }
                return hand(over: field, of: bytes.bytes, body)
            }
            guard let value = nested(key.name[...], key.dots, inner, bytes.bytes) else {
                return false
            }
            return value.withUnsafeBytes(body)
        }
    }

    /// The value of `a.b` in the object that the field `a` is.
    private func nested(
        _ name: ArraySlice<UInt8>,
        _ dots: [Int],
        _ fields: borrowing FieldList,
        _ line: RawSpan
    ) -> [UInt8]? {
        for dot in dots where name.indices.contains(dot) {
            guard let object = Self.object(name[..<dot], fields, line) else { continue }
            var members = FieldList()
            let part = line.extracting(object)
            _ = JSONLog().parse(part, into: &members)
            let rest = name[(dot + 1)...]
            for index in 0..<members.count {
                guard case .written(let place) = members[index].name,
                    FieldKey.isWritten(rest, at: place, in: part)
                else { continue }
                guard members[index].kind != .null else { return nil }
                var value: [UInt8] = []
                FieldText.append(members[index], of: part, to: &value)
                return value
            }
            return nested(rest, dots, members, part)
        }
        return nil
    }

    private static func object(
        _ name: ArraySlice<UInt8>,
        _ fields: borrowing FieldList,
        _ line: RawSpan
    ) -> Range<Int>? {
        for index in 0..<fields.count where fields[index].kind == .nested {
            guard case .written(let place) = fields[index].name,
                FieldKey.isWritten(name, at: place, in: line)
            else { continue }
            return fields[index].value.range
        }
        return nil
    }
}
