import Atlas

/// Where a server is, as words: `HOST:PORT` or `/path/of/a/socket`, then `NAME=VALUE`.
///
/// redis-cli knows a password from its arguments, from its environment, or typed by a person
/// (`--askpass`), which it also reads from a pipe. So the password stays in a file of the
/// operator, and its first line is "typed": it is in no argument, environment or recording.
struct RedisAddress {
    let command: SessionCommand

    init(_ text: String, probe: String) throws(ProbeError) {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let server = words.first else {
            throw .badAddress(probe: probe, problem: "is empty", remedy: "give HOST:PORT")
        }
        guard !server.contains("@"), !server.contains("://") else {
            throw .secretInAddress(
                probe: probe,
                remedy: "write HOST:PORT user=NAME auth=FILE instead of a URI"
            )
        }
        var arguments = ["redis-cli"]
        if server.hasPrefix("/") {
            arguments += ["-s", server]
        } else if let (host, port) = Self.hostAndPort(server) {
            arguments += ["-h", host, "-p", "\(port)"]
        } else {
            throw .badAddress(
                probe: probe,
                problem: "begins with '\(server)', which is no HOST:PORT",
                remedy: "give the host and the port, such as db-1:6379"
            )
        }
        var user: String?
        var secretFile: String?
        for word in words.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw Self.unknown(word, probe) }
            switch parts[0] {
            case "user": user = parts[1]
            case "auth" where parts[1].hasPrefix("/"): secretFile = parts[1]
            case "db" where Int(parts[1]) != nil: arguments += ["-n", parts[1]]
            case "tls" where parts[1] == "yes": arguments.append("--tls")
            case "cacert", "cert", "key", "sni": arguments += ["--\(parts[0])", parts[1]]
            case "password", "pass":
                throw .secretInAddress(
                    probe: probe,
                    remedy: "put it into a file (mode 0600) and name that: auth=/path"
                )
            default: throw Self.unknown(word, probe)
            }
        }
        if let user { arguments += ["--user", user] }
        if secretFile != nil {
            arguments.append("--askpass")
        } else if user != nil {
            throw .badAddress(
                probe: probe,
                problem: "has a user and no password",
                remedy: "put the password into a file (mode 0600) and name that: auth=/path"
            )
        }
        command = SessionCommand(arguments: arguments, secretFile: secretFile)
    }

    private static func unknown(_ word: String, _ probe: String) -> ProbeError {
        .badAddress(
            probe: probe,
            problem: "holds '\(word.prefix { $0 != "=" })', which does not belong there",
            remedy: "use user=, auth=/path, db=NUMBER, tls=yes, cacert=, cert=, key=, sni="
        )
    }

    /// `host:port` or `[v6]:port`.
    private static func hostAndPort(_ text: String) -> (host: String, port: UInt16)? {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, !host.hasPrefix("-") else { return nil }
        return (String(host), port)
    }
}
