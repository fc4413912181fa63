import Atlas
import Foundation
import Probes
import Testing

@testable import Collect

@Suite("Questions whose address says how they are asked", .serialized)
struct ErrandTests {
    private let script = ScriptProbe()

    private func ask(
        _ targets: [(probe: String, address: String, timeout: Span)],
        times: Int = 1
    ) throws -> [ProbeReply] {
        var inbox = try Inbox()
        let runner = try ProbeRunner(
            targets: targets.map { probe, address, timeout in
                ProbeTarget(
                    probe: probe,
                    resource: "r",
                    address: address,
                    every: .milliseconds(100),
                    timeout: timeout
                )
            },
            into: inbox.mailbox
        )
        defer { runner.stop() }
        try inbox.wait(for: "replies of each target") { inputs in
            targets.indices.allSatisfy { index in
                Inbox.replies(inputs).count { $0.target == index } >= times
            }
        }
        return try targets.indices.map { index in
            try #require(inbox.replies.filter { $0.target == index }.prefix(times).last)
        }
    }

    private func observations(_ probe: any Probe, _ reply: ProbeReply) throws -> [Observation] {
        try probe.decode(try #require(reply.text, "\(String(describing: reply.failure))"))
    }

    private func health(_ probe: any Probe, _ reply: ProbeReply) throws -> String {
        for case .health(let health, let reason) in try observations(probe, reply) {
            return "\(health.rawValue): \(reason)"
        }
        return ""
    }

    private func metrics(_ probe: any Probe, _ reply: ProbeReply) throws -> [String: Double] {
        var metrics: [String: Double] = [:]
        for case .metric(let sample) in try observations(probe, reply) {
            metrics[sample.name] = sample.value
        }
        return metrics
    }

    @Test("a path is measured by connections, taken or refused, by address or by name")
    func roundTrips() throws {
        let open = try Listener(.says(""))
        let refused = "127.0.0.1:\(try Listener.unusedPort())"
        let replies = try ask([
            ("path", "127.0.0.1:\(open.port) count=3", .seconds(5)),
            ("path", refused + " count=3", .seconds(5)),
            ("path", "localhost:\(open.port) count=2", .seconds(5)),
            ("path", refused + " count=2 rtt-warn=1ns", .seconds(5)),
            ("path", "no-such-name.invalid:1", .seconds(20)),
            ("path", "no-port", .seconds(5)),
        ])
        for index in 0...2 {
            #expect(try health(Path(), replies[index]) == "ok: ")
            let metrics = try metrics(Path(), replies[index])
            #expect(metrics["loss"] == 0)
            #expect(metrics["rtt"].map { 0 < $0 && $0 < 900 } == true)
        }
        #expect(replies[1].text?.contains("\nrefused ") == true)
        #expect(try health(Path(), replies[3]).hasPrefix("warn: rtt "))
        #expect(replies[4].failure?.kind == .unreachable)
        #expect(replies[5].failure?.detail.contains("add a port") == true)
    }

    @Test("a path that swallows what is sent is lost, in the time given, and delays no other")
    func loss() throws {
        // Its queue of connections is full, so that it answers no more (listen(2)).
        let full = try FullListener()
        let open = try Listener(.says(""))
        let replies = try ask([
            ("path", "127.0.0.1:\(full.port) count=2", .milliseconds(900)),
            ("path", "127.0.0.1:\(open.port) count=2", .seconds(5)),
        ])
        #expect(try health(Path(), replies[0]).hasPrefix("down: 2 of 2 lost: no answer within"))
        #expect(try metrics(Path(), replies[0]) == ["loss": 100])
        #expect(replies[0].ended - replies[0].started < .milliseconds(1_400))
        #expect(try health(Path(), replies[1]) == "ok: ")
    }

    @Test("a path is measured by ping, where this machine may")
    func ping() throws {
        let reply = try ask([("path", "127.0.0.1 by=icmp count=2", .seconds(9))])[0]
        let said = try reply.text.map { _ in try health(Path(), reply) }
        guard let said, !said.contains("may send no ICMP") else {
            print("SKIPPED: no ping here: \(said ?? reply.failure?.detail ?? "")")
            return
        }
        #expect(said == "ok: ")
        let metrics = try metrics(Path(), reply)
        #expect(metrics["loss"] == 0 && (metrics["rtt"] ?? 0) > 0)
    }

    @Test("a backup is found by a file, by a line, and by what a command says")
    func backups() throws {
        let folder = try TemporaryFolder()
        try folder.write([UInt8](repeating: 1, count: 5_000), to: "a.dump")
        try folder.write([], to: "b.dump")
        try folder.append("2001-01-01 00:00:00 backup done\nother\n", to: "log")
        try folder.append("[{\"time\":\"2001-01-01T00:00:00Z\"}]", to: "list")
        let replies = try ask(
            [
                ("backup", "files=\(folder.path)/*.dump within=26h", .seconds(9)),
                ("backup", "files=\(folder.path)/*.dump within=26h min-size=5K", .seconds(9)),
                (
                    "backup", "log=\(folder.file("log")) contains='backup done' within=1h",
                    .seconds(9)
                ),
                ("backup", "command='cat \(folder.file("list"))' within=1h", .seconds(9)),
                ("backup", "command='cat \(folder.file("none"))' within=1h", .seconds(9)),
                ("backup", "files=\(folder.path)/none/* within=1h", .seconds(9)),
                ("backup", "log=\(folder.path)/none contains=x within=1h", .seconds(9)),
                ("backup", "files=\(folder.path)/*", .seconds(9)),
            ],
            times: 2
        )
        #expect(try health(Backup(), replies[0]) == "ok: ")
        #expect(try metrics(Backup(), replies[0])["size"] == 5_000)
        #expect(try metrics(Backup(), replies[0])["age"].map { $0 < 600 } == true)
        #expect(try health(Backup(), replies[1]).hasPrefix("down: no backup: "))
        for index in 2...3 {
            #expect(try health(Backup(), replies[index]).hasPrefix("down: the newest is "))
            #expect(try metrics(Backup(), replies[index])["age"].map { $0 > 7e8 } == true)
        }
        #expect(
            try health(Backup(), replies[4])
                .hasPrefix("no-data: the command ended with status 1: cat: ")
        )
        for index in 5...6 { #expect(replies[index].failure?.kind == .noClient) }
        #expect(replies[7].failure?.detail.contains("how old the newest may be") == true)
    }

    @Test("a command that floods, hangs or nests its JSON deep is bounded")
    func hostileCommands() throws {
        func command(_ body: String) -> String {
            "command=\"/bin/sh -c '\(body)' \(script.tag)\" within=1h"
        }
        let replies = try ask([
            ("backup", command("while :; do cat /dev/zero; done"), .seconds(9)),
            ("backup", command("exec sleep 1000"), .milliseconds(300)),
            ("backup", command("printf \\\"%09999d\\\" 0 | tr 0 ["), .seconds(9)),
            ("backup", command("head -c 60000 /dev/urandom"), .seconds(9)),
        ])
        #expect(replies[0].failure?.kind == .tooLarge)
        #expect(replies[1].failure?.kind == .timeout)
        #expect(throws: ProbeError.self) { try Backup().decode(replies[2].text ?? "") }
        #expect(replies[3].text != nil)
        _ = try? Backup().decode(replies[3].text ?? "")
        #expect(try script.survivors(after: .seconds(5)) == 0)
    }
}

/// A port whose queue of connections is full; gone with its owner.
private final class FullListener {
    let port: UInt16
    private var sockets: [Int32] = []

    init() throws {
        let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listening, $0, length) == 0 && listen(listening, 0) == 0
                    ? getsockname(listening, $0, &length) : -1
            }
        }
        try #require(result == 0)
        port = UInt16(bigEndian: address.sin_port)
        sockets = [listening]
        for _ in 0..<4 {
            let guest = socket(
                AF_INET,
                Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue),
                0
            )
            sockets.append(guest)
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = connect(guest, $0, length)
                }
            }
        }
    }

    deinit {
        for socket in sockets { close(socket) }
    }
}
