import Atlas

/// Inputs of all kinds with everything in them that can be awkward.
struct RandomInputs {
    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func inputs(_ count: Int) -> [Input] { (0..<count).map { _ in input() } }

    mutating func input() -> Input {
        let at = instant()
        let event: InputEvent =
            switch number(6) {
            case 0: .lines(batch())
            case 1:
                .source(
                    SourceEvent(
                        source: UInt16(number(70_000) & 0xFFFF),
                        kind: pick([.opened, .rotated, .truncated, .missing, .cut, .ended]),
                        detail: text(),
                        count: number(3)
                    )
                )
            case 2: .reply(reply(around: at))
            case 3:
                .attempt(
                    CanaryTry(
                        canary: number(4),
                        number: Int64(bitPattern: random.next()),
                        started: instant(),
                        ended: chance() ? at : instant(),
                        target: number(3),
                        failure: chance() ? nil : failure()
                    )
                )
            case 4: .mark(text())
            default: .tick
            }
        return Input(at: at, event: event)
    }

    private mutating func reply(around at: Instant) -> ProbeReply {
        ProbeReply(
            target: chance() ? nil : number(9),
            question: chance()
                ? .status
                : .writes(
                    canary: number(3),
                    first: Int64(bitPattern: random.next()),
                    last: Int64(bitPattern: random.next())
                ),
            started: at - Span(nanoseconds: Int64(number(5_000_000))),
            ended: chance() ? at : at - Span(nanoseconds: Int64(number(5_000))),
            outcome: chance() ? .answered(text()) : .failed(failure())
        )
    }

    private mutating func failure() -> ProbeFailure {
        ProbeFailure(
            kind: pick([
                .unreachable, .denied, .broken, .timeout, .refused, .tooLarge, .noClient,
            ]),
            detail: text()
        )
    }

    private mutating func batch() -> LineBatch {
        var bytes: [UInt8] = []
        var ends: [UInt32] = []
        for _ in 0..<number(5) {
            bytes += line()
            ends.append(UInt32(bytes.count))
        }
        let position = ReadPosition(
            source: text(),
            device: random.next(),
            inode: random.next(),
            offset: random.next(),
            head: random.next(),
            tail: random.next()
        )
        return LineBatch(
            source: UInt16(number(65_536)),
            bytes: bytes,
            ends: ends,
            position: chance() ? nil : position
        )
    }

    /// Valid text, any bytes, or nothing; never a line feed.
    private mutating func line() -> [UInt8] {
        switch number(4) {
        case 0: []
        case 1: (0..<number(40)).map { _ in UInt8(number(256)) }.filter { $0 != 10 }
        default: Array(text().utf8).filter { $0 != 10 }
        }
    }

    private mutating func text() -> String {
        let awkward: [Unicode.Scalar] = [
            "\0", "\u{1B}", "\"", "\\", "/", "\r", "\n", "\t", "\u{7F}", "\u{85}", "\u{2028}",
            "\u{FEFF}", "\u{FFFD}", "\u{FFFF}", "e\u{301}".unicodeScalars.last ?? "e", "日", "🚨",
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<number(24) {
            text.append(chance() ? pick(awkward) : Unicode.Scalar(UInt8(32 + number(95))))
        }
        return String(text)
    }

    /// Of the years 1678 to 2261, to the nanosecond, the microsecond or the second.
    private mutating func instant() -> Instant {
        let range = Int64(9.2e18)
        let value = Int64.random(in: -range...range, using: &random)
        let unit: Int64 = pick([1, 1_000, 1_000_000_000])
        return Instant(nanoseconds: value / unit * unit)
    }

    private mutating func number(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

    private mutating func chance() -> Bool { number(2) == 0 }

    private mutating func pick<Value>(_ values: [Value]) -> Value { values[number(values.count)] }
}
