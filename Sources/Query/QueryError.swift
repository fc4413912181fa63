package import Atlas

/// What is wrong with a query, and where.
package struct QueryMistake: Error, Hashable {
    /// Bytes before the place that is meant.
    package var offset: Int
    package var words: String
    package var remedy: String

    package init(offset: Int, words: String, remedy: String) {
        self.offset = offset
        self.words = words
        self.remedy = remedy
    }

    init(_ offset: Int, _ words: String, remedy: String) {
        self.init(offset: offset, words: words, remedy: remedy)
    }
}

/// Why a query cannot be asked.
package enum QueryError: Explained, Hashable {
    case unreadable(query: String, QueryMistake)

    /// What was wrong, without the query.
    package var mistake: QueryMistake {
        switch self {
        case .unreadable(_, let mistake): mistake
        }
    }

    private static let mostShown = 100

    /// The sentence, the query, and below it a caret where it goes wrong.
    package var what: String {
        switch self {
        case .unreadable(let query, let mistake):
            let bytes = Array(query.utf8)
            let place = min(mistake.offset, bytes.count)
            // Of a long query what is about the place.
            let start = max(0, place - Self.mostShown / 2)
            let shown = Self.plain(bytes[start..<min(bytes.count, start + Self.mostShown)])
            let before = Self.plain(bytes[start..<place]).unicodeScalars.count
            return mistake.words + "\n           " + shown
                + "\n           " + String(repeating: " ", count: before) + "^"
        }
    }

    /// On one line; a scalar takes one column, or the caret is a little off.
    private static func plain(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.map { $0 < 32 ? 32 : $0 }, as: UTF8.self)
    }

    package var remedy: String { mistake.remedy }
    package var exit: ExitStatus { .usage }
}
