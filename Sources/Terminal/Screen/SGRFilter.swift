/// Says changes of style as briefly as a terminal understands them.
///
/// ncurses names both colours whenever one of them changes, and resets everything to take one
/// attribute back (`_nc_do_color`, `vid_puts`). This follows its SGR sequences (select graphic
/// rendition, ECMA-48, 8.3.117), holds them back until something is drawn, and sends what differs.
/// After a frame the terminal is in the style that ncurses takes it to be in.
package struct SGRFilter: Sendable {
    private struct Style: Hashable {
        /// Parameters; empty is the terminal's own colour.
        var foreground: [UInt8] = []
        var background: [UInt8] = []
        var attributes = Attributes()

        var isColored: Bool { !foreground.isEmpty || !background.isEmpty }
    }

    private struct Attributes: OptionSet, Hashable {
        let rawValue: UInt8
        static let bold = Attributes(rawValue: 1)
        static let dim = Attributes(rawValue: 2)
        static let underline = Attributes(rawValue: 4)
        static let reverse = Attributes(rawValue: 8)
        /// With the parameters that set and take back each; bold and dim are taken back together.
        static let all: [(Attributes, set: UInt8, back: UInt8)] = [
            (.bold, 1, 22), (.dim, 2, 22), (.underline, 4, 24), (.reverse, 7, 27),
        ]
    }

    /// The terminal's; nil when that is not known.
    private var sent: Style?
    private var wanted = Style()
    /// Something beside was asked for that is not known; a reset takes it back.
    private var isMore = false
    /// `ESC ( B` was sent, which goes along with each of xterm's resets.
    private var isASCIIDesignated = false

    package init() {}

    /// Somebody else has written to the terminal.
    package mutating func forget() {
        sent = nil
        wanted = Style()
        isMore = false
        isASCIIDesignated = false
    }

    /// Takes a frame; returns what to send in its place.
    package mutating func take(_ frame: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(frame.count)
        var rest = frame[...]
        while let first = rest.first {
            let part = first == Self.escape ? Self.sequence(in: rest) : Self.text(in: rest)
            rest = rest[part.endIndex...]
            if part.last == UInt8(ascii: "m"), let parameters = Self.parameters(of: part) {
                let reading = Reading(parameters, after: wanted)
                if reading.isWhole {
                    wanted = reading.style
                    guard reading.isReset, isMore else { continue }
                    sent = nil
                    isMore = false
                } else {
                    express(&out)
                    out += part
                    wanted = reading.style
                    sent = wanted
                    isMore = true
                }
            } else if part.elementsEqual(Self.designateASCII) {
                if !isASCIIDesignated { out += part }
                isASCIIDesignated = true
            } else {
                if part.starts(with: [Self.escape, UInt8(ascii: "(")]) {
                    isASCIIDesignated = false
                }
                express(&out)
                out += part
            }
        }
        express(&out)
        return out
    }

    // MARK: Reading

    private static let escape: UInt8 = 0x1B
    private static let designateASCII = Array("\u{1B}(B".utf8)

    private static func text(in bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes.prefix { $0 != escape }
    }

    /// The escape sequence at the beginning (ECMA-48, 5.3 and 5.4); all there is of a torn one.
    private static func sequence(in bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let body = bytes.dropFirst()
        let isControl = body.first == UInt8(ascii: "[")
        let final = body.dropFirst(isControl ? 1 : 0).firstIndex { byte in
            isControl ? (0x40...0x7E).contains(byte) : (0x30...0x7E).contains(byte)
        }
        return bytes[..<(final.map { $0 + 1 } ?? bytes.endIndex)]
    }

    /// What stands between `ESC [` and the last byte; nil when there is more than digits and `;:`.
    private static func parameters(of sequence: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard sequence.starts(with: [escape, UInt8(ascii: "[")]) else { return nil }
        let parameters = sequence.dropFirst(2).dropLast()
        return parameters.allSatisfy { (0x30...0x3B).contains($0) } ? parameters : nil
    }

    // MARK: Saying

    /// Brings the terminal to the style that is wanted.
    private mutating func express(_ out: inout [UInt8]) {
        guard sent != wanted else { return }
        let words = words(from: sent)
        out += [Self.escape, UInt8(ascii: "[")]
        out += words.joined(separator: [0x3B])
        out.append(UInt8(ascii: "m"))
        sent = wanted
    }

    private func words(from old: Style?) -> [[UInt8]] {
        // Back to a colour of the terminal's own leads a reset only, which all understand; so does
        // the way back to no attribute where there are no colours, as old terminals know no other.
        guard let old, wanted.isColored,
            wanted.foreground.isEmpty == old.foreground.isEmpty || old.foreground.isEmpty,
            wanted.background.isEmpty == old.background.isEmpty || old.background.isEmpty
        else {
            if wanted == Style() { return [[]] }
            return [[0x30]] + colors(from: Style()) + Self.setting(wanted.attributes)
        }
        let gone = old.attributes.subtracting(wanted.attributes)
        let back = Set(Attributes.all.filter { gone.contains($0.0) }.map(\.back))
        let lost = Attributes.all.filter { back.contains($0.back) }.map(\.0)
        let kept = old.attributes.subtracting(Attributes(lost))
        return back.sorted().map { Self.digits($0) } + colors(from: old)
            + Self.setting(wanted.attributes.subtracting(kept))
    }

    private func colors(from old: Style) -> [[UInt8]] {
        [(old.foreground, wanted.foreground), (old.background, wanted.background)]
            .filter { $0 != $1 }.map(\.1)
    }

    private static func setting(_ attributes: Attributes) -> [[UInt8]] {
        Attributes.all.filter { attributes.contains($0.0) }.map { digits($0.set) }
    }

    private static func digits(_ number: UInt8) -> [UInt8] { Array(String(number).utf8) }
}

