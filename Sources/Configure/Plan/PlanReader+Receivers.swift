import Atlas

extension PlanReader {
    /// Keys of a source that others send to, beside those of every source.
    static let receiverKeys =
        receiverKinds.map(\.key) + ["tls"] + receiverKinds.flatMap(\.keys)

    /// What a source is called that others send to, and the keys that only it has.
    private static let receiverKinds: [(key: String, keys: [String])] = [
        ("forward", ["shared_key_file", "users_file"]),
        ("syslog", ["message_limit"]),
        ("http", ["tokens_file", "body_limit"]),
    ]

    /// The key that makes the source a receiver; nil where it is none.
    func receiverKind(_ fields: Fields) -> String? {
        Self.receiverKinds.first { fields.has($0.key) }?.key
    }

    /// Reads the receiver that `kind` names; keys of the others are noted.
    func origin(_ fields: Fields, _ kind: String) -> Origin? {
        for other in Self.receiverKinds where other.key != kind {
            for key in [other.key] + other.keys where fields.has(key) {
                reader.note(
                    fields.keyPosition(of: key),
                    "\(fields.name(of: key)) has no meaning beside '\(kind)'",
                    "leave it out, or make it a source of its own"
                )
            }
        }
        switch kind {
        case "syslog": return syslog(fields).map(Origin.syslog)
        case "http": return http(fields).map(Origin.http)
        default: return forward(fields).map(Origin.forward)
        }
    }

    /// Reads what makes the source a receiver of the Forward protocol.
    func forward(_ fields: Fields) -> ForwardReceiver? {
        let listeners = listeners(fields, "forward", port: 24_224, transports: [.tcp, .tls, .unix])
        let identity = identity(fields)
        let key = path(of: fields, "shared_key_file")
        let users = path(of: fields, "users_file")
        if users != nil, key == nil {
            reader.note(
                fields.position(of: "users_file"),
                "\(fields.name(of: "users_file")) needs a shared key, too",
                "add shared_key_file: /etc/azimuth/forward.key"
            )
        }
        guard var listeners else { return nil }
        if identity != nil {
            for index in listeners.indices where listeners[index].transport == .tcp {
                listeners[index].transport = .tls
            }
        }
        guard hasIdentity(fields, "forward", listeners, identity) else { return nil }
        return ForwardReceiver(
            listeners: listeners,
            identity: identity,
            sharedKeyFile: key,
            usersFile: users
        )
    }

    // MARK: what receivers have in common

    /// One address, or a list of them; nil after something was noted.
    ///
    /// `port` is taken where an address names none; the first of `transports` where it names none.
    func listeners(
        _ fields: Fields,
        _ key: String,
        port: UInt16,
        transports: [Listener.Transport]
    ) -> [Listener]? {
        guard let node = fields[key] else { return nil }
        let subject = fields.name(of: key)
        let nodes: [YamlNode]
        if case .list(let items) = node.content {
            guard !items.isEmpty else {
                reader.note(node.at, "\(subject) is empty", "write an address: 127.0.0.1:\(port)")
                return nil
            }
            nodes = items
        } else {
            nodes = [node]
        }
        var found: [Listener] = []
        for node in nodes {
            guard let text = reader.text(of: node, subject: subject) else { continue }
            guard let listener = ListenAddress.listener(text, port: port, transports: transports)
            else {
                let words = transports.map(\.rawValue).joined(separator: ", ")
                reader.note(
                    node.at,
                    "\(subject) is '\(reader.shown(text))', which is no address to listen on",
                    "write HOST:PORT, [IPv6]:PORT or unix:/PATH, with one of \(words) and :// before"
                        + " it where it is not the first"
                )
                continue
            }
            guard !found.contains(listener) else {
                noteTwice(node.at, "the address '\(reader.shown(text))' of \(subject)")
                continue
            }
            found.append(listener)
        }
        return found.count == nodes.count ? found : nil
    }

