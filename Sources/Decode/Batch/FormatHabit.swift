/// Which format the last lines of a stream had, where each may have another.
struct FormatHabit: Sendable {
    /// As many in a row are no chance.
    private static let enough = 64

    private var format: UInt8?
    private var row = 0

    /// Index of the format that so many lines in a row had, itself or a narrower one; nil while they
    /// differ.
    var usual: Int? { row >= Self.enough ? format.map { Int($0) } : nil }

    /// Notes the format of the next line that has one; `narrower` tells which are, of each format.
    mutating func note(_ next: Int, narrower: [[Int]]) {
        let before = format.map { Int($0) }
        guard let before, before != next, !narrower[before].contains(next) else {
            format = format ?? UInt8(truncatingIfNeeded: next)
            row = min(row + 1, Self.enough)
            return
        }
        row = narrower[next].contains(before) ? min(row + 1, Self.enough) : 1
        format = UInt8(truncatingIfNeeded: next)
    }
}
