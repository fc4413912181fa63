package import Atlas

/// What keeps a receiver from starting.
package enum ReceiveError: Explained, Hashable {
    /// Somebody else listens there.
    case taken(source: String, place: String)
    /// The system does not let this user listen there.
    case notAllowed(source: String, place: String, reason: String)
    /// Listening failed for another reason; `reason` is the system's words.
    case cannotListen(source: String, place: String, reason: String)
    /// A certificate, a key or an authority cannot be used.
    case badIdentity(path: String, reason: String)
    /// A file of keys, users or tokens cannot be used.
    case badSecret(path: String, reason: String, remedy: String)

    package var what: String {
        switch self {
        case .taken(let source, let place):
            "source '\(source)': \(place) is taken by another program"
        case .notAllowed(let source, let place, let reason):
            "source '\(source)': may not listen on \(place): \(reason)"
        case .cannotListen(let source, let place, let reason):
            "source '\(source)': cannot listen on \(place): \(reason)"
        case .badIdentity(let path, let reason): "cannot use \(path) for TLS: \(reason)"
        case .badSecret(let path, let reason, _): "cannot use the secrets in \(path): \(reason)"
        }
    }

    package var remedy: String {
        switch self {
        case .taken: "choose another port, or stop the other one: `ss -lntup` names it"
        case .notAllowed:
            "choose a port above 1023, or give the service AmbientCapabilities=CAP_NET_BIND_SERVICE;"
                + " a socket needs a folder that azimuth may write to"
        case .cannotListen: "name an address of this machine: `ip address` lists them"
        case .badIdentity:
            "name PEM files that the user of azimuth can read, a key that belongs to its certificate"
        case .badSecret(_, _, let remedy): remedy
        }
    }

    package var exit: ExitStatus {
        switch self {
        case .taken, .notAllowed, .cannotListen: .unavailable
        case .badIdentity, .badSecret: .badConfiguration
        }
    }
}
