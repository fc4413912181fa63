import Testing

@testable import Patterns

@Suite("A regular expression over bytes")
struct RegexCodeTests {
    private func code(_ pattern: String, isAnchored: Bool = false) throws -> RegexCode {
        guard case .code(let code) = RegexCode.compile(pattern, isAnchored: isAnchored) else {
            throw Refused()
        }
        return code
    }

    private struct Refused: Error {}

    private func match(_ code: RegexCode, _ bytes: [UInt8], from start: Int = 0) -> Range<Int>? {
        bytes.withUnsafeBytes { bytes in
            guard case .matched(let groups) = code.match(bytes, from: start) else { return nil }
            return groups[0]
        }
    }

    @Test("matches from the beginning alone where it is anchored, else anywhere from an offset on")
    func anchors() throws {
        let line = Array("a1 b22 c".utf8)
        #expect(match(try code("[0-9]+", isAnchored: true), line) == nil)
        #expect(match(try code("[0-9]+"), line) == 1..<2)
        #expect(match(try code("[0-9]+"), line, from: 2) == 4..<6)
        #expect(match(try code("x?"), [], from: 0) == 0..<0)
    }

    @Test("tells its named groups by their numbers, in a reset branch, too")
    func names() throws {
        let code = try code("(?<b>x)(y)(?<a>z)")
        #expect(code.namedGroups.map(\.name) == ["b", "a"])
        #expect(code.namedGroups.map(\.number) == [1, 3])
        let branches = try self.code("(?|(?<n>a)|b(?<n>c))")
        #expect(branches.namedGroups.map(\.number) == [1])
    }

    @Test("names a byte that every match holds, and none that could be of either case")
    func needed() throws {
        #expect(try code("ORD-[0-9]{4}").neededByte == UInt8(ascii: "-"))
        #expect(try code("(?i)order").neededByte == nil)
        #expect(try code("a|-").neededByte == nil)
    }

    @Test("gives up on a pattern that tries without end, and says so")
    func limits() throws {
        let code = try code("(a+)+$")
        let line = [UInt8](repeating: UInt8(ascii: "a"), count: 64) + [UInt8(ascii: "b")]
        line.withUnsafeBytes { bytes in
            guard case .gaveUp = code.match(bytes) else {
                Issue.record("it did not give up")
                return
            }
        }
    }

    @Test("is searched for in the beginning of a long text, which has no end there")
    func reach() throws {
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: RegexCode.reach) + [0x31]
        func isFound(_ pattern: String, _ text: [UInt8]) throws -> Bool {
            let code = try code(pattern)
            return text.withUnsafeBytes { bytes in
                if case .matched = code.search(bytes) { true } else { false }
            }
        }
        #expect(try !isFound("[0-9]", text) && isFound("[0-9]", Array(text.suffix(99))))
        #expect(try !isFound("a$", text) && isFound("a$", Array(text.dropLast())))
    }
}
