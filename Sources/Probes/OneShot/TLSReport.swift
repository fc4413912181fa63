package import Atlas

/// What a TLS handshake told of the other side: facts, on which the probe decides.
///
/// As text one line, which stands before all that came through the connection:
///
///     @@tls TLSv1.3 after 4210 us from 1764000000 to 1795536000 at 1764100000 name yes chain 0 shop.example ok
///
/// Times are seconds since 1970. They come from the certificate, so they can be anything.
package struct TLSReport: Hashable, Sendable {
    /// `TLSv1.2` or `TLSv1.3`.
    package var version: String
    /// Of the handshake; whole microseconds.
    package var took: Span
    package var notBefore: Int64
    /// The earliest end of the certificates that it rests on, without that of the root.
    package var notAfter: Int64
    /// When it was looked at.
    package var at: Int64
    /// Whom it should be for, and whether it is.
    package var serverName: String
    package var isForServer: Bool
    /// 0 when a trusted one stands behind it, else the number of an error of OpenSSL
    /// (openssl-verification-options(1)).
    package var chain: Int32
    /// The same in words.
    package var words: String

    package init(
        version: String,
        took: Span,
        notBefore: Int64,
        notAfter: Int64,
        at: Int64,
        serverName: String,
        isForServer: Bool,
        chain: Int32,
        words: String
    ) {
        self.version = version
        self.took = took
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.at = at
        self.serverName = serverName
        self.isForServer = isForServer
        self.chain = chain
        self.words = words
    }

    package var text: String {
        "\(Self.mark) \(version) after \(took.nanoseconds / 1_000) us from \(notBefore) to "
            + "\(notAfter) at \(at) name \(isForServer ? "yes" : "no") chain \(chain) "
            + "\(serverName) \(words)"
    }

    /// Nil for any other line.
    package init?(_ line: some StringProtocol) {
        let parts = line.split(separator: " ", maxSplits: 16, omittingEmptySubsequences: false)
        let fixed = [
            (0, Self.mark), (2, "after"), (4, "us"), (5, "from"), (7, "to"), (9, "at"),
            (11, "name"), (13, "chain"),
        ]
        guard parts.count == 17, fixed.allSatisfy({ parts[$0] == $1 }), let took = Int32(parts[3]),
            took >= 0, let notBefore = Int64(parts[6]), let notAfter = Int64(parts[8]),
            let at = Int64(parts[10]), let chain = Int32(parts[14])
        else { return nil }
        version = String(parts[1])
        self.took = Span(nanoseconds: Int64(took) * 1_000)
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.at = at
        isForServer = parts[12] == "yes"
        self.chain = chain
        serverName = String(parts[15])
        words = String(parts[16])
    }

    /// To the end of the certificate, below zero after it; at most a hundred years.
    package var left: Span { Self.distance(from: at, to: notAfter) }

    /// Why the other side is not to be trusted; nil when it is.
    package func complaint(takesSelfSigned: Bool) -> String? {
        if left <= .zero { return "the certificate expired \(Span.zero - left) ago" }
        if notBefore > at {
            return "the certificate becomes valid in \(Self.distance(from: at, to: notBefore))"
        }
        guard isForServer else { return "the certificate is not for \(serverName)" }
        guard chain == 0 || (takesSelfSigned && chain == Self.selfSigned) else {
            return "the certificate is not trusted: \(words)"
        }
        return nil
    }

    private static let mark = "@@tls"
    /// X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT.
    private static let selfSigned: Int32 = 18

    private static func distance(from start: Int64, to end: Int64) -> Span {
        let century: Int64 = 3_155_760_000
        let (seconds, overflow) = end.subtractingReportingOverflow(start)
        return .seconds(
            overflow
                ? (end < start ? -century : century)
                : min(max(seconds, -century), century)
        )
    }
}
