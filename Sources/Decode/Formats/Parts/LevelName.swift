internal import Atlas

extension RawSpan {
    /// The level that a word in a text is the name of (`LevelWord`).
    ///
    /// Letters alone, and words that are as likely the name of something else, are none.
    func level(named word: Range<Int>) -> Level? {
        guard word.count >= 3, let level = LevelWord.level(self, word) else { return nil }
        let isOther =
            isWord(word, "log") || isWord(word, "config") || isWord(word, "success")
            || isWord(word, "fail")
        return isOther ? nil : level
    }

    /// The end of the letters that begin at `start`.
    func lettersEnd(from start: Int) -> Int {
        var index = start
        while index < byteCount, (0x61...0x7A).contains(byte(index) | 0x20) { index &+= 1 }
        return index
    }
}
