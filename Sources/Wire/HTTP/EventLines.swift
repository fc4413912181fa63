/// Events of a body as lines: one after the other, with the end of each.
package struct EventLines {
    /// Bytes that an event may have; more would not fit on any screen, and none sends them.
    static let eventLimit = 1 << 20

    package private(set) var bytes: [UInt8] = []
    package private(set) var ends: [UInt32] = []

    package var count: Int { ends.count }

    /// Reads JSON objects, whatever stands between them: lines, blanks, nothing, or an array.
    ///
    /// All of them or none: who sends them again after an error would send the good ones twice.
    package static func json(_ body: [UInt8]) throws(BodyMistake) -> EventLines {
        var walk = JSONWalk(body)
        // A mark of the order of bytes (RFC 8259 section 8.1: may be ignored).
        if body.starts(with: [0xEF, 0xBB, 0xBF]) { walk = JSONWalk(body, at: 3) }
        var lines = EventLines()
        while let kind = walk.next() {
            switch kind {
            case .object: try lines.add(&walk)
            case .array:
                try walk.elements { (walk) throws(BodyMistake) in try lines.add(&walk) }
            default:
                throw walk.mistake("an event is an object such as {\"message\": \"...\"}")
            }
        }
        return lines
    }

    /// Reads lines of text; empty ones are none.
    package static func text(_ body: [UInt8]) throws(BodyMistake) -> EventLines {
        var lines = EventLines()
        lines.bytes.reserveCapacity(body.count)
        for piece in body.split(separator: 0x0A) {
            let line = piece.last == 0x0D ? piece.dropLast() : piece
            if !line.isEmpty { try lines.add(line) }
        }
        return lines
    }

    /// The object that comes next, on one line.
    private mutating func add(_ walk: inout JSONWalk) throws(BodyMistake) {
        guard walk.next() == .object else {
            throw walk.mistake(
                "event \(count + 1) is no object: write it such as {\"message\": \"...\"}"
            )
        }
        let place = try walk.value()
        try add(Self.onOneLine(walk.bytes[place]))
    }

    mutating func add(_ line: ArraySlice<UInt8>) throws(BodyMistake) {
        guard line.count <= Self.eventLimit else {
            throw BodyMistake(
                "event \(count + 1) has \(line.count) bytes; at most \(Self.eventLimit) are taken",
                status: 413
            )
        }
        bytes.append(contentsOf: line)
        ends.append(UInt32(bytes.count))
    }

    /// JSON that holds line ends between its parts, without any blanks there.
    static func onOneLine(_ json: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard json.contains(0x0A) || json.contains(0x0D) else { return json }
        var compact: [UInt8] = []
        compact.reserveCapacity(json.count)
        var isInside = false
        var isEscaped = false
        for byte in json {
            if isInside {
                isInside = byte != 0x22 || isEscaped
                isEscaped = byte == 0x5C && !isEscaped
            } else if byte == 0x22 {
                isInside = true
            } else if byte == 0x20 || (0x09...0x0D).contains(byte) {
                continue
            }
            compact.append(byte)
        }
        return compact[...]
    }
}
