/// Bytes from a terminal to keys, pastes and focus; pure.
///
///     ground ── ESC ──► escape ── [ ──► control sequence ── 0x40...0x7E ──► ground
///       ▲                 │ ├──── O ──► single shift ───── any ──────────► ground
///       │ ◄── any: alt ───┘ ├── ] P X ^ _ ──► string ───── BEL, ESC \ ───► ground
///       └────────────────── paste ◄──── ESC [ 200 ~   (until ESC [ 201 ~)
///
/// Keys are known in normal and application mode and in the dialects of xterm, linux, rxvt and the
/// VT series, whatever TERM says; what is unknown is swallowed whole, never typed. Sources: ECMA-48
/// section 5.4, XTerm Control Sequences, console_codes(4).
package struct KeyDecoder: Sendable {
    private enum State: Equatable {
        case ground
        case scalar(bits: UInt32, missing: Int, least: UInt32)
        case escape
        case singleShift
        case sequence
        /// `ESC [ [`, then one letter: F1 to F5 of the Linux console.
        case console
        /// `ESC [ M`, then three bytes: a mouse report of X10.
        case mouse(missing: Int)
        case string
        case stringEscape
        case paste
    }

    /// How long to wait for the rest of what has begun.
    package enum Wait: Sendable {
        /// Nothing has begun.
        case none
        /// An ESC alone: the key, unless more follows at once.
        case escape
        /// A sequence that no finger types.
        case sequence
    }

    private static let sequenceLimit = 64
    private static let pasteLimit = 1 << 20
    private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)

    private var state = State.ground
    private var afterEscape = false
    private var parameters: [UInt8] = []
    private var pasted: [UInt8] = []

    package init() {}

    package var wait: Wait {
        switch state {
        case .ground, .paste: .none
        case .escape: .escape
        default: .sequence
        }
    }

    package mutating func feed(_ bytes: some Sequence<UInt8>) -> [TerminalEvent] {
        var events: [TerminalEvent] = []
        for byte in bytes {
            take(byte, &events)
        }
        return events
    }

    /// Nothing more came within the time of `wait`: what has begun is all there is.
    package mutating func timeOut() -> [TerminalEvent] {
        defer {
            if wait != .none { reset() }
        }
        switch state {
        case .escape: return [.key(.escape)]
        case .singleShift: return [.key(.alt("O"))]
        case .sequence where parameters.isEmpty: return [.key(.alt("["))]
        default: return []
        }
    }

    private mutating func reset() {
        state = .ground
        afterEscape = false
        parameters = []
    }

    private mutating func take(_ byte: UInt8, _ events: inout [TerminalEvent]) {
        switch state {
        case .ground:
            begin(byte, &events)
        case .scalar(let bits, let missing, let least):
            continueScalar(byte, bits: bits, missing: missing, least: least, &events)
        case .escape:
            takeAfterEscape(byte, &events)
        case .singleShift:
            reset()
            if let key = KeySequences.singleShift(byte) { events.append(.key(key)) }
        case .sequence:
            takeInSequence(byte, &events)
        case .console:
            reset()
            if (0x41...0x45).contains(byte) { events.append(.key(.function(Int(byte) - 0x40))) }
        case .mouse(let missing):
            state = missing > 1 ? .mouse(missing: missing - 1) : .ground
        case .string:
            if byte == 0x07 { reset() } else if byte == 0x1B { state = .stringEscape }
        case .stringEscape:
            state = byte == 0x5C ? .ground : .string
        case .paste:
            takePasted(byte, &events)
        }
    }

    private mutating func begin(_ byte: UInt8, _ events: inout [TerminalEvent]) {
        switch byte {
        case 0x1B:
            state = .escape
        case 0x00...0x1F, 0x7F:
            afterEscape = false
            events.append(.key(KeySequences.control(byte)))
        case 0x20...0x7E:
            emit(Unicode.Scalar(byte), &events)
        case 0xC2...0xDF:
            state = .scalar(bits: UInt32(byte & 0x1F), missing: 1, least: 0x80)
        case 0xE0...0xEF:
            state = .scalar(bits: UInt32(byte & 0x0F), missing: 2, least: 0x800)
        case 0xF0...0xF4:
            state = .scalar(bits: UInt32(byte & 0x07), missing: 3, least: 0x1_0000)
        default:
            afterEscape = false
        }
    }

    private mutating func emit(_ scalar: Unicode.Scalar, _ events: inout [TerminalEvent]) {
        events.append(.key(afterEscape ? .alt(scalar) : .character(scalar)))
        reset()
    }

    private mutating func continueScalar(
        _ byte: UInt8,
        bits: UInt32,
        missing: Int,
        least: UInt32,
        _ events: inout [TerminalEvent]
    ) {
        guard byte & 0xC0 == 0x80 else {
            reset()
            begin(byte, &events)
            return
        }
        let bits = bits << 6 | UInt32(byte & 0x3F)
        guard missing == 1 else {
            state = .scalar(bits: bits, missing: missing - 1, least: least)
            return
        }
        if bits >= least, bits > 0x9F, let scalar = Unicode.Scalar(bits) {
            emit(scalar, &events)
        } else {
            reset()
        }
    }

    private mutating func takeAfterEscape(_ byte: UInt8, _ events: inout [TerminalEvent]) {
        switch byte {
        case 0x1B:
            events.append(.key(.escape))
        case 0x5B:
            state = .sequence
        case 0x4F:
            state = .singleShift
        case 0x5D, 0x50, 0x58, 0x5E, 0x5F:
            // Alt with one of these is no key of ours; a reply of the terminal begins so.
            state = .string
        case 0x00...0x1F, 0x7F:
            events.append(.key(.escape))
            state = .ground
            begin(byte, &events)
        default:
            state = .ground
            afterEscape = true
            begin(byte, &events)
        }
    }

    private mutating func takeInSequence(_ byte: UInt8, _ events: inout [TerminalEvent]) {
        switch byte {
        case 0x1B:
            reset()
            state = .escape
        case 0x5B where parameters.isEmpty:
            state = .console
        case 0x4D where parameters.isEmpty:
            state = .mouse(missing: 3)
        case 0x24 where KeySequences.isNumber(parameters), 0x40...0x7E:
            finish(final: byte, &events)
        case 0x20...0x3F:
            if parameters.count < Self.sequenceLimit { parameters.append(byte) }
        default:
            // A control character inside a sequence ends it (ECMA-48 leaves it undefined).
            reset()
        }
    }

    private mutating func finish(final: UInt8, _ events: inout [TerminalEvent]) {
        let parameters = parameters
        reset()
        switch (final, parameters) {
        case (0x49, []): events.append(.focus(true))
        case (0x4F, []): events.append(.focus(false))
        case (0x7E, Array("200".utf8)):
            pasted = []
            state = .paste
        default:
            if let key = KeySequences.sequence(parameters, final: final) {
                events.append(.key(key))
            }
        }
    }

    private mutating func takePasted(_ byte: UInt8, _ events: inout [TerminalEvent]) {
        pasted.append(byte)
        if pasted.count > Self.pasteLimit + Self.pasteEnd.count {
            // What is over the limit is dropped, and still searched for the end.
            pasted.remove(at: Self.pasteLimit)
        }
        guard byte == 0x7E, pasted.suffix(Self.pasteEnd.count) == Self.pasteEnd[...] else { return }
        pasted.removeLast(Self.pasteEnd.count)
        events.append(.paste(KeySequences.plainText(pasted)))
        pasted = []
        reset()
    }
}
