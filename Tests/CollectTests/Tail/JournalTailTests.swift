import Atlas
import Foundation
import Testing

@testable import Collect

@Suite("Entries of the journal as they are kept")
struct JournalEntryTests {
    private func entry(_ record: String) -> (String?, String) {
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        let entry = JournalEntry(Array(record.utf8)[...])
        entry.append(to: &batch)
        return (entry.cursor, String(decoding: batch.bytes, as: UTF8.self))
    }

    @Test("the time comes first, the message last, and the cursor is the position")
    func order() {
        let (cursor, line) = entry(
            "__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=5\n__MONOTONIC_TIMESTAMP=6\n_PID=7\n"
                + "MESSAGE=a=b\nPRIORITY=3"
        )
        #expect(cursor == "s=1;i=2")
        #expect(line == "__REALTIME_TIMESTAMP=5\n_PID=7\nPRIORITY=3\nMESSAGE=a=b")
    }

    @Test("a message of any bytes has no length, other such fields come before it")
    func binary() {
        let length = "\u{3}" + String(repeating: "\0", count: 7)
        let (_, line) = entry(
            "__REALTIME_TIMESTAMP=5\nMESSAGE\n\(length)a\nb\nTRACE\n\(length)c\nd\n_PID=7"
        )
        #expect(line == "__REALTIME_TIMESTAMP=5\n_PID=7\nTRACE\n\(length)c\nd\nMESSAGE=a\nb")
    }

    @Test("an entry without a message, and none at all, are lines")
    func odd() {
        #expect(entry("_PID=7").1 == "_PID=7")
        #expect(entry("").1 == "")
        #expect(entry("_PID").1 == "")
        #expect(entry("X\nabc").1 == "")
    }
}

/// A client of the test's own in the place of journalctl(1).
@Suite("Following the journal")
struct JournalTailTests {
    private let folder: TemporaryFolder
    private let source = LogSource(
        name: "journal",
        origin: .journal(SystemJournal()),
        format: "journal-export"
    )

    init() throws { folder = try TemporaryFolder() }

    /// A program of its own process: a file that is open for writing here is so in whatever another
    /// test starts at that moment, and cannot be executed then (execve(2), ETXTBSY).
    private func program(_ script: String) throws -> String {
        try folder.append("#!/bin/sh\n\(script)\n", to: "script")
        let path = folder.file("journalctl")
        let copy = try Process.run(
            URL(filePath: "/usr/bin/install"),
            arguments: ["-m", "755", folder.file("script"), path]
        )
        copy.waitUntilExit()
        try #require(copy.terminationStatus == 0)
        return path
    }

    private func tail(
        _ script: String,
        position: ReadPosition? = nil,
        _ change: (inout JournalTail.Options) -> Void = { _ in }
    ) throws -> JournalTail {
        let path = try program(script)
        var options = JournalTail.Options()
        options.program = path
        options.pause = .milliseconds(1)
        change(&options)
        return JournalTail(
            source,
            SystemJournal(),
            index: 0,
            position: position,
            options: options
        )
    }

    /// Turns the loop of the tail until it is enough, with a deadline.
    private func run(
        _ tail: JournalTail,
        _ context: inout TailContext,
        until isEnough: ([Input]) -> Bool
    ) {
        let deadline = Monotonic.now() + .seconds(20)
        while !isEnough(context.outbox), Monotonic.now() < deadline {
            tail.step(Monotonic.now(), &context)
            var descriptors = tail.descriptors.map { pollFor(POLLIN, $0) }
            wait(for: &descriptors, until: min(deadline, tail.wakeTime ?? deadline))
            if descriptors.contains(where: { $0.revents != 0 }) { tail.read(&context) }
        }
        let isDone = isEnough(context.outbox)
        #expect(isDone)
    }

    private func record(_ number: Int) -> String {
        "__CURSOR=c\(number)\n__REALTIME_TIMESTAMP=\(number)\nMESSAGE=m\(number)\n\n"
    }

    @Test("one that ends is started again behind the last whole entry, and it is said")
    func restarts() throws {
        try folder.append(record(1) + record(2) + "__CURSOR=c3\nMESSAGE=ha", to: "first")
        try folder.append(record(3), to: "second")
        let path = folder.path
        let tail = try tail(
            """
            echo "$@" >> \(path)/calls
            if [ -e \(path)/again ]; then cat \(path)/second; exec sleep 60; fi
            touch \(path)/again; cat \(path)/first; echo 'disk gone' >&2; exit 3
            """
        )
        defer { tail.close() }
        var context = TailContext()
        run(tail, &context) { lines($0).count == 3 }
        #expect(lines(context.outbox).map { String($0.suffix(2)) } == ["m1", "m2", "m3"])
        #expect(positions(context.outbox).last == ReadPosition(source: "journal", cursor: "c3"))
        let told = happenings(context.outbox).filter { !$0.detail.hasPrefix("disk") }
        #expect(told.map(\.kind) == [.unreadable, .opened])
        let why = "\(path)/journalctl ended (3): disk gone; started again in 1 ms"
        #expect(told.first?.detail == why)
        let calls = try String(contentsOfFile: folder.file("calls"), encoding: .utf8)
            .split(separator: "\n")
        #expect(calls.count == 2)
        #expect(calls.first?.hasSuffix("--follow --lines=1") == true)
        #expect(calls.last?.hasSuffix("--follow --after-cursor=c2 --no-tail") == true)
    }

