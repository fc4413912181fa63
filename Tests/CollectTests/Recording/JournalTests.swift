import Atlas
import Foundation
import Glibc
import Testing

@testable import Collect

@Suite("A recording")
struct JournalTests {
    @Test("gives back exactly what went in", arguments: 1...3)
    func roundTrips(seed: Int) throws {
        let folder = try TemporaryFolder()
        var maker = RandomInputs(seed: seed)
        let inputs = maker.inputs(2_000)
        try write(inputs, to: folder, segmentLimit: 40_000)
        let (read, report) = try readAll(folder)
        #expect(read == inputs)
        // Equal strings may differ in bytes; their encodings may not.
        #expect(read.map(bytes) == inputs.map(bytes))
        #expect(report.complaint == nil)
        #expect(report.segments > 1)
    }

    @Test("takes about 100 bytes for a try")
    func isSmall() throws {
        let folder = try TemporaryFolder()
        let started = try #require(Instant(rfc3339: "2026-11-23T07:20:31.180367Z"))
        let attempt = CanaryTry(
            canary: 0,
            number: 1_795_418_431_180,
            started: started,
            ended: started + Span(nanoseconds: 1_234_000),
            target: 1
        )
        try write([Input(at: attempt.ended, event: .attempt(attempt))], to: folder)
        let line = try #require(
            String(bytes: folder.read("inputs-00001.jsonl"), encoding: .utf8)
        )
        #expect(
            line == #"{"at":"2026-11-23T07:20:31.181601Z","canary":0,"target":1,"#
                + #""try":1795418431180,"us":1234}"# + "\n"
        )
    }

    @Test("reads every example of its documentation, and would write it so")
    func matchesDocumentation() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Docs/recording.md")
        let examples = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("    {") }.map { $0.dropFirst(4) }
        #expect(examples.count >= 9)
        let folder = try TemporaryFolder()
        try folder.write(examples.joined(separator: "\n").utf8, to: "inputs-00001.jsonl")
        let (read, report) = try readAll(folder)
        #expect(report.complaint == nil)
        try write(read, to: folder)
        let written = try String(decoding: folder.read("inputs-00002.jsonl"), as: UTF8.self)
        #expect(written.split(separator: "\n") == examples)
    }

    @Test("cut at any byte gives all whole lines, and says how many bytes are lost")
    func survivesAnyCut() throws {
        let folder = try TemporaryFolder()
        var maker = RandomInputs(seed: 4)
        let inputs = maker.inputs(12) + [Input(at: .distantSunday, event: .mark("日本語 🚨"))]
        try write(inputs, to: folder)
        let whole = try folder.read("inputs-00001.jsonl")
        for length in 0...whole.count {
            try folder.write(whole[..<length], to: "inputs-00001.jsonl")
            let (read, report) = try readAll(folder)
            let ends = whole[..<length].count { $0 == 10 }
            // The line end itself may be what is missing.
            let isComplete = length == whole.count || whole[length] == 10
            let lastEnd = whole[..<length].lastIndex(of: 10).map { $0 + 1 } ?? 0
            let count = ends + (isComplete && lastEnd < length ? 1 : 0)
            #expect(read == Array(inputs.prefix(count)))
            #expect(report.tornBytes == (isComplete ? 0 : length - lastEnd))
            #expect(report.damagedLines == 0)
        }
    }

    @Test("with garbage in the middle goes on after it, and says where it was")
    func passesOverGarbage() throws {
        let folder = try TemporaryFolder()
        let ticks = (0..<4).map { Input(at: Instant(seconds: $0), event: .tick) }
        try write(ticks, to: folder)
        var lines = try folder.read("inputs-00001.jsonl").split(separator: 10)
        lines[1] = ArraySlice("{\"at\":\"yesterday\"}".utf8)
        lines[2] = [0, 255, 1]
        try folder.write(lines.joined(separator: [10]) + [10], to: "inputs-00001.jsonl")
        let (read, report) = try readAll(folder)
        #expect(read == [ticks[0], ticks[3]])
        #expect(report.damagedLines == 2)
        #expect(
            report.damage.map { "\($0.segment):\($0.line)" } == [
                "inputs-00001.jsonl:2", "inputs-00001.jsonl:3",
            ]
        )
        #expect(report.complaint?.contains("inputs-00001.jsonl:2") == true)
    }

    @Test("with a line that never ends is passed over in bounded memory")
    func passesOverEndlessLine() throws {
        let folder = try TemporaryFolder()
        let tick = Input(at: Instant(seconds: 1), event: .tick)
        try write([tick], to: folder)
        let line = try folder.read("inputs-00001.jsonl")
        let endless = [UInt8](repeating: 120, count: 20 << 20)
        try folder.write(endless + [10] + line, to: "inputs-00001.jsonl")
        let (read, report) = try readAll(folder)
        #expect(read == [tick])
        #expect(report.damage.first?.line == 1)
    }

    @Test("is gone on with in a new segment, and a missing segment is said")
    func continues() throws {
        let folder = try TemporaryFolder()
        let ticks = (0..<3).map { Input(at: Instant(seconds: $0), event: .tick) }
        for tick in ticks { try write([tick], to: folder) }
        #expect(try readAll(folder).0 == ticks)
        try folder.remove("inputs-00002.jsonl")
        let (read, report) = try readAll(folder)
        #expect(read == [ticks[0], ticks[2]])
        #expect(report.damage.first?.segment == "inputs-00002.jsonl")
    }

    @Test("that is none is an error with words")
    func rejectsNothing() throws {
        let folder = try TemporaryFolder()
        #expect(throws: CollectError.self) { _ = try JournalReader(folder: folder.path) }
        #expect(throws: CollectError.self) { _ = try JournalReader(folder: "/nowhere/at/all") }
    }

    @Test("on a full disk says so, and still holds what it was given")
    func reportsFullDisk() throws {
        let full = JournalSegment(
            number: 1,
            path: "/dev/full",
            descriptor: Descriptor(open("/dev/full", O_WRONLY | O_CLOEXEC))
        )
        var writer = JournalWriter(folder: "/nowhere", segmentLimit: 1 << 20, segment: full)
        let tick = Input(at: Instant(seconds: 1), event: .tick)
        try writer.append([tick])
        for _ in 0..<2 {
            do {
                try writer.flush()
                Issue.record("a full disk took it")
            } catch {
                #expect(
                    error == .cannotWrite(path: "/dev/full", reason: "No space left on device")
                )
            }
        }
        #expect(writer.inputs == 1)
        #expect(writer.bytes == 0)
    }

    private func bytes(_ input: Input) -> [UInt8] {
        switch input.event {
        case .mark(let text): Array(text.utf8)
        case .reply(let reply):
            if case .answered(let text) = reply.outcome { Array(text.utf8) } else { [] }
        default: []
        }
    }
}

private func write(
    _ inputs: [Input],
    to folder: TemporaryFolder,
    segmentLimit: Int = 64 << 20
) throws {
    var writer = try JournalWriter(folder: folder.path, segmentLimit: segmentLimit)
    for input in inputs {
        try writer.append([input])
        if segmentLimit < 1 << 20 { try writer.flush() }
    }
    try writer.close()
}

private func readAll(_ folder: TemporaryFolder) throws -> ([Input], JournalReport) {
    var reader = try JournalReader(folder: folder.path)
    var inputs: [Input] = []
    while true {
        let some = try reader.next(7)
        if some.isEmpty { return (inputs, reader.report) }
        inputs += some
    }
}

extension Instant {
    static let distantSunday = Instant(seconds: 1_795_000_000)
}
