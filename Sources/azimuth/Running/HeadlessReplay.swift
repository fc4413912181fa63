import Atlas
import Collect
import History
import Pipeline

/// A recording folded without a screen.
enum HeadlessReplay {
    /// The picture at the end, or at `end`, and what was wrong with the recording.
    ///
    /// `log` takes the lines, for a screen that shows them.
    static func run(
        _ recording: Recording,
        speed: ReplaySpeed,
        until end: Instant?,
        log: MemoryLog? = nil
    ) throws -> (picture: Picture, complaint: String?) {
        let clock = try ReplayClock(speed: speed)
        let end = end ?? Instant(nanoseconds: .max)
        var pipeline = Pipeline(plan: recording.plan)
        var reader = try recording.inputs()
        while true {
            let inputs = try reader.next(512)
            for input in inputs {
                guard input.at <= end, clock.wait(until: input.at) else {
                    log?.take(pipeline.finish())
                    return (pipeline.picture(), reader.report.complaint)
                }
                let effects = pipeline.step(input)
                log?.take(effects)
            }
            if inputs.isEmpty { break }
        }
        log?.take(pipeline.finish())
        return (pipeline.picture(), reader.report.complaint)
    }
}
