import Atlas
import Chance
import Testing

@testable import Wire

@Suite("Syslog over a connection is cut into messages")
struct SyslogFramerTests {
    private struct Cut: Equatable {
        var messages: [String] = []
        var cuts = 0
        var refusal: SyslogRefusal?
    }

    /// Fed in pieces of `size` bytes, then ended.
    private func cut(_ bytes: [UInt8], by size: Int = .max, limit: Int = 65_536) -> Cut {
        var framer = SyslogFramer(limit: limit)
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        var cut = Cut()
        var at = 0
        while at < bytes.count {
            let piece = bytes[at..<min(bytes.count, at + min(size, bytes.count))]
            let refusal = piece.withUnsafeBytes { framer.take($0, into: &batch) }
            cut.refusal = cut.refusal ?? refusal
            at += piece.count
        }
        framer.finish(into: &batch)
        cut.cuts = framer.takeCuts()
        cut.messages = (0..<batch.count).map { String(decoding: batch.line($0), as: UTF8.self) }
        return cut
    }

    private func cut(_ text: String, by size: Int = .max, limit: Int = 65_536) -> Cut {
        cut(Array(text.utf8), by: size, limit: limit)
    }

    /// What comes out is the same however the bytes are cut on the way.
    private func expect(
        _ text: String,
        _ messages: [String],
        cuts: Int = 0,
        limit: Int = 65_536,
        at location: SourceLocation = #_sourceLocation
    ) {
        let wanted = Cut(messages: messages, cuts: cuts)
        let count = Array(text.utf8).count
        for size in [count, 1, 2, 3, 5, 7, 16].filter({ $0 <= count }) {
            let got = cut(text, by: size, limit: limit)
            #expect(got == wanted, "in pieces of \(size)", sourceLocation: location)
        }
        for split in 0..<count {
            var framer = SyslogFramer(limit: limit)
            var batch = LineBatch(source: 0, bytes: [], ends: [])
            let bytes = Array(text.utf8)
            _ = bytes[..<split].withUnsafeBytes { framer.take($0, into: &batch) }
            _ = bytes[split...].withUnsafeBytes { framer.take($0, into: &batch) }
            framer.finish(into: &batch)
            let got = (0..<batch.count).map { String(decoding: batch.line($0), as: UTF8.self) }
            #expect(got == messages, "split before byte \(split)", sourceLocation: location)
        }
    }

    @Test("S01: what logger -T and rsyslog's omfwd send, a line for each message")
    func lines() {
        expect(
            "<156>Nov 23 06:52:30 vm azi[5477]: hello\n<141>Nov 23 06:54:30 vm azi: a#012b\n",
            ["<156>Nov 23 06:52:30 vm azi[5477]: hello", "<141>Nov 23 06:54:30 vm azi: a#012b"]
        )
        expect("<13>a\r\n\r\n\n<13>b\n<13>no end", ["<13>a", "<13>b", "<13>no end"])
    }

    @Test("S03: octet counting, LF and NUL are told apart by the first message")
    func detection() {
        expect("5 <13>a5 <13>b", ["<13>a", "<13>b"])
        expect("<13>a\n5 <13>b\n", ["<13>a", "5 <13>b"])
        expect("<13>a\0<13>b\nc\0<13>d\0", ["<13>a", "<13>b\nc", "<13>d"])
        expect("no priority\n2026-11-23T06:52:30Z x\n", ["no priority", "2026-11-23T06:52:30Z x"])
        expect("2026-11-23T06:52:30Z x\n5 <13>b\n", ["2026-11-23T06:52:30Z x", "5 <13>b"])
        expect("12345678901 x\n<13>a\n", ["12345678901 x", "<13>a"])
    }

    @Test("S03: a NUL inside a line stays, and one that ends messages does not hold them up")
    func nullsAndFeeds() {
        expect("<13>a\n<13>b\0c\n<13>d\n", ["<13>a", "<13>b\0c", "<13>d"])
        expect("<13>a\n<13>b\0<13>c\0<13>d\0", ["<13>a", "<13>b", "<13>c", "<13>d"])
        expect("<13>a\0<13>b\n<13>c\n<13>d\n", ["<13>a", "<13>b", "<13>c", "<13>d"])
        expect("<13>a\0\n<13>b\0\n", ["<13>a", "<13>b"])
        expect("<13>a\n\0<13>b\n\0", ["<13>a", "<13>b"])
    }

    @Test("S04: counted with the LF inside, without it, and with one that is not counted")
    func counted() {
        let first = "<141>1 2026-11-23T06:54:30.123456Z vm azi - - -  text"
        expect(
            "\(first.utf8.count + 1) \(first)\n9 <13>b c d9 <13>e f g\n9 <13>h i j",
            [first, "<13>b c d", "<13>e f g", "<13>h i j"]
        )
        expect("10 <13>a\nb\nc\n5 <13>d", ["<13>a\nb\nc", "<13>d"])
        expect("7 <13>\u{e9}a5 <13>b", ["<13>\u{e9}a", "<13>b"])
    }

