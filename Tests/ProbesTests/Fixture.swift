import Atlas
import Foundation
import Probes

/// What one client wrote in one session, recorded from a real server, and what it must mean.
///
/// `NAME.session` holds the bytes; request 7 is the one that counts, an earlier one shows that the
/// session worked. `NAME.expected` holds the meaning as text. Names that begin with `try-` are
/// tries number 42 of a canary, those with `writes-` its question for its numbers.
struct Fixture: CustomStringConvertible, Sendable {
    let probe: any Probe
    let name: String
    private let folder: URL

    var description: String { "\(probe.name)/\(name)" }

    static let all: [Fixture] = ProbeCatalog.all.flatMap { Fixture.of($0) }

    static func of(_ probe: any Probe) -> [Fixture] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/\(probe.name)")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".session") }.sorted().map {
            Fixture(probe: probe, name: String($0.dropLast(".session".count)), folder: folder)
        }
    }

    func session() throws -> String {
        try String(contentsOf: folder.appending(path: "\(name).session"), encoding: .utf8)
    }

    func expected() throws -> String {
        try String(contentsOf: folder.appending(path: "\(name).expected"), encoding: .utf8)
    }

    /// What the probe makes of it, one fact a line.
    func meaning() throws -> String {
        let text = try session()
        if probe is any OneShotProbe { return try meaning(ofWhole: text) }
        let request = probe.status(number: 7)
        let end = request.end
        let before = probe.status(number: 6).end
        // By scalars: the pair of CR and LF is one character.
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0) }
        let worked = lines.firstIndex { $0.hasPrefix(before) }
        if let worked { lines.removeFirst(worked + 1) }
        let ending = lines.firstIndex { line in
            ([end] + request.hopeless).contains { line.hasPrefix($0) }
        }
        guard let last = ending, lines[last].hasPrefix(end) else {
            let failure = probe.classify(
                output: lines[...(ending ?? lines.count - 1)].joined(separator: "\n"),
                wasConnected: worked != nil
            )
            return say(failure)
        }
        let reply = SessionReply(
            text: lines[..<last].joined(separator: "\n"),
            verdict: String(lines[last].dropFirst(end.count))
        )
        if name.hasPrefix("try-") {
            return probe.canary?.judge(reply, attempt: 42).map(say) ?? "good\n"
        }
        if let failure = probe.refusal(in: reply) { return say(failure) }
        if name.hasPrefix("writes-") {
            let islands = try probe.canary?.decodeWrites(reply.text) ?? []
            return islands.map { "\($0)\n" }.joined()
        }
        let observations = try probe.decode(reply.text).map(say)
        return (observations + probe.remarks(on: reply.text).map { "remark: \($0)\n" }).joined()
    }

    /// Of a reply that nothing frames.
    private func meaning(ofWhole text: String) throws -> String {
        if name.hasPrefix("try-") {
            return probe.canary?.judge(SessionReply(text: text), attempt: 42).map(say) ?? "good\n"
        }
        if let failure = probe.refusal(in: SessionReply(text: text)) { return say(failure) }
        do throws(ProbeError) {
            return try probe.decode(text).map(say).joined()
                + probe.remarks(on: text).map { "remark: \($0)\n" }.joined()
        } catch {
            return "error: \(error.what)\n"
        }
    }

    private func say(_ failure: ProbeFailure) -> String {
        "\(failure.kind.rawValue): \(failure.detail)\n"
    }

    private func say(_ observation: Observation) -> String {
        switch observation {
        case .role(let role): "role \(role)\n"
        case .position(let at):
            "position timeline \(at.timeline) received \(at.received) applied \(at.applied)\n"
        case .upstream(let name): "upstream \(name ?? "nobody")\n"
        case .peer(let peer):
            "peer \(peer.name) \(peer.state) flushed \(peer.flushed.map(String.init) ?? "-")"
                + " applied \(peer.applied.map(String.init) ?? "-")"
                + "\(peer.isSynchronous ? " synchronous" : "")\n"
        case .replayPaused(let paused): "replay \(paused ? "paused" : "goes on")\n"
        case .health(let health, let reason): "health \(health.rawValue): \(reason)\n"
        case .link(let link):
            "link \(link.name) \(link.health.rawValue) behind \(link.behind?.description ?? "-")"
                + " bytes \(link.bytes.map(String.init) ?? "-"): \(link.reason)\n"
        case .event(let event):
            "event \(event.at?.description ?? "-") \(event.level.name): \(event.text)\n"
        case .metric(let sample): "metric \(sample.name) \(sample.value)\(sample.unit)\n"
        case .counter(let sample):
            "counter \(sample.name) \(sample.total)\(sample.whole.map { " of \($0)" } ?? "") \(sample.unit)"
                + "\(sample.limit.map { " from \($0.from): \($0.reason)" } ?? "")\n"
        }
    }
}
