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
        case string([UInt8])
    }

    /// Not a parser: it knows comments and strings of every delimiter, and nothing else.
    ///
    /// What is interpolated into a string is blanked with it.
    private static func blanked(_ text: String) -> String {
        let all = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(all.count)
        var inside = Inside.code
        var index = 0
        func starts(_ word: [UInt8]) -> Bool { all[index...].starts(with: word) }
        func skip(_ count: Int) {
            for byte in all[index..<min(all.count, index + count)] {
                result.append(byte == newline ? newline : UInt8(ascii: " "))
            }
            index += count
        }
        func keep(_ count: Int) {
            result += all[index..<(index + count)]
            index += count
        }
        while index < all.count {
            switch inside {
            case .code:
                if starts(lineComment) {
                    inside = .lineComment
                } else if starts(commentBegin) {
                    inside = .blockComment(1)
                    skip(2)
                } else if let (opening, closing) = delimiter(all, at: index) {
                    inside = .string(closing)
                    keep(opening)
                } else {
                    keep(1)
                }
            case .lineComment:
                if all[index] == newline { inside = .code }
                skip(1)
            case .blockComment(let depth):
                if starts(commentEnd) {
                    inside = depth == 1 ? .code : .blockComment(depth - 1)
                    skip(2)
                } else if starts(commentBegin) {
                    inside = .blockComment(depth + 1)
                    skip(2)
                } else {
                    skip(1)
                }
            case .string(let end):
                if all[index] == UInt8(ascii: "\\"), end.last == quote {
                    skip(2)
                } else if starts(end) {
                    keep(end.count)
                    inside = .code
                } else {
                    // One line ends what is not closed: a string inside an interpolation.
                    if all[index] == newline, !end.starts(with: [quote, quote]) { inside = .code }
                    skip(1)
                }
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static let newline = UInt8(ascii: "\n")
    private static let quote = UInt8(ascii: "\"")
    private static let hash = UInt8(ascii: "#")
    private static let lineComment = Array("//".utf8)
    private static let commentBegin = Array("/*".utf8)
    private static let commentEnd = Array("*/".utf8)

    /// The length of the opening delimiter of a string at `index`, and its closing one.
    private static func delimiter(_ all: [UInt8], at index: Int) -> (Int, [UInt8])? {
        guard all[index] == hash || all[index] == quote else { return nil }
        let hashes = all[index...].prefix { $0 == hash }.count
        let quotes = all[(index + hashes)...].prefix(3).prefix { $0 == quote }.count
        guard quotes > 0 else { return nil }
        let count = quotes == 3 ? 3 : 1
        let closing = Array(repeating: quote, count: count) + Array(repeating: hash, count: hashes)
        return (hashes + count, closing)
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
