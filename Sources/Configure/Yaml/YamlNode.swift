/// A place in a text: both from 1, columns in Unicode scalars.
struct Position: Hashable, Comparable {
    var line: Int
    var column: Int

    static let start = Position(line: 1, column: 1)

    static func < (left: Position, right: Position) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A value as it is written in a YAML text, with the place where it stands; aliases are resolved.
struct YamlNode {
    enum Content {
        /// The text of a scalar, not interpreted; `isPlain` when it was written without quotes.
        case text(String, isPlain: Bool)
        case list([YamlNode])
        /// In the order of the text, keys unique.
        case map([Entry])
        /// There is a value, and what is wrong with it was told already.
        case broken
    }

    struct Entry {
        var key: String
        var keyAt: Position
        var value: YamlNode
    }

    var content: Content
    var at: Position
    /// Nodes in it, itself included, with every alias counted as what it stands for.
    var size: Int

    /// True for what YAML 1.2 reads as null: nothing, `~` or `null`, without quotes.
    var isNull: Bool {
        guard case .text(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// What it is, for a sentence such as "a list, where a duration is needed".
    var kind: String {
        switch content {
        case .text: isNull ? "empty" : "a single value"
        case .list: "a list"
        case .map: "a map"
        case .broken: "broken"
        }
    }
}
