import Atlas
import Collect
import Foundation
import Packing
import Testing
import Unpack

extension TailTests {
    /// The scenarios that a tailer must survive, by the numbers of the design.
    @Suite("A tailer")
    struct TailScenarioTests {
        @Test("T01 T02 lines present before the start are skipped, or delivered once, in order")
        func starts() throws {
            for start in [LogSource.Start.end, .beginning] {
                var tail = try TailScenario()
                try tail.folder.append(text(numbered(0..<50)), to: "a.log")
                tail.follow("a.log", start: start)
                try tail.begin()
                try tail.wait(for: "the opening") { happenings($0).first?.kind == .opened }
                try tail.folder.append(text(numbered(50..<60)), to: "a.log")
                try tail.wait(lines: start == .end ? 10 : 60)
                #expect(tail.lines == numbered(start == .end ? 50..<60 : 0..<60))
                try tail.stop()
            }
        }

        @Test("T03 a partial last line waits, also over a restart; completed it is one line")
        func partial() throws {
            var tail = try TailScenario()
            tail.follow("a.log")
            try tail.folder.append("one\ntest3", to: "a.log")
            try tail.begin()
            try tail.wait(lines: 1)
            try tail.folder.append("test4", to: "a.log")
            try tail.stop()
            try tail.begin()
            try tail.folder.append("!\n", to: "a.log")
            try tail.wait(lines: 1)
            #expect(tail.allLines == ["one", "test3test4!"])
            try tail.stop()
        }

        @Test("T05 T06 T07 T13 blanks, lone CR, empty lines and NUL bytes are kept byte for byte")
        func bytes() throws {
            var tail = try TailScenario()
            tail.follow("a.log")
            try tail.folder.append(
                "  \t \n\t\n lead\ntrail \na\rb\r\n\r\n\n\0mid\0\n\r\r\n",
                to: "a.log"
            )
            try tail.begin()
            try tail.wait(lines: 9)
            #expect(
                tail.lines == [
                    "  \t ", "\t", " lead", "trail ", "a\rb", "", "", "\0mid\0", "\r",
                ]
            )
            try tail.stop()
        }

        @Test(
            "T11 an over-long line split by a restart is one line, cut, not its tail as a new one"
        )
        func longOverRestart() throws {
            var tail = try TailScenario()
            tail.follow("a.log") { $0.lineLimit = 16 }
            try tail.folder.append("one\n" + String(repeating: "x", count: 100), to: "a.log")
            try tail.begin()
            try tail.wait(lines: 1)
            try tail.stop()
            try tail.folder.append(String(repeating: "y", count: 100) + "\ntwo\n", to: "a.log")
            try tail.begin()
            try tail.wait(for: "the cut") { happenings($0).contains { $0.kind == .cut } }
            #expect(tail.allLines == ["one", String(repeating: "x", count: 16) + " [cut]", "two"])
            try tail.stop()
        }

        @Test("T16 rename and create: all lines of the old and the new file once")
        func renames() throws {
            for pattern in ["a.log", "a.log*"] {
                var tail = try TailScenario()
                tail.follow(pattern)
                try tail.folder.append(text(numbered(0..<20)), to: "a.log")
                try tail.begin()
                try tail.wait(lines: 20)
                try tail.folder.append(text(numbered(20..<30)), to: "a.log")
                try tail.folder.move("a.log", to: "a.log.1")
                try tail.folder.append(text(numbered(30..<40)), to: "a.log")
                try tail.wait(lines: 40)
                #expect(tail.lines == numbered(0..<40))
                try tail.stop()
                #expect(tail.allLines.count == 40)
            }
        }

