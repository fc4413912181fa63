import Testing

@testable import Configure

@Suite("Listening sockets in the kernel's tables")
struct ListeningSocketTests {
    /// Recorded on Linux 6 beside a PostgreSQL, with one connection on its way out.
    static let table = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 577430 1 000000001b411025 100 0 0 10 0
           1: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1082 1 0000000013b3dada 100 0 0 10 0
           3: 0100007F:5B0A 0100007F:B640 06 00000000:00000000 03:000009BF 00000000     0        0 0 3 00000000f546e258
        """

    @Test("are read with address, port and inode; connections are passed over")
    func table() {
        #expect(
            ListeningSocket.parse(Self.table) == [
                ListeningSocket(address: "127.0.0.1", port: 5_432, inode: 577_430),
                ListeningSocket(address: "0.0.0.0", port: 2_024, inode: 1_082),
            ]
        )
    }

    @Test(
        "of IPv6 are written as people write them, and IPv4 within it as IPv4",
        arguments: [
            ("00000000000000000000000000000000", "::"),
            ("00000000000000000000000001000000", "::1"),
            ("0000000000000000FFFF00000100007F", "127.0.0.1"),
            ("B80D0120000000000000000001000000", "2001:db8::1"),
        ]
    )
    func six(digits: String, address: String) {
        let zeros = String(repeating: "0", count: 32)
        let line =
            "   0: \(digits):18EB \(zeros):0000 0A 00000000:00000000 00:00000000 00000000"
            + "   114        0 33212 1 0000000000000000 100 0 0 10 0"
        #expect(
            ListeningSocket.parse(line)
                == [ListeningSocket(address: address, port: 6_379, inode: 33_212)]
        )
    }

    @Test(
        "of another shape are passed over",
        arguments: [
            "", "\n\n", "0: 0A", "0: 0100007F:1538 0 0A 0 0 0 0 0 x",
            "0: 01:1538 0 0A 0 0 0 0 0 7", "0: 0100007F:99999 0 0A 0 0 0 0 0 7",
            "0: 0100007F 0 0A 0 0 0 0 0 7", "0: 010000ZZ:1538 0 0A 0 0 0 0 0 7",
        ]
    )
    func others(text: String) {
        #expect(ListeningSocket.parse(text) == [])
    }
}
