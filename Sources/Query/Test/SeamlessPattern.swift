internal import Patterns

/// A regular expression that is looked for in lines that stand side by side, without their ends.
///
/// So it finds every line that matches, and some that do not.
package struct SeamlessPattern: Sendable {
    let regex: LineRegex

    /// Lines are looked through together as far as they have so many bytes.
    package static let window = RegexCode.reach

    /// Calls `hit` with each line that may match, by its index.
    ///
    /// `ends` are where the lines of the whole end; `bytes` begin with those of the first of the
    /// lines, of which the whole has `offset` before.
    package func scan(
        _ lines: Range<Int>,
        ends: [UInt32],
        _ bytes: UnsafeRawBufferPointer,
        from offset: Int,
        hit: (Int) -> Void
    ) {
        var line = lines.lowerBound
        var start = line == 0 ? 0 : Int(ends[line - 1])
        while line < lines.upperBound {
            var end = line + 1
            while end < lines.upperBound, Int(ends[end]) - start <= Self.window { end += 1 }
            let stop = Int(ends[end - 1])
            let window = UnsafeRawBufferPointer(
                rebasing: bytes[(start - offset)..<(stop - offset)]
            )
            scan(line..<end, ends, window, from: start, hit)
            (line, start) = (end, stop)
        }
    }

    private func scan(
        _ lines: Range<Int>,
        _ ends: [UInt32],
        _ window: UnsafeRawBufferPointer,
        from start: Int,
        _ hit: (Int) -> Void
    ) {
        // A line of its own is tested whole later.
        guard lines.count > 1 else { return hit(lines.lowerBound) }
        var line = lines.lowerBound
        var from = 0
        while line < lines.upperBound {
            guard let place = regex.first(in: window, from: from) else {
                for rest in line..<lines.upperBound { hit(rest) }
                return
            }
            guard place < window.count else { return }
            while Int(ends[line]) - start <= place { line += 1 }
            hit(line)
            from = Int(ends[line]) - start
            line += 1
        }
    }
}
