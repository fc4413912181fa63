/// One line inside the bytes of a batch; offsets are those of the batch.
struct LineText {
    let bytes: UnsafeRawBufferPointer
    let line: Range<Int>

    /// 0 outside of the line.
    func byte(_ offset: Int) -> UInt8 { line.contains(offset) ? bytes[offset] : 0 }

    /// Letters of the line may be of either case, those of `word` are small.
    func has(_ word: StaticString, at offset: Int) -> Bool {
        guard line.contains(offset), offset + word.utf8CodeUnitCount <= line.upperBound else {
            return false
        }
        for index in 0..<word.utf8CodeUnitCount {
            let byte = bytes[offset + index]
            let small = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            guard small == word.utf8Start[index] else { return false }
        }
        return true
    }

    /// The first offset from `start` on whose byte is not one of those.
    func end(from start: Int, _ isPart: (UInt8) -> Bool) -> Int {
        var index = start
        while index < line.upperBound, isPart(bytes[index]) { index += 1 }
        return index
    }

    // MARK: what begins with a known word

    /// `eyJ…` is base64url of `{"`: RFC 7515 section 3.1.
    func jwt(at start: Int) -> Range<Int>? {
        guard !Self.isWord(byte(start - 1)) else { return nil }
        var end = end(from: start, Self.isWord)
        let isLong = end - start >= 16
        guard end - start >= 10 else { return nil }
        var parts = 1
        // The line may have been cut: what is there of the other parts goes, too.
        while parts < 5, byte(end) == 0x2E {
            end = self.end(from: end + 1, Self.isWord)
            parts += 1
        }
        return isLong || parts > 1 ? start..<end : nil
    }

    /// RFC 6750 section 2.1.
    func bearer(at start: Int) -> Range<Int>? {
        guard has("bearer", at: start), !Self.isLetterOrDigit(byte(start - 1)) else { return nil }
        let first = end(from: start + 6, Self.isBetween)
        guard first > start + 6 else { return nil }
        let end = end(from: first, Self.isToken68)
        return isRandom(first..<end, least: 8) ? first..<end : nil
    }

    /// RFC 7617 section 2; the word alone is too usual.
    func basic(at start: Int) -> Range<Int>? {
        guard has("basic ", at: start) else { return nil }
        var before = start
        while before > line.lowerBound, Self.isBetween(bytes[before - 1]) { before -= 1 }
        guard has("authorization", at: before - 13) else { return nil }
        let first = end(from: start + 5, Self.isBetween)
        return first..<end(from: first, Self.isToken68)
    }

    /// "AKIA" or "ASIA" and sixteen capitals and digits: IAM User Guide, "Unique identifiers".
    func awsKey(at start: Int) -> Range<Int>? {
        guard byte(start + 3) == 0x41, !Self.isLetterOrDigit(byte(start - 1)) else { return nil }
        let end = end(from: start) { (0x41...0x5A).contains($0) || $0 &- 48 < 10 }
        return end - start == 20 && !Self.isLetterOrDigit(byte(end)) ? start..<end : nil
    }

    /// Tokens of GitHub, GitLab, Slack and Stripe say what they are.
    func prefixedToken(at start: Int) -> Range<Int>? {
        guard !Self.isLetterOrDigit(byte(start - 1)) else { return nil }
        let end = end(from: start, Self.isWord)
        let isGitHub = byte(start + 1) == 0x68 && byte(start + 3) == 0x5F
        let least: Int? =
            if isGitHub {
                24
            } else if has("github_pat_", at: start) {
                30
            } else if has("glpat-", at: start) {
                20
            } else if has("xox", at: start), byte(start + 4) == 0x2D {
                14
            } else if has("sk_live_", at: start) || has("sk_test_", at: start) {
                18
            } else {
                nil
            }
        return least.map { end - start >= $0 } == true ? start..<end : nil
    }

    // MARK: what a name stands before

    func keyedToken(at start: Int) -> Range<Int>? {
        for word in ["token", "secret", "apikey", "api_key", "api-key"] as [StaticString]
        where has(word, at: start) {
            guard let value = value(behindKey: start + word.utf8CodeUnitCount) else { return nil }
            return isRandom(value, least: 8) ? value : nil
        }
        return nil
    }

