import Atlas
import Testing

@testable import Collect

/// Lines of which the test says yes.
struct TestJudge: LineJudge {
    var isYes: @Sendable (String) -> Bool

    init(_ isYes: @escaping @Sendable (String) -> Bool) { self.isYes = isYes }

    func matches(_ line: ArraySlice<UInt8>) -> Bool { isYes(String(decoding: line, as: UTF8.self)) }
}

@Suite("Reading lines of any encoding, joined or not")
struct LineReaderTests {
    /// The records of the bytes, taken in blocks of a size, and where the first byte not given out is.
    private func read(
        _ bytes: [UInt8],
        _ treatment: LineTreatment,
        block: Int,
        finish: Bool = false
    ) -> (lines: [String], settled: Int) {
        var reader = LineReader(treatment, mark: Array(bytes.prefix(4)))
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        let size = max(reader.width, block / reader.width * reader.width)
        for start in stride(from: 0, to: bytes.count, by: size) {
            Array(bytes[start..<min(bytes.count, start + size)]).withUnsafeBytes {
                reader.take($0, into: &batch)
            }
        }
        let settled = reader.settled
        if finish { reader.finish(into: &batch) }
        return (
            (0..<batch.count).map { String(decoding: batch.line($0), as: UTF8.self) }, settled
        )
    }

    private func wide(_ text: String, isBig: Bool = false) -> [UInt8] {
        text.utf16.flatMap { unit -> [UInt8] in
            let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
            return isBig ? bytes.reversed() : bytes
        }
    }

    @Test("T15 UTF-16 decodes, whichever byte comes first", arguments: [1, 2, 7, 100])
    func utf16(block: Int) {
        // U+0A0D and U+0D0A hold the bytes of a line end, and are none.
        let text = "日本\r\n\u{0A0D}\u{0D0A}🚨\nlast"
        let lines = ["日本", "\u{0A0D}\u{0D0A}🚨"]
        for (name, isBig, mark) in [
            ("UTF-16LE", false, ""), ("UTF-16BE", true, ""), ("UTF-16", false, "\u{FEFF}"),
            ("utf-16", true, "\u{FEFF}"),
        ] {
            let bytes = wide(mark + text, isBig: isBig)
            let read = read(bytes, LineTreatment(limit: 100, encoding: name), block: block)
            #expect(read.lines == lines, "\(name)")
            #expect(read.settled == bytes.count - 8)
        }
    }

    @Test(
        "T15 Shift_JIS and EUC-JP decode, and what is none of theirs stays",
        arguments: [1, 5, 100]
    )
    func japanese(block: Int) {
        // "表示ソ" in Shift_JIS: second bytes that are a backslash in ASCII.
        let shift: [UInt8] = [0x95, 0x5C, 0x8E, 0xA6, 0x83, 0x5C, 13, 10]
        let sjis = LineTreatment(limit: 100, encoding: "SHIFT_JIS")
        #expect(read(shift, sjis, block: block).lines == ["表示ソ"])
        let euc: [UInt8] = [0xC6, 0xFC, 0xCB, 0xDC, 10]
        #expect(
            read(euc, LineTreatment(limit: 100, encoding: "EUC-JP"), block: block).lines == ["日本"]
        )
        var reader = LineReader(LineTreatment(limit: 100, encoding: "EUC-JP"))
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        ([65, 0xFF, 0xC6, 10, 66, 10] as [UInt8]).withUnsafeBytes { reader.take($0, into: &batch) }
        #expect((0..<batch.count).map { Array(batch.line($0)) } == [[65, 0xFF, 0xC6], [66]])
    }

    @Test("T15 a mark says what a text is in, and is no part of it", arguments: [1, 2, 5, 100])
    func marks(block: Int) {
        let text = "\u{FEFF}first\n\u{FEFF}second\nlast"
        let lines = ["first", "\u{FEFF}second", "last"]
        let plain = LineTreatment(limit: 100)
        let joined = LineTreatment(limit: 100, multiline: Multiline(rule: .indentation))
        for treatment in [plain, joined] {
            let read = read(Array(text.utf8), treatment, block: block, finish: true)
            #expect(read.lines == lines)
        }
        #expect(read([0xEF, 0xBB, 0xBF, 10, 65], plain, block: block).lines == [""])
        #expect(read([0xEF, 0xBB, 0xBF], plain, block: block, finish: true).lines == [""])
        for isBig in [false, true] {
            let read = read(wide("\u{FEFF}日\nb\n", isBig: isBig), plain, block: block)
            #expect(read.lines == ["日", "b"])
        }
    }

    private static let trace = """
        noise before
        2026 one
          at a
          at b

        Caused by: x
        2026 two
        2026 three
          at c

        """

    private func first(_ limit: Int = 1_000) -> LineTreatment {
        LineTreatment(
            limit: limit,
            multiline: Multiline(rule: .first("")),
            judge: TestJudge { $0.hasPrefix("2026") }
        )
    }

    @Test(
        "M01 first-line pattern joins a Java trace; the last record waits",
        arguments: [1, 9, 999]
    )
    func joins(block: Int) {
        let bytes = Array(Self.trace.utf8)
        let records = ["noise before", "2026 one\n  at a\n  at b\n\nCaused by: x", "2026 two"]
        let open = read(bytes, first(), block: block)
        #expect(open.lines == records)
        // The position stays before the record that is not whole.
        #expect(open.settled == bytes.count - "2026 three\n  at c\n".utf8.count)
        let whole = read(bytes, first(), block: block, finish: true)
        #expect(whole.lines == records + ["2026 three\n  at c"])
    }

    @Test("M03 lines before the first start line are given out one by one")
    func unmatched() {
        #expect(read(Array("a\nb\n2026 x\n".utf8), first(), block: 99).lines == ["a", "b"])
    }

    @Test("a record over the limit is cut, marked and counted; the next one is whole")
    func cuts() {
        var reader = LineReader(first(10))
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        Array("2026 a\nbbbb\ncccc\ndddd\n2026 b\n2026 c\n".utf8).withUnsafeBytes {
            reader.take($0, into: &batch)
        }
        let lines = (0..<batch.count).map { String(decoding: batch.line($0), as: UTF8.self) }
        #expect(lines == ["2026 a\nbbb [cut]", "2026 b"])
        #expect(reader.takeCuts() == 1)
    }

    @Test("lines that are indented, or match a continuation, go on with the one before")
    func continuations() {
        let text = Array("a\n b\n\tc\nd\n\nlast\n".utf8)
        let indent = LineTreatment(limit: 99, multiline: Multiline(rule: .indentation))
        #expect(read(text, indent, block: 3).lines == ["a\n b\n\tc", "d", ""])
        let going = LineTreatment(
            limit: 99,
            multiline: Multiline(rule: .continuation("")),
            judge: TestJudge { $0.isEmpty || $0 == "d" }
        )
        #expect(read(text, going, block: 3).lines == ["a", " b", "\tc\nd\n"])
    }
}
