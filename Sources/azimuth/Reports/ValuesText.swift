import Atlas
import History

/// Values and how many lines have them, as a table and as JSON lines.
enum ValuesText {
    private static let width = 40

    private struct Value: Encodable {
        /// Nil in the lines about what is not told apart.
        var value: String?
        var lines: Int
        var other: Bool?
        var missing: Bool?
    }

    static func json(_ values: LogValues, _ most: Int) throws -> String {
        var all = values.values.prefix(most).map {
            Value(value: String(decoding: $0.text, as: UTF8.self), lines: $0.lines)
        }
        let other = other(values, most)
        if other > 0 { all.append(Value(lines: other, other: true)) }
        if values.missing > 0 { all.append(Value(lines: values.missing, missing: true)) }
        return try all.map { try ReportJSON.line("value", $0) }.joined()
    }

    static func text(_ values: LogValues, _ most: Int) -> String {
        var table = TextTable(["LINES", "VALUE"])
        for value in values.values.prefix(most) { table.add(["\(value.lines)", word(value.text)]) }
        let other = other(values, most)
        if other > 0 { table.add(["\(other)", "(others)"]) }
        if values.missing > 0 { table.add(["\(values.missing)", "(none)"]) }
        return table.text
    }

    private static func other(_ values: LogValues, _ most: Int) -> Int {
        values.values.dropFirst(most).reduce(values.other) { $0 + $1.lines }
    }

    /// Made harmless for a terminal: whole, so that it can be asked for.
    private static func word(_ text: [UInt8]) -> String {
        let word = Explain.printable(String(decoding: text, as: UTF8.self))
        return word.isEmpty ? "\"\"" : word
    }

    /// The same, not longer than a column beside others may be.
    static func title(_ text: [UInt8]) -> String {
        let word = word(text)
        return word.count > width ? word.prefix(width - 1) + "…" : word
    }
}
