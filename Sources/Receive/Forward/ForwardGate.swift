import Atlas
import COpenSSL
import Glibc
import Wire

/// Who may send: the shared key and the users of a receiver.
struct ForwardGate: Sendable {
    /// How this server calls itself.
    ///
    /// Clients refuse a server with their own host's name, and one may well run beside us.
    let host: [UInt8]
    let key: [UInt8]
    /// Passwords by user; nil where users are not asked for.
    let users: [[UInt8]: [UInt8]]?

    init(host: [UInt8], key: [UInt8], users: [[UInt8]: [UInt8]]? = nil) {
        self.host = host
        self.key = key
        self.users = users
    }

    /// Nil where everybody may.
    static func read(_ receiver: ForwardReceiver) throws(ReceiveError) -> ForwardGate? {
        guard let path = receiver.sharedKeyFile else { return nil }
        let key = try SecretLines.read(path)[0]
        var users: [[UInt8]: [UInt8]]?
        if let path = receiver.usersFile {
            var known: [[UInt8]: [UInt8]] = [:]
            for (index, line) in try SecretLines.read(path).enumerated() {
                guard let colon = line.firstIndex(of: 0x3A), colon > 0 else {
                    throw .badSecret(
                        path: path,
                        reason: "entry \(index + 1) is no NAME:PASSWORD",
                        remedy: "write a line NAME:PASSWORD for each user"
                    )
                }
                known[Array(line[..<colon])] = Array(line[(colon + 1)...])
            }
            users = known
        }
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return ForwardGate(host: Array("azimuth@".utf8) + host, key: key, users: users)
    }
}

/// One handshake: HELO from us, PING from the client, PONG from us.
///
/// Source: Forward Protocol Specification v1, "Authentication".
struct ForwardHandshake {
    enum Answer: Equatable {
        case accepted([UInt8])
        /// What to send before closing, and the reason in it.
        case refused([UInt8], String)
    }

    private let gate: ForwardGate
    private let nonce: [UInt8]
    private let authSalt: [UInt8]

    init(_ gate: ForwardGate, using random: inout some RandomNumberGenerator) {
        self.gate = gate
        nonce = (0..<16).map { _ in .random(in: 0...255, using: &random) }
        authSalt =
            gate.users == nil ? [] : (0..<16).map { _ in .random(in: 0...255, using: &random) }
    }

    /// `["HELO", {"nonce": …, "auth": …, "keepalive": true}]`.
    var helo: [UInt8] {
        var bytes: [UInt8] = [0x92]
        bytes.packText("HELO".utf8)
        bytes.append(0x83)
        bytes.packText("nonce".utf8)
        bytes.packBytes(nonce)
        bytes.packText("auth".utf8)
        bytes.packBytes(authSalt)
        bytes.packText("keepalive".utf8)
        bytes.append(0xC3)
        return bytes
    }

    /// What a whole first message is answered with.
    func answer(_ bytes: RawSpan, _ skipper: MessagePackSkipper) -> Answer {
        guard let ping = ForwardPing(bytes, skipper) else { return refused("invalid ping message") }
        let wanted = Self.digest(ping.salt + ping.client + nonce + gate.key)
        guard Self.isSame(ping.digest, wanted) else { return refused("shared_key mismatch") }
        if let users = gate.users {
            let known = users[ping.user]
            let wanted = Self.digest(authSalt + ping.user + (known ?? nonce))
            // A user that is not known costs the same time.
            guard Self.isSame(ping.password, wanted), known != nil else {
                return refused("username/password mismatch")
            }
        }
        return .accepted(pong(true, "", Self.digest(ping.salt + gate.host + nonce + gate.key)))
    }

    private func refused(_ reason: String) -> Answer {
        .refused(pong(false, reason, []), reason)
    }

    private func pong(_ isGood: Bool, _ reason: String, _ digest: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = [0x95]
        bytes.packText("PONG".utf8)
        bytes.append(isGood ? 0xC3 : 0xC2)
        bytes.packText(reason.utf8)
        bytes.packText(isGood ? gate.host : [])
        bytes.packText(digest)
        return bytes
    }

    /// SHA-512 in 128 hexadecimal digits.
    static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: 64)
        _ = SHA512(bytes, bytes.count, &hash)
        let digits = Array("0123456789abcdef".utf8)
        return hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }

    /// Takes the same time wherever they differ.
    static func isSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }
}

extension [UInt8] {
    /// A MessagePack text.
    mutating func packText(_ text: some Collection<UInt8>) {
        switch text.count {
        case ..<32: append(0xA0 | UInt8(text.count))
        case ..<256: append(contentsOf: [0xD9, UInt8(text.count)])
        case ..<65_536:
            append(contentsOf: [0xDA, UInt8(text.count >> 8), UInt8(text.count & 255)])
        default:
            append(0xDB)
            for shift in [24, 16, 8, 0] { append(UInt8(text.count >> shift & 255)) }
        }
        append(contentsOf: text)
    }

    /// Fewer than 256 bytes of MessagePack.
    mutating func packBytes(_ bytes: [UInt8]) {
        append(contentsOf: [0xC4, UInt8(bytes.count)])
        append(contentsOf: bytes)
    }
}
