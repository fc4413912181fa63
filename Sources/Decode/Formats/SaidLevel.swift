internal import Atlas

/// The level that the words of a message say, the way programs usually do: `error:`, `[warn]`,
/// `level=error`, `WARNING`, `Failed to`.
enum SaidLevel {
    /// Further on in a message words are rather those of somebody else.
    private static let reach = 160
    /// A window is 64 bytes; a word that begins in its last ten may go on behind it.
    private static let step = 54

    /// The gravest that is said; nil for none.
    static func level(_ line: borrowing RawSpan, from start: Int) -> Level? {
        var found: Level?
        var window = start
        let end = min(line.byteCount, start &+ reach)
        // Whether the byte before the window is a letter of a word that began there.
        var before: UInt64 = 0
        while window < end {
            let letters = line.letters(from: window)
            var starts = letters & ~(letters &<< 1 | before)
            starts &= UInt64.max &>> UInt64(64 &- min(step, end &- window))
            while starts != 0 {
                let offset = starts.trailingZeroBitCount
                starts &= starts &- 1
                let count = (~(letters &>> UInt64(offset))).trailingZeroBitCount
                let word = (line.word(at: window &+ offset) | 0x2020_2020_2020_2020)
                guard isPossible(word), (3...8).contains(count) else { continue }
                let first = window &+ offset
                let range = first..<(first &+ count)
                let mask = UInt64.max &>> UInt64(64 &- 8 &* count)
                guard let level = level(line, range, word & mask, isFirst: first == start)
                else { continue }
                found = max(found ?? level, level)
            }
            before = letters &>> UInt64(step &- 1) & 1
            window &+= step
        }
        return found
    }

    /// By the first two letters.
    @inline(__always)
    private static func isPossible(_ word: UInt64) -> Bool {
        let pair = UInt16(truncatingIfNeeded: word)
        let a = pair == 0x6166  // fa
        let b = pair == 0x7265  // er
        let c = pair == 0x6177  // wa
        let d = pair == 0x7263  // cr
        let e = pair == 0x6170  // pa
        let f = pair == 0x6D65  // em
        let g = pair == 0x6573  // se
        return a || b || c || d || e || f || g
    }

    /// `folded` is the word in lower case, its first letter lowest.
    private static func level(
        _ line: borrowing RawSpan,
        _ word: Range<Int>,
        _ folded: UInt64,
        isFirst: Bool
    ) -> Level? {
        let level: Level
        switch folded {
        case 0x6465_6C69_6166, 0x65_7275_6C69_6166: return .warn  // failed, failure
        case 0x746C_7561_6667_6573: return .error  // segfault
        case 0x63_696E_6170, 0x67_7265_6D65: level = .fatal  // panic, emerg
        case 0x72_6F72_7265, 0x727265: level = .error  // error, err
        case 0x6C61_6369_7469_7263, 0x7469_7263: level = .error  // critical, crit
        case 0x6C_6174_6166: level = .error  // fatal
        case 0x67_6E69_6E72_6177, 0x6E72_6177: level = .warn  // warning, warn
        default: return nil
        }
        let isLoud = line.byte(word.lowerBound) < 0x61 && line.byte(word.upperBound &- 1) < 0x61
        return isFirst || isLoud || isMarked(line, word) ? level : nil
    }

    /// `error:`, `<error>`, `[error]`, `level=error`, `I/O error,`.
    private static func isMarked(_ line: borrowing RawSpan, _ word: Range<Int>) -> Bool {
        if word.upperBound < line.byteCount {
            switch line.byte(word.upperBound) {
            case 0x3A, 0x5D, 0x3E, 0x7C, 0x2C: return true
            default: break
            }
        }
        guard word.lowerBound > 0 else { return false }
        return switch line.byte(word.lowerBound &- 1) {
        case 0x3D, 0x5B, 0x3C, 0x7C: true
        default: false
        }
    }
}
