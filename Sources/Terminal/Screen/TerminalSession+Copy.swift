extension TerminalSession {
    /// Puts a text on the clipboard of the terminal, over ssh, too (XTerm Control Sequences,
    /// OSC 52).
    ///
    /// Terminals may ignore it. Returns false for a text too long for most (over 48 KiB) and where
    /// there are no colours: such terminals would print it.
    package func copy(_ text: String) -> Bool {
        guard !isEnded, !isMono, text.utf8.count <= 49_152 else { return false }
        send(Array("\u{1B}]52;c;\(Base64.encoded(Array(text.utf8)))\u{07}".utf8))
        return true
    }
}

/// RFC 4648, section 4.
enum Base64 {
    private static let letters = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    static func encoded(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let padded = Array(group) + [0, 0]
            let bits = UInt32(padded[0]) << 16 | UInt32(padded[1]) << 8 | UInt32(padded[2])
            for index in 0..<4 {
                let letter = letters[Int(bits >> (18 - 6 * UInt32(index)) & 0x3F)]
                output.append(index <= group.count ? letter : UInt8(ascii: "="))
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
