import Atlas
import Foundation
import Testing
import Unpack

@testable import Collect

extension TailTests {
    /// More scenarios that a tailer must survive: what it keeps, finds and limits.
    @Suite("A tailer's state, discovery and limits")
    struct TailStateTests {
        private enum Rotation: CaseIterable {
            case rename, copytruncate, gzip, zstd, xz, several
        }

        @Test(
            "T32 rotated while stopped: the rest of the old file and the new one, once",
            arguments: 0..<6,
            ["a.log", "*.log", "a.log*"]
        )
        func rotatedWhileStopped(number: Int, pattern: String) throws {
            let rotation = Rotation.allCases[number]
            var tail = try TailScenario()
            tail.follow(pattern)
            // An older generation that is nobody's business.
            if pattern != "a.log*" {
                try tail.folder.append(text(numbered(0..<9, "ancient")), to: "a.log.7")
                try setTime(of: tail.folder.file("a.log.7"), nanoseconds: 0)
            }
            try tail.folder.append(text(numbered(0..<20)), to: "a.log")
            try tail.begin()
            try tail.wait(lines: 20)
            try tail.stop()
            try tail.folder.append(text(numbered(20..<30)), to: "a.log")
            switch rotation {
            case .rename: try tail.folder.move("a.log", to: "a.log.1")
            case .copytruncate: try tail.copytruncate("a.log", to: "a.log.1")
            case .gzip, .zstd, .xz:
                try tail.folder.move("a.log", to: "a.log.1")
                let form: PackedForm = rotation == .gzip ? .gzip : rotation == .zstd ? .zstd : .xz
                try tail.pack("a.log.1", form)
            case .several:
                try tail.folder.move("a.log", to: "a.log.2")
                try tail.folder.append(text(numbered(30..<35)), to: "a.log.1")
                // As a kernel with fine times may tell two rotations, one right after the other.
                try setTime(of: tail.folder.file("a.log.2"), nanoseconds: 5_000_000)
                try setTime(of: tail.folder.file("a.log.1"), nanoseconds: 5_300_000)
            }
            let next = rotation == .several ? 35 : 30
            try tail.folder.append(text(numbered(next..<40)), to: "a.log")
            try tail.begin()
            try tail.wait(lines: 20)
            try tail.stop()
            #expect(tail.allLines.sorted() == numbered(0..<40).sorted(), "\(rotation)")
            try tail.begin()
            try tail.folder.append("end\n", to: "a.log")
            try tail.wait(lines: 1)
            try tail.stop()
            #expect(tail.allLines.count == 41, "\(rotation)")
        }

        /// Of the last change, at this part of a second long ago.
        private func setTime(of path: String, nanoseconds: Int) throws {
            let time = timespec(tv_sec: 1_700_000_000, tv_nsec: nanoseconds)
            try #require(utimensat(AT_FDCWD, path, [time, time], 0) == 0)
        }

        @Test("T34 a restart resumes at the saved offset, for files from their first byte on")
        func resumes() throws {
            var tail = try TailScenario()
            tail.follow("*.log", start: .end)
            try tail.folder.append("x", to: "short.log")
            try tail.folder.append(text(numbered(0..<500)), to: "long.log")
            try tail.begin()
            try tail.wait(for: "both opened") { happenings($0).count == 2 }
            try tail.stop()
            // Not a line was read: that is known, too.
            #expect(tail.allLines == [])
            try tail.folder.append("y\n", to: "short.log")
            try tail.folder.append("z\n", to: "long.log")
            try tail.begin()
            try tail.wait(lines: 2)
            try tail.stop()
            #expect(tail.allLines.sorted() == ["xy", "z"])
        }

