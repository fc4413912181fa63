package import Query

/// A line being typed in the last row.
package struct Prompt: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case command
        case filter
        /// Of lines in the logs: marks what holds a text, and hides nothing.
        case highlight
        case mark

        package var sign: String {
            switch self {
            case .command: ":"
            case .filter: "/"
            case .highlight: "highlight "
            case .mark: "mark: "
            }
        }
    }

    package var kind: Kind
    package var text: String
    /// How many entries back in the history; 0 is the line itself.
    package var back = 0
    /// Why what is typed is no filter; the one before holds on.
    package var mistake: QueryMistake?
    /// What was there before, for Esc.
    package var before: String

    package init(_ kind: Kind, text: String = "") {
        self.kind = kind
        self.text = text
        self.before = text
    }
}
