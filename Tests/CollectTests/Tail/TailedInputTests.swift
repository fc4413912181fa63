import Atlas
import Glibc
import Testing

@testable import Collect

@Suite("Standard input")
struct TailedInputTests {
    @Test("is read to its end, its last line included, and then said to have ended")
    func readsToEnd() throws {
        let pipe = try makePipe()
        let reader = Descriptor(pipe.read)
        do {
            let writer = Descriptor(pipe.write)
            #expect(write(writer.number, "one\ntwo\nthree", 13) == 13)
        }
        var context = TailContext()
        let input = TailedInput(reader.number, index: 3, lineLimit: 4)
        while !input.hasEnded { input.read(&context) }
        #expect(
            context.outbox.map(\.event) == [
                .lines(LineBatch(source: 3, bytes: Array("onetwo".utf8), ends: [3, 6])),
                .lines(LineBatch(source: 3, bytes: Array("thre [cut]".utf8), ends: [10])),
                .source(
                    SourceEvent(source: 3, kind: .cut, detail: "cut to 4 bytes", count: 1)
                ),
                .source(SourceEvent(source: 3, kind: .ended)),
            ]
        )
    }
}