    func keyedPassword(at start: Int) -> Range<Int>? {
        for word in ["password", "passwd", "passphrase"] as [StaticString]
        where has(word, at: start) {
            let behind = start + word.utf8CodeUnitCount
            return argument(behindKey: behind, at: start) ?? value(behindKey: behind)
        }
        if has("pass", at: start), !Self.isWord(byte(start + 4)) {
            return value(behindKey: start + 4)
        }
        guard has("pwd", at: start), let value = value(behindKey: start + 3) else { return nil }
        // The variable of the shell: sudo(8) logs it.
        return byte(start) == 0x50 && byte(value.lowerBound) == 0x2F ? nil : value
    }

    /// `://user:secret@`: RFC 3986 section 3.2.1.
    func urlPassword(at start: Int) -> Range<Int>? {
        let first = start + 3
        let end = end(from: first) { byte in
            byte > 0x20 && ![0x2F, 0x3F, 0x23, 0x22, 0x27, 0x3C, 0x3E].contains(byte)
        }
        guard let at = (first..<end).last(where: { bytes[$0] == 0x40 }),
            let colon = (first..<at).first(where: { bytes[$0] == 0x3A })
        else { return nil }
        return colon + 1..<at
    }

    /// The value in `--password VALUE`, as a command has it.
    private func argument(behindKey start: Int, at key: Int) -> Range<Int>? {
        guard has("--", at: key - 2), Self.isBlank(byte(start)) else { return nil }
        let first = end(from: start, Self.isBlank)
        guard byte(first) != 0x2D, !has("[redacted:", at: first) else { return nil }
        return first..<end(from: first) { !Self.isBlank($0) }
    }

    /// The value in `KEY=VALUE`, `KEY: VALUE`, `"KEY": "VALUE"` and the like.
    private func value(behindKey start: Int) -> Range<Int>? {
        var index = end(from: start, Self.isWord)
        guard index - start <= 32 else { return nil }
        index = end(from: index) { $0 == 0x22 || $0 == 0x27 || $0 == 0x5C || $0 == 0x5D }
        index = end(from: index, Self.isBlank)
        guard byte(index) == 0x3A || byte(index) == 0x3D else { return nil }
        index += 1
        if byte(index) == 0x3E { index += 1 }
        index = end(from: index, Self.isBlank)
        let isEscaped = byte(index) == 0x5C
        if isEscaped { index += 1 }
        let quote = byte(index)
        guard quote == 0x22 || quote == 0x27 else {
            let end = end(from: index) { !Self.isDelimiter($0) }
            return has("[redacted:", at: index) ? nil : index..<end
        }
        index += 1
        var end = index
        while end < line.upperBound, bytes[end] != quote {
            if bytes[end] == 0x5C {
                if isEscaped, byte(end + 1) == quote { break }
                end += 1
            }
            end += 1
        }
        return has("[redacted:", at: index) ? nil : index..<min(end, line.upperBound)
    }

    /// Words of a language have no digits, and end sooner.
    private func isRandom(_ range: Range<Int>, least: Int) -> Bool {
        guard range.count >= least else { return false }
        return range.count >= 20 || range.contains { bytes[$0] &- 48 < 10 }
    }

    // MARK: letters

    static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        byte &- 48 < 10 || (0x61...0x7A).contains(byte | 0x20)
    }

    /// Letters, digits, `_` and `-`: those of base64url, too.
    static func isWord(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || byte == 0x5F || byte == 0x2D
    }

    /// RFC 7235 section 2.1.
    private static func isToken68(_ byte: UInt8) -> Bool {
        isWord(byte) || [0x2E, 0x7E, 0x2B, 0x2F, 0x3D].contains(byte)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Between a name and its value.
    private static func isBetween(_ byte: UInt8) -> Bool {
        isBlank(byte) || [0x3A, 0x3D, 0x22, 0x27, 0x5C].contains(byte)
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        byte <= 0x20 || [0x22, 0x27, 0x2C, 0x3B, 0x26, 0x29, 0x5D, 0x7D, 0x3C, 0x3E].contains(byte)
    }
}
