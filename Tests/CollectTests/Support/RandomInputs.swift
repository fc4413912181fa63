import Atlas
import Chance

/// Inputs of all kinds with everything in them that can be awkward.
struct RandomInputs {
    private var dice: Dice

    init(seed: Int) { dice = Dice(seed) }

    mutating func inputs(_ count: Int) -> [Input] { (0..<count).map { _ in input() } }

    mutating func input() -> Input {
        let at = instant()
        let event: InputEvent =
            switch dice.roll(0..<6) {
            case 0: .lines(batch())
            case 1:
                .source(
                    SourceEvent(
                        source: UInt16(dice.roll(0..<70_000) & 0xFFFF),
                        kind: dice.pick([
                            .opened, .rotated, .truncated, .missing, .cut, .ended, .troubles,
                        ]),
                        detail: text(),
                        count: dice.roll(0..<3),
                        files: dice.isLucky(80)
                            ? nil : [FileProgress(path: text(), offset: dice.next(), size: 9)],
                        troubles: dice.isLucky(80) ? nil : [text(), text()]
                    )
                )
            case 2: .reply(reply(around: at))
            case 3:
                .attempt(
                    CanaryTry(
                        canary: dice.roll(0..<4),
                        number: Int64(bitPattern: dice.next()),
                        started: instant(),
                        ended: dice.isLucky(50) ? at : instant(),
                        target: dice.roll(0..<3),
                        failure: dice.isLucky(50) ? nil : failure()
                    )
                )
            case 4: .mark(text())
            default: .tick
            }
        return Input(at: at, event: event)
    }

    private mutating func reply(around at: Instant) -> ProbeReply {
        ProbeReply(
            target: dice.isLucky(50) ? nil : dice.roll(0..<9),
            question: dice.isLucky(50)
                ? .status
                : .writes(
                    canary: dice.roll(0..<3),
                    first: Int64(bitPattern: dice.next()),
                    last: Int64(bitPattern: dice.next())
                ),
            started: at - Span(nanoseconds: Int64(dice.roll(0..<5_000_000))),
            ended: dice.isLucky(50) ? at : at - Span(nanoseconds: Int64(dice.roll(0..<5_000))),
            outcome: dice.isLucky(50) ? .answered(text()) : .failed(failure())
        )
    }

    private mutating func failure() -> ProbeFailure {
        ProbeFailure(
            kind: dice.pick([
                .unreachable, .denied, .broken, .timeout, .refused, .tooLarge, .noClient,
            ]),
            detail: text()
        )
    }

    private mutating func batch() -> LineBatch {
        var bytes: [UInt8] = []
        var ends: [UInt32] = []
        for _ in 0..<dice.roll(0..<5) {
            bytes += line()
            ends.append(UInt32(bytes.count))
        }
        let position = ReadPosition(
            source: text(),
            device: dice.next(),
            inode: dice.next(),
            offset: dice.next(),
            head: dice.next(),
            tail: dice.next()
        )
        return LineBatch(
            source: UInt16(dice.roll(0..<65_536)),
            bytes: bytes,
            ends: ends,
            position: dice.isLucky(50) ? nil : position
        )
    }

    /// Valid text, any bytes, or nothing; never a line feed.
    private mutating func line() -> [UInt8] {
        switch dice.roll(0..<4) {
        case 0: []
        case 1: dice.bytes(dice.roll(0..<40)).filter { $0 != 10 }
        default: Array(text().utf8).filter { $0 != 10 }
        }
    }

    private mutating func text() -> String {
        let awkward: [Unicode.Scalar] = [
            "\0", "\u{1B}", "\"", "\\", "/", "\r", "\n", "\t", "\u{7F}", "\u{85}", "\u{2028}",
            "\u{FEFF}", "\u{FFFD}", "\u{FFFF}", "e\u{301}".unicodeScalars.last ?? "e", "日", "🚨",
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<dice.roll(0..<24) {
            text.append(
                dice.isLucky(50) ? dice.pick(awkward) : Unicode.Scalar(UInt8(dice.roll(32..<127)))
            )
        }
        return String(text)
    }

    /// Of the years 1678 to 2261, to the nanosecond, the microsecond or the second.
    private mutating func instant() -> Instant {
        let range = Int64(9.2e18)
        let value = Int64.random(in: -range...range, using: &dice)
        let unit: Int64 = dice.pick([1, 1_000, 1_000_000_000])
        return Instant(nanoseconds: value / unit * unit)
    }
}
