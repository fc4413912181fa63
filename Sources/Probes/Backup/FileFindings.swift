package import Atlas

/// What was found in files for a `FileQuestion`.
///
/// As text one fact a line:
///
///     newest 2026-11-23T02:00:11.000Z 52428800 /var/backups/orders-2026-11-23.dump
///     small 2026-11-24T02:00:02.000Z 0 /var/backups/orders-2026-11-24.dump
///     unreadable 1
///     line 2026-11-23 02:00:11 backup done
package struct FileFindings: Hashable, Sendable {
    package struct File: Hashable, Sendable {
        package var path: String
        package var modified: Instant
        /// In bytes; nil for a folder.
        package var size: Int64?

        package init(path: String, modified: Instant, size: Int64?) {
            self.path = path
            self.modified = modified
            self.size = size
        }
    }

    package var newest: File?
    /// The newest that is too small to count.
    package var small: File?
    /// Folders that may not be read.
    package var unreadable = 0
    package var line: String?

    package init() {}

    package var text: String {
        var lines: [String] = []
        if let newest { lines.append("newest " + Self.text(newest)) }
        if let small { lines.append("small " + Self.text(small)) }
        if unreadable > 0 { lines.append("unreadable \(unreadable)") }
        if let line { lines.append("line " + line.inOneLine) }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Nil for any other text.
    package init?(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let word = line.prefix { $0 != " " }
            let rest = line.dropFirst(word.count + 1)
            switch word {
            case "newest", "small":
                guard let file = Self.file(rest) else { return nil }
                if word == "newest" { newest = file } else { small = file }
            case "unreadable":
                guard let count = Int(rest) else { return nil }
                unreadable = count
            case "line": self.line = String(rest)
            default: return nil
            }
        }
    }

    private static func text(_ file: File) -> String {
        "\(file.modified) \(file.size.map(String.init) ?? "-") \(file.path.inOneLine)"
    }

    private static func file(_ text: Substring) -> File? {
        let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let modified = Instant(rfc3339: parts[0]) else { return nil }
        let size = Int64(parts[1])
        guard size.map({ $0 >= 0 }) ?? (parts[1] == "-") else { return nil }
        return File(path: String(parts[2]), modified: modified, size: size)
    }
}

extension String {
    /// With a mark for each line end.
    fileprivate var inOneLine: String {
        String(map { $0.isNewline ? "\u{FFFD}" : $0 })
    }
}
