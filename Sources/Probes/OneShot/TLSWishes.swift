/// How the other side of a dialogue has to show who it is (TLS, RFC 8446).
package struct TLSWishes: Hashable, Sendable {
    /// Whom its certificate must be for; sent along unless it is a numeric address.
    package var serverName: String
    /// A PEM file of certificates to trust; nil means those of the system.
    package var authorities: String?
    /// Whether a certificate that nobody but itself has signed is taken.
    package var takesSelfSigned: Bool

    package init(serverName: String, authorities: String? = nil, takesSelfSigned: Bool = false) {
        self.serverName = serverName
        self.authorities = authorities
        self.takesSelfSigned = takesSelfSigned
    }
}
