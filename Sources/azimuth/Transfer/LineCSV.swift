import Atlas
import Decode
import History
import HistoryFormat
import Query

/// Kept lines as comma-separated values (RFC 4180), for spreadsheets.
struct LineCSV {
    static let columns = ["number", "time", "arrival", "level", "source", "resource", "line"]

    private(set) var bytes: [UInt8] = []
    private let fields: [String]
    private let formats: LineFormats
    /// Cells stay as they are, even where a spreadsheet takes one for a formula.
    private let isRaw: Bool
    private let scratch = LineScratch()
    /// Of each source, one for each field.
    private var readers: [String: [FieldReader]] = [:]

    init(fields: [String], formats: LineFormats, isRaw: Bool) {
        self.fields = fields
        self.formats = formats
        self.isRaw = isRaw
    }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func addHead() {
        for (index, name) in (Self.columns + fields).enumerated() { add(Array(name.utf8), index) }
        endRow()
    }

    mutating func add(_ line: StoredLine) {
        let record = line.record
        let cells = [
            "\(record.number)", "\(record.time)", "\(record.arrival)", record.level.name,
        ]
        for (index, cell) in cells.enumerated() { add(Array(cell.utf8), index) }
        add(Array(line.source.utf8), cells.count)
        add(Array((line.resource ?? "").utf8), cells.count + 1)
        add(record.bytes, cells.count + 2)
        for (index, value) in values(of: line).enumerated() {
            add(value, Self.columns.count + index)
        }
        endRow()
    }

    private mutating func values(of line: StoredLine) -> [[UInt8]] {
        guard !fields.isEmpty else { return [] }
        let readers = readers(of: line)
        let scratch = scratch
        return line.record.bytes.withUnsafeBytes { bytes in
            let tested = TestedLine(
                bytes: bytes,
                level: line.record.level,
                time: line.record.time,
                messageStart: line.record.messageStart
            )
            return readers.enumerated().map { index, reader in
                var value: [UInt8] = []
                _ = reader.read(tested, isTested: index > 0, scratch) {
                    value.append(contentsOf: $0)
                }
                return value
            }
        }
    }

    private mutating func readers(of line: StoredLine) -> [FieldReader] {
        if let known = readers[line.source] { return known }
        let facts = SourceFacts(
            name: line.source,
            resource: line.resource,
            format: formats.format(of: line.source)
        )
        let made = fields.map { FieldReader($0, of: facts) }
        readers[line.source] = made
        return made
    }

    private mutating func endRow() { bytes += [0x0D, 0x0A] }

    /// What holds a comma, a quote or a line end is quoted; what is no text becomes U+FFFD.
    private mutating func add(_ value: [UInt8], _ column: Int) {
        if column > 0 { bytes.append(0x2C) }
        var cell = Self.isPlain(value) ? value : Self.printable(value)
        if !isRaw, Self.isFormula(cell) { cell.insert(0x27, at: 0) }
        guard cell.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0D || $0 == 0x0A }) else {
            bytes += cell
            return
        }
        bytes.append(0x22)
        for byte in cell {
            if byte == 0x22 { bytes.append(0x22) }
            bytes.append(byte)
        }
        bytes.append(0x22)
    }

    private static func isPlain(_ bytes: [UInt8]) -> Bool {
        bytes.allSatisfy { (0x20..<0x7F).contains($0) }
    }

    private static func printable(_ bytes: [UInt8]) -> [UInt8] {
        var text = String.UnicodeScalarView()
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            let isLayout = scalar == "\t" || scalar == "\n" || scalar == "\r"
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            text.append(isControl && !isLayout ? "\u{FFFD}" : scalar)
        }
        return Array(String(text).utf8)
    }

    /// What a spreadsheet calculates instead of showing it
    /// (https://owasp.org/www-community/attacks/CSV_Injection); a number is none.
    private static func isFormula(_ cell: [UInt8]) -> Bool {
        switch cell.first {
        case UInt8(ascii: "="), UInt8(ascii: "@"), 0x09, 0x0D: return true
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            return !cell.dropFirst().allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
                || cell.count == 1
        default: return false
        }
    }
}
