import Atlas
import Chance
import Testing

@testable import Query

@Suite("What a regular expression tells of itself")
struct PatternShapeTests {
    @Test(
        "is the longest text that every match holds",
        arguments: [
            ("took [0-9]{4,}ms", "took "), (#"quorum [0-9] of 1\)"#, "quorum "), ("abc?d", "ab"),
            ("ab+cde", "cde"), ("ab+c", "ab"), ("a|bcd", ""), ("(abc|def)gh", "gh"),
            ("(?:abcdef)?gh", "gh"), ("ab{2}cd", "ab"), ("ab{0,3}c", "a"), ("x{2,", ""),
            (#"a\.b\/c"#, "a.b/c"), (#"\bfoo\b"#, "foo"), ("^abc$", "abc"), ("[]abc]de", "de"),
            ("[^]abc]de", "de"), ("[[:alpha:]x]de", "de"), ("[[:alpha]x]yz", ""), ("a{1}+bc", "bc"),
            (#"{"a":1"#, #"{"a":1"#), ("ab{,3}c", ""), (#"a\x41b"#, ""), ("(?i)abc", ""),
            (#"\Qab\E"#, ""), ("a.*bcd", "bcd"), ("", ""), ("a(b", ""), ("ab)c", ""), ("ab\\", ""),
        ]
    )
    func literal(pattern: String, literal: String) {
        #expect(String(decoding: PatternShape(pattern).literal, as: UTF8.self) == literal)
    }

    @Test(
        "is whether it can be looked for in lines side by side",
        arguments: [
            ("[0-9]{5} x", true), ("(4[0-9]){3}", false), ("(4[0-9]){3}x", true), ("a|bc", true),
            (#"\w+=\d+"#, true), ("a.{0,20}b", true), ("^a", false), ("a$", false),
            (#"\bab"#, false), ("a.*b", false), (#"[^"]+x"#, false), (#"\S+x"#, false),
            ("a++b", false), ("a{1}+b", false), ("(ab)+c", false), ("a*", false), ("a?|b", false),
            ("a|", false), ("", false), ("(?=a)b", false), ("(?>a)b", false), (#"(a)\1"#, false),
            ("(*LIMIT_MATCH=1)a", false),
        ]
    )
    func seamless(pattern: String, isSeamless: Bool) {
        #expect(PatternShape(pattern).isSeamless == isSeamless)
    }

    /// Parts of patterns, put together at random.
    private static let pieces = [
        "a", "b", "ab", "x", " ", "[ab]", "[^a]", ".", "a+", "b*", "(a|b)", "(?:ab)?", "a{2}",
        "[0-9]+", "|", "ba", "(a(b|x))", "b{1,2}", #"\d"#, "x?", "^", "$", #"\b"#, "a+?", "b++",
    ]

    @Test("never hides a line that matches, wherever lines are cut", arguments: 0..<400)
    func superset(seed: Int) throws {
        var dice = Dice(seed)
        let text = (0..<dice.roll(1...5)).map { _ in dice.pick(Self.pieces) }.joined()
        let ignoresCase = dice.isLucky(50)
        let pattern = LogCondition.Pattern(text, ignoresCase: ignoresCase)
        let regex = LineRegex(pattern)
        let letters = Array("abABx 1".utf8)
        let lines = (0..<60).map { _ in (0..<dice.roll(0..<12)).map { _ in dice.pick(letters) } }
        var ends: [UInt32] = []
        for line in lines { ends.append((ends.last ?? 0) + UInt32(line.count)) }
        let matching = lines.indices.filter { index in
            lines[index].withUnsafeBytes { regex.matches($0) } ?? true
        }
        for index in matching {
            let isThere = lines[index].withUnsafeBytes { bytes in
                regex.literal?.isIn(bytes, 0..<bytes.count) ?? true
            }
            #expect(isThere, "\(text) holds what \(lines[index]) lacks")
        }
        guard regex.isSeamless else { return }
        let first = dice.roll(lines.indices)
        let rest = first..<lines.count
        let offset = first == 0 ? 0 : Int(ends[first - 1])
        var hits: [Int] = []
        lines[rest].flatMap(\.self).withUnsafeBytes { bytes in
            SeamlessPattern(regex: regex).scan(rest, ends: ends, bytes, from: offset) {
                hits.append($0)
            }
        }
        #expect(hits == Array(Set(hits)).sorted(), "\(text)")
        #expect(matching.filter(rest.contains).allSatisfy(hits.contains), "\(text)")
    }
}
