/// Where a receiver listens.
package struct Listener: Codable, Hashable, Sendable, CustomStringConvertible {
    package enum Transport: String, Codable, Hashable, Sendable {
        case udp
        case tcp
        case tls
        /// A stream socket of the file system, unix(7).
        case unix
        /// A datagram socket of the file system, such as /dev/log.
        case unixDatagram = "unix-datagram"
    }

    package var transport: Transport
    /// An address or a name; a path where the transport is of the file system.
    package var host: String
    /// 0 for any that is free, and where the transport has none.
    package var port: UInt16

    package init(transport: Transport, host: String, port: UInt16 = 0) {
        self.transport = transport
        self.host = host
        self.port = port
    }

    /// Only this machine reaches it.
    package var isLoopback: Bool {
        switch transport {
        case .unix, .unixDatagram: true
        case .udp, .tcp, .tls:
            host == "localhost" || host == "::1"
                || host.hasPrefix("127.") && host.utf8.allSatisfy { (0x2E...0x39).contains($0) }
        }
    }

    package var description: String {
        switch transport {
        case .unix, .unixDatagram: "\(transport.rawValue):\(host)"
        case .udp, .tcp, .tls:
            "\(transport.rawValue)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        }
    }
}

/// What a server of TLS needs: paths of PEM files.
package struct ServerIdentity: Codable, Hashable, Sendable {
    package var certificate: String
    package var key: String
    /// Whose certificates clients have to show; nil asks for none.
    package var clientAuthority: String?

    package init(certificate: String, key: String, clientAuthority: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.clientAuthority = clientAuthority
    }
}

/// Takes syslog messages: RFC 3164, RFC 5424 and RFC 6587.
package struct SyslogReceiver: Codable, Hashable, Sendable {
    package var listeners: [Listener]
    package var identity: ServerIdentity?
    /// Bytes of a message that are kept.
    package var messageLimit: Int

    package init(
        listeners: [Listener],
        identity: ServerIdentity? = nil,
        messageLimit: Int = LogFiles.defaultLineLimit
    ) {
        self.listeners = listeners
        self.identity = identity
        self.messageLimit = messageLimit
    }
}

/// Takes events of the Fluentd Forward Protocol, version 1.
package struct ForwardReceiver: Codable, Hashable, Sendable {
    package var listeners: [Listener]
    package var identity: ServerIdentity?
    /// The path of a file with the shared key; nil where clients need none.
    package var sharedKeyFile: String?
    /// The path of a file with a line `NAME:PASSWORD` for each user; nil where clients need none.
    package var usersFile: String?

    package init(
        listeners: [Listener],
        identity: ServerIdentity? = nil,
        sharedKeyFile: String? = nil,
        usersFile: String? = nil
    ) {
        self.listeners = listeners
        self.identity = identity
        self.sharedKeyFile = sharedKeyFile
        self.usersFile = usersFile
    }
}

/// Takes JSON and OTLP/HTTP logs by POST.
package struct HTTPReceiver: Codable, Hashable, Sendable {
    package var listeners: [Listener]
    package var identity: ServerIdentity?
    /// The path of a file with a bearer token a line; nil only where it listens on loopback.
    package var tokensFile: String?
    /// Bytes of a body, unpacked.
    package var bodyLimit: Int

    package init(
        listeners: [Listener],
        identity: ServerIdentity? = nil,
        tokensFile: String? = nil,
        bodyLimit: Int = 16 << 20
    ) {
        self.listeners = listeners
        self.identity = identity
        self.tokensFile = tokensFile
        self.bodyLimit = bodyLimit
    }
}
