package import Atlas
internal import Glibc

/// Cuts the bytes of one connection into messages, and keeps each as it is.
///
///     undecided ──► octets     MSG-LEN SP MSG, one after the other
///               ──► lines      MSG LF or MSG NUL; the first end that comes tells which
///               ──► refused    no syslog
///
/// A count that is wrong costs no byte: what stands where a count has to be is a message up to the
/// next end of a line, or up to what can only be the head of a frame. So it goes on for ever.
package struct SyslogFramer {
    private enum Framing {
        case undecided
        case octets
        case lines
        case refused
    }

    /// What ends a message of `lines`; the other byte belongs to it.
    private enum End {
        /// Neither was seen.
        case open
        case feed
        case null
        case both
    }

    /// Bytes of a message that are kept.
    private let limit: Int
    private var framing = Framing.undecided
    private var end = End.open
    /// What came and makes no whole message yet; at most the limit and one block.
    private var held: [UInt8] = []
    /// Bytes of `held` in which no end is.
    private var scanned = 0
    /// Bytes of a counted message that are not kept.
    private var surplus = 0
    /// Nothing is kept up to the next end.
    private var isDiscarding = false
    private var cuts = 0

    package init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// What is unfinished.
    package var heldBytes: Int { held.count }

    /// Messages that were not kept whole, since somebody asked.
    package mutating func takeCuts() -> Int {
        defer { cuts = 0 }
        return cuts
    }

    /// Adds the whole messages to the batch; a refusal is told once, nothing is taken after it.
    package mutating func take(
        _ block: UnsafeRawBufferPointer,
        into batch: inout LineBatch
    ) -> SyslogRefusal? {
        if held.isEmpty {
            let (used, refusal) = cut(block, into: &batch)
            held.append(contentsOf: block.dropFirst(used))
            scanned = min(scanned, held.count)
            return refusal
        }
        var whole = held
        held = []
        whole.append(contentsOf: block)
        let (used, refusal) = whole.withUnsafeBytes { cut($0, into: &batch) }
        if used > 0 { whole.removeFirst(used) }
        held = whole
        return refusal
    }

    /// Gives out what waits for its end: the connection is over.
    package mutating func finish(into batch: inout LineBatch) {
        let rest = held
        held = []
        scanned = 0
        guard !isDiscarding, surplus == 0 else { return }
        rest.withUnsafeBytes { bytes in
            if framing == .octets, let (_, start) = Self.length(bytes, at: 0) {
                cut(bytes[start...], into: &batch)
            } else if framing != .refused {
                add(bytes[...], into: &batch)
            }
        }
    }

    /// How many bytes are done with.
    private mutating func cut(
        _ bytes: UnsafeRawBufferPointer,
        into batch: inout LineBatch
    ) -> (used: Int, SyslogRefusal?) {
        var at = 0
        while at < bytes.count {
            switch framing {
            case .undecided:
                switch SyslogOpening(UnsafeRawBufferPointer(rebasing: bytes[at...])) {
                case .octets: framing = .octets
                case .lines: framing = .lines
                case .blank: at += 1
                case .incomplete: return (at, nil)
                case .refused(let refusal):
                    framing = .refused
                    return (bytes.count, refusal)
                }
            case .octets:
                guard let next = frame(bytes, at: at, into: &batch) else { return (at, nil) }
                at = next
            case .lines:
                guard let next = line(bytes, at: at, into: &batch) else { return (at, nil) }
                at = next
            case .refused:
                return (bytes.count, nil)
            }
            scanned = 0
        }
        return (at, nil)
    }

    // MARK: Octet counting

    /// Where the next frame begins; nil when more has to come.
    private mutating func frame(
        _ bytes: UnsafeRawBufferPointer,
        at: Int,
        into batch: inout LineBatch
    ) -> Int? {
        if surplus > 0 {
            let used = min(surplus, bytes.count - at)
            surplus -= used
            return at + used
        }
        // Senders end frames with what they do not count.
        if !isDiscarding, [0x0A, 0x0D, 0x00].contains(bytes[at]) { return at + 1 }
        guard !isDiscarding, let (length, start) = Self.length(bytes, at: at) else {
            return stray(bytes, at: at, into: &batch)
        }
        let there = bytes.count - start
        // What ends a message is no part of it: two bytes more are waited for.
        if length > limit + 2 {
            guard there >= limit else { return nil }
            cut(bytes[start..<start + limit], into: &batch)
            surplus = length - limit
            return start + limit
        }
        guard there >= length else { return nil }
        add(bytes[start..<start + length], into: &batch)
        return start + length
    }

    /// MSG-LEN and where its message begins.
    private static func length(
        _ bytes: UnsafeRawBufferPointer,
        at: Int
    ) -> (length: Int, start: Int)? {
        guard at < bytes.count, (0x31...0x39).contains(bytes[at]) else { return nil }
        var value = 0
        for index in at..<min(bytes.count, at + SyslogOpening.lengthDigits + 1) {
            if bytes[index] == 0x20 { return (value, index + 1) }
            guard (0x30...0x39).contains(bytes[index]) else { return nil }
            value = value * 10 + Int(bytes[index] - 0x30)
        }
        return nil
    }

    /// Takes what stands in the place of a frame.
    private mutating func stray(
        _ bytes: UnsafeRawBufferPointer,
        at: Int,
        into batch: inout LineBatch
    ) -> Int? {
        // Digits alone may become a count.
        let digits = bytes[at...].prefix(SyslogOpening.lengthDigits + 1)
        if !isDiscarding, bytes.count - at <= SyslogOpening.lengthDigits,
            digits.first != 0x30, digits.allSatisfy({ (0x30...0x39).contains($0) })
        {
            return nil
        }
        for index in (at + max(0, scanned - Self.headLength))..<bytes.count {
            let isEnd = bytes[index] == 0x0A || bytes[index] == 0x00
            guard isEnd || (index > at && Self.isHead(bytes, at: index)) else { continue }
            take(bytes[at..<index], room: Self.headLength, into: &batch)
            return isEnd ? index + 1 : index
        }
        if isDiscarding {
            // What may be the beginning of a head stays.
            let used = max(0, bytes.count - at - Self.headLength)
            return used > 0 ? at + used : nil
        }
        guard bytes.count - at > limit + Self.headLength else {
            scanned = bytes.count - at
            return nil
        }
        cut(bytes[at..<at + limit], into: &batch)
        isDiscarding = true
        return at + limit
    }

    /// The longest `999999999 <191>`.
    private static let headLength = SyslogOpening.lengthDigits + 6

    /// A count, a blank, and the PRI of a message; no digit stands before it.
    private static func isHead(_ bytes: UnsafeRawBufferPointer, at: Int) -> Bool {
        guard !(0x30...0x39).contains(bytes[at - 1]), let (_, start) = length(bytes, at: at),
            start < bytes.count, bytes[start] == 0x3C
        else { return false }
        for index in start + 1..<min(bytes.count, start + 5) {
            if bytes[index] == 0x3E { return index > start + 1 }
            guard (0x30...0x39).contains(bytes[index]) else { return false }
        }
        return false
    }

    // MARK: Lines

    /// Where the next message begins; nil when more has to come.
    private mutating func line(
        _ bytes: UnsafeRawBufferPointer,
        at: Int,
        into batch: inout LineBatch
    ) -> Int? {
        guard let last = lineEnd(bytes, from: at + scanned, after: at) else {
            if isDiscarding { return bytes.count }
            // Room for a CR before the LF, which does not count.
            guard bytes.count - at > limit + 2 else {
                // An end that the next bytes decide about is looked at again.
                scanned = max(0, bytes.count - at - 2)
                return nil
            }
            cut(bytes[at..<at + limit], into: &batch)
            isDiscarding = true
            return bytes.count
        }
        take(bytes[at..<last], room: 2, into: &batch)
        return last + 1
    }

    /// Where the message that begins at `start` ends.
    private mutating func lineEnd(
        _ bytes: UnsafeRawBufferPointer,
        from: Int,
        after start: Int
    ) -> Int? {
        var from = from
        while from < bytes.count {
            let feed = Self.find(0x0A, bytes, from..<bytes.count)
            switch end {
            case .both:
                return Self.find(0x00, bytes, from..<(feed ?? bytes.count)) ?? feed
            case .open:
                guard let null = Self.find(0x00, bytes, from..<(feed ?? bytes.count)) else {
                    if feed != nil, feed != start { end = .feed }
                    return feed
                }
                // One inside a line has text behind it.
                guard null + 1 == bytes.count || [0x3C, 0x0A, 0x00].contains(bytes[null + 1])
                else {
                    from = null + 1
                    continue
                }
                if null > start { end = .null }
                return null
            case .feed:
                if let null = turn(0x00, bytes, from..<(feed ?? bytes.count)) { return null }
                return feed
            case .null:
                let null = Self.find(0x00, bytes, from..<bytes.count)
                if let feed, feed == start { return feed }
                return turn(0x0A, bytes, from..<(null ?? bytes.count)) ?? null
            }
        }
        return nil
    }

    /// The other byte with a PRI behind it is an end, too: from there on both are.
    ///
    /// Or one message with such a byte inside would hold up all others.
    private mutating func turn(
        _ byte: UInt8,
        _ bytes: UnsafeRawBufferPointer,
        _ range: Range<Int>
    ) -> Int? {
        var from = range.lowerBound
        while let found = Self.find(byte, bytes, from..<range.upperBound) {
            if found + 2 < bytes.count, bytes[found + 1] == 0x3C,
                (0x30...0x39).contains(bytes[found + 2])
            {
                end = .both
                return found
            }
            from = found + 1
        }
        return nil
    }

    private static func find(
        _ byte: UInt8,
        _ bytes: UnsafeRawBufferPointer,
        _ range: Range<Int>
    ) -> Int? {
        guard let base = bytes.baseAddress, !range.isEmpty,
            let found = memchr(base + range.lowerBound, Int32(byte), range.count)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }

    /// Adds a message whose end was found, unless the rest of it is passed over.
    ///
    /// One that has more than `room` bytes over the limit is cut as if its end had not come so far:
    /// so it does not matter how the bytes came.
    private mutating func take(
        _ message: Slice<UnsafeRawBufferPointer>,
        room: Int,
        into batch: inout LineBatch
    ) {
        defer { isDiscarding = false }
        if isDiscarding { return }
        if message.count > limit + room {
            cut(message.prefix(limit), into: &batch)
        } else {
            add(message, into: &batch)
        }
    }

    /// Adds the beginning of a message.
    private mutating func cut(
        _ beginning: Slice<UnsafeRawBufferPointer>,
        into batch: inout LineBatch
    ) {
        cuts += 1
        _ = SyslogMessage.add(beginning, limit: limit, to: &batch)
    }

    private mutating func add(
        _ message: Slice<UnsafeRawBufferPointer>,
        into batch: inout LineBatch
    ) {
        if SyslogMessage.add(message, limit: limit, to: &batch) == .cut { cuts += 1 }
    }
}
