/// Which rows are shown: those that hold a text, or with `!` in front those that do not.
package struct Filter: Hashable, Sendable {
    package var text: String

    package init(_ text: String = "") {
        self.text = text
    }

    package var isEmpty: Bool { text.isEmpty || text == "!" }

    /// Shown is what does not hold the text.
    package var isInverse: Bool { text.hasPrefix("!") }

    /// The text itself.
    package var wanted: String { isInverse ? String(text.dropFirst()) : text }

    /// Letters are compared without regard to case.
    package func matches(_ row: String) -> Bool {
        guard !isEmpty else { return true }
        let wanted = wanted.lowercased()
        return Self.holds(Array(row.lowercased().utf8), Array(wanted.utf8)) != isInverse
    }

    private static func holds(_ row: [UInt8], _ wanted: [UInt8]) -> Bool {
        guard wanted.count <= row.count else { return false }
        return (0...(row.count - wanted.count)).contains { start in
            row[start..<(start + wanted.count)].elementsEqual(wanted)
        }
    }
}
