package import Canvas

extension Canvas {
    /// The same picture, with the ink of its spaces chosen so that it seldom changes.
    ///
    /// Of a space nothing but its ground is seen, but a terminal is told of each other ink all the
    /// same. So a run of spaces takes the style of the glyph before it, or else of the one behind
    /// it, where that has the same ground. Underlined and reversed cells stay as they are.
    package func withCalmBlanks() -> Canvas {
        var calm = self
        for y in 0..<height {
            var x = 0
            while x < width {
                guard self[x, y].isBlank else {
                    x += 1
                    continue
                }
                let end = endOfBlanks(from: x, y: y)
                let ground = self[x, y].background
                let neighbours = [x - 1, end].filter { (0..<width).contains($0) }
                let donor = neighbours.lazy.map { self[$0, y] }
                    .first { $0.background == ground && $0.isInked }
                calm.restyle(x..<end, y: y, as: donor ?? self[x, y])
                x = end
            }
        }
        return calm
    }

    /// Where the run of spaces on one ground ends that begins at `start`.
    private func endOfBlanks(from start: Int, y: Int) -> Int {
        let ground = self[start, y].background
        return (start..<width).first { !self[$0, y].isBlank || self[$0, y].background != ground }
            ?? width
    }

    private mutating func restyle(_ columns: Range<Int>, y: Int, as donor: Cell) {
        for x in columns
        where self[x, y].foreground != donor.foreground
            || self[x, y].attributes != donor.attributes
        {
            restyle(x: x, y: y) { style in
                style.foreground = donor.foreground
                style.attributes = donor.attributes
            }
        }
    }
}

extension Cell {
    private static let seenOnSpaces: Attributes = [.underline, .reverse]

    /// A space of which only the ground is seen.
    fileprivate var isBlank: Bool { glyph == 0x20 && isInked }

    /// Its style could be that of a space without being seen there.
    fileprivate var isInked: Bool { attributes.isDisjoint(with: Self.seenOnSpaces) }
}
