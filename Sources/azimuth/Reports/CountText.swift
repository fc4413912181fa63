import Atlas
import Evaluate
import Pipeline

/// Counted groups as a table, as JSON lines or as comma-separated values.
struct CountText {
    enum Style {
        case table
        case json
        case csv
    }

    private let question: CountQuestion
    private let result: Counting.Result
    private let style: Style

    init(_ question: CountQuestion, _ result: Counting.Result, _ style: Style) {
        self.question = question
        self.result = result
        self.style = style
    }

    var text: String {
        switch style {
        case .table: table
        case .json: json
        case .csv: csv
        }
    }

    private var names: [String] { question.parts.map(\.name) }
    /// The column of the sum, if there is one.
    private var sumName: String? { question.sum.map { "sum(\($0))" } }

    /// What a group has in common, in the order of the parts; nil for what it does not have.
    private func cells(_ row: GroupTable.Row) -> [String?] {
        var values = row.values[...]
        return question.parts.map { part in
            if part.isTime { return row.start.map(Self.short) }
            return values.popFirst()?.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Without a fraction where it is none.
    private static func short(_ instant: Instant) -> String {
        let text = instant.description
        return text.hasSuffix(".000Z") ? text.dropLast(5) + "Z" : text
    }

    private func sum(_ row: GroupTable.Row) -> String? {
        question.sum == nil ? nil : row.sum.description
    }

    private var table: String {
        var table = TextTable(
            (names + ["count"] + [sumName].compactMap(\.self)).map { $0.uppercased() }
        )
        for row in result.rows {
            let numbers = ["\(row.count)"] + [sum(row)].compactMap(\.self)
            table.add(cells(row).map { $0 ?? "-" } + numbers)
        }
        if let rest = result.rest {
            let numbers = ["\(rest.count)"] + [sum(rest)].compactMap(\.self)
            table.add(names.indices.map { $0 == 0 ? "(other)" : "" } + numbers)
        }
        return table.text
    }

    private var csv: String {
        let head = names + ["count"] + [sumName].compactMap(\.self)
        var lines = [head]
        for row in result.rows {
            lines.append(
                cells(row).map { $0 ?? "" } + ["\(row.count)"] + [sum(row)].compactMap(\.self)
            )
        }
        if let rest = result.rest {
            let first = names.indices.map { $0 == 0 ? "(other)" : "" }
            lines.append(first + ["\(rest.count)"] + [sum(rest)].compactMap(\.self))
        }
        return lines.map { $0.map(Self.quoted).joined(separator: ",") + "\r\n" }.joined()
    }

    /// RFC 4180 section 2: what holds a comma, a quote or a line end is quoted.
    private static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { ![0x2C, 0x22, 0x0D, 0x0A].contains($0) }
        guard !isPlain else { return text }
        return "\""
            + text.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }

    private var json: String {
        var text = ""
        for row in result.rows {
            let pairs = zip(names, cells(row)).map { name, cell in
                Self.string(name) + ":" + (cell.map(Self.string) ?? "null")
            }
            text += object(pairs, row)
        }
        if let rest = result.rest { text += object(["\"other\":true"], rest) }
        return text
    }

    private func object(_ pairs: [String], _ row: GroupTable.Row) -> String {
        var pairs = pairs + ["\"count\":\(row.count)"]
        if let sum = sum(row) { pairs.append("\"sum\":\(sum)") }
        return "{" + pairs.joined(separator: ",") + "}\n"
    }

    /// A JSON string (RFC 8259 section 7).
    private static func string(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
