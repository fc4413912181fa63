import Testing

@testable import Evaluate

@Suite("The sieve before signatures")
struct LiteralSieveTests {
    private func mayHold(_ sieve: LiteralSieve, _ text: [UInt8]) -> Bool {
        text.withUnsafeBufferPointer { sieve.mayHold($0) }
    }

    private func holds(_ literals: [[UInt8]], _ text: [UInt8]) -> Bool {
        literals.contains { literal in
            guard text.count >= literal.count else { return false }
            return (0...(text.count - literal.count)).contains {
                Array(text[$0..<($0 + literal.count)]) == literal
            }
        }
    }

    @Test("never holds back a text that has a literal, and passes few others by")
    func losesNothing() {
        var state: UInt64 = 7
        func roll(_ below: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % below
        }
        var (held, passed) = (0, 0)
        for _ in 0..<3_000 {
            // Few letters, so that near misses are the rule.
            let literals = (0...roll(4)).map { _ in
                (0..<(2 + roll(9))).map { _ in UInt8(97 + roll(3)) }
            }
            let text = (0..<roll(40)).map { _ in UInt8(97 + roll(4)) }
            let sieve = LiteralSieve(literals)
            let isThere = holds(literals, text)
            let mayBe = mayHold(sieve, text)
            #expect(mayBe || !isThere, "\(literals) in \(text)")
            if isThere { held += 1 } else if !mayBe { passed += 1 }
        }
        #expect(held > 100)
        #expect(passed > 1_000)
    }

    @Test("lets all through where a literal is too short, and nothing where there is none")
    func edges() {
        #expect(mayHold(LiteralSieve([[97], [98, 99, 100]]), [120]))
        #expect(!mayHold(LiteralSieve([]), [120, 121]))
        let long = [UInt8](repeating: 97, count: 400)
        #expect(mayHold(LiteralSieve([long]), [98] + long))
        #expect(!mayHold(LiteralSieve([long]), Array(long.dropLast(200))))
    }
}