        @Test(
            "T19 a late write to a rotated file, long after the grace period, is read and announced"
        )
        func late() throws {
            var tail = try TailScenario()
            tail.follow("a.log")
            try tail.folder.append(text(numbered(0..<20)), to: "a.log")
            try tail.begin()
            try tail.wait(lines: 20)
            try tail.folder.move("a.log", to: "a.log.1")
            try tail.folder.append("new\n", to: "a.log")
            try tail.wait(lines: 21)
            // Past the grace period it is closed: nothing of it is open any more.
            let path = tail.folder.file("a.log.1")
            let deadline = Monotonic.now() + .seconds(30)
            while openFiles().contains(path), Monotonic.now() < deadline { try awaitMoment() }
            try tail.folder.append("late\n", to: "a.log.1")
            try tail.wait(lines: 22)
            #expect(tail.lines.last == "late")
            try tail.wait(for: "the word about it") { inputs in
                happenings(inputs).contains {
                    $0.detail.hasSuffix("a.log.1: written after it was rotated")
                }
            }
            try tail.stop()
        }

        @Test("T20 copytruncate while its writer keeps its descriptor: nothing twice, no NUL")
        func copytruncates() throws {
            for pattern in ["a.log", "a.log*"] {
                var tail = try TailScenario()
                tail.follow(pattern)
                let writer = open(tail.folder.file("a.log"), O_WRONLY | O_CREAT | O_APPEND, 0o644)
                defer { close(writer) }
                func write(_ lines: [String]) {
                    let bytes = Array(text(lines).utf8)
                    #expect(Glibc.write(writer, bytes, bytes.count) == bytes.count)
                }
                write(numbered(0..<20))
                try tail.begin()
                try tail.wait(lines: 20)
                write(numbered(20..<40))
                try tail.copytruncate("a.log", to: "a.log.1")
                write(numbered(40..<140))
                try tail.wait(lines: 140)
                try tail.wait(for: "the rewrite") {
                    happenings($0).contains { $0.kind == .truncated }
                }
                #expect(tail.lines.sorted() == numbered(0..<140).sorted(), "\(pattern)")
                try tail.stop()
            }
        }

        @Test("a writer that goes on at its old place leaves a hole: it is passed over")
        func hole() throws {
            var tail = try TailScenario()
            tail.follow("a.log")
            try tail.folder.append(text(numbered(0..<4_000)), to: "a.log")
            let size = off_t(text(numbered(0..<4_000)).utf8.count)
            try tail.begin()
            try tail.wait(lines: 4_000)
            truncate(tail.folder.file("a.log"), 0)
            let writer = open(tail.folder.file("a.log"), O_WRONLY)
            defer { close(writer) }
            #expect(pwrite(writer, "after\n", 6, size) == 6)
            try tail.wait(lines: 4_001)
            #expect(tail.lines.last == "after")
            try tail.stop()
        }

        @Test("T23 moved away, truncated and moved back: only the new content")
        func movesBack() throws {
            var tail = try TailScenario()
            tail.follow("a.log")
            try tail.folder.append(text(numbered(0..<5)), to: "a.log")
            try tail.begin()
            try tail.wait(lines: 5)
            try tail.folder.move("a.log", to: "b")
            truncate(tail.folder.file("b"), 0)
            try tail.folder.append("test1\n", to: "b")
            try tail.folder.move("b", to: "a.log")
            try tail.wait(lines: 6)
            #expect(tail.lines == numbered(0..<5) + ["test1"])
            try tail.stop()
        }

        @Test(
            "T24 five logs, several generations inside one look: exact count",
            arguments: [true, false],
            ["log", "?og"]
        )
        func generations(usesNotifications: Bool, pattern: String) throws {
            var tail = try TailScenario()
            tail.options.usesNotifications = usesNotifications
            for log in 0..<5 { tail.follow("\(pattern)\(log)") }
            for log in 0..<5 { try tail.folder.append("begin\n", to: "log\(log)") }
            try tail.begin()
            try tail.wait(lines: 5)
            var written = 5
            for burst in 0..<3 {
                // All of these come between two looks, or during one.
                for generation in 0..<4 {
                    for log in 0..<5 {
                        let lines = numbered(0..<2_000, "\(burst).\(generation)")
                        try tail.folder.append(text(lines), to: "log\(log)")
                        written += lines.count
                        for number in (1..<40).reversed() {
                            rename(
                                tail.folder.file("log\(log).\(number)"),
                                tail.folder.file("log\(log).\(number + 1)")
                            )
                        }
                        try tail.folder.move("log\(log)", to: "log\(log).1")
                    }
                }
                for log in 0..<5 { try tail.folder.append("burst \(burst)\n", to: "log\(log)") }
                written += 5
                try tail.wait(lines: written)
            }
            try tail.stop()
            #expect(tail.allLines.count == written)
            for log in 0..<5 {
                let lines = CollectTests.lines(tail.inbox.inputs, of: UInt16(log))
                #expect(Set(lines).count == lines.count)
            }
        }

