package import Query

/// Which rows are shown: a query (Docs/queries.md).
package struct Filter: Hashable, Sendable {
    package let text: String
    /// All rows, where the text is none or cannot be read.
    package let condition: LogCondition
    /// Why the text cannot be read.
    package let mistake: QueryMistake?

    package init(_ text: String = "") {
        self.text = text
        do throws(QueryError) {
            condition = try QueryReader.read(text)
            mistake = nil
        } catch {
            condition = .all
            mistake = error.mistake
        }
    }

    package var isEmpty: Bool { condition == .all }

    /// The text ends in a slash and what may become a regular expression, or a path.
    var isUnfinished: Bool {
        let last = text.split(separator: " ", omittingEmptySubsequences: false).last ?? ""
        let word = last.drop { "-!(".contains($0) }
        return word.hasPrefix("/") && word.count(where: { $0 == "/" }) == 1
    }

    /// What keeps it from being a filter of rows that are no lines.
    var mistakeForRows: QueryMistake? {
        if let mistake { return mistake }
        guard Self.isAboutLines(condition) else { return nil }
        return QueryMistake(
            offset: 0,
            words: "fields and expressions are for log lines",
            remedy: "4 opens them; here words, \"phrases\", -not and OR find rows"
        )
    }

    private static func isAboutLines(_ condition: LogCondition) -> Bool {
        switch condition {
        case .all, .text: false
        case .pattern, .level, .time, .source, .resource, .field: true
        case .not(let inner): isAboutLines(inner)
        case .and(let parts), .or(let parts): parts.contains(where: isAboutLines)
        }
    }

    /// Of a row that is no line only the words count, in either case of their letters.
    package func matches(_ row: String) -> Bool {
        Self.holds(condition, row.lowercased()) ?? true
    }

    /// Nil for what is about lines only.
    private static func holds(_ condition: LogCondition, _ row: String) -> Bool? {
        switch condition {
        case .all: return true
        case .text(let text):
            return contains(Array(row.utf8), Array(text.text.lowercased().utf8))
        case .pattern, .level, .time, .source, .resource, .field: return nil
        case .not(let inner): return holds(inner, row).map { !$0 }
        case .and(let parts):
            let known = parts.map { holds($0, row) }
            return known.contains(false) ? false : known.contains(nil) ? nil : true
        case .or(let parts):
            let known = parts.map { holds($0, row) }
            return known.contains(true) ? true : known.contains(nil) ? nil : false
        }
    }

    private static func contains(_ row: [UInt8], _ wanted: [UInt8]) -> Bool {
        guard wanted.count <= row.count else { return false }
        return (0...(row.count - wanted.count)).contains { start in
            row[start..<(start + wanted.count)].elementsEqual(wanted)
        }
    }
}
