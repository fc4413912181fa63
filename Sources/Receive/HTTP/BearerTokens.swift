/// Who may send: the tokens of RFC 6750, one a line in a file.
struct BearerTokens: Sendable {
    private let tokens: [[UInt8]]

    init(_ tokens: [[UInt8]]) {
        self.tokens = tokens
    }

    static func read(_ path: String) throws(ReceiveError) -> BearerTokens {
        BearerTokens(try SecretLines.read(path))
    }

    /// Whether the value of an `Authorization` field names one of them.
    ///
    /// Takes the same time for each token of the same length.
    func admit(_ authorization: String?) -> Bool {
        guard let words = authorization?.split(separator: " "), words.count == 2,
            words[0].lowercased() == "bearer"
        else { return false }
        let shown = Array(words[1].utf8)
        var isKnown = false
        for token in tokens where token.count == shown.count {
            let difference = zip(token, shown).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) }
            if difference == 0 { isKnown = true }
        }
        return isKnown
    }
}
