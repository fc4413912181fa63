import Atlas
import Testing

@testable import Wire

@Suite("A datagram is one message")
struct SyslogMessageTests {
    private func add(_ bytes: [UInt8], limit: Int = 65_536) -> (SyslogMessage.Outcome, [UInt8]) {
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        let outcome = bytes.withUnsafeBytes {
            SyslogMessage.add(datagram: $0, limit: limit, to: &batch)
        }
        return (outcome, batch.bytes)
    }

    @Test(
        "S01 to S12: what real senders put into a datagram is kept without what ends it",
        arguments: [
            "<156>1 2026-11-23T06:52:30.739815+00:00 vm azi - - [timeQuality tzKnown=\"1\"] hello",
            "<13>Nov 23 06:52:30 azi: hello", "<147>py syslog udp \u{e9}", "no priority",
            "<>", "<192>x", "<34>a\nb", "12 <13>counted?",
        ]
    )
    func kept(message: String) {
        for end in ["", "\n", "\0", "\r\n", "\n\0"] {
            let (outcome, bytes) = add(Array((message + end).utf8))
            #expect(outcome == .kept)
            #expect(bytes == Array(message.utf8))
        }
    }

    @Test("S11: 65,507 bytes are whole, and a longer message is cut with a mark")
    func long() {
        let largest = [UInt8](repeating: 0x61, count: 65_507)
        #expect(add(largest) == (.kept, largest))
        #expect(add(largest, limit: 2_048) == (.cut, Array(largest.prefix(2_048))))
    }

    @Test("an empty datagram, or one of ends only, is none")
    func empty() {
        for bytes: [UInt8] in [[], [0x0A], [0], [0x0D, 0x0A, 0]] {
            #expect(add(bytes).0 == .empty)
        }
    }
}
