internal import Glibc

/// Addresses of mail: RFC 5321 section 4.1.2, without quoted parts.
enum Email {
    static func find(
        in bytes: UnsafeRawBufferPointer,
        ends: [UInt32],
        name: Int,
        _ found: (Secret) -> Void
    ) {
        var lines = LineCursor(ends)
        var next = 0
        while let at = offset(of: 0x40, in: bytes, from: next) {
            next = at + 1
            let text = LineText(bytes: bytes, line: lines.line(holding: at))
            var start = at
            while start > text.line.lowerBound, isLocal(bytes[start - 1]) { start -= 1 }
            guard start < at else { continue }
            var end = text.end(from: at + 1) { LineText.isWord($0) || $0 == 0x2E }
            while end > at + 1, !LineText.isLetterOrDigit(bytes[end - 1]) { end -= 1 }
            guard let dot = (at + 1..<end).last(where: { bytes[$0] == 0x2E }), end - dot > 2,
                dot > at + 1
            else { continue }
            found(Secret(range: start..<end, name: name))
        }
    }

    private static func isLocal(_ byte: UInt8) -> Bool {
        LineText.isWord(byte) || byte >= 0x80
            || [0x2E, 0x2B, 0x25, 0x21, 0x23, 0x24, 0x2A, 0x7E].contains(byte)
    }
}

/// Numbers of payment cards: ISO/IEC 7812-1; twelve digits or fewer are none.
enum Card {
    private static let lengths = 13...19
    /// How they are printed, in groups of digits.
    private static let groupings = [[4, 4, 4, 4], [4, 4, 4, 4, 3], [4, 6, 5], [4, 6, 4]]

    static func find(
        in bytes: UnsafeRawBufferPointer,
        ends: [UInt32],
        name: Int,
        _ found: (Secret) -> Void
    ) {
        var lines = LineCursor(ends)
        // A card covers at least 13 bytes of digits, blanks and hyphens: its last one is looked at.
        var end = lengths.lowerBound - 1
        while end < bytes.count {
            guard isPart(bytes[end]) else {
                end += lengths.lowerBound
                continue
            }
            var start = end
            while start > 0, isPart(bytes[start - 1]) { start -= 1 }
            while end + 1 < bytes.count, isPart(bytes[end + 1]) { end += 1 }
            if end - start + 1 >= lengths.lowerBound {
                look(start..<end + 1, bytes, &lines, name, found)
            }
            end += lengths.lowerBound + 1
        }
    }

    /// A run of digits and separators may go over ends of lines.
    private static func look(
        _ run: Range<Int>,
        _ bytes: UnsafeRawBufferPointer,
        _ lines: inout LineCursor,
        _ name: Int,
        _ found: (Secret) -> Void
    ) {
        var start = run.lowerBound
        while start < run.upperBound {
            let text = LineText(bytes: bytes, line: lines.line(holding: start))
            let end = min(run.upperBound, text.line.upperBound)
            var index = start
            while index < end {
                guard bytes[index] &- 48 < 10 else {
                    index += 1
                    continue
                }
                if let card = card(at: index, until: end, text) {
                    found(Secret(range: card, name: name))
                    index = card.upperBound
                } else {
                    index = text.end(from: index) { $0 &- 48 < 10 }
                }
            }
            start = max(end, start + 1)
        }
    }

    /// `start` is the first of a group of digits.
    private static func card(at start: Int, until end: Int, _ text: LineText) -> Range<Int>? {
        let before = text.byte(start - 1)
        guard !isLetter(before), before != 0x2E, before != 0x5F, start + 4 <= end else {
            return nil
        }
        let plain = text.end(from: start) { $0 &- 48 < 10 }
        if lengths.contains(plain - start) {
            guard !isLetter(text.byte(plain)), isIssued(start..<plain, text) else { return nil }
            return start..<plain
        }
        guard plain - start == 4, plain < end else { return nil }
        let separator = text.bytes[plain]
        return groupings.lazy.compactMap { groups -> Range<Int>? in
            var index = start
            for (number, count) in groups.enumerated() {
                if number > 0 {
                    guard text.byte(index) == separator else { return nil }
                    index += 1
                }
                let next = text.end(from: index) { $0 &- 48 < 10 }
                guard next - index == count else { return nil }
                index = next
            }
            return isIssued(start..<index, text) ? start..<index : nil
        }
        .first
    }

