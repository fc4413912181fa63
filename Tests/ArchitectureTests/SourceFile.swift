import Foundation

/// A Swift file as text, and once more with comments and what is between quotes blanked out.
struct SourceFile {
    /// From the root of the checkout, such as `Sources/Atlas/Time/Span.swift`.
    var path: String
    var lines: [String]
    /// As `lines`; what is not code is spaces, so that lines and columns stay.
    var code: [String]

    init(path: String, text: String) {
        self.path = path
        lines = Self.split(text)
        code = Self.split(Self.blanked(text))
    }

    /// The target it belongs to; nil outside of Sources.
    var module: String? {
        let parts = path.split(separator: "/")
        return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
    }

    var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }

    /// `PATH:LINE text` of each line of code that matches.
    func places(_ pattern: Regex<some Any>) -> [String] {
        // Unicode's word boundaries see one word in `Task.sleep`.
        let pattern = pattern.wordBoundaryKind(.simple)
        return code.indices.filter { code[$0].contains(pattern) }.map { place($0) }
    }

    func place(_ index: Int) -> String {
        "\(path):\(index + 1) \(lines[index].trimmingCharacters(in: .whitespaces))"
    }

    private static func split(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}

extension SourceFile {
    private enum Inside {
        case code
        case lineComment
        case blockComment(Int)
        /// How it ends: quotes and hashes.
        case string(String)
    }

    /// Not a parser: it knows comments, strings of every delimiter, and nothing else. What is
    /// interpolated into a string is blanked with it.
    private static func blanked(_ text: String) -> String {
        let all = Array(text)
        var result: [Character] = []
        var inside = Inside.code
        var index = 0
        func starts(_ word: String, at index: Int) -> Bool {
            all[index...].starts(with: word)
        }
        func skip(_ count: Int) {
            result += all[index..<min(all.count, index + count)].map { $0 == "\n" ? "\n" : " " }
            index += count
        }
        while index < all.count {
            switch inside {
            case .code:
                if starts("//", at: index) {
                    inside = .lineComment
                } else if starts("/*", at: index) {
                    inside = .blockComment(1)
                    skip(2)
                } else if let (opening, closing) = delimiter(all, at: index) {
                    inside = .string(closing)
                    result += all[index..<(index + opening)]
                    index += opening
                } else {
                    result.append(all[index])
                    index += 1
                }
            case .lineComment:
                if all[index] == "\n" { inside = .code }
                skip(1)
            case .blockComment(let depth):
                if starts("*/", at: index) {
                    inside = depth == 1 ? .code : .blockComment(depth - 1)
                    skip(2)
                } else if starts("/*", at: index) {
                    inside = .blockComment(depth + 1)
                    skip(2)
                } else {
                    skip(1)
                }
            case .string(let end):
                let isRaw = end.hasSuffix("#")
                if all[index] == "\\", !isRaw, !starts("\\(", at: index) {
                    skip(2)
                } else if starts(end, at: index) {
                    result += Array(end)
                    index += end.count
                    inside = .code
                } else {
                    // An unclosed one ends with its line: strings inside interpolations.
                    if all[index] == "\n", !end.hasPrefix("\"\"\"") { inside = .code }
                    skip(1)
                }
            }
        }
        return String(result)
    }

    /// The length of the opening delimiter of a string at `index`, and its closing one.
    private static func delimiter(_ all: [Character], at index: Int) -> (Int, String)? {
        let hashes = all[index...].prefix { $0 == "#" }.count
        let quotes = all[(index + hashes)...].prefix(3).prefix { $0 == "\"" }.count
        guard quotes > 0 else { return nil }
        let closing = quotes == 3 ? "\"\"\"" : "\""
        let count = quotes == 3 ? 3 : 1
        return (hashes + count, closing + String(repeating: "#", count: hashes))
    }
}

/// All Swift files below a folder of the checkout, sorted by path.
func swiftFiles(in folder: String) -> [SourceFile] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    let files =
        FileManager.default.enumerator(atPath: root.path + "/" + folder)?
        .compactMap { $0 as? String } ?? []
    return files.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
        let path = "\(folder)/\(name)"
        return (try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8))
            .map { SourceFile(path: path, text: $0) }
    }
}