        @Test("T26 deleted and recreated: new content from its head")
        func recreates() throws {
            var tail = try TailScenario()
            tail.follow("a.log")
            for round in 0..<5 {
                try tail.folder.append("same\n", to: "a.log")
                if round == 0 { try tail.begin() }
                try tail.wait(lines: round + 1)
                try tail.folder.remove("a.log")
            }
            #expect(tail.lines == Array(repeating: "same", count: 5))
            try tail.stop()
        }

        @Test("T26 the number of a deleted file is used again while nobody looks")
        func reusesInode() throws {
            var tail = try TailScenario()
            tail.follow("a.log")
            try tail.folder.append(text(numbered(0..<20, "old")), to: "a.log")
            try tail.begin()
            try tail.wait(lines: 20)
            try tail.stop()
            // The same inode with other content, longer than before.
            truncate(tail.folder.file("a.log"), 0)
            try tail.folder.append(text(numbered(0..<40, "new")), to: "a.log")
            try tail.begin()
            try tail.wait(lines: 40)
            #expect(tail.allLines == numbered(0..<20, "old") + numbered(0..<40, "new"))
            try tail.stop()
        }

        @Test("T28 a pattern that leads to the rotated files, too: nothing twice")
        func globs() throws {
            var tail = try TailScenario()
            tail.follow("*.log*")
            try tail.folder.append(text(numbered(0..<30)), to: "a.log")
            try tail.begin()
            try tail.wait(lines: 30)
            for round in 1..<6 {
                for number in (1..<9).reversed() {
                    rename(
                        tail.folder.file("a.log.\(number)"),
                        tail.folder.file("a.log.\(number + 1)")
                    )
                }
                try tail.folder.move("a.log", to: "a.log.1")
                try tail.folder.append(
                    text(numbered((round * 30)..<(round * 30 + 30))),
                    to: "a.log"
                )
                try tail.wait(lines: round * 30 + 30)
            }
            try tail.stop()
            #expect(tail.allLines == numbered(0..<180))
            try tail.begin()
            try tail.folder.append("end\n", to: "a.log")
            try tail.wait(lines: 1)
            try tail.stop()
            #expect(tail.allLines == numbered(0..<180) + ["end"])
        }

        @Test(
            "T28 what was rotated is packed: the archive is no new log",
            arguments: [5, 300],
            PackedForm.allCases
        )
        func packs(count: Int, form: PackedForm) throws {
            var tail = try TailScenario()
            tail.follow("*.log*")
            try tail.folder.append(text(numbered(0..<count)), to: "a.log")
            try tail.begin()
            try tail.wait(lines: count)
            try tail.folder.move("a.log", to: "a.log.1")
            try tail.pack("a.log.1", form)
            try tail.folder.append("next\n", to: "a.log")
            let name = "a.log.1\(form.suffix)"
            try tail.wait(for: "the archive to be known") { inputs in
                inputs.contains { input in
                    guard case .lines(let batch) = input.event else { return false }
                    return batch.position?.path?.hasSuffix(name) ?? false
                        && batch.position?.offset == .max
                }
            }
            try tail.wait(lines: count + 1)
            try tail.stop()
            try tail.begin()
            try tail.folder.append("end\n", to: "a.log")
            try tail.wait(lines: 1)
            try tail.stop()
            #expect(tail.allLines == numbered(0..<count) + ["next", "end"])
        }

        @Test(
            "numbered logs that say the same are no copies of each other, there or gone",
            arguments: [1, 30]
        )
        func numberedLogs(count: Int) throws {
            var tail = try TailScenario()
            tail.follow("job-*.log")
            try tail.folder.append("begin\n", to: "job-x.log")
            try tail.begin()
            try tail.wait(lines: 1)
            for job in 0..<4 {
                try tail.folder.append(text(numbered(0..<count)), to: "job-\(job).log")
                try tail.wait(lines: 1 + count * (job + 1))
                if job % 2 == 0 { try tail.folder.remove("job-\(job).log") }
            }
            try tail.stop()
            #expect(tail.allLines.count == 1 + 4 * count)
        }

