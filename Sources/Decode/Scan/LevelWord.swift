package import Atlas

/// What logs call their levels, in words and in numbers, on our scale.
package enum LevelWord {
    /// The level that a word names, upper and lower case alike; nil for another word.
    ///
    /// Words and letters of syslog(3), log4j, java.util.logging, Python, .NET, Serilog, zap, logrus,
    /// zerolog, glog, winston and Android; what is graver than an error is fatal.
    package static func level(_ line: borrowing RawSpan, _ word: Range<Int>) -> Level? {
        guard let folded = FoldedWord(line, word) else { return nil }
        return level(folded)
    }

    static func level(_ word: FoldedWord) -> Level? {
        word.rest == 0 ? short(word.start) : long(word)
    }

    // Generated from the words behind, eight bytes each, the first one lowest.
    private static func short(_ word: UInt64) -> Level? {
        switch word {
        case 0x65_6361_7274: .trace  // trace
        case 0x637274: .trace  // trc
        case 0x6563_7274: .trace  // trce
        case 0x7473_656E_6966: .trace  // finest
        case 0x72_656E_6966: .trace  // finer
        case 0x65_736F_6272_6576: .trace  // verbose
        case 0x627276: .trace  // vrb
        case 0x79_6C6C_6973: .trace  // silly
        case 0x74: .trace  // t
        case 0x76: .trace  // v
        case 0x67_7562_6564: .debug  // debug
        case 0x676264: .debug  // dbg
        case 0x6775_6264: .debug  // dbug
        case 0x656E_6966: .debug  // fine
        case 0x6769_666E_6F63: .debug  // config
        case 0x64: .debug  // d
        case 0x6F66_6E69: .info  // info
        case 0x666E69: .info  // inf
        case 0x676F6C: .info  // log
        case 0x69: .info  // i
        case 0x6563_6974_6F6E: .notice  // notice
        case 0x6574_6F6E: .notice  // note
        case 0x73_7365_6363_7573: .notice  // success
        case 0x6E: .notice  // n
        case 0x6E72_6177: .warn  // warn
        case 0x67_6E69_6E72_6177: .warn  // warning
        case 0x6E7277: .warn  // wrn
        case 0x77: .warn  // w
        case 0x72_6F72_7265: .error  // error
        case 0x727265: .error  // err
        case 0x726F_7265: .error  // eror
        case 0x6C69_6166: .error  // fail
        case 0x6572_6576_6573: .error  // severe
        case 0x65: .error  // e
        case 0x6C_6174_6166: .fatal  // fatal
        case 0x6C7466: .fatal  // ftl
        case 0x6C61_6369_7469_7263: .fatal  // critical
        case 0x7469_7263: .fatal  // crit
        case 0x74_7265_6C61: .fatal  // alert
        case 0x67_7265_6D65: .fatal  // emerg
        case 0x63_696E_6170: .fatal  // panic
        case 0x6369_6E61_7064: .fatal  // dpanic
        case 0x66: .fatal  // f
        case 0x63: .fatal  // c
        case 0x61: .fatal  // a
        case 0x70: .fatal  // p
        default: nil
        }
    }

    private static func long(_ word: FoldedWord) -> Level? {
        switch (word.start, word.rest) {
        case (0x7461_6D72_6F66_6E69, 0x6E6F69): .info  // information
        case (0x7461_6D72_6F66_6E69, 0x6C_616E_6F69): .info  // informational
        case (0x636E_6567_7265_6D65, 0x79): .fatal  // emergency
        default: nil
        }
    }

    /// RFC 5424 section 6.2.1: 0 emergency to 7 debug; nil for another number.
    package static func level(severity: Int) -> Level? {
        switch severity {
        case 0, 1, 2: .fatal
        case 3: .error
        case 4: .warn
        case 5: .notice
        case 6: .info
        case 7: .debug
        default: nil
        }
    }
}

/// A word of at most 16 bytes, its ASCII letters in lower case.
///
/// Some other bytes are changed, too (`_` to DEL, `@` to a grave accent), each to one that no name
/// has.
struct FoldedWord {
    let start: UInt64
    /// From the ninth byte on; 0 for none.
    let rest: UInt64

    /// Nil for an empty or a longer one.
    @inline(__always)
    init?(_ line: borrowing RawSpan, _ word: Range<Int>) {
        let count = word.upperBound &- word.lowerBound
        guard count > 0, count <= 16, word.upperBound <= line.byteCount else { return nil }
        guard word.lowerBound &+ 16 <= line.byteCount else {
            (start, rest) = Self.last(line, word)
            return
        }
        start = Self.folded(line.word(at: word.lowerBound), min(count, 8))
        rest = count > 8 ? Self.folded(line.word(at: word.lowerBound &+ 8), count &- 8) : 0
    }

    /// Near the end of a line.
    @inline(never)
    private static func last(_ line: borrowing RawSpan, _ word: Range<Int>) -> (UInt64, UInt64) {
        let start = folded(line.word(at: word.lowerBound), min(word.count, 8))
        guard word.count > 8 else { return (start, 0) }
        return (start, folded(line.word(at: word.lowerBound + 8), word.count - 8))
    }

    /// The same of bytes that stand in no line.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard (1...16).contains(bytes.count) else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        for (index, byte) in bytes.enumerated() {
            let folded = UInt64(byte | 0x20) &<< UInt64(8 &* (index & 7))
            if index < 8 { words.0 |= folded } else { words.1 |= folded }
        }
        (start, rest) = words
    }

    @inline(__always)
    private static func folded(_ word: UInt64, _ count: Int) -> UInt64 {
        let mask = UInt64.max &>> UInt64(64 &- 8 &* count)
        return (word | 0x2020_2020_2020_2020) & mask
    }
}
