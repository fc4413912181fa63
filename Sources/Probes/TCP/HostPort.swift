/// `HOST`, `HOST:PORT`, `[IPV6]` or `[IPV6]:PORT` (RFC 3986 section 3.2).
struct HostPort {
    let host: String
    /// Nil when none is written; never 0.
    let port: UInt16?

    /// Nil for anything else.
    init?(_ text: some StringProtocol) {
        var rest = Substring(text)
        if rest.hasPrefix("[") {
            guard let close = rest.firstIndex(of: "]") else { return nil }
            host = String(rest[..<close].dropFirst())
            rest = rest[close...].dropFirst()
            guard host.contains(":"), host.utf8.allSatisfy(Self.isPlain) else { return nil }
        } else {
            host = String(rest.prefix { $0 != ":" })
            rest = rest.dropFirst(host.count)
            guard !host.hasPrefix("-"), host.utf8.allSatisfy({ Self.isPlain($0) && $0 != 0x25 })
            else { return nil }
        }
        guard !host.isEmpty, host.utf8.count <= 253 else { return nil }
        guard !rest.isEmpty else {
            port = nil
            return
        }
        let digits = rest.dropFirst()
        guard rest.hasPrefix(":"), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt16(digits), number > 0
        else { return nil }
        port = number
    }

    /// Letters, digits, and what names and numeric addresses hold besides (`%` before a zone).
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
            || "-._:%".utf8.contains(byte)
    }
}