        @Test("T15 UTF-16 is known by its mark, from the beginning, the end and over a restart")
        func marked() throws {
            func wide(_ text: String) -> [UInt8] {
                text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
            }
            for start in [LogSource.Start.beginning, .end] {
                var tail = try TailScenario()
                tail.follow("a.log", start: start)
                try tail.folder.write(wide("\u{FEFF}one\n"), to: "a.log")
                try tail.begin()
                try tail.wait(for: "it to be opened") { !happenings($0).isEmpty }
                let file = try FileHandle(forWritingTo: URL(filePath: tail.folder.file("a.log")))
                try file.seekToEnd()
                try file.write(contentsOf: wide("two\nhal"))
                try tail.wait(lines: start == .end ? 1 : 2)
                try tail.stop()
                try file.write(contentsOf: wide("f\n"))
                try tail.begin()
                try tail.wait(lines: 1)
                try tail.stop()
                #expect(tail.allLines == (start == .end ? [] : ["one"]) + ["two", "half"])
            }
        }

        @Test(
            "T37 positions of vanished files go, over 10 000 short-lived ones; descriptors stay few"
        )
        func shortLived() throws {
            var tail = try TailScenario()
            tail.follow("job-*.log")
            try tail.begin()
            let path = tail.folder.path
            func openCount() -> Int { openFiles().count { $0.hasPrefix(path) } }
            for batch in 0..<20 {
                for number in 0..<500 {
                    try tail.folder.write("job\n".utf8, to: "job-\(batch)x\(number).log")
                }
                try tail.wait(lines: batch * 500 + 500)
                // 512, and the one that is opened just now.
                #expect(openCount() <= 513)
                for number in 0..<500 { try tail.folder.remove("job-\(batch)x\(number).log") }
            }
            try tail.wait(for: "the last to be closed") { inputs in
                inputs.count {
                    if case .source(let event) = $0.event { event.kind == .closed } else { false }
                }
                    >= 10_000
            }
            #expect(tail.kept.isEmpty)
            #expect(openCount() == 0)
            try tail.stop()
            #expect(tail.allLines.count == 10_000)
        }

        @Test("T37 files that are all behind share the descriptors, and nothing of them is lost")
        func shareDescriptors() throws {
            var tail = try TailScenario()
            tail.options.mostOpen = 16
            tail.capacity = 4
            tail.follow("*.log")
            let long = String(repeating: "x", count: 60_000)
            let block = text(Array(repeating: long, count: 12)).utf8
            for number in 0..<40 { try tail.folder.write(block, to: "\(number).log") }
            let path = tail.folder.path
            var most = 0
            try tail.begin()
            try tail.wait(for: "all lines") { inputs in
                most = max(most, openFiles().count { $0.hasPrefix(path) })
                return countOfLines(inputs) >= 480
            }
            #expect(most <= 17)
            try tail.stop()
            #expect(tail.allLines.count == 480)
        }

        private func countOfLines(_ inputs: [Input]) -> Int {
            inputs.reduce(0) { sum, input in
                if case .lines(let batch) = input.event { sum + batch.count } else { sum }
            }
        }

        @Test("T39 what was not taken is not in a position: it comes after the restart")
        func refused() throws {
            var tail = try TailScenario()
            tail.capacity = 1
            for name in ["a.log", "b.log"] {
                tail.follow(name)
                for block in 0..<3 {
                    try tail.folder.append(
                        text(numbered((block * 6_000)..<(block * 6_000 + 6_000), name)),
                        to: name
                    )
                }
            }
            try tail.begin()
            try tail.wait(lines: 1)
            try tail.stop()
            #expect(tail.allLines.count < 36_000)
            tail.capacity = 100_000
            try tail.begin()
            try tail.wait(lines: 36_000 - tail.allLines.count)
            try tail.stop()
            #expect(tail.allLines.count == 36_000)
            #expect(Set(tail.allLines).count == 36_000)
        }

