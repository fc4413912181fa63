/// An http or https URL as it can be asked for (RFC 3986, RFC 9110 section 4.2).
struct HTTPURL {
    let isSecure: Bool
    let host: String
    let port: UInt16
    /// Host and port as they were written.
    let authority: String
    /// With the query; never empty.
    let path: String

    init(_ text: String, probe: String) throws(ProbeError) {
        func bad(_ reason: String, _ remedy: String) -> ProbeError {
            .unusableAddress(probe: probe, reason: reason, remedy: remedy)
        }
        let scheme = text.prefix { $0 != ":" }.lowercased()
        guard scheme == "http" || scheme == "https",
            text.dropFirst(scheme.count).hasPrefix("://")
        else {
            throw bad(
                "'\(text.shortened(toBytes: 80))' is no http URL",
                "write http://HOST:PORT/PATH or https://HOST:PORT/PATH"
            )
        }
        isSecure = scheme == "https"
        let rest = text.dropFirst(scheme.count + "://".count)
        let authority = rest.prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else {
            throw .secretInAddress(probe: probe, remedy: "ask for a page that needs no login")
        }
        guard let place = HostPort(authority) else {
            throw bad(
                "'\(authority.shortened(toBytes: 80))' is no host",
                "write \(scheme)://HOST:PORT/"
            )
        }
        host = place.host
        port = place.port ?? (isSecure ? 443 : 80)
        self.authority = String(authority)
        let target = rest.dropFirst(authority.count).prefix { $0 != "#" }
        // Neither a blank nor a control byte may reach the request line.
        guard target.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw bad(
                "its path holds a blank or a letter beyond ASCII",
                "write those as %20, %C3%BC"
            )
        }
        path = target.hasPrefix("/") ? String(target) : "/" + target
    }
}

extension Substring {
    func shortened(toBytes limit: Int) -> String { String(self).shortened(toBytes: limit) }
}
