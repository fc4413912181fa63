/// A pattern for one part of a path, as glob(7) has it: `*`, `?`, `[a-z]`, `[!a-z]`, `\` before a
/// letter that stands for itself.
///
/// A name that begins with a dot is met only by a pattern that does. `?` is one letter of UTF-8.
package struct Glob: Hashable, Sendable {
    private enum Piece: Hashable, Sendable {
        case byte(UInt8)
        case any
        case anyRun
        case set([ClosedRange<UInt8>], isNegated: Bool)
    }

    /// `**`: any number of folders, none as well; links are not followed there.
    let isRecursive: Bool
    private var pieces: [Piece] = []
    /// The name that it stands for; nil where it may stand for several.
    private(set) var literal: String?

    package init(_ pattern: some StringProtocol) {
        let bytes = Array(pattern.utf8)
        isRecursive = pattern == "**"
        var index = 0
        var name: [UInt8] = []
        var isLiteral = true
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "*"):
                if pieces.last != .anyRun { pieces.append(.anyRun) }
                isLiteral = false
            case UInt8(ascii: "?"):
                pieces.append(.any)
                isLiteral = false
            case UInt8(ascii: "["):
                if let (set, end) = Self.set(bytes, from: index + 1) {
                    pieces.append(set)
                    index = end
                    isLiteral = false
                } else {
                    pieces.append(.byte(bytes[index]))
                    name.append(bytes[index])
                }
            case UInt8(ascii: "\\") where index + 1 < bytes.count:
                index += 1
                pieces.append(.byte(bytes[index]))
                name.append(bytes[index])
            default:
                pieces.append(.byte(bytes[index]))
                name.append(bytes[index])
            }
            index += 1
        }
        if isLiteral { literal = String(decoding: name, as: UTF8.self) }
    }

    /// The set whose first member is at `start`, and where its `]` is; nil where it has no end.
    private static func set(_ bytes: [UInt8], from start: Int) -> (Piece, Int)? {
        var index = start
        var isNegated = false
        if index < bytes.count,
            bytes[index] == UInt8(ascii: "!") || bytes[index] == UInt8(ascii: "^")
        {
            isNegated = true
            index += 1
        }
        var ranges: [ClosedRange<UInt8>] = []
        // A `]` in the first place is a member.
        let first = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "]") || index == first {
            var low = bytes[index]
            if low == UInt8(ascii: "\\"), index + 1 < bytes.count {
                index += 1
                low = bytes[index]
            }
            if index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "-"),
                bytes[index + 2] != UInt8(ascii: "]")
            {
                let high = bytes[index + 2]
                if low <= high { ranges.append(low...high) }
                index += 3
            } else {
                ranges.append(low...low)
                index += 1
            }
        }
        guard index < bytes.count else { return nil }
        return (.set(ranges, isNegated: isNegated), index)
    }

    /// Whether the parts of a path are those of a pattern.
    static func matches(_ globs: [Glob], _ parts: [Substring]) -> Bool {
        var (place, index) = (0, 0)
        // Where to try again: after the last `**`, one folder further.
        var retry: (place: Int, index: Int)?
        while true {
            if index < globs.count, globs[index].isRecursive {
                // All that is below, hidden or not.
                if index == globs.count - 1 { return place < parts.count }
                retry = (place, index + 1)
                index += 1
            } else if index < globs.count, place < parts.count, globs[index].matches(parts[place]) {
                place += 1
                index += 1
            } else if index == globs.count, place == parts.count {
                return true
            } else if let last = retry, last.place < parts.count {
                retry = (last.place + 1, last.index)
                (place, index) = (last.place + 1, last.index)
            } else {
                return false
            }
        }
    }

    package func matches(_ name: some StringProtocol) -> Bool {
        matches(Array(name.utf8))
    }

    func matches(_ name: [UInt8]) -> Bool {
        if name.first == UInt8(ascii: "."), pieces.first != .byte(UInt8(ascii: ".")) {
            return false
        }
        var (place, piece) = (0, 0)
        // Where to try again: after the last run, one letter further.
        var retry: (place: Int, piece: Int)?
        while true {
            if piece < pieces.count, pieces[piece] == .anyRun {
                retry = (place, piece + 1)
                piece += 1
            } else if piece < pieces.count, let length = step(pieces[piece], name, place) {
                place += length
                piece += 1
            } else if piece == pieces.count, place == name.count {
                return true
            } else if let last = retry, last.place < name.count {
                retry = (last.place + 1, last.piece)
                (place, piece) = (last.place + 1, last.piece)
            } else {
                return false
            }
        }
    }

    /// How many bytes of the name a piece takes; nil where it does not match.
    private func step(_ piece: Piece, _ name: [UInt8], _ place: Int) -> Int? {
        guard place < name.count else { return nil }
        let byte = name[place]
        switch piece {
        case .byte(let wanted): return byte == wanted ? 1 : nil
        case .any:
            guard byte >= 0xC0 else { return 1 }
            return 1 + name[(place + 1)...].prefix(3).prefix { $0 & 0xC0 == 0x80 }.count
        case .set(let ranges, let isNegated):
            return ranges.contains { $0.contains(byte) } != isNegated ? 1 : nil
        case .anyRun: return nil
        }
    }
}