    /// By its first digits and their number, the networks of payment cards: Visa, Mastercard,
    /// American Express, Diners, JCB, Discover, UnionPay, Maestro.
    private static func isIssued(_ range: Range<Int>, _ text: LineText) -> Bool {
        var count = 0
        var head = 0
        for index in range {
            let digit = text.bytes[index] &- 48
            guard digit < 10 else { continue }
            if count < 4 { head = head * 10 + Int(digit) }
            count += 1
        }
        let isKnown =
            switch head {
            case 4_000...4_999: count == 13 || count == 16 || count == 19
            case 5_100...5_599, 2_221...2_720, 3_528...3_589: count == 16
            case 3_400...3_499, 3_700...3_799: count == 15
            case 3_000...3_059, 3_600...3_699, 3_800...3_999: count == 14
            case 6_000...6_999: count >= 16
            case 5_018, 5_020, 5_038, 5_893: true
            default: false
            }
        return isKnown && hasCheckDigit(range, text)
    }

    /// The formula of Luhn: ISO/IEC 7812-1 annex B.
    private static func hasCheckDigit(_ range: Range<Int>, _ text: LineText) -> Bool {
        var sum = 0
        var isDoubled = false
        for index in range.reversed() {
            let digit = Int(text.bytes[index] &- 48)
            guard digit < 10 else { continue }
            sum += isDoubled ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit
            isDoubled.toggle()
        }
        return sum % 10 == 0
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        byte &- 48 < 10 || byte == 0x20 || byte == 0x2D
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}

/// IPv4 addresses in four parts: RFC 3986 section 3.2.2.
enum IPv4 {
    static func find(
        in bytes: UnsafeRawBufferPointer,
        ends: [UInt32],
        name: Int,
        _ found: (Secret) -> Void
    ) {
        var lines = LineCursor(ends)
        var next = 0
        while let dot = offset(of: 0x2E, in: bytes, from: next) {
            next = dot + 1
            let text = LineText(bytes: bytes, line: lines.line(holding: dot))
            var start = dot
            while start > text.line.lowerBound, bytes[start - 1] &- 48 < 10 { start -= 1 }
            guard !LineText.isLetterOrDigit(text.byte(start - 1)), text.byte(start - 1) != 0x2E,
                let last = lastPart(from: start, text)
            else { continue }
            found(Secret(range: last, name: name))
            next = last.upperBound
        }
    }

    private static func lastPart(from start: Int, _ text: LineText) -> Range<Int>? {
        var index = start
        for part in 0..<4 {
            let end = text.end(from: index) { $0 &- 48 < 10 }
            guard (1...3).contains(end - index) else { return nil }
            let value = (index..<end).reduce(0) { $0 * 10 + Int(text.bytes[$1] &- 48) }
            guard value < 256 else { return nil }
            if part == 3 {
                let isLonger =
                    text.byte(end) == 0x2E && text.byte(end + 1) &- 48 < 10
                    || LineText.isLetterOrDigit(text.byte(end))
                return isLonger ? nil : index..<end
            }
            guard text.byte(end) == 0x2E else { return nil }
            index = end + 1
        }
        return nil
    }
}

private func offset(of byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard start < bytes.count, let base = bytes.baseAddress,
        let found = memchr(base + start, Int32(byte), bytes.count - start)
    else { return nil }
    return UnsafeRawPointer(found) - base
}
