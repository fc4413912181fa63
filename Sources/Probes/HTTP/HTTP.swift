package import Atlas

/// One GET over HTTP/1.1 without TLS: the status, and a text that the page must hold.
package struct HTTP: ConnectionProbe {
    /// What is read of an answer, in bytes.
    static let enough = 32_768

    package let name = "http"
    package let summary = "the status of a page, a text in it, and how long it takes"
    package let addressHelp = """
        a URL, then what a good answer is, such as 'http://web-1:8080/health expect=200-299 \
        contains="all is well"'; without that 200-399, and of the page the first 32 KiB count. \
        No https and no password
        """

    package init() {}

    package var canary: (any CanaryClient)? { OneShotCanary(self) }

    package func dialogue(for address: String) throws(ProbeError) -> Dialogue {
        let words = try words(of: address, isCommand: false)
        let url = try HTTPURL(words[0], probe: name)
        var expectation = HTTPExpectation()
        for word in words.dropFirst() {
            guard expectation.take(word) else {
                throw .unusableAddress(
                    probe: name,
                    reason: "'\(word.shortened(toBytes: 80))' is nothing to expect",
                    remedy: "write expect=200-299 (or a list such as 200,404), or contains='a text'"
                )
            }
        }
        return Dialogue(
            host: url.host,
            port: url.port,
            text: """
                GET \(url.path) HTTP/1.1\r\nHost: \(url.authority)\r\nUser-Agent: azimuth\r\n\
                Accept: */*\r\nConnection: close\r\n\r\n
                """,
            expects: expectation.text
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
        guard let response = HTTPResponse(Array(reply.body.utf8)) else {
            let line = reply.body.prefix { !$0.isNewline }
            throw .unreadable(probe: name, line: String(line).shortened(toBytes: 120))
        }
        let complaint = expectation.complaint(about: response)
        return [
            .health(complaint == nil ? .ok : .down, reason: complaint ?? response.words),
            .metric(.milliseconds("connect-time", connected)),
            .metric(.milliseconds("time", reply.took)),
            .metric(MetricSample(name: "status", value: Double(response.status))),
        ]
    }
}
