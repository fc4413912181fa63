import Atlas
import Collect
import History
import Pipeline

/// The fold at work, on its thread: numbers inputs by taking them one after the other, records
/// them, steps, and hands over what comes out.
struct FoldLoop {
    private var pipeline: Pipeline
    private let recorder: Recorder?
    private let store: StoreThread?
    private let memory: MemoryLog?
    private let kept: ([UInt64]) -> Void
    private let ask: (ProbeReply.Question) -> Void
    private let say: (String) -> Void
    private var batch: HistoryBatch
    private var isRecordingBroken = false
    private var findings: FindingLog

    /// `kept` is told of receipts where there is no store to do it: lines in memory are all that
    /// such a run keeps.
    init(
        _ pipeline: Pipeline,
        recorder: Recorder?,
        store: StoreThread?,
        memory: MemoryLog? = nil,
        kept: @escaping ([UInt64]) -> Void = { _ in },
        ask: @escaping (ProbeReply.Question) -> Void,
        say: @escaping (String) -> Void
    ) {
        self.pipeline = pipeline
        findings = FindingLog(opening: pipeline.picture().findings)
        self.recorder = recorder
        self.store = store
        self.memory = memory
        self.kept = kept
        self.ask = ask
        self.say = say
        batch = HistoryBatch(at: .distantPast)
    }

    var picture: Picture { pipeline.picture() }

    /// What the run itself has to tell, in pictures from now on.
    mutating func tell(_ findings: [Finding]) { pipeline.ownFindings = findings }

    /// Takes inputs in the order in which they are numbered.
    mutating func take(_ inputs: [Input]) {
        for input in inputs {
            record(input)
            batch.at = max(batch.at, input.at)
            handle(pipeline.step(input))
        }
        handle(pipeline.flush())
    }

    /// Seals and hands over what is open.
    mutating func finish() {
        handle(pipeline.finish())
        hand()
    }

    private mutating func handle(_ effects: [Effect]) {
        memory?.take(effects)
        var isDue = false
        for effect in effects {
            switch effect {
            case .keep(let chunk):
                batch.chunks.append(chunk)
                isDue = true
            case .note(let input, let line):
                batch.observations.append(JournalEntry(line: line, input: input))
                if input.event == .tick { isDue = true }
            case .show(let parts):
                batch.parts += parts
                tell(parts)
            case .measure(let rows):
                batch.metrics += rows
            case .ask(let question):
                ask(question)
            }
        }
        if isDue { hand() }
    }

    private mutating func tell(_ parts: [PicturePart]) {
        for case .findings(let now) in parts {
            for words in findings.take(now, at: batch.at) { say(words) }
        }
    }

    private mutating func hand() {
        defer { batch = HistoryBatch(at: batch.at) }
        if let store { store.put(batch) } else { kept(batch.chunks.flatMap(\.receipts)) }
    }

    private mutating func record(_ input: Input) {
        guard let recorder, !isRecordingBroken else { return }
        do throws(CollectError) {
            try recorder.append(input)
        } catch {
            isRecordingBroken = true
            say(error.what)
        }
    }
}
