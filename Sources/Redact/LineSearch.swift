internal import Patterns

/// All that a regular expression finds in one line.
///
/// A long line is looked at through windows of `RegexCode.reach` bytes that overlap by half, since
/// a pattern that is tried from each byte anew costs the square of what it sees. What is longer
/// than half a window may be missed there; what reaches over a whole one makes the line uncertain.
struct LineSearch {
    /// Finds in a line, at most; with more it is uncertain.
    private static let limit = 1_000
    /// What stands before a window is seen by `\b` and lookbehinds.
    private static let margin = 64

    let code: RegexCode
    /// What is given of a match; the match itself where the group took no part.
    let group: Int
    let line: UnsafeRawBufferPointer

    /// Calls `found` for each, rising; false when there may be more that is not found.
    func run(_ found: (Range<Int>) -> Void) -> Bool {
        var from = 0
        var count = 0
        while from <= line.count {
            let base = max(0, from - Self.margin)
            let end = min(line.count, base + RegexCode.reach)
            let outcome = code.match(
                UnsafeRawBufferPointer(rebasing: line[base..<end]),
                from: from - base,
                isBeginning: base == 0,
                isEnd: end == line.count
            )
            switch outcome {
            case .gaveUp: return false
            case .none:
                if end == line.count { return true }
                from = max(from + 1, end - RegexCode.reach / 2)
            case .matched(let groups):
                let whole = Self.range(groups[0] ?? 0..<0, base)
                guard whole.upperBound < end || end == line.count else {
                    // It may go on behind the window: the next one begins with it.
                    guard whole.lowerBound > from else { return false }
                    from = whole.lowerBound
                    continue
                }
                count += 1
                guard count <= Self.limit else { return false }
                let range = groups[group].map { Self.range($0, base) } ?? whole
                if !range.isEmpty { found(range) }
                from = max(whole.upperBound, from + 1)
            }
        }
        return true
    }

    private static func range(_ range: Range<Int>, _ base: Int) -> Range<Int> {
        base + range.lowerBound..<base + range.upperBound
    }
}
