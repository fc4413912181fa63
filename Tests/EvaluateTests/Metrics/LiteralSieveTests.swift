import Chance
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
        var dice = Dice(7)
        var (held, passed) = (0, 0)
        for _ in 0..<3_000 {
            // Few letters, so that near misses are the rule.
            let literals = (0..<dice.roll(1...4)).map { _ in
                (0..<dice.roll(2...10)).map { _ in UInt8(dice.roll(97...99)) }
            }
            let text = (0..<dice.roll(0..<40)).map { _ in UInt8(dice.roll(97...100)) }
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
