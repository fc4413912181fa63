import Atlas
import Testing

@testable import Decode

@Suite("The format auto, once it knows what is usual")
struct FormatHabitTests {
    private static let arrival = Instant(seconds: 1_795_500_000)

    private struct Read: Equatable {
        var reading: SourceDecoder.Reading
        var fields: [Field]
    }

    private func read(
        _ line: String,
        _ decoder: inout SourceDecoder,
        _ fields: inout FieldList
    ) -> Read {
        let bytes = Array(line.utf8)
        let reading = decoder.read(bytes.span.bytes, into: &fields, arrival: Self.arrival)
        return Read(reading: reading, fields: (0..<fields.count).map { fields[$0] })
    }

    /// Of all formats' own lines.
    private static let lines = FormatFixtures.all.flatMap { fixture in
        fixture.lines.map { (fixture.format, $0) }
    }

    @Test("reads a line of another one as it would without knowing", arguments: FormatFixtures.all)
    func readsOthers(usual: (format: String, lines: [String])) throws {
        let first = try #require(usual.lines.first)
        var fields = FieldList()
        var habit = SourceDecoder(format: AutoLog(), zone: .zero)
        for _ in 0..<100 { _ = read(first, &habit, &fields) }
        var wrong: [String] = []
        for (name, line) in Self.lines {
            // Each time as after lines of the usual format, and as after a single one.
            var (settled, fresh) = (habit, SourceDecoder(format: AutoLog(), zone: .zero))
            _ = read(first, &fresh, &fields)
            if read(line, &settled, &fields) != read(line, &fresh, &fields) {
                wrong.append("\(name): \(line)")
            }
        }
        #expect(wrong == [])
    }

    @Test("is usual after many lines in a row, and no longer after one of another")
    func isUsual() {
        var habit = FormatHabit()
        // 1 is narrower than 3.
        let narrower = [[], [], [], [1], []]
        #expect(habit.usual == nil)
        for _ in 0..<63 { habit.note(3, narrower: narrower) }
        #expect(habit.usual == nil)
        habit.note(3, narrower: narrower)
        #expect(habit.usual == 3)
        habit.note(1, narrower: narrower)
        #expect(habit.usual == 3)
        habit.note(4, narrower: narrower)
        #expect(habit.usual == nil)
        for _ in 0..<100 { habit.note(4, narrower: narrower) }
        #expect(habit.usual == 4)
        for index in 0..<100 { habit.note(index % 2 == 0 ? 1 : 3, narrower: narrower) }
        #expect(habit.usual == 3)
    }
}