        @Test("T41 T42 a new file is read from its head; what is excluded is not, then or later")
        func discovers() throws {
            var tail = try TailScenario()
            let excluded = "\(tail.folder.path)/b/*"
            tail.follow("*/app*", start: .end) { $0.exclude = ["*.gz", excluded] }
            for folder in ["a", "b"] { try tail.folder.makeFolder(folder) }
            try tail.folder.append("old\n", to: "a/app.log")
            try tail.begin()
            try tail.wait(for: "the first") { !happenings($0).isEmpty }
            try tail.folder.append("excluded\n", to: "a/app.gz")
            try tail.folder.append("excluded\n", to: "b/app.log")
            try tail.folder.append("new\n", to: "a/app2.log")
            try tail.wait(lines: 1)
            // A folder that comes later is found, too.
            try tail.folder.makeFolder("c")
            try tail.folder.append("deep\n", to: "c/app.log")
            try tail.wait(lines: 2)
            #expect(tail.lines == ["new", "deep"])
            try tail.stop()
        }

        @Test("T44 a path that cannot be followed is named")
        func namesTrouble() throws {
            var tail = try TailScenario()
            #expect(symlink("loop", tail.folder.file("loop")) == 0)
            tail.follow("loop/*.log")
            tail.follow("*.log")
            try tail.folder.append("fine\n", to: "a.log")
            try tail.begin()
            try tail.wait(for: "the complaint and the line") { inputs in
                !happenings(inputs, of: 0).isEmpty && !lines(inputs, of: 1).isEmpty
            }
            let told = happenings(tail.inbox.inputs, of: 0)
            #expect(told.first?.kind == .unreadable)
            #expect(told.first?.detail.contains("\(tail.folder.path)/loop: ") == true)
            try tail.stop()
        }

        @Test(
            "T44 a folder that may not be entered is named",
            .disabled(if: geteuid() == 0, "SKIPPED: root may enter every folder")
        )
        func namesForbiddenFolder() throws {
            var tail = try TailScenario()
            try tail.folder.makeFolder("closed")
            try tail.folder.append("x\n", to: "closed/a.log")
            #expect(chmod(tail.folder.file("closed"), 0o644) == 0)
            defer { chmod(tail.folder.file("closed"), 0o755) }
            tail.follow("*/a.log")
            try tail.begin()
            try tail.wait(for: "the complaint") { !happenings($0).isEmpty }
            #expect(tail.told.first?.contains("closed/a.log: Permission denied") == true)
            try tail.stop()
        }

        @Test("T45 what is old is let go, and followed once it is written again")
        func ignoresOld() throws {
            var tail = try TailScenario()
            try tail.folder.append(text(numbered(0..<9)), to: "old.log")
            var times = [timeval(tv_sec: 1_000, tv_usec: 0), timeval(tv_sec: 1_000, tv_usec: 0)]
            #expect(utimes(tail.folder.file("old.log"), &times) == 0)
            tail.follow("*.log") { $0.ignoreOlder = .seconds(3_600) }
            try tail.folder.append("fresh\n", to: "fresh.log")
            tail.seed("source 0")
            try tail.begin()
            try tail.wait(lines: 1)
            try tail.wait(for: "both to be known") { positions($0).count >= 2 }
            try tail.folder.append("again\n", to: "old.log")
            try tail.wait(lines: 2)
            #expect(tail.lines == ["fresh", "again"])
            try tail.stop()
        }

        @Test("T47 a limit of bytes a second holds, and a rotation does not cut the file")
        func throttles() throws {
            let limit = 40_000
            var tail = try TailScenario()
            tail.follow("a.log") { $0.bytesPerSecond = limit }
            let all = numbered(0..<2_400)
            try tail.folder.append(text(all), to: "a.log")
            try tail.begin()
            try tail.wait(lines: 100)
            try tail.folder.move("a.log", to: "a.log.1")
            try tail.folder.append("new\n", to: "a.log")
            try tail.wait(lines: 2_401)
            #expect(tail.lines == all + ["new"])
            let arrivals = tail.inbox.inputs.filter {
                if case .lines(let batch) = $0.event { batch.count > 0 } else { false }
            }
            .map(\.at)
            let span = try #require(arrivals.last) - (try #require(arrivals.first))
            // Less is the machine's fault; more would be ours.
            let rate = Double(text(all).utf8.count - limit / 10) / span.seconds
            #expect(rate < Double(limit) * 1.1)
            try tail.stop()
        }

