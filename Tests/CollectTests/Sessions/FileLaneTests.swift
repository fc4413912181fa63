import Atlas
import Foundation
import Probes
import Testing

@testable import Collect

/// Reads what it was made for.
private struct ReadingProbe: FileProbe {
    let name = "reading"
    let summary = "files"
    let addressHelp = "any"
    var wanted: FileReading

    func reading(for address: String) throws(ProbeError) -> FileReading { wanted }

    func decode(_ reply: String) throws(ProbeError) -> [Observation] { [] }
}

@Suite("Probes that read files")
struct FileLaneTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func ask(_ wanted: FileReading) throws -> ProbeReply.Outcome {
        let target = ProbeTarget(probe: "reading", resource: "r", address: "x")
        return try ProbeRunner.askOnce(target, probe: ReadingProbe(wanted: wanted)).outcome
    }

    private func answer(_ wanted: FileReading) throws -> FileReply {
        guard case .answered(let text) = try ask(wanted), let reply = OneShotReply(text) else {
            return FileReply("")
        }
        return FileReply(reply.body)
    }

    private func failure(_ wanted: FileReading) throws -> ProbeFailure? {
        guard case .failed(let failure) = try ask(wanted) else { return nil }
        return failure
    }

    @Test("gives the lines that were asked for, whole and in order")
    func lines() throws {
        try folder.append("  eth0: 1\nveth0: 2\n\neth0: 3\neth01: 4\nno end eth0:", to: "dev")
        let path = folder.file("dev")
        let all = try answer(FileReading(files: [.init(path)])).files[path]
        #expect(all == ["  eth0: 1", "veth0: 2", "eth0: 3", "eth01: 4", "no end eth0:"])
        let some = try answer(FileReading(files: [.init(path, starts: ["eth0:"])])).files[path]
        #expect(some == ["  eth0: 1", "eth0: 3"])
    }

    @Test("what is missing fails the question, unless it may be")
    func missing() throws {
        try folder.append("here\n", to: "a")
        let here = FileReading.File(folder.file("a"))
        let none = folder.file("none")
        #expect(
            try answer(FileReading(files: [here, .init(none, isOptional: true)])).files.count == 1
        )
        let failure = try #require(try failure(FileReading(files: [here, .init(none)])))
        #expect(failure.kind == .refused)
        #expect(failure.detail.contains("none: No such file"))
        #expect(try self.failure(FileReading(files: [.init(folder.path)]))?.kind == .refused)
    }

    @Test("an endless file and one without lines are bounded")
    func bounded() throws {
        let zero = try ask(FileReading(files: [.init("/dev/zero")]))
        guard case .answered(let text) = zero else { return #expect(Bool(false), "\(zero)") }
        #expect(text.utf8.count < 1_000)
        try folder.append(String(repeating: "cpu 1 2 3\n", count: 50_000), to: "many")
        let path = folder.file("many")
        let lines = try #require(try answer(FileReading(files: [.init(path)])).files[path])
        #expect((1_000..<5_000).contains(lines.count))
        #expect(lines.allSatisfy { $0 == "cpu 1 2 3" })
    }

    @Test("the room of file systems is asked for, and a folder that has gone is unreachable")
    func rooms() throws {
        let reply = try answer(FileReading(rooms: ["/", folder.path]))
        let root = try #require(reply.rooms["/"])
        #expect(root.total > root.available && root.block > 0)
        #expect(reply.rooms.count == 2)
        let failure = try failure(FileReading(rooms: [folder.file("none")]))
        #expect(failure?.kind == .unreachable)
    }
}
