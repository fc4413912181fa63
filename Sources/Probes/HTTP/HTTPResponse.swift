/// The beginning of an answer of HTTP/1 (RFC 9112): its head whole, its body as far as it came.
struct HTTPResponse {
    let status: Int
    /// `HTTP 503 Service Unavailable`.
    let words: String
    /// Nothing more will come.
    let isWhole: Bool
    /// Chunks put together.
    let body: [UInt8]

    /// Nil while the head is not whole, or when it is none.
    init?(_ bytes: [UInt8]) {
        guard let head = Self.headEnd(bytes) else { return nil }
        let lines = bytes[..<head.end].split(separator: 10).map { line in
            String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
        }
        // HTTP-version SP status-code SP [reason-phrase]
        let parts = (lines.first ?? "").split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), parts[1].utf8.count == 3,
            let status = Int(parts[1]), (100...599).contains(status)
        else { return nil }
        self.status = status
        words = "HTTP " + parts.dropFirst().joined(separator: " ").shortened(toBytes: 100)
        let fields = lines.dropFirst().map { $0.lowercased() }
        let rest = bytes[head.body...]
        if fields.contains(where: { $0.hasPrefix("transfer-encoding:") && $0.hasSuffix("chunked") })
        {
            (body, isWhole) = Self.joined(rest)
        } else {
            body = Array(rest)
            let length = fields.first { $0.hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst("content-length:".count).filter { $0 != " " }) }
            isWhole = length.map { rest.count >= $0 } ?? (status == 204 || status == 304)
        }
    }

    func holds(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard let first = wanted.first, body.count >= wanted.count else { return wanted.isEmpty }
        return (0...(body.count - wanted.count)).contains { start in
            body[start] == first && body[start..<(start + wanted.count)].elementsEqual(wanted)
        }
    }

    /// Where the head ends and where the body begins; a bare LF ends a line, too (section 2.2).
    private static func headEnd(_ bytes: [UInt8]) -> (end: Int, body: Int)? {
        var lineStart = 0
        for index in bytes.indices where bytes[index] == 10 {
            let line = bytes[lineStart..<index]
            if lineStart > 0, line.isEmpty || line.elementsEqual([13]) {
                return (lineStart, index + 1)
            }
            lineStart = index + 1
        }
        return nil
    }

    /// Chunks put together (section 7.1); stops at what is none or is not whole.
    private static func joined(_ bytes: ArraySlice<UInt8>) -> ([UInt8], isWhole: Bool) {
        var body: [UInt8] = []
        var rest = bytes
        while let lineEnd = rest.firstIndex(of: 10) {
            let digits = rest[..<lineEnd].prefix { $0 != 13 && $0 != UInt8(ascii: ";") }
            let size = Int(String(decoding: digits, as: UTF8.self), radix: 16) ?? -1
            guard size > 0 else { return (body, size == 0) }
            rest = rest[(lineEnd + 1)...]
            body += rest.prefix(size)
            // The chunk and its line end.
            rest = size < rest.count ? rest.dropFirst(size).drop { $0 == 13 }.dropFirst() : []
        }
        return (body, false)
    }
}