        @Test("T49 without inotify all is seen as well")
        func polls() throws {
            var tail = try TailScenario()
            tail.options.usesNotifications = false
            tail.follow("*.log*")
            try tail.folder.append(text(numbered(0..<20)), to: "a.log")
            try tail.begin()
            try tail.wait(lines: 20)
            try tail.folder.append(text(numbered(20..<30)), to: "a.log")
            try tail.folder.move("a.log", to: "a.log.1")
            try tail.folder.append(text(numbered(30..<40)), to: "a.log")
            try tail.wait(lines: 40)
            try tail.folder.append(text(numbered(40..<45)), to: "a.log")
            try tail.copytruncate("a.log", to: "a.log.2")
            try tail.folder.append(text(numbered(45..<60)), to: "a.log")
            try tail.folder.append(text(numbered(60..<70)), to: "b.log")
            try tail.wait(lines: 70)
            try tail.stop()
            #expect(tail.allLines.sorted() == numbered(0..<70).sorted())
        }

        @Test("T50 an overflow of inotify's queue: all is looked at anew, nothing lost")
        func overflows() throws {
            var tail = try TailScenario()
            tail.capacity = 1
            tail.follow("*.log")
            for name in ["a.log", "b.log"] { try tail.folder.append("begin\n", to: name) }
            try tail.begin()
            try tail.wait(lines: 2)
            // While its mailbox is full it reads no news either.
            let writers = ["a.log", "b.log"].map {
                open(tail.folder.file($0), O_WRONLY | O_APPEND)
            }
            defer { for writer in writers { close(writer) } }
            for number in 0..<20_000 {
                let line = Array("line \(number)\n".utf8)
                #expect(write(writers[number % 2], line, line.count) == line.count)
            }
            try tail.folder.append("found\n", to: "c.log")
            try tail.wait(lines: 20_003)
            try tail.stop()
            #expect(Set(tail.allLines).count == 20_002)
            #expect(tail.allLines.count == 20_003)
        }

        @Test(
            "M01 the last record comes after its timeout, which each line starts anew, and at the end"
        )
        func flushesRecords() throws {
            for timeout in [Span.milliseconds(50), .seconds(3_600)] {
                var tail = try TailScenario()
                tail.options.judge = { pattern in TestJudge { $0.hasPrefix(pattern) } }
                tail.follow("a.log") {
                    $0.multiline = Multiline(rule: .first("20"), timeout: timeout)
                }
                try tail.folder.append("2026 a\n b\n2026 c\n d\n", to: "a.log")
                try tail.begin()
                try tail.wait(lines: timeout < .seconds(1) ? 2 : 1)
                try tail.stop()
                #expect(tail.allLines == ["2026 a\n b", "2026 c\n d"])
                try tail.folder.append("2026 e\n", to: "a.log")
                try tail.begin()
                if timeout < .seconds(1) { try tail.wait(lines: 1) }
                try tail.wait(for: "its opening") { !happenings($0).isEmpty }
                try tail.stop()
                if timeout < .seconds(1) { #expect(tail.allLines.last == "2026 e") }
            }
        }

        @Test("M04 two files interleaved do not mix")
        func keepsRecordsApart() throws {
            var tail = try TailScenario()
            tail.options.judge = { pattern in TestJudge { $0.hasPrefix(pattern) } }
            tail.follow("*.log") {
                $0.multiline = Multiline(rule: .first("20"), timeout: .seconds(3_600))
            }
            for name in ["a", "b"] { try tail.folder.append("20 \(name)\n", to: "\(name).log") }
            try tail.begin()
            try tail.wait(for: "both") { happenings($0).count == 2 }
            for piece in 0..<4 {
                for name in ["a", "b"] {
                    try tail.folder.append(" \(name)\(piece)\n", to: "\(name).log")
                }
            }
            for name in ["a", "b"] { try tail.folder.append("20 end\n", to: "\(name).log") }
            try tail.wait(lines: 2)
            #expect(
                tail.lines.sorted()
                    == ["a", "b"].map { name in
                        "20 \(name)\n" + (0..<4).map { " \(name)\($0)" }.joined(separator: "\n")
                    }
            )
            try tail.stop()
        }

