import Synchronization
import Testing

@testable import History

@Suite("A crew")
struct WorkCrewTests {
    /// A tool that tells whether two threads have it at once.
    private final class Tool: Sendable {
        private let isUsed = Atomic(false)

        func use<Result>(_ body: () -> Result) -> Result? {
            guard !isUsed.exchange(true, ordering: .acquiring) else { return nil }
            defer { isUsed.store(false, ordering: .releasing) }
            return body()
        }
    }

    private struct Stop: Error {}

    private let crew = WorkCrew(ofAtMost: 4) { Tool() }

    /// Takes longer for some than for others, so that results come in another order.
    private static func square(_ number: Int, _ tool: Tool) -> Int? {
        tool.use {
            var sum = 0
            for step in 0..<(number % 7) * 2_000 { sum &+= step & 1 }
            return number * number + sum - sum
        }
    }

    @Test("hands results over in the order of the items", arguments: [0, 1, 2, 3, 17, 500])
    func order(count: Int) {
        var next = 0
        var results: [Int?] = []
        let numbers = Array(0..<count)
        for isFromFirst in [false, true] {
            (next, results) = (0, [])
            let give: () -> Int? = {
                guard next < numbers.count else { return nil }
                defer { next += 1 }
                return numbers[next]
            }
            let keep: (Int?) -> Bool = {
                results.append($0)
                return true
            }
            let work: @Sendable (Int, Tool, () -> Bool) -> Int? = { number, tool, _ in
                Self.square(number, tool)
            }
            if isFromFirst {
                crew.workFromFirst(give, work: work, take: keep)
            } else {
                crew.work(give, work: work, take: keep)
            }
            #expect(results == numbers.map { $0 * $0 })
        }
    }

    @Test("asks for no second item where the first is enough")
    func first() {
        var asked = 0
        crew.workFromFirst {
            asked += 1
            return asked
        } work: { number, _, _ in
            number
        } take: { _ in
            false
        }
        #expect(asked == 1)
    }

    @Test("ends when enough was taken")
    func enough() {
        var asked = 0
        var taken: [Int] = []
        crew.work {
            asked += 1
            return asked
        } work: { number, _, isNeeded in
            isNeeded() ? number : -number
        } take: { number in
            taken.append(number)
            return number < 10
        }
        #expect(taken == Array(1...10))
    }

    @Test("ends with what was thrown, by the items or by who takes")
    func thrown() {
        for (bad, isInTake) in [(1, false), (1, true), (9, false), (9, true)] {
            var asked = 0
            #expect(throws: Stop.self) {
                try crew.work {
                    asked += 1
                    if !isInTake, asked == bad { throw Stop() }
                    return asked
                } work: { number, _, _ in
                    number
                } take: { number in
                    if isInTake, number == bad { throw Stop() }
                    return true
                }
            }
        }
    }
}
