import Glibc
import Testing

@testable import Collect

@Suite("A file read once")
struct LineBlocksTests {
    /// All lines that come out of a pipe, a CR still with them.
    private func lines(_ bytes: [UInt8]) throws -> (lines: [[UInt8]], cuts: Int) {
        let path = "/tmp/azimuth-blocks-\(getpid())-\(UInt64.random(in: 0 ..< .max))"
        let writing = open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
        try #require(writing >= 0)
        defer { close(writing) }
        unlink(path)
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { write(writing, $0.baseAddress, $0.count) }
            try #require(count > 0)
            done += count
        }
        lseek(writing, 0, SEEK_SET)
        var blocks = LineBlocks(writing)
        var found: [[UInt8]] = []
        while let run = try blocks.next() {
            var start = 0
            for end in run.ends {
                found.append(Array(run.bytes[start..<Int(end)]))
                start = Int(end) + 1
            }
        }
        return (found, blocks.cuts)
    }

    @Test("gives all of its lines, those across blocks and one without an end among them")
    func givesAll() throws {
        var wanted = (0..<20_000).map { number in
            [UInt8](repeating: UInt8(97 + number % 26), count: (number * 37) % 211)
        }
        wanted.append([UInt8](repeating: 120, count: 700_000))
        wanted.append(Array("no end".utf8))
        let (found, cuts) = try lines(Array(wanted.joined(separator: [10])))
        #expect(found == wanted)
        #expect(cuts == 0)
        let none = try lines([])
        #expect(none.lines.isEmpty)
        let empty = try lines([10, 10])
        #expect(empty.lines == [[], []])
    }

    @Test("cuts a line without end and goes on with the next one", arguments: [false, true])
    func cutsLongLines(hasNext: Bool) throws {
        let long = [UInt8](repeating: 120, count: 5 << 20)
        let rest: [UInt8] = hasNext ? Array("\nnext\n".utf8) : []
        let (found, cuts) = try lines(Array("first\n".utf8) + long + rest)
        #expect(found.map(\.count) == (hasNext ? [5, 1 << 20, 4] : [5, 1 << 20]))
        #expect(cuts == 1)
    }
}
