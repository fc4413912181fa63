package import Atlas

/// HAProxy by its statistics: itself, one of its backends or frontends, or a server behind it.
///
/// Over the stats socket it asks for the rows of one proxy only; a statistics page is narrowed to
/// the proxies whose name holds the one asked for. Each answer ends with its connection.
///
/// Source: HAProxy 2.6 management guide, 9.1 "CSV format" and 9.3 "Unix Socket commands".
package struct HAProxy: ConnectionProbe {
    package let name = "haproxy"
    package let summary = "HAProxy: servers up and down with the reason, sessions, queues, errors"
    package let addressHelp = """
        a stats socket (its path, or HOST:PORT) or a statistics page, then BACKEND/SERVER, BACKEND \
        or FRONTEND, or nothing for HAProxy itself, such as '/run/haproxy/admin.sock be/web1' or \
        'http://lb-1:8404/stats be'. No password
        """

    package init() {}

    package func dialogue(for address: String) throws(ProbeError) -> Dialogue {
        let words = try words(of: address, isCommand: false)
        let part = try part(words)
        let types = part.proxy == nil ? "-1 3 -1" : "\(part.proxy ?? "") 7 -1"
        let command = "show stat \(types)\n"
        var dialogue: Dialogue
        if words[0].hasPrefix("/") {
            guard words[0].utf8.count <= 107 else {
                throw .unusableAddress(
                    probe: name,
                    reason: "the path of its socket is longer than 107 bytes",
                    remedy: "give the socket a shorter path (stats socket PATH in haproxy.cfg)"
                )
            }
            dialogue = Dialogue(path: words[0], text: command, expects: part.text)
        } else if words[0].contains("://") {
            dialogue = try page(words[0], part)
        } else if let place = HostPort(words[0]), let port = place.port {
            dialogue = Dialogue(host: place.host, port: port, text: command, expects: part.text)
        } else {
            throw .unusableAddress(
                probe: name,
                reason: "'\(words[0].shortened(toBytes: 80))' is no socket and no page",
                remedy: "write /run/haproxy/admin.sock, HOST:PORT, or http://HOST:PORT/stats"
            )
        }
        dialogue.isHearsay = part.server != nil
        return dialogue
    }

    package func isComplete(_ bytes: [UInt8], expects: String) -> Bool { false }

    package func decode(_ reply: String) throws(ProbeError) -> [Observation] {
        let reply = try self.reply(reply)
        guard case .hungUp = reply.ending, let part = HAProxyPart(reply.expects) else {
            throw .unreadable(probe: name, line: reply.body.shortened(toBytes: 120))
        }
        let statistics = try statistics(reply.body, part)
        guard let proxy = part.proxy else {
            guard !statistics.isCut else { throw cut(part) }
            return HAProxyReading.itself(statistics.rows)
                + [.metric(.milliseconds("time", reply.took))]
        }
        let rows = statistics.rows.filter { $0["pxname"] == proxy }
        if let server = part.server {
            if let row = rows.first(where: { $0.kind == .server && $0["svname"] == server }) {
                return HAProxyReading.server(row)
            }
        } else if let row = rows.first(where: { $0.kind == .backend }) {
            return HAProxyReading.backend(row, servers: rows.filter { $0.kind == .server })
        } else if let row = rows.first(where: { $0.kind == .frontend }), !statistics.isCut {
            return HAProxyReading.frontend(row)
        }
        throw statistics.isCut ? cut(part) : missing(part)
    }

    // MARK: what is asked

    private func part(_ words: [String]) throws(ProbeError) -> HAProxyPart {
        guard words.count <= 2, let part = HAProxyPart(words.count > 1 ? words[1] : "") else {
            throw .unusableAddress(
                probe: name,
                reason: "'\(words.dropFirst().joined(separator: " ").shortened(toBytes: 80))'"
                    + " is no backend and no server",
                remedy: "write BACKEND, or BACKEND/SERVER as haproxy.cfg names them"
            )
        }
        return part
    }

    private func page(_ text: String, _ part: HAProxyPart) throws(ProbeError) -> Dialogue {
        let url = try HTTPURL(text, probe: name)
        guard !url.isSecure else {
            throw .unusableAddress(
                probe: name,
                reason: "it asks no statistics page over https",
                remedy: "name the stats socket, or a page over http that only this host can reach"
            )
        }
        let page = url.path.prefix { $0 != ";" && $0 != "?" }
        let scope = part.proxy.map { "?scope=\($0)" } ?? ""
        return Dialogue(
            host: url.host,
            port: url.port,
            text: """
                GET \(page);csv\(scope) HTTP/1.1\r\nHost: \(url.authority)\r\n\
                User-Agent: azimuth\r\nConnection: close\r\n\r\n
                """,
            expects: part.text
        )
    }

    // MARK: what came instead

    private func statistics(
        _ body: String,
        _ part: HAProxyPart
    ) throws(ProbeError) -> HAProxyStatistics {
        guard body.hasPrefix("HTTP/") else {
            guard let statistics = HAProxyStatistics(body) else { throw refusal(body, part) }
            return statistics
        }
        guard let response = HTTPResponse(Array(body.utf8)) else {
            throw .unreadable(probe: name, line: String(body.prefix { !$0.isNewline }))
        }
        let text = String(decoding: response.body, as: UTF8.self)
        guard response.status == 200, let statistics = HAProxyStatistics(text) else {
            throw noAnswer(
                response.status == 200
                    ? "the page is not HAProxy's statistics" : "the page says \(response.words)",
                "name a statistics page ('stats uri' in haproxy.cfg) without 'stats auth', or the"
                    + " stats socket"
            )
        }
        return statistics
    }

    /// What a socket says that is no statistics.
    private func refusal(_ text: String, _ part: HAProxyPart) -> ProbeError {
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        if line == "No such proxy." { return missing(part) }
        guard line.hasPrefix("Permission denied") || line.hasPrefix("Unknown command") else {
            return .unreadable(probe: name, line: line)
        }
        return noAnswer(
            "it says '\(line.shortened(toBytes: 60))'",
            "name HAProxy's own stats socket"
        )
    }

    private func missing(_ part: HAProxyPart) -> ProbeError {
        noAnswer("there is no '\(part.text)'", "write it as 'show stat' names it (pxname/svname)")
    }

    private func cut(_ part: HAProxyPart) -> ProbeError {
        noAnswer(
            "the statistics are longer than \(OneShotReply.limit / 1_024) KiB",
            part.proxy == nil
                ? "ask the stats socket, which tells of proxies without their servers"
                : "look at the servers of a backend as large as this one by one"
        )
    }

    private func noAnswer(_ reason: String, _ remedy: String) -> ProbeError {
        .noAnswer(probe: name, reason: reason, remedy: remedy)
    }
}

/// What of HAProxy is looked at, as `BACKEND/SERVER`, `PROXY`, or nothing for all of it.
struct HAProxyPart {
    let proxy: String?
    let server: String?

    /// Nil for a text that no name of HAProxy's can be (letters, digits, `-_.:`).
    init?(_ text: String) {
        let names = text.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
                || "-_.:/".utf8.contains(byte)
        }
        guard isPlain, text.utf8.count <= 250, text.isEmpty || names.allSatisfy({ !$0.isEmpty }),
            names.count <= 2
        else { return nil }
        proxy = text.isEmpty ? nil : String(names[0])
        server = names.count > 1 ? String(names[1]) : nil
    }

    var text: String { [proxy, server].compactMap(\.self).joined(separator: "/") }
}
