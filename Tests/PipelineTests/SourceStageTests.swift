import Atlas
import Testing

@testable import Pipeline

@Suite("What is told of a source beside its lines")
struct SourceStageTests {
    private func pipeline(_ format: String) -> Pipeline {
        Pipeline(
            plan: WatchPlan(sources: [LogSource(name: "a", path: "/a.log", format: format)])
        )
    }

    private func batch(_ lines: [String], stream: UInt32 = 0) -> LineBatch {
        var batch = LineBatch(source: 0, stream: stream, bytes: [], ends: [])
        for line in lines {
            batch.bytes += Array(line.utf8)
            batch.ends.append(UInt32(batch.bytes.count))
        }
        return batch
    }

    private func at(_ seconds: Int64, _ event: InputEvent) -> Input {
        Input(at: Instant(seconds: 1_000 + seconds), event: event)
    }

    @Test("its rate is the mean of the last ten seconds, and nothing again when they are over")
    func rate() {
        var pipeline = pipeline("plain")
        _ = pipeline.step(at(0, .tick))
        #expect(pipeline.picture().sources[0].rate == nil)
        _ = pipeline.step(at(3, .lines(batch(Array(repeating: "x", count: 25)))))
        for second in 1...10 { _ = pipeline.step(at(Int64(second), .tick)) }
        #expect(pipeline.picture().sources[0].rate == 2.5)
        for second in 11...20 { _ = pipeline.step(at(Int64(second), .tick)) }
        #expect(pipeline.picture().sources[0].rate == 0)
    }

    @Test("open streams are counted until they are over")
    func streams() {
        var pipeline = pipeline("plain")
        for stream in 1...3 {
            _ = pipeline.step(at(0, .lines(batch(["x"], stream: UInt32(stream)))))
        }
        _ = pipeline.step(at(1, .tick))
        #expect(pipeline.picture().sources[0].streams == 3)
        _ = pipeline.step(at(1, .source(SourceEvent(source: 0, stream: 2, kind: .closed))))
        _ = pipeline.step(at(2, .tick))
        #expect(pipeline.picture().sources[0].streams == 2)
    }

    @Test("of a source of any format its first lines make a guess, however they were cut")
    func guess() {
        let lines = (0..<300).map { number in
            number % 10 == 0
                ? "odd" : "I1122 10:11:12.12345\(number % 10)   12345 controller.go:123] Pod ready"
        }
        var whole = pipeline("auto")
        _ = whole.step(at(0, .lines(batch(lines))))
        var cut = pipeline("auto")
        for start in stride(from: 0, to: 300, by: 7) {
            _ = cut.step(at(0, .lines(batch(Array(lines[start..<min(300, start + 7)])))))
        }
        let guess = whole.picture().sources[0].guess
        #expect(guess?.format == "klog" && guess?.confidence ?? 0 >= 0.9)
        #expect(guess == cut.picture().sources[0].guess)
        #expect(pipeline("plain").picture().sources[0].guess == nil)
    }

    @Test(
        "a file that was not read for a while is a finding for ten minutes, though it is read again"
    )
    func stalled() {
        var pipeline = pipeline("plain")
        let words = "grew by 8 bytes unnoticed; opened anew"
        _ = pipeline.step(at(0, .source(SourceEvent(source: 0, kind: .stalled, detail: words))))
        _ = pipeline.step(at(1, .tick))
        #expect(pipeline.picture().findings.map(\.key) == ["source:a"])
        _ = pipeline.step(at(2, .lines(batch(["x"]))))
        _ = pipeline.step(at(3, .tick))
        let finding = pipeline.picture().findings.first
        #expect(finding?.key == "stalled:a" && finding?.detail == words)
        #expect(pipeline.picture().sources[0].health == .ok)
        _ = pipeline.step(at(599, .tick))
        #expect(pipeline.picture().findings.count == 1)
        _ = pipeline.step(at(600, .tick))
        #expect(pipeline.picture().findings.isEmpty)
        #expect(pipeline.picture().sources[0].stalls == 1)
    }

    @Test("files that are not read while others are make a finding until they are well")
    func troubles() {
        var pipeline = pipeline("plain")
        func event(_ count: Int, _ troubles: [String]) -> InputEvent {
            .source(SourceEvent(source: 0, kind: .troubles, count: count, troubles: troubles))
        }
        _ = pipeline.step(at(0, .lines(batch(["x"]))))
        _ = pipeline.step(at(1, event(1, ["/a: damaged"])))
        _ = pipeline.step(at(2, event(3, ["/a: damaged", "/b: no right"])))
        // The line of another file says nothing of these.
        _ = pipeline.step(at(3, .lines(batch(["y"]))))
        let finding = pipeline.picture().findings.first
        #expect(finding?.key == "unread:a" && finding?.title == "a: 3 files are not read")
        #expect(finding?.detail == "/a: damaged; /b: no right; and 1 more")
        #expect(finding?.since == at(1, .tick).at)
        _ = pipeline.step(at(4, event(0, [])))
        #expect(pipeline.picture().findings.isEmpty)
    }

    @Test("the files that are furthest behind are in the picture, until others are told")
    func files() {
        var pipeline = pipeline("plain")
        let file = FileProgress(path: "/a.log", offset: 3, size: 10)
        func progress(_ files: [FileProgress]?) -> InputEvent {
            .source(SourceEvent(source: 0, kind: .progress, count: 7, files: files))
        }
        _ = pipeline.step(at(0, progress([file])))
        _ = pipeline.step(at(1, progress(nil)))
        #expect(pipeline.picture().sources[0].files == [file])
        _ = pipeline.step(at(2, progress([])))
        #expect(pipeline.picture().sources[0].files.isEmpty)
    }

    @Test("a cursor of the journal goes with its lines, and is no offset")
    func cursor() {
        var pipeline = pipeline("journal-export")
        var lines = batch(["__REALTIME_TIMESTAMP=1\nMESSAGE=x"])
        lines.position = ReadPosition(source: "a", cursor: "c1")
        var effects = pipeline.step(at(0, .lines(lines)))
        effects += pipeline.step(at(1, .tick))
        let positions = effects.flatMap { effect -> [ReadPosition] in
            if case .keep(let chunk) = effect { chunk.positions } else { [] }
        }
        #expect(positions == [ReadPosition(source: "a", cursor: "c1")])
        #expect(pipeline.picture().sources[0].offset == nil)
    }
}
