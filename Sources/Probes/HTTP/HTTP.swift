package import Atlas

/// One GET over HTTP/1.1: the status, a text that the page must hold, and the certificate of https.
///
/// A server with a certificate that is not to be trusted is not asked for the page.
package struct HTTP: ConnectionProbe {
    /// What is read of an answer, in bytes.
    static let enough = 32_768

    package let name = "http"
    package let summary =
        "the status of a page, a text in it, how long it takes, and the certificate of https"
    package let addressHelp = """
        a URL, then what a good answer is, such as 'http://web-1:8080/health expect=200-299 \
        contains="all is well"'; without that 200-399, and of the page the first 32 KiB count. \
        https://: cert-warn=14d (time left of the certificate), ca=FILE (PEM, instead of the \
        system's), sni=NAME (instead of the host), self-signed=ok. No password
        """

    package init() {}

    package var canary: (any CanaryClient)? { OneShotCanary(self) }

    package func dialogue(for address: String) throws(ProbeError) -> Dialogue {
        let words = try words(of: address, isCommand: false)
        let url = try HTTPURL(words[0], probe: name)
        var expectation = HTTPExpectation()
        var options = url.isSecure ? HTTPSOptions(host: url.host) : nil
        for word in words.dropFirst() {
            guard try options?.take(word, probe: name) != true else { continue }
            guard expectation.take(word) else {
                throw .unusableAddress(
                    probe: name,
                    reason: "'\(word.shortened(toBytes: 80))' is nothing to expect",
                    remedy: "write expect=200-299 (or a list such as 200,404), contains='a text', "
                        + "or of an https URL cert-warn=14d, ca=FILE, sni=NAME, self-signed=ok"
                )
            }
        }
        expectation.certificate = options?.expectation
        return Dialogue(
            host: url.host,
            port: url.port,
            text: """
                GET \(url.path) HTTP/1.1\r\nHost: \(options?.host(of: url) ?? url.authority)\r\nUser-Agent: azimuth\r\n\
                Accept: */*\r\nConnection: close\r\n\r\n
                """,
            expects: expectation.text,
            tls: options?.wishes
        )
    }

    package func isComplete(_ bytes: [UInt8], expects: String) -> Bool {
        guard bytes.count < Self.enough else { return true }
        guard !bytes.isEmpty, let response = HTTPResponse(bytes) else { return false }
        return response.isWhole || HTTPExpectation(text: expects)?.body.isEmpty ?? true
    }

    package func decode(_ reply: String) throws(ProbeError) -> [Observation] {
        let reply = try self.reply(reply)
        guard case .hungUp(let connected) = reply.ending,
            let expectation = HTTPExpectation(text: reply.expects)
        else { throw .unreadable(probe: name, line: reply.body.shortened(toBytes: 120)) }
        var bytes = Array(reply.body.utf8)
        let times: [Observation] = [
            .metric(.milliseconds("connect-time", connected)),
            .metric(.milliseconds("time", reply.took)),
        ]
        var seen: (health: Health, reason: String)?
        var certificate: [Observation] = []
        if let wanted = expectation.certificate {
            let end = bytes.firstIndex(of: 10) ?? bytes.endIndex
            guard let report = TLSReport(String(decoding: bytes[..<end], as: UTF8.self)) else {
                throw unreadable(bytes)
            }
            bytes = Array(bytes[end...].dropFirst())
            certificate = wanted.metrics(of: report)
            seen = wanted.judge(report)
            if let seen, seen.health == .down {
                return [.health(.down, reason: seen.reason)] + times + certificate
            }
        }
        guard let response = HTTPResponse(bytes) else { throw unreadable(bytes) }
        if let complaint = expectation.complaint(about: response) { seen = (.down, complaint) }
        return [.health(seen?.health ?? .ok, reason: seen?.reason ?? response.words)] + times
            + [.metric(MetricSample(name: "status", value: Double(response.status)))] + certificate
    }

    private func unreadable(_ bytes: [UInt8]) -> ProbeError {
        let line = bytes.prefix { $0 != 10 && $0 != 13 }.prefix(120)
        return .unreadable(probe: name, line: String(decoding: line, as: UTF8.self))
    }
}
