import Atlas
import Foundation
import Probes
import Testing

@testable import Collect

/// Asks a Unix socket, and takes whatever comes until it is closed.
private struct SocketProbe: ConnectionProbe {
    let name = "socket"
    let summary = "made for a test"
    let addressHelp = "a path, and 'hearsay' when it tells of another"

    func dialogue(for address: String) throws(ProbeError) -> Dialogue {
        let words = address.split(separator: " ").map(String.init)
        var dialogue = Dialogue(path: words[0], text: "how\n", expects: "all")
        dialogue.isHearsay = words.count > 1
        return dialogue
    }

    func isComplete(_ bytes: [UInt8], expects: String) -> Bool { false }

    func decode(_ reply: String) throws(ProbeError) -> [Observation] { [] }
}

@Suite("Questions over a Unix socket", .serialized)
struct UnixSocketTests {
    /// The first reply of each address.
    private func replies(_ addresses: [String]) throws -> [ProbeReply] {
        var inbox = try Inbox()
        let targets = addresses.map { address in
            ProbeTarget(
                probe: "socket",
                resource: "r",
                address: address,
                every: .milliseconds(50),
                timeout: .milliseconds(500)
            )
        }
        let runner = try ProbeRunner(
            targets: targets,
            into: inbox.mailbox,
            probes: [SocketProbe()]
        )
        defer { runner.stop() }
        try inbox.wait(for: "a reply of each target") { inputs in
            let heard = Set(Inbox.replies(inputs).compactMap(\.target))
            return heard.count == targets.count
        }
        return try targets.indices.map { index in
            try #require(inbox.replies.first { $0.target == index })
        }
    }

    @Test("the answer is all that comes until it is closed; a flood is cut")
    func answers() throws {
        let folder = try TemporaryFolder()
        let behaviours: [Listener.Behaviour] = [
            .says("fine\n"), .drips("fine\n"), .floods("a", String(repeating: "x", count: 8_192)),
            .saysAndStays("fine"), .says(""),
        ]
        let listeners = try behaviours.enumerated().map { index, behaviour in
            try Listener(behaviour, path: folder.file("\(index).sock"))
        }
        let replies = try replies(listeners.indices.map { folder.file("\($0).sock") })
        for index in 0...1 {
            let reply = try #require(replies[index].text.flatMap { OneShotReply($0) })
            #expect(reply.body == "fine\n" && reply.expects == "all")
            guard case .hungUp = reply.ending else {
                Issue.record("\(reply.ending)")
                continue
            }
        }
        let flood = try #require(replies[2].text.flatMap { OneShotReply($0) })
        #expect(flood.body.utf8.count == OneShotReply.limit)
        #expect(replies[3].failure?.kind == .timeout)
        #expect(replies[4].failure?.kind == .broken)
    }

    @Test("a socket that nobody serves is told apart from one that is not there or too long")
    func failures() throws {
        let folder = try TemporaryFolder()
        let dead = folder.file("dead.sock")
        do { _ = try Listener(.says(""), path: dead) }
        let long = "/" + String(repeating: "x", count: 108)
        let replies = try replies([
            dead, folder.file("none.sock"), long, "\(dead) hearsay", folder.path,
        ])
        #expect(replies[0].failure?.kind == .unreachable)
        #expect(
            replies[1].failure
                == ProbeFailure(kind: .unreachable, detail: "No such file or directory")
        )
        #expect(replies[2].failure?.detail == "the path is too long for a socket")
        #expect(replies[3].failure?.kind == .noClient, "what it would have told is not known")
        #expect(replies[4].failure?.kind == .unreachable)
    }
}
