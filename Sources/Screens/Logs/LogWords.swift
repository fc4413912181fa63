import Atlas
import Canvas
import Query

/// What the logs show, and why they show nothing, in words.
struct LogWords {
    let scene: Scene

    private var state: ViewState { scene.state }
    private var logs: LogView { scene.state.logs }

    /// What narrows the lines beside scope and filter, which the frame tells.
    var choices: [String] {
        var words: [String] = []
        if let level { words.append(level) }
        if let only = logs.only { words.append("only " + only.joined(separator: " and ")) }
        if let source = logs.onlySources?.first { words.append("only \(source)") }
        if !logs.highlight.isEmpty { words.append("highlight “\(logs.highlight)”") }
        return words
    }

    private var level: String? {
        switch logs.minimumLevel {
        case .trace: nil
        case .error, .fatal: "errors only"
        case let level: "\(level.name) and graver"
        }
    }

    /// Whether the newest line is followed, and how to.
    var motion: String {
        if let looked = logs.answer?.looked, logs.asked != nil {
            return "looking, \(Int(looked * 100))% so far"
        }
        if let asked = logs.asked, asked.choice != logs.answer?.question.choice {
            return "looking"
        }
        if case .hit = logs.asked?.aim { return "looking" }
        if logs.isFollowing { return state.isPaused ? "the newest" : "following" }
        let back = logs.origin == nil ? "End follows" : "Esc goes back"
        let came = scene.picture.intake.lines - logs.cameBefore
        return came > 0 ? "\(Wording.coarse(came)) came since, \(back)" : back
    }

    /// What rules dropped, since it is not among the lines; nil where they dropped nothing.
    var ruledOut: String? {
        let count = scene.picture.sources.reduce(0) { $0 + $1.ruledOut }
        return count > 0 ? "rules dropped \(Wording.coarse(count))" : nil
    }

    /// What the filter asks of a line.
    private var filtered: String {
        switch state.filter.condition {
        case .text(let text): "holds “\(text.text)”"
        case .not(.text(let text)): "lacks “\(text.text)”"
        default: "matches “\(state.filter.text)”"
        }
    }

    /// Why there is no line.
    var nothing: String {
        guard let answer = logs.answer else {
            return scene.picture.sources.isEmpty
                ? "No logs are followed: name files in azimuth.yaml under sources:, and their "
                    + "lines appear here."
                : "Looking for lines."
        }
        if answer.looked != nil { return "No line was found so far." }
        if let problem = answer.problem { return "Lines cannot be read: \(problem)." }
        var which: [String] = []
        if !state.filter.isEmpty {
            which.append(filtered)
        }
        if let level { which.append("is \(level == "errors only" ? "an error" : level)") }
        if let source = logs.onlySources?.first {
            which.append("is of \(source)")
        } else if let only = logs.only {
            which.append("is of \(only.joined(separator: " or "))")
        } else if !state.scope.isAll {
            which.append("is of this scope")
        }
        if !which.isEmpty {
            let last = which.removeLast()
            let all = which.isEmpty ? last : which.joined(separator: ", ") + " and " + last
            return "No line \(all). Esc takes that back."
        }
        if let lookingAt = state.lookingAt {
            return "No line had come by \(scene.time.second(lookingAt))."
        }
        let sources = scene.picture.sources.filter { $0.partOf == nil }
        return sources.isEmpty
            ? "No logs are followed: name files in azimuth.yaml under sources:, and their lines "
                + "appear here."
            : "No log line came so far. \(Wording.count(sources.count)) "
                + (sources.count == 1 ? "source is" : "sources are") + " followed."
    }
}