    @Test("one that ends again and again is left alone for longer each time")
    func backsOff() throws {
        let tail = try tail("exit 1")
        defer { tail.close() }
        var context = TailContext()
        run(tail, &context) { happenings($0).count == 4 }
        let pauses = happenings(context.outbox).map { $0.detail.split(separator: " ").suffix(2) }
        #expect(
            pauses.map { $0.joined(separator: " ") }
                == ["1 ms", "2 ms", "4 ms", "8 ms"]
        )
    }

    @Test("a program that is not there is said, too")
    func missing() throws {
        let tail = try tail("") { $0.program = "no-such-journalctl" }
        var context = TailContext()
        run(tail, &context) { happenings($0).count == 1 }
        let detail = happenings(context.outbox).first?.detail
        let why =
            "starting no-such-journalctl failed: No such file or directory; started again in 1 ms"
        #expect(detail == why)
        #expect(tail.descriptors.isEmpty)
    }

    @Test("what it complains about while it runs is said once")
    func complaints() throws {
        try folder.append(record(1), to: "first")
        let tail = try tail(
            """
            echo 'file is corrupted, ignoring' >&2
            echo 'file is corrupted, ignoring' >&2
            cat \(folder.path)/first; exec sleep 60
            """
        )
        defer { tail.close() }
        var context = TailContext()
        run(tail, &context) { !happenings($0).isEmpty && !lines($0).isEmpty }
        #expect(happenings(context.outbox).map(\.detail) == ["file is corrupted, ignoring"])
    }

    @Test("a long message is cut and counted, and a huge field costs no memory")
    func limits() throws {
        let huge = String(repeating: "x", count: 300_000)
        try folder.append(
            "__CURSOR=c1\n__REALTIME_TIMESTAMP=1\nBIG=\(huge)\nMESSAGE=\(huge)\n\n" + record(2),
            to: "first"
        )
        let tail = try tail("cat \(folder.path)/first; exec sleep 60")
        defer { tail.close() }
        var context = TailContext()
        run(tail, &context) { lines($0).count == 2 && !happenings($0).isEmpty }
        let all = lines(context.outbox)
        #expect(all[0].hasPrefix("__REALTIME_TIMESTAMP=1\nMESSAGE=xxx"))
        #expect(all[0].utf8.count <= 65_536)
        let event = happenings(context.outbox).first
        #expect(event?.kind == .cut && event?.count == 1)
    }

    @Test("without following it is read to its end")
    func ends() throws {
        try folder.append(record(1), to: "first")
        let position = ReadPosition(source: "journal", cursor: "c0")
        let tail = try tail(
            "echo \"$@\" > \(folder.path)/calls; cat \(folder.path)/first",
            position: position
        ) { $0.follows = false }
        var context = TailContext()
        run(tail, &context) { happenings($0).last?.kind == .ended }
        #expect(tail.hasEnded && lines(context.outbox).count == 1)
        let calls = try String(contentsOfFile: folder.file("calls"), encoding: .utf8)
        #expect(calls.hasSuffix("--all --after-cursor=c0 --no-tail\n"))
    }

    private static let remote = "/usr/lib/systemd/systemd-journal-remote"

    @Test(
        "a journal of other hosts is read by the real journalctl, and goes on at its cursor",
        .enabled(
            if: access(remote, X_OK) == 0,
            "systemd-journal-remote makes the files of this test: .ci/setup test installs it"
        )
    )
    func realFiles() throws {
        func export(_ numbers: Range<Int>) -> String {
            numbers.map { number in
                let start = 1_795_417_225_000_000 + number * 1_000
                return "__REALTIME_TIMESTAMP=\(start)\n__MONOTONIC_TIMESTAMP=\(number + 1)\n"
                    + "_BOOT_ID=1fc9a6aa1cdb4c8a95dcc351471546af\nPRIORITY=\(number % 8)\n"
                    + "_SYSTEMD_UNIT=app.service\nMESSAGE=entry \(number)\n\n"
            }
            .joined()
        }
        func write(_ numbers: Range<Int>, to name: String) throws {
            let process = Process()
            process.executableURL = URL(filePath: Self.remote)
            process.arguments = ["--output=\(folder.file(name))", "-"]
            let input = Pipe()
            process.standardInput = input
            process.standardError = FileHandle.nullDevice
            try process.run()
            try input.fileHandleForWriting.write(contentsOf: Data(export(numbers).utf8))
            try input.fileHandleForWriting.close()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
        var scenario = try TailScenario()
        let journal = SystemJournal(directory: folder.path, units: ["app.service"])
        scenario.sources = [
            LogSource(
                name: "journal",
                origin: .journal(journal),
                format: "journal-export",
                start: .beginning
            )
        ]
        try write(0..<300, to: "a.journal")
        try scenario.begin()
        try scenario.wait(lines: 300)
        try scenario.stop()
        #expect(scenario.kept.count == 1)
        try write(300..<310, to: "b.journal")
        try scenario.begin()
        try scenario.wait(lines: 10)
        try scenario.stop()
        let messages = scenario.allLines.map { $0.split(separator: "MESSAGE=").last }
        #expect(messages == (0..<310).map { "entry \($0)" })
        #expect(scenario.allLines.allSatisfy { $0.contains("\n_SYSTEMD_UNIT=app.service\n") })
    }
}
