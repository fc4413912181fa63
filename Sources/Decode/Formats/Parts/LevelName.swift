internal import Atlas

extension RawSpan {
    /// The level that a word is the name of in the usual libraries, upper and lower case alike.
    func level(named word: Range<Int>) -> Level? {
        guard (3...11).contains(word.count), word.upperBound <= byteCount else { return nil }
        switch byte(word.lowerBound) | 0x20 {
        case 0x61: return isWord(word, "alert") ? .fatal : nil
        case 0x63: return isWord(word, "critical") || isWord(word, "crit") ? .fatal : nil
        case 0x64: return isWord(word, "debug") ? .debug : nil
        case 0x65:
            if isWord(word, "error") || isWord(word, "err") { return .error }
            return isWord(word, "emerg") || isWord(word, "emergency") ? .fatal : nil
        case 0x66:
            if isWord(word, "fatal") { return .fatal }
            if isWord(word, "finer") || isWord(word, "finest") { return .trace }
            return isWord(word, "fine") ? .debug : nil
        case 0x69: return isWord(word, "info") || isWord(word, "information") ? .info : nil
        case 0x6E: return isWord(word, "note") || isWord(word, "notice") ? .notice : nil
        case 0x70: return isWord(word, "panic") ? .fatal : nil
        case 0x73: return isWord(word, "severe") ? .error : nil
        case 0x74: return isWord(word, "trace") ? .trace : nil
        case 0x77: return isWord(word, "warn") || isWord(word, "warning") ? .warn : nil
        default: return nil
        }
    }

    /// The end of the letters that begin at `start`.
    func lettersEnd(from start: Int) -> Int {
        var index = start
        while index < byteCount, (0x61...0x7A).contains(byte(index) | 0x20) { index &+= 1 }
        return index
    }
}