    /// The value of `tls`: certificate and key, and whose certificates clients have to show.
    func identity(_ fields: Fields) -> ServerIdentity? {
        guard let node = fields["tls"],
            let inner = reader.fields(
                of: node,
                subject: fields.name(of: "tls"),
                allowed: ["certificate", "key", "client_ca"]
            )
        else { return nil }
        let example = "/etc/azimuth/tls"
        let certificate = reader.requiredText(inner, "certificate", example: "\(example)/cert.pem")
        let key = reader.requiredText(inner, "key", example: "\(example)/key.pem")
        let authority = reader.text(inner, "client_ca")
        guard let certificate, let key else { return nil }
        return ServerIdentity(
            certificate: resolve(certificate),
            key: resolve(key),
            clientAuthority: authority.map(resolve)
        )
    }

    /// Notes an address of TLS without a certificate; nothing where `tls` itself is wrong.
    func hasIdentity(
        _ fields: Fields,
        _ key: String,
        _ listeners: [Listener],
        _ identity: ServerIdentity?
    ) -> Bool {
        guard listeners.contains(where: { $0.transport == .tls }), identity == nil else {
            return true
        }
        if !fields.has("tls") {
            reader.note(
                fields.position(of: key),
                "\(fields.name(of: key)) speaks TLS without a certificate",
                "add tls: {certificate: /etc/azimuth/tls/cert.pem, key: /etc/azimuth/tls/key.pem}"
            )
        }
        return false
    }

    /// A path, made absolute.
    func path(of fields: Fields, _ key: String) -> String? {
        guard let text = reader.text(fields, key) else { return nil }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 }), text.utf8.count < 4_096
        else {
            reader.note(
                fields.position(of: key),
                "\(fields.name(of: key)) is no path",
                "write the path of one file"
            )
            return nil
        }
        return resolve(text)
    }
}

/// Where to listen, as people write it: `HOST`, `HOST:PORT`, `[::1]:PORT`, `tls://HOST:PORT`,
/// `:PORT` for all addresses, `unix:/PATH`.
enum ListenAddress {
    static func listener(
        _ text: String,
        port defaultPort: UInt16,
        transports: [Listener.Transport]
    ) -> Listener? {
        guard let first = transports.first, !text.contains(where: \.isWhitespace) else {
            return nil
        }
        for transport in [Listener.Transport.unixDatagram, .unix]
        where text.hasPrefix("\(transport.rawValue):") {
            let path = String(text.dropFirst(transport.rawValue.count + 1))
            // sun_path of sockaddr_un, unix(7).
            guard transports.contains(transport), path.hasPrefix("/"), path.utf8.count < 108 else {
                return nil
            }
            return Listener(transport: transport, host: path)
        }
        var transport = first
        var rest = text[...]
        if let range = text.firstRange(of: "://") {
            guard let named = Listener.Transport(rawValue: String(text[..<range.lowerBound])),
                named != .unix, named != .unixDatagram, transports.contains(named)
            else { return nil }
            transport = named
            rest = text[range.upperBound...]
        }
        guard let (host, port) = split(rest, defaultPort), !host.contains("/") else { return nil }
        return Listener(transport: transport, host: host, port: port)
    }

    private static func split(_ text: Substring, _ port: UInt16) -> (String, UInt16)? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let host = String(text[text.index(after: text.startIndex)..<end])
            let rest = text[text.index(after: end)...]
            guard host.contains(":") else { return nil }
            if rest.isEmpty { return (host, port) }
            guard rest.hasPrefix(":"), let port = number(rest.dropFirst()) else { return nil }
            return (host, port)
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        switch parts.count {
        case 1 where !text.isEmpty:
            // A port alone would be taken for a host of that name.
            return number(text) == nil ? (String(text), port) : nil
        case 2:
            guard let port = number(parts[1]) else { return nil }
            return (parts[0].isEmpty ? "0.0.0.0" : String(parts[0]), port)
        default: return nil
        }
    }

    private static func number(_ text: Substring) -> UInt16? {
        guard !text.isEmpty, text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return UInt16(text)
    }
}
