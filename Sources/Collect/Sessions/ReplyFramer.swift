import Glibc
package import Probes

/// Finds the reply to a request in what a client writes: all lines up to its end line.
package struct ReplyFramer {
    /// What a reply may hold, in bytes.
    static let limit = 1 << 20

    private var buffer: [UInt8] = []
    /// Start of the line that is not whole so far.
    private var lineStart = 0
    /// Empty while no reply is expected.
    private var end: [UInt8] = []
    private var hopeless: [[UInt8]] = []

    /// True once a line said that the expected reply will not come.
    package private(set) var isHopeless = false

    package init() {}

    /// True when more came than a reply may hold.
    var isTooLarge: Bool { buffer.count > Self.limit }

    /// All that came since the last reply, invalid UTF-8 replaced.
    package var text: String { String(decoding: buffer, as: UTF8.self) }

    /// Forgets what came uncalled for, and looks out for the end of the given request.
    package mutating func expect(_ request: SessionRequest) {
        buffer = []
        lineStart = 0
        end = Array(request.end.utf8)
        hopeless = request.hopeless.map { Array($0.utf8) }
        isHopeless = false
    }

    /// Takes the bytes that came; the reply once it is whole.
    package mutating func take(_ bytes: some Collection<UInt8>) -> SessionReply? {
        var searched = buffer.count
        buffer.append(contentsOf: bytes)
        while let lineEnd = lineEnd(from: searched) {
            if !end.isEmpty, buffer[lineStart..<lineEnd].starts(with: end) {
                return cut(lineEnd)
            }
            let line = buffer[lineStart..<lineEnd]
            isHopeless = isHopeless || hopeless.contains { line.starts(with: $0) }
            lineStart = lineEnd + 1
            searched = lineStart
        }
        return nil
    }

    /// What follows the reply stays: it may be the last words of the client.
    private mutating func cut(_ lineEnd: Int) -> SessionReply {
        let verdict = buffer[lineStart..<lineEnd].dropFirst(end.count)
        let reply = SessionReply(
            text: String(decoding: buffer[..<max(0, lineStart - 1)], as: UTF8.self),
            verdict: String(decoding: verdict, as: UTF8.self)
        )
        buffer.removeFirst(lineEnd + 1)
        lineStart = 0
        end = []
        return reply
    }

    private func lineEnd(from start: Int) -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, start < bytes.count,
                let found = memchr(base + start, 10, bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }
}
