package import Canvas

/// From the colours of a style to a colour pair of the terminal.
package struct Palette: Sendable {
    /// What ncurses needs to draw in a style, beside the attributes.
    package struct Ink: Hashable, Sendable {
        package var pair: Int32
        package var bold: Bool

        package init(pair: Int32, bold: Bool) {
            self.pair = pair
            self.bold = bold
        }
    }

    /// Pairs are few on purpose: a theme has some dozens, and a table that grows is a leak.
    package static let pairLimit = 4096

    package let mode: ColorMode
    private var pairs: PairTable
    private var known: [UInt64: Ink] = [:]

    /// - Parameters:
    ///   - mode: of the terminal.
    ///   - pairs: how many the terminal has, the one of its own colours included.
    package init(mode: ColorMode, pairs: Int) {
        self.mode = mode
        self.pairs = PairTable(limit: min(pairs - 1, Self.pairLimit))
    }

    package var pairCount: Int { pairs.count }

    /// The ink of two colours, or nil when there is no pair left.
    ///
    /// Then call `removeAll` and draw all again. `define` is called with the number, foreground and
    /// background of a pair that is new.
    package mutating func ink(
        foreground: Color,
        background: Color,
        define: (Int32, Int32, Int32) -> Void
    ) -> Ink? {
        if mode == .mono || foreground.isTerminal && background.isTerminal {
            return Ink(pair: 0, bold: false)
        }
        let key = UInt64(foreground.rawValue) << 32 | UInt64(background.rawValue)
        if let ink = known[key] { return ink }

        let front = ColorMapping.number(of: foreground, in: mode)
        let back = ColorMapping.number(of: background, in: mode)
        let bold = ColorMapping.needsBold(foreground, in: mode)
        let pair: Int32
        switch pairs.lookUp(foreground: front, background: back) {
        case .known(let number):
            pair = number
        case .new(let number):
            define(number, front, back)
            pair = number
        case .full:
            return nil
        }
        // Many colours may share a pair, so this has a bound of its own.
        if known.count >= Self.pairLimit { known.removeAll(keepingCapacity: true) }
        let ink = Ink(pair: pair, bold: bold)
        known[key] = ink
        return ink
    }

    package mutating func removeAll() {
        pairs.removeAll()
        known.removeAll(keepingCapacity: true)
    }
}
