import Atlas
import Chance
import Testing

@testable import Pipeline

@Suite("How lines are cut into batches")
struct BatchCutTests {
    /// What a run leaves behind: the picture, all that was kept, all that was asked.
    private struct Outcome: Equatable {
        var picture: Picture
        var lines: [LogRecord] = []
        var shown: [[PicturePart]] = []
        var asked: [ProbeReply.Question] = []
        var measured: [MetricRow] = []
    }

    private func run(_ plan: WatchPlan, _ inputs: [Input]) -> Outcome {
        var pipeline = Pipeline(plan: plan)
        var kept = pipeline.picture()
        var effects: [Effect] = []
        for input in inputs { effects += pipeline.step(input) }
        effects += pipeline.finish()
        var outcome = Outcome(picture: pipeline.picture())
        for effect in effects {
            switch effect {
            case .keep(let chunk): outcome.lines += (0..<chunk.count).map(chunk.record)
            case .show(let parts): outcome.shown.append(parts)
            case .ask(let question): outcome.asked.append(question)
            case .measure(let rows): outcome.measured += rows
            case .note: break
            }
        }
        for part in outcome.shown.joined() { kept.apply(part) }
        #expect(kept == outcome.picture, "what was shown is what there is, from the opening on")
        return outcome
    }

    /// Joins neighbours that came together, then cuts each batch at random.
    private func recut(_ inputs: [Input], _ dice: inout Dice) -> [Input] {
        var joined: [Input] = []
        for input in inputs {
            if case .lines(let batch) = input.event, let last = joined.last, last.at == input.at,
                case .lines(var before) = last.event, before.source == batch.source
            {
                let base = UInt32(before.bytes.count)
                before.bytes += batch.bytes
                before.ends += batch.ends.map { $0 + base }
                joined[joined.count - 1] = Input(at: input.at, event: .lines(before))
            } else {
                joined.append(input)
            }
        }
        return joined.flatMap { input -> [Input] in
            guard case .lines(let batch) = input.event else { return [input] }
            var pieces: [Input] = []
            var from = 0
            while from < batch.count {
                let to = dice.roll(from + 1...batch.count)
                let start = from == 0 ? 0 : Int(batch.ends[from - 1])
                let bytes = Array(batch.bytes[start..<Int(batch.ends[to - 1])])
                let ends = batch.ends[from..<to].map { $0 - UInt32(start) }
                pieces.append(
                    Input(
                        at: input.at,
                        event: .lines(LineBatch(source: batch.source, bytes: bytes, ends: ends))
                    )
                )
                from = to
            }
            return pieces
        }
    }

    /// The capture with its lines read every 250 ms, so that batches hold several.
    private func coarse(_ inputs: [Input]) -> [Input] {
        inputs.enumerated().map { index, input -> (Int, Input) in
            guard case .lines = input.event else { return (index, input) }
            let at = input.at.floor(to: .milliseconds(250)) + .milliseconds(250)
            return (index, Input(at: at, event: input.event))
        }
        .sorted { ($0.1.at, $0.0) < ($1.1.at, $1.0) }.map(\.1)
    }

    @Test("makes no difference to anything that comes out", arguments: 1...8)
    func recutting(seed: Int) throws {
        let capture = try CaptureReader("pg")
        let plan = capture.plan(packs: [.postgresql], hasCanary: false)
        let inputs = coarse(try capture.inputs())
        var dice = Dice(seed)
        let pieces = recut(inputs, &dice)
        #expect(pieces.count != inputs.count, "the cuts differ, else this shows nothing")
        #expect(run(plan, inputs) == run(plan, pieces))
    }

    @Test("makes no difference where chunks fill up in the middle of a batch")
    func fullChunks() {
        let plan = WatchPlan(sources: [LogSource(name: "x", path: "x", format: "plain")])
        let line = Array("a line of some length, again and again".utf8)
        let whole = LineBatch(
            source: 0,
            bytes: Array(repeating: line, count: 20_000).flatMap(\.self),
            ends: (1...20_000).map { UInt32($0 * line.count) }
        )
        let inputs = [
            Input(at: Instant(seconds: 1), event: .lines(whole)),
            Input(at: Instant(seconds: 2), event: .tick),
        ]
        var dice = Dice(9)
        let outcome = run(plan, inputs)
        #expect(outcome.lines.count == 20_000)
        #expect(outcome.lines.map(\.number) == Array(1...20_000))
        #expect(outcome == run(plan, recut(inputs, &dice)))
    }
}
