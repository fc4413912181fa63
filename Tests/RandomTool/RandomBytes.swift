import Chance

/// Bytes without end that are the same for the same seed.
struct RandomBytes {
    enum Kind: String, CaseIterable {
        /// Any byte; a line has 256 of them on average.
        case bytes
        /// Any byte, printable text, and real lines, whole and damaged, in turn.
        case mixed
    }

    static let block = 256 << 10

    private var dice: Dice
    private let kind: Kind
    private let samples: [[UInt8]]
    private var turn = 0

    /// `samples` are lines as they really come.
    init(_ kind: Kind, seed: Int, samples: [[UInt8]]) {
        self.kind = kind
        self.samples = samples.isEmpty ? [[]] : samples
        dice = Dice(seed)
    }

    private mutating func below(_ limit: Int) -> Int {
        Int(truncatingIfNeeded: ((dice.next() >> 32) &* UInt64(limit)) >> 32)
    }

    mutating func fill(_ room: UnsafeMutableRawBufferPointer) {
        turn += 1
        switch kind == .bytes ? 0 : turn % 3 {
        case 0: fillBytes(room)
        case 1: fillText(room)
        default: fillLines(room)
        }
    }

    private mutating func fillBytes(_ room: UnsafeMutableRawBufferPointer) {
        for start in stride(from: 0, to: room.count - 7, by: 8) {
            room.storeBytes(of: dice.next(), toByteOffset: start, as: UInt64.self)
        }
    }

    /// What logs are made of: words, numbers, signs, and a line end now and then.
    private mutating func fillText(_ room: UnsafeMutableRawBufferPointer) {
        let letters = Array(
            "etaoinshrdlu      0123456789012:::---..//[]()<>\"\"'={},,|_TZWEI%\\@;#\t\u{C3}\r\n"
                .utf8
        )
        for start in stride(from: 0, to: room.count, by: 4) {
            var bits = dice.next()
            for index in start..<min(start + 4, room.count) {
                room[index] = letters[(Int(bits & 0xFFFF) * letters.count) >> 16]
                bits >>= 16
            }
        }
    }

    /// Half of them have a byte changed, are cut, or run into the next.
    private mutating func fillLines(_ room: UnsafeMutableRawBufferPointer) {
        var at = 0
        while at < room.count {
            let line = samples[below(samples.count)]
            let start = at
            for byte in line.prefix(room.count - at) {
                room[at] = byte
                at += 1
            }
            switch below(6) {
            case 0 where at > start: room[start + below(at - start)] = UInt8(below(256))
            case 1 where at > start: at = start + below(at - start)
            case 2: continue
            default: break
            }
            guard at < room.count else { return }
            room[at] = 10
            at += 1
        }
    }
}
