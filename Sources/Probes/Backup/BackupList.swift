import Atlas

/// The newest backup that a command's output tells of: JSON such as restic's and pgBackRest's, or
/// lines with a time in each.
struct BackupList {
    struct Entry: Hashable {
        var time: Instant
        /// In bytes.
        var size: Int64?
    }

    private(set) var newest: Entry?
    private let written: WrittenTime
    private let timeKey: String
    private let sizeKey: String?

    /// Throws for JSON that is damaged, too deep or too long.
    init(
        _ output: String,
        timeKey: String,
        sizeKey: String?,
        containing text: String?,
        written: WrittenTime
    ) throws(JSON.Problem) {
        self.written = written
        self.timeKey = timeKey
        self.sizeKey = sizeKey
        let lines = output.split(whereSeparator: \.isNewline)
        guard let first = lines.first(where: { $0.hasPrefix("[") || $0.hasPrefix("{") }) else {
            for line in lines where text.map({ line.contains($0) }) ?? true {
                if let time = written.find(in: line) { take(Entry(time: time)) }
            }
            return
        }
        let end = lines.last { $0.last == "]" || $0.last == "}" }?.endIndex ?? output.endIndex
        let json = output[first.startIndex..<max(end, first.endIndex)]
        if json == "null" { return }
        // One value over several lines, or one in each.
        do throws(JSON.Problem) {
            visit(try JSON(json))
        } catch {
            guard lines.count > 1, error != .tooDeep else { throw error }
            for line in lines where line.hasPrefix("{") { visit(try JSON(line)) }
        }
    }

    private mutating func take(_ entry: Entry) {
        if newest.map({ $0.time < entry.time }) ?? true { newest = entry }
    }

    /// Nested no deeper than a JSON value may be; `around` are the objects that it is a member of,
    /// the innermost last, as far as no array stands between.
    private mutating func visit(_ json: JSON, around: [JSON] = []) {
        switch json {
        case .array(let values):
            for value in values { visit(value) }
        case .object(let members):
            let objects = around + [json]
            if let time = members.first(where: { $0.name == timeKey }).flatMap({ time($0.value) }) {
                let bytes = sizeKey.flatMap { key in
                    objects.reversed().lazy.compactMap { Self.size($0, key) }.first
                }
                take(Entry(time: time, size: bytes))
            }
            for member in members { visit(member.value, around: objects) }
        default: break
        }
    }

    /// A text, or seconds since 1970, or milliseconds.
    private func time(_ json: JSON) -> Instant? {
        switch json {
        case .string(let text): written.find(in: text)
        case .number(let number) where (1e8..<1e10).contains(number):
            Instant(nanoseconds: Int64(number * 1e9))
        case .number(let number) where (1e11..<1e13).contains(number):
            Instant(nanoseconds: Int64(number * 1e6))
        default: nil
        }
    }

    /// The first number of that name, in it or below.
    private static func size(_ json: JSON, _ name: String) -> Int64? {
        switch json {
        case .array(let values):
            return values.lazy.compactMap { size($0, name) }.first
        case .object(let members):
            if case .number(let number) = members.first(where: { $0.name == name })?.value,
                (0..<9e18).contains(number)
            {
                return Int64(number)
            }
            return members.lazy.compactMap { size($0.value, name) }.first
        default: return nil
        }
    }
}
