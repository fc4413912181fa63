import Atlas

extension PlanReader {
    /// The port of RFC 6587 and RFC 5426, and of RFC 5425 for TLS; below 1024, so that it takes a
    /// right of its own.
    private static let syslogPort: UInt16 = 514
    private static let secureSyslogPort: UInt16 = 6_514
    /// Of OTLP over HTTP.
    private static let httpPort: UInt16 = 4_318

    /// Reads what makes the source a receiver of syslog.
    func syslog(_ fields: Fields) -> SyslogReceiver? {
        let listeners = self.listeners(
            fields,
            "syslog",
            port: Self.syslogPort,
            transports: [.udp, .tcp, .tls, .unix, .unixDatagram]
        )
        let identity = self.identity(fields)
        let limit = bytes(fields, "message_limit", in: 480...1 << 20)
        guard let listeners, hasIdentity(fields, "syslog", listeners, identity) else { return nil }
        return SyslogReceiver(
            listeners: listeners.map { listener in
                var listener = listener
                if listener.transport == .tls, listener.port == Self.syslogPort {
                    listener.port = Self.secureSyslogPort
                }
                return listener
            },
            identity: identity,
            messageLimit: limit ?? LogFiles.defaultLineLimit
        )
    }

    /// Reads what makes the source a receiver of events over HTTP.
    func http(_ fields: Fields) -> HTTPReceiver? {
        let listeners = self.listeners(
            fields,
            "http",
            port: Self.httpPort,
            transports: [.tcp, .tls, .unix]
        )
        let identity = self.identity(fields)
        let tokens = path(of: fields, "tokens_file")
        let limit = bytes(fields, "body_limit", in: 1_024...1 << 28)
        guard var listeners else { return nil }
        if identity != nil {
            for index in listeners.indices where listeners[index].transport == .tcp {
                listeners[index].transport = .tls
            }
        }
        guard hasIdentity(fields, "http", listeners, identity) else { return nil }
        if let open = listeners.first(where: { !$0.isLoopback }), tokens == nil {
            reader.note(
                fields.position(of: "http"),
                "\(fields.name(of: "http")) lets everybody in who reaches \(open)",
                "add tokens_file: /etc/azimuth/tokens with a bearer token a line, or listen on"
                    + " 127.0.0.1"
            )
            return nil
        }
        var receiver = HTTPReceiver(listeners: listeners, identity: identity, tokensFile: tokens)
        if let limit { receiver.bodyLimit = limit }
        return receiver
    }

    /// A number of bytes: digits, or with K or M for 1024 and 1024 x 1024 of them.
    private func bytes(_ fields: Fields, _ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let text = reader.text(fields, key) else { return nil }
        var digits = text[...]
        var unit = 1
        for (letter, size) in [("K", 1 << 10), ("M", 1 << 20)] where text.hasSuffix(letter) {
            digits = digits.dropLast()
            unit = size
        }
        let isNumber = !digits.isEmpty && digits.allSatisfy { $0.isASCII && $0.isNumber }
        let value = isNumber ? Int(digits)?.multipliedReportingOverflow(by: unit).0 : nil
        guard let value, range.contains(value) else {
            reader.note(
                fields.position(of: key),
                "\(fields.name(of: key)) is '\(reader.shown(text))', and not \(range.lowerBound) to"
                    + " \(range.upperBound) bytes",
                "write a number of bytes, such as 64K or 16M"
            )
            return nil
        }
        return value
    }
}