        @Test(
            "T24 hundreds of logs are rotated at once: nothing lost, nothing twice",
            arguments: [
                "*.log", "*.log*",
            ]
        )
        func manyAtOnce(pattern: String) throws {
            var tail = try TailScenario()
            tail.follow(pattern)
            func write(_ range: Range<Int>) throws {
                for log in 0..<300 {
                    try tail.folder.append(text(numbered(range, "\(log)")), to: "a-\(log).log")
                }
            }
            try write(0..<20)
            try tail.begin()
            try tail.wait(lines: 6_000)
            for log in 0..<300 { try tail.copytruncate("a-\(log).log", to: "a-\(log).log.1") }
            try write(20..<40)
            try tail.wait(lines: 12_000)
            for log in 0..<300 { try tail.folder.move("a-\(log).log", to: "a-\(log).log.2") }
            try write(40..<60)
            try tail.wait(lines: 18_000)
            try tail.stop()
            #expect(tail.allLines.count == 18_000)
            #expect(Set(tail.allLines).count == 18_000)
        }

        @Test(
            "T28 an archive that is being written is compared once it is whole",
            arguments: ["a.log", "*.log", "a.log*"]
        )
        func packsSlowly(pattern: String) throws {
            var tail = try TailScenario()
            tail.options.usesNotifications = false
            tail.follow(pattern)
            try tail.folder.append(text(numbered(0..<9_000)), to: "a.log")
            try tail.begin()
            try tail.wait(lines: 9_000)
            let archive = packed(Array(text(numbered(0..<9_000)).utf8), as: .gzip)
            // All of it between two looks.
            try tail.folder.move("a.log", to: "a.log.1")
            try tail.folder.write(archive.prefix(archive.count / 2), to: "a.log.1.gz")
            try tail.folder.append("next\n", to: "a.log")
            try tail.wait(lines: 9_001)
            try tail.folder.write(archive, to: "a.log.1.gz")
            try tail.folder.remove("a.log.1")
            try tail.wait(for: "the archive to be known") { inputs in
                inputs.contains { input in
                    guard case .lines(let batch) = input.event else { return false }
                    return batch.position?.path?.hasSuffix(".gz") ?? false
                        && batch.position?.offset == .max
                }
            }
            try tail.stop()
            #expect(tail.allLines == numbered(0..<9_000) + ["next"])
        }

        @Test(
            "T29 a symlink is pointed elsewhere: the old target drained, the new one from its head"
        )
        func symlinks() throws {
            var tail = try TailScenario()
            let link = tail.folder.file("current.log")
            try tail.folder.append(text(numbered(0..<10)), to: "one")
            #expect(symlink("one", link) == 0)
            tail.follow("current.log")
            try tail.begin()
            try tail.wait(lines: 10)
            try tail.folder.append(text(numbered(10..<20)), to: "one")
            try tail.folder.append(text(numbered(20..<30)), to: "two")
            #expect(symlink("two", link + ".new") == 0)
            #expect(rename(link + ".new", link) == 0)
            try tail.wait(lines: 30)
            #expect(tail.lines == numbered(0..<30))
            try tail.stop()
        }

        @Test("T31 a hard link, and the same file by two alternatives: read once")
        func hardLinks() throws {
            var tail = try TailScenario()
            try tail.folder.append(text(numbered(0..<10)), to: "a.log")
            #expect(link(tail.folder.file("a.log"), tail.folder.file("b.log")) == 0)
            tail.follow("{a,*}.log")
            try tail.begin()
            try tail.wait(lines: 10)
            try tail.folder.append("end\n", to: "b.log")
            try tail.wait(lines: 11)
            try tail.stop()
            #expect(tail.allLines == numbered(0..<10) + ["end"])
        }
    }
}

/// Paths of what this process has open.
func openFiles() -> [String] {
    let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return numbers.compactMap {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
    }
}
