/// Where in a YAML text a byte of one of its values stands.
struct ScalarPlaces {
    private let lines: [Substring.UnicodeScalarView]

    init(_ text: String) {
        lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .map { Substring($0).unicodeScalars }
    }

    /// The place of a byte of a value that begins at `start`.
    ///
    /// The beginning of the value where that is not to be told: in block scalars, and in values of
    /// several lines.
    func position(of offset: Int, in value: String, at start: Position) -> Position {
        guard lines.indices.contains(start.line - 1) else { return start }
        let wanted = value.utf8.prefix(offset)
        let count = String(decoding: wanted, as: UTF8.self).unicodeScalars.count
        var rest = lines[start.line - 1].dropFirst(start.column - 1)
        guard let first = rest.first else { return start }
        var column = start.column
        var scalars = value.unicodeScalars[...]
        var passed = 0
        if first == "'" || first == "\"" {
            rest = rest.dropFirst()
            column += 1
        }
        while passed < count {
            guard let next = rest.first, let scalar = scalars.popFirst() else { return start }
            var width = 1
            if first == "'", next == "'" {
                width = 2
            } else if first == "\"", next == "\\" {
                width = Self.width(ofEscape: rest.dropFirst().first)
            } else if next != scalar {
                return start
            }
            rest = rest.dropFirst(width)
            column += width
            passed += 1
        }
        return Position(line: start.line, column: column)
    }

    /// YAML 1.2.2 section 5.7.
    private static func width(ofEscape letter: Unicode.Scalar?) -> Int {
        switch letter {
        case "x": 4
        case "u": 6
        case "U": 10
        default: 2
        }
    }
}

/// Part of a text on one line, and below it a caret under one place.
enum Excerpt {
    private static let width = 60

    /// `offset` is in bytes of UTF-8; a caret behind the end is allowed.
    static func text(_ text: String, offset: Int) -> String {
        let before = String(decoding: text.utf8.prefix(offset), as: UTF8.self).unicodeScalars.count
        let scalars = Array(text.unicodeScalars)
        let first = max(0, before - width / 2)
        let last = min(scalars.count, first + width)
        let shown = scalars[first..<last].map { scalar in
            scalar.properties.generalCategory == .control ? "\u{FFFD}" : Character(scalar)
        }
        let lead = first > 0 ? "..." : ""
        let blanks = String(repeating: " ", count: lead.count + before - first)
        return lead + String(shown) + (last < scalars.count ? "..." : "") + "\n" + blanks + "^"
    }
}
