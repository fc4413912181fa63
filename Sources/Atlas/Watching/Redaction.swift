/// What is hidden in lines before they are folded, kept or recorded.
///
/// Not part of a `WatchPlan`: a recording holds lines that are redacted already, and a pattern of
/// the operator's own may be the secret itself.
package enum Redaction: Hashable, Sendable {
    /// What azimuth knows to find.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A JSON Web Token (RFC 7519), whole.
        case jwt
        /// What follows `Bearer`, and `Authorization: Basic`.
        case bearer
        /// The id of an access key of AWS.
        case awsKey = "aws-key"
        /// Values of `token`, `secret`, `api_key` and the like, and tokens with a known beginning.
        case token
        /// Values of `password` and the like, and the one inside a URL.
        case password
        /// The number of a payment card, by its length and its check digit.
        case card
        case email
        /// The last part of an IPv4 address.
        case ipv4
    }

    case known(Kind)
    /// A regular expression (PCRE2); its group `secret` is hidden, else all that it matches.
    case own(name: String, pattern: String)

    package var name: String {
        switch self {
        case .known(let kind): kind.rawValue
        case .own(let name, _): name
        }
    }
}

/// What is hidden where.
package struct RedactionPlan: Hashable, Sendable {
    /// In all lines, and in people's notes.
    package var everywhere: [Redaction]
    /// In those of one source, by its name.
    package var sources: [String: [Redaction]]

    package init(everywhere: [Redaction] = [], sources: [String: [Redaction]] = [:]) {
        self.everywhere = everywhere
        self.sources = sources
    }

    package var isEmpty: Bool { everywhere.isEmpty && sources.values.allSatisfy(\.isEmpty) }

    /// Each once, in the order in which they are written.
    package func redactions(of source: String) -> [Redaction] {
        var seen: Set<Redaction> = []
        return (everywhere + (sources[source] ?? [])).filter { seen.insert($0).inserted }
    }
}