        @Test("a file that grew unnoticed is a finding, and is read all the same")
        func mendsStalls() throws {
            let folder = try TemporaryFolder()
            try folder.append("one\n", to: "a.log")
            let files = LogFiles(path: folder.file("a.log"))
            let set = FileSet(
                LogSource(name: "a", origin: .files(files), format: "plain", start: .beginning),
                files: files,
                index: 0,
                positions: [],
                treatment: LineTreatment(limit: 100),
                backlog: 0,
                follows: true
            )
            var context = TailContext()
            let now = Monotonic.now()
            set.walk(now, &context)
            while let file = context.next() { set.advance(file, now, &context) }
            let first = lines(context.outbox)
            #expect(first == ["one"])
            // Nobody tells of it.
            try folder.append("two\n", to: "a.log")
            set.audit(now + .seconds(10), &context)
            let isQuiet = !context.hasWork
            #expect(isQuiet)
            set.audit(now + .seconds(20), &context)
            let told = happenings(context.outbox)
            #expect(told.last?.kind == .stalled)
            set.tellLag(now + .seconds(20), isOver: false, &context)
            let behind = FileProgress(path: folder.file("a.log"), offset: 4, size: 8)
            #expect(progress(context.outbox).last?.files == [behind])
            #expect(progress(context.outbox).last?.count == 4)
            while let file = context.next() { set.advance(file, now + .seconds(20), &context) }
            let all = lines(context.outbox)
            #expect(all == ["one", "two"])
            set.tellLag(now + .seconds(21), isOver: true, &context)
            let done = FileProgress(path: folder.file("a.log"), offset: 8, size: 8)
            #expect(progress(context.outbox).last?.files == [done])
            // Nothing was read since: nothing is told.
            let count = progress(context.outbox).count
            set.tellLag(now + .seconds(200), isOver: true, &context)
            #expect(progress(context.outbox).count == count)
        }

        @Test("of many files that are behind the twenty that are furthest are told")
        func tellsFurthest() throws {
            let folder = try TemporaryFolder()
            for number in 0..<50 {
                let size = 1_000 * (number + 1)
                try folder.append(
                    String(repeating: "x", count: size - 1) + "\n",
                    to: "\(number).log"
                )
            }
            let files = LogFiles(path: "\(folder.path)/*.log")
            let set = FileSet(
                LogSource(name: "a", origin: .files(files), format: "plain", start: .end),
                files: files,
                index: 0,
                positions: [],
                treatment: LineTreatment(limit: 100),
                backlog: 0,
                follows: true
            )
            var context = TailContext()
            let now = Monotonic.now()
            set.walk(now, &context)
            while let file = context.next() { set.advance(file, now, &context) }
            for number in 0..<50 {
                try folder.append(
                    String(repeating: "y", count: number + 1),
                    to: "\(number).log"
                )
            }
            set.tellLag(now + .seconds(20), isOver: false, &context)
            let told = progress(context.outbox).last
            #expect(told?.count == (1...50).reduce(0, +))
            #expect(told?.files?.map(\.lag) == (31...50).reversed().map(UInt64.init))
        }

        @Test("a file that a limit holds back is behind, though nothing waits for its turn")
        func tellsHeldBack() throws {
            var tail = try TailScenario()
            tail.follow("a.log") { $0.bytesPerSecond = 1_000 }
            try tail.folder.write(text(numbered(0..<3_000)).utf8, to: "a.log")
            try tail.begin()
            try tail.wait(for: "how far it is behind") { inputs in
                progress(inputs).contains { $0.count > 50_000 && $0.files?.count == 1 }
            }
            try tail.stop()
        }

        private func progress(_ inputs: [Input]) -> [SourceEvent] {
            inputs.compactMap {
                if case .source(let event) = $0.event, event.kind == .progress {
                    event
                } else {
                    nil
                }
            }
        }
    }
}
