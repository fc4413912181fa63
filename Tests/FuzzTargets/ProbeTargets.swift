internal import Atlas
internal import Collect
internal import Probes

extension FuzzTarget {
    static let probes = ProbeCatalog.all.map { probe in
        FuzzTarget("probe-\(probe.name)", seeds: ["Tests/ProbesTests/Fixtures/\(probe.name)"]) {
            bytes in
            answer(bytes.text, probe)
            session(bytes, probe)
            address(bytes, probe)
        }
    }

    /// An answer means one thing, whatever stands in it.
    private static func answer(_ text: String, _ probe: any Probe) {
        let seen = try? probe.decode(text)
        hold(seen == (try? probe.decode(text)), "an answer means one thing")
        _ = probe.remarks(on: text)
        _ = probe.classify(output: text, wasConnected: false)
        let reply = SessionReply(text: text, verdict: "")
        _ = probe.refusal(in: reply)
        guard let canary = probe.canary else { return }
        _ = canary.judge(reply, attempt: 42)
        guard let islands = try? canary.decodeWrites(text) else { return }
        for (island, next) in zip(islands, islands.dropFirst()) {
            hold(island.upperBound < next.lowerBound, "islands rise")
        }
    }

    /// What a client writes, cut into replies.
    private static func session(_ bytes: UnsafeRawBufferPointer, _ probe: any Probe) {
        if let connection = probe as? any ConnectionProbe {
            _ = connection.isComplete(Array(bytes), expects: "")
        }
        guard !(probe is any OneShotProbe) else { return }
        var whole = ReplyFramer()
        whole.expect(probe.status(number: 7))
        let reply = whole.take(Array(bytes))
        var pieces = ReplyFramer()
        pieces.expect(probe.status(number: 7))
        var early: SessionReply?
        bytes.cut { piece in
            if early == nil { early = pieces.take(Array(piece)) }
        }
        hold(reply == early, "a reply does not depend on the blocks")
        guard let reply else { return }
        answer(reply.text, probe)
        _ = probe.refusal(in: reply)
        _ = probe.canary?.judge(reply, attempt: 42)
    }

    private static func address(_ bytes: UnsafeRawBufferPointer, _ probe: any Probe) {
        let address = String(decoding: bytes.prefix { $0 != 10 }.prefix(500), as: UTF8.self)
        _ = try? probe.session(for: address, timeout: .seconds(1))
        guard let connection = probe as? any ConnectionProbe,
            let dialogue = try? connection.dialogue(for: address)
        else { return }
        _ = connection.isComplete(Array(bytes), expects: dialogue.expects)
    }
}