    @Test("a count that is too small, too large or none at all costs nothing and never loops")
    func wrongCounts() {
        expect("5 <13>a5 <13>bcd\n5 <13>e", ["<13>a", "<13>b", "cd", "<13>e"])
        expect("5 <13>a5 <13>bcd 6 <13>ef", ["<13>a", "<13>b", "cd ", "<13>ef"])
        expect("5 <13>a0 <13>b\n5 <13>c", ["<13>a", "0 <13>b", "<13>c"])
        expect("5 <13>a<13>b\n5 <13>c", ["<13>a", "<13>b", "<13>c"])
        expect("5 <13>a99999999999 <13>b\n5 <13>c", ["<13>a", "99999999999 <13>b", "<13>c"])
        expect("5 <13>a77", ["<13>a", "77"])
        expect("5 <13>a900 <13>torn", ["<13>a", "<13>torn"], cuts: 1)
    }

    @Test(
        "of a message over the limit its first bytes are kept, and just its bytes are passed over"
    )
    func tooLong() {
        let long = "<13>" + String(repeating: "x", count: 60)
        let kept = String(long.prefix(20))
        expect("64 \(long)5 <13>a", [kept, "<13>a"], cuts: 1, limit: 20)
        expect("5 <13>a\n64 \(long)5 <13>b", ["<13>a", kept, "<13>b"], cuts: 1, limit: 20)
        expect("\(long)\n<13>a\n", [kept, "<13>a"], cuts: 1, limit: 20)
        expect("\(long)\0<13>a\0", [kept, "<13>a"], cuts: 1, limit: 20)
        let exact = String(long.prefix(20))
        expect("\(exact)\r\n\(exact)\n", [exact, exact], limit: 20)
        expect("21 \(exact)\n20 \(exact)", [exact, exact], limit: 20)
    }

    @Test("a stray text without an end is cut, and the next frame is found behind it")
    func strayWithoutEnd() {
        let stray = "zz" + String(repeating: "y", count: 90)
        expect(
            "5 <13>a\(stray) 5 <13>b",
            ["<13>a", String(stray.prefix(20)), "<13>b"],
            cuts: 1,
            limit: 20
        )
    }

    @Test("a counted message is waited for with at most its limit in memory")
    func bounded() {
        var framer = SyslogFramer(limit: 1_000)
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        let block = [UInt8](repeating: 0x61, count: 65_536)
        let head = Array("900000000 <13>".utf8)
        _ = head.withUnsafeBytes { framer.take($0, into: &batch) }
        for _ in 0..<1_000 { _ = block.withUnsafeBytes { framer.take($0, into: &batch) } }
        #expect(batch.count == 1)
        #expect(batch.bytes.count == 1_000)
        #expect(framer.heldBytes == 0)
    }

    @Test(
        "what is no syslog is refused by its first bytes, and nothing of it is kept",
        arguments: [
            ([0x16, 0x03, 0x01, 0x02, 0x00, 0x01], SyslogRefusal.tls),
            ([0x78, 0xDA, 0x4A, 0x0A], .compressed),
            ([0x78, 0x5E, 0xED, 0x0A], .compressed),
            ([0x1F, 0x8B, 0x08, 0x00, 0x0A], .compressed),
            ([0x00, 0x00, 0x01, 0x10, 0x7D, 0x71, 0x00, 0x0A], .pickle),
            ([0x00, 0x00, 0x01, 0x10, 0x80, 0x04, 0x95, 0x0A], .pickle),
        ] as [([UInt8], SyslogRefusal)]
    )
    func refused(bytes: [UInt8], refusal: SyslogRefusal) {
        for size in [1, bytes.count] {
            let got = cut(bytes + Array("<13>after\n".utf8), by: size)
            #expect(got == Cut(refusal: refusal))
        }
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        let outcome = bytes.withUnsafeBytes {
            SyslogMessage.add(datagram: $0, limit: 100, to: &batch)
        }
        #expect(outcome == .refused(refusal))
        #expect(batch.count == 0)
    }

    @Test("text that only looks a little like something else is a message")
    func notRefused() {
        expect("x^y is a power\n", ["x^y is a power"])
        expect("xylophone\n", ["xylophone"])
        expect("\u{16}\u{04}z\n", ["\u{16}\u{04}z"])
    }

    @Test("any bytes end: nothing is lost but ends of messages, and the rest is cut or kept")
    func anyBytes() {
        var dice = Dice(7)
        let alphabet: [UInt8] = Array("0123456789 <>\n\0\r13ab".utf8) + [0xFF]
        for _ in 0..<2_000 {
            let bytes = (0..<60).map { _ in dice.pick(alphabet) }
            let whole = cut(bytes, limit: 25)
            #expect(whole.messages.allSatisfy { $0.utf8.count <= 25 * 3 })
            for size in [1, 4] { _ = cut(bytes, by: size, limit: 25) }
        }
    }

    @Test("what is cut at a line end is the same, whether the rest has come or not")
    func cutAtLineEnd() {
        expect("9 <13>1234\n", ["<13>1234"], cuts: 0, limit: 8)
        expect("13 <13>123\n56789<13>x", ["<13>123", "<13>x"], cuts: 1, limit: 8)
        expect("<13>123\r5678\n<13>x\n", ["<13>123", "<13>x"], cuts: 1, limit: 8)
        expect("<13>1234\r\r\r\r\n<13>x\n", ["<13>1234", "<13>x"], cuts: 1, limit: 8)
    }
}
