import Atlas

/// What an address says of the TLS side of an https URL.
struct HTTPSOptions {
    private(set) var wishes: TLSWishes
    private var warnBelow = Span.seconds(14 * 86_400)

    init(host: String) {
        wishes = TLSWishes(serverName: host)
    }

    var expectation: CertificateExpectation {
        CertificateExpectation(
            warnBelow: warnBelow,
            takesSelfSigned: wishes.takesSelfSigned
        )
    }

    /// Whom a request is for: a server with several names is told the same one twice.
    func host(of url: HTTPURL) -> String {
        guard wishes.serverName != url.host else { return url.authority }
        return wishes.serverName + (url.port == 443 ? "" : ":\(url.port)")
    }

    /// False for a word that is no option of TLS.
    mutating func take(_ word: String, probe: String) throws(ProbeError) -> Bool {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let value = parts.count > 1 ? String(parts[1]) : ""
        func bad(_ remedy: String) -> ProbeError {
            let reason = "'\(word.shortened(toBytes: 80))' cannot be taken"
            return .unusableAddress(probe: probe, reason: reason, remedy: remedy)
        }
        switch parts.first {
        case "cert-warn":
            guard let span = Span(value), span <= .seconds(3_650 * 86_400) else {
                throw bad("write how much time the certificate must have left, such as 14d")
            }
            warnBelow = span
        case "ca":
            guard value.hasPrefix("/"), !value.contains("\0") else {
                throw bad("write the whole path of a PEM file")
            }
            wishes.authorities = value
        case "sni":
            guard let name = HostPort(value), name.port == nil else {
                throw bad("write the name that the certificate is for, such as shop.example")
            }
            wishes.serverName = name.host
        case "self-signed":
            guard value == "ok" else { throw bad("write self-signed=ok, or leave it out") }
            wishes.takesSelfSigned = true
        default:
            return false
        }
        return true
    }
}

/// What a certificate must be; as text `;cert-warn=SECONDS` and perhaps `;self-signed`.
struct CertificateExpectation: Hashable {
    /// Whole seconds are kept.
    var warnBelow: Span
    var takesSelfSigned: Bool

    init(warnBelow: Span, takesSelfSigned: Bool) {
        self.warnBelow = warnBelow
        self.takesSelfSigned = takesSelfSigned
    }

    init?(_ parts: ArraySlice<Substring>) {
        guard let first = parts.first, first.hasPrefix("cert-warn="),
            let seconds = Int32(first.dropFirst("cert-warn=".count)), seconds >= 0,
            parts.dropFirst().allSatisfy({ $0 == "self-signed" })
        else { return nil }
        warnBelow = .seconds(Int64(seconds))
        takesSelfSigned = parts.count > 1
    }

    var text: String {
        ";cert-warn=\(warnBelow.nanoseconds / 1_000_000_000)"
            + (takesSelfSigned ? ";self-signed" : "")
    }

    /// Nil when all is well.
    func judge(_ report: TLSReport) -> (health: Health, reason: String)? {
        if let complaint = report.complaint(takesSelfSigned: takesSelfSigned) {
            return (.down, complaint)
        }
        return report.left < warnBelow ? (.warn, "the certificate ends in \(report.left)") : nil
    }

    func metrics(of report: TLSReport) -> [Observation] {
        // Tenths of a day, rounded down, so that 0.0 is never said too late.
        let days = (report.left.seconds / 8_640).rounded(.down) / 10
        return [
            .metric(MetricSample(name: "certificate-days-left", value: days, unit: "d")),
            .metric(.milliseconds("tls-time", report.took)),
        ]
    }
}