extension SGRFilter {
    /// What an SGR sequence makes of a style.
    private struct Reading {
        private(set) var style: Style
        private(set) var isReset = false
        /// False where a parameter is not known: those behind it were not read.
        private(set) var isWhole = true

        init(_ parameters: ArraySlice<UInt8>, after style: Style) {
            self.style = style
            var words = parameters.split(separator: 0x3B, omittingEmptySubsequences: false)[...]
            while isWhole, let word = words.popFirst() { take(word, &words) }
        }

        private mutating func take(
            _ word: ArraySlice<UInt8>,
            _ rest: inout ArraySlice<ArraySlice<UInt8>>
        ) {
            let number = word.prefix { $0 != 0x3A }.reduce(0) { min($0 * 10 + Int($1) - 48, 999) }
            switch number {
            case 38, 48:
                guard let color = Self.color(word, &rest) else {
                    isWhole = false
                    return
                }
                if number == 38 { style.foreground = color } else { style.background = color }
            case _ where word.contains(0x3A): isWhole = false
            case 0:
                style = Style()
                isReset = true
            // The primary font, which goes along with each reset of the Linux console.
            case 10: break
            case 30...37, 90...97: style.foreground = Array(word)
            case 40...47, 100...107: style.background = Array(word)
            case 39: style.foreground = []
            case 49: style.background = []
            default:
                let set = Attributes.all.filter { $0.set == number }.map(\.0)
                let back = Attributes.all.filter { $0.back == number }.map(\.0)
                isWhole = !set.isEmpty || !back.isEmpty
                style.attributes.formUnion(Attributes(set))
                style.attributes.subtract(Attributes(back))
            }
        }

        /// `38;5;N`, `38;2;R;G;B`, or either with colons, which make it one word.
        private static func color(
            _ word: ArraySlice<UInt8>,
            _ rest: inout ArraySlice<ArraySlice<UInt8>>
        ) -> [UInt8]? {
            guard !word.contains(0x3A) else { return Array(word) }
            let count: Int
            switch rest.first.map(Array.init) {
            case [0x35]: count = 2
            case [0x32]: count = 4
            default: return nil
            }
            guard rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count).reduce(Array(word)) { $0 + [0x3B] + $1 }
        }
    }
}
