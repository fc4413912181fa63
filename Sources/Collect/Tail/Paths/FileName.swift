import Glibc

/// The name of a file, or a path: two are one where all their bytes are the same.
///
/// As texts `é` is equal whether it is one letter or a letter and a mark (Unicode Standard Annex
/// #15), and a slash is no slash with a mark behind it. To the kernel there are bytes only.
package struct FileName: Hashable, Comparable, Sendable, ExpressibleByStringInterpolation {
    package let text: String

    package init(_ text: some StringProtocol) { self.text = String(text) }

    package init(stringLiteral text: String) { self.text = text }

    package static func == (left: Self, right: Self) -> Bool { left.compare(with: right) == 0 }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    package static func < (left: Self, right: Self) -> Bool { left.compare(with: right) < 0 }

    /// As memcmp(3), a shorter one before what goes on with others behind it.
    private func compare(with other: Self) -> Int {
        var (text, otherText) = (text, other.text)
        return text.withUTF8 { bytes in
            otherText.withUTF8 { others in
                let count = min(bytes.count, others.count)
                guard count > 0, let start = bytes.baseAddress, let otherStart = others.baseAddress
                else { return bytes.count - others.count }
                let order = Int(memcmp(start, otherStart, count))
                return order == 0 ? bytes.count - others.count : order
            }
        }
    }

    var isEmpty: Bool { text.isEmpty }

    /// Of a path, without a slash at its end: empty for the root, where the process is for a path
    /// without a slash.
    var folder: FileName {
        slash.map { FileName(Substring(text.utf8[..<$0])) } ?? "."
    }

    /// The last part of a path.
    package var name: FileName {
        slash.map { FileName(Substring(text.utf8[text.utf8.index(after: $0)...])) } ?? self
    }

    /// True for what is in the folder, however deep.
    func isBelow(_ folder: FileName) -> Bool {
        text.utf8.starts(with: folder.text.utf8)
            && text.utf8.dropFirst(folder.text.utf8.count).first == UInt8(ascii: "/")
    }

    /// The parts between slashes; none is empty.
    static func parts(of path: some StringProtocol) -> [Substring] {
        String(path).utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) }
    }

    private var slash: String.Index? { text.utf8.lastIndex(of: UInt8(ascii: "/")) }
}

extension FileName: CustomStringConvertible {
    package var description: String { text }
}
