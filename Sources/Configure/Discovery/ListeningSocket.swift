import Glibc

/// A TCP socket that waits for connections, from the kernel's tables.
package struct ListeningSocket: Hashable, Sendable {
    /// As people write it: `127.0.0.1`, `0.0.0.0`, `::1`.
    package var address: String
    package var port: UInt16
    /// What a process that holds it shows in /proc/PID/fd, as `socket:[INODE]`.
    package var inode: UInt64

    package init(address: String, port: UInt16, inode: UInt64) {
        self.address = address
        self.port = port
        self.inode = inode
    }

    /// The listening ones of a text of /proc/net/tcp or /proc/net/tcp6 (proc_net(5)); lines of
    /// another shape, such as the head, are passed over.
    package static func parse(_ table: String) -> [ListeningSocket] {
        table.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            guard fields.count > 9, fields[3] == listening, let inode = UInt64(fields[9]) else {
                return nil
            }
            let ends = fields[1].split(separator: ":")
            guard ends.count == 2, let port = UInt16(ends[1], radix: 16),
                let address = address(ends[0])
            else { return nil }
            return ListeningSocket(address: address, port: port, inode: inode)
        }
    }

    /// `TCP_LISTEN` of the kernel's include/net/tcp_states.h.
    private static let listening = "0A"

    /// Words of 32 bits in the machine's order, as net/ipv4/tcp_ipv4.c prints them.
    private static func address(_ digits: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = digits
        while !rest.isEmpty {
            guard rest.count >= 8, let word = UInt32(rest.prefix(8), radix: 16) else { return nil }
            withUnsafeBytes(of: word) { bytes += $0 }
            rest = rest.dropFirst(8)
        }
        // RFC 4291 section 2.5.5.2: an IPv4 address within IPv6.
        if bytes.count == 16, bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] {
            bytes.removeFirst(12)
        }
        let family: Int32
        switch bytes.count {
        case 4: family = AF_INET
        case 16: family = AF_INET6
        default: return nil
        }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
