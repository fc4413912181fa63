import Atlas
import Chance
import Testing

@testable import Collect

@Suite("The splitting of lines")
struct LineSplitterTests {
    /// Cuts `text` into blocks of the sizes and gives the lines, and how many were cut.
    private func split(
        _ text: [UInt8],
        sizes: [Int],
        limit: Int = 64,
        finish: Bool = false
    ) -> (lines: [[UInt8]], cuts: Int, pending: Int) {
        var splitter = LineSplitter(limit: limit)
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        var start = 0
        var turn = 0
        while start < text.count {
            let end = min(text.count, start + sizes[turn % sizes.count])
            text.withUnsafeBytes {
                splitter.take(UnsafeRawBufferPointer(rebasing: $0[start..<end]), into: &batch)
            }
            start = end
            turn += 1
        }
        if finish, splitter.pending > 0 { splitter.finish(into: &batch) }
        let lines = (0..<batch.count).map { Array(batch.line($0)) }
        return (lines, splitter.takeCuts(), splitter.pending)
    }

    @Test("does not depend on how the bytes come in pieces", arguments: 1...40)
    func isIndependentOfBlocks(seed: Int) {
        var dice = Dice(seed)
        let alphabet: [UInt8] = [10, 10, 13, 0, 65, 66, 0xE6, 0x97, 0xA5, 0xFF]
        let text = (0..<600).map { _ in
            dice.roll(0..<9) == 0 ? 10 : dice.pick(alphabet)
        }
        let limit = dice.roll(1...12)
        let sizes = (0..<9).map { _ in dice.roll(1...40) }
        let whole = split(text, sizes: [10_000], limit: limit)
        let pieces = split(text, sizes: sizes, limit: limit)
        #expect(whole == pieces)
        // And as a person would define it.
        var expected = text.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
        let rest = expected.removeLast()
        expected = expected.map { $0.last == 13 ? Array($0.dropLast()) : $0 }
        #expect(whole.cuts == expected.count { $0.count > limit })
        #expect(
            whole.lines
                == expected.map { line in
                    line.count > limit
                        ? LineSplitter.kept(line, limit) + LineSplitter.cutMark : line
                }
        )
        #expect(whole.pending == rest.count)
    }

    @Test("does not cut a letter of UTF-8 in two, and leaves what is none as it is")
    func cutsBetweenLetters() {
        let text = Array("aé日🚨z".utf8)
        let kept = (1...10).map { LineSplitter.kept(text, $0).count }
        #expect(kept == [1, 1, 3, 3, 3, 6, 6, 6, 6, 10])
        #expect(LineSplitter.kept([0x80, 0x80, 0x80, 0x80, 0x80], 4).count == 4)
    }

    @Test("T09 keeps a line of exactly the limit, with CR LF too, and cuts one of a byte more")
    func knowsLimit() {
        let line = [UInt8](repeating: 65, count: 64)
        let mark = LineSplitter.cutMark
        for size in [1, 7, 1_000] {
            #expect(split(line + [10], sizes: [size]) == ([line], 0, 0))
            #expect(split(line + [13, 10], sizes: [size]) == ([line], 0, 0))
            #expect(split(line + [65, 10], sizes: [size]) == ([line + mark], 1, 0))
            #expect(
                split(line + [65, 13, 10, 66, 10], sizes: [size]) == ([line + mark, [66]], 1, 0)
            )
        }
    }

    @Test("holds an endless line in bounded memory, and gives out what follows it")
    func survivesEndlessLine() {
        let text = [UInt8](repeating: 120, count: 1_000_000) + [10] + Array("next\n".utf8)
        let result = split(text, sizes: [65_536])
        #expect(
            result.lines == [
                [UInt8](repeating: 120, count: 64) + LineSplitter.cutMark, Array("next".utf8),
            ]
        )
        #expect(result.cuts == 1)
    }

    @Test("gives out the last piece when there is no more to come")
    func finishes() {
        #expect(split(Array("a\nb".utf8), sizes: [9], finish: true).lines == [[97], [98]])
        #expect(split(Array("a\n".utf8), sizes: [9], finish: true).lines == [[97]])
    }
}
