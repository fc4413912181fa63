/// What a client of the Forward protocol answers a HELO with.
///
///     ["PING", host name, salt, digest of the shared key, user name, digest of the password]
///
/// Source: Forward Protocol Specification v1, "Authentication". Clients write each of them as str or
/// as bin.
package struct ForwardPing: Equatable {
    package var client: [UInt8]
    package var salt: [UInt8]
    package var digest: [UInt8]
    /// Empty where the server asks for no user, as is `password`.
    package var user: [UInt8]
    package var password: [UInt8]

    /// Reads the message that `skipper` has found whole; nil for what is no PING.
    package init?(_ bytes: RawSpan, _ skipper: MessagePackSkipper) {
        guard skipper.partCount == 6 else { return nil }
        var words: [[UInt8]] = []
        for part in skipper.parts {
            guard let range = ForwardMessage.text(bytes, at: part) else { return nil }
            words.append(bytes.array(range))
        }
        guard words.count == 6, words[0] == Array("PING".utf8) else { return nil }
        (client, salt, digest) = (words[1], words[2], words[3])
        (user, password) = (words[4], words[5])
    }
}
