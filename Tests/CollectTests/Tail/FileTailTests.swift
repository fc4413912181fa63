import Atlas
import Collect
import Foundation
import Testing

extension TailTests {
    @Suite("Following log files")
    struct FileTailTests {
        private let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        private func source(_ name: String, start: LogSource.Start = .beginning) -> LogSource {
            LogSource(name: name, path: folder.file(name), format: "plain", start: start)
        }

        private func tail(
            _ sources: [LogSource],
            from positions: [ReadPosition] = [],
            into inbox: Inbox,
            lineLimit: Int = 65_536,
            backlog: Int = 0,
            follows: Bool = true,
            whenOver: @escaping @Sendable () -> Void = {}
        ) throws -> FileTail {
            var options = FileTail.Options()
            options.backlog = backlog
            options.follows = follows
            let limited = sources.map { source in
                guard case .files(var files) = source.origin else { return source }
                files.lineLimit = lineLimit
                var source = source
                source.origin = .files(files)
                return source
            }
            return try FileTail(
                sources: limited,
                positions: positions,
                into: inbox.mailbox,
                options: options,
                whenOver: whenOver
            )
        }

        @Test(
            "begins so many lines before the end, as tail(1) counts them",
            arguments: [
                ("1\n2\n3\n", 2, ["2", "3"]), ("1\n2\n3", 2, ["2", "3"]),
                ("1\n2\n3\n", 9, ["1", "2", "3"]),
                ("1\n2\n3\n", 3, ["1", "2", "3"]), ("\n\n\n", 2, ["", ""]), ("", 5, []),
                ("1", 5, ["1"]),
                ("1\n2\n3\n", 0, []),
            ]
        )
        func backlog(text: String, count: Int, expected: [String]) throws {
            try folder.append(text, to: "a.log")
            var inbox = try Inbox()
            let tail = try tail(
                [source("a.log", start: .end)],
                into: inbox,
                backlog: count,
                follows: false
            )
            defer { tail.stop() }
            try inbox.wait(for: "its end") { happenings($0).last?.kind == .ended }
            #expect(lines(inbox.inputs) == expected)
        }

        @Test("finds its first line also where that is many blocks before the end")
        func longBacklog() throws {
            let all = (0..<9_000).map { "line \($0) " + String(repeating: "x", count: $0 % 300) }
            try folder.append(all.map { $0 + "\n" }.joined(), to: "a.log")
            var inbox = try Inbox()
            let tail = try tail(
                [source("a.log", start: .end)],
                into: inbox,
                backlog: 7_654,
                follows: false
            )
            defer { tail.stop() }
            try inbox.wait(for: "its end") { happenings($0).last?.kind == .ended }
            #expect(lines(inbox.inputs) == all.suffix(7_654))
        }

        @Test("without following it ends once all is read, the missing ones told")
        func endsWithoutFollowing() throws {
            try folder.append("one\ntwo", to: "a.log")
            var inbox = try Inbox()
            let mailbox = inbox.mailbox
            let tail = try tail(
                [source("a.log"), source("none.log")],
                into: inbox,
                follows: false
            ) {
                _ = mailbox.offer(Input(at: .distantPast, event: .tick))
            }
            defer { tail.stop() }
            try inbox.wait(for: "the call") { $0.contains { $0.event == .tick } }
            #expect(lines(inbox.inputs, of: 0) == ["one", "two"])
            #expect(happenings(inbox.inputs, of: 1).map(\.kind) == [.missing, .ended])
            #expect(inbox.inputs.last?.event == .tick)
        }

        @Test("gives what was there only when asked to, and then every new line")
        func beginsWhereAsked() throws {
            try folder.append("old\nhalf", to: "a.log")
            try folder.append("old\nhalf", to: "b.log")
            var inbox = try Inbox()
            let tail = try tail([source("a.log"), source("b.log", start: .end)], into: inbox)
            defer { tail.stop() }
            try inbox.wait(for: "both opened") { inputs in
                (0...1).allSatisfy { happenings(inputs, of: $0).map(\.kind) == [.opened] }
            }
            for name in ["a.log", "b.log"] { try folder.append(" a line\r\nnew\n\nhal", to: name) }
            try inbox.wait(for: "the new lines") { inputs in
                (0...1).allSatisfy { lines(inputs, of: $0).last == "" }
            }
            #expect(lines(inbox.inputs, of: 0) == ["old", "half a line", "new", ""])
            #expect(lines(inbox.inputs, of: 1) == ["half a line", "new", ""])
        }

        @Test("T17 finishes a renamed file, then reads the new one from its beginning")
        func followsRename() throws {
            try folder.append("one\n", to: "a.log")
            var inbox = try Inbox()
            let tail = try tail([source("a.log")], into: inbox)
            defer { tail.stop() }
            try inbox.wait(for: "the first line") { lines($0).count == 1 }
            try folder.move("a.log", to: "a.log.1")
            try folder.append("two\n", to: "a.log.1")
            try inbox.wait(for: "a line in the renamed file") { lines($0).count == 2 }
            try folder.append("three\nfour\n", to: "a.log")
            try inbox.wait(for: "the lines of the new file") { lines($0).count == 4 }
            // Its writer has not noticed yet.
            try folder.append("late\n", to: "a.log.1")
            try inbox.wait(for: "the late line") { lines($0).count == 5 }
            #expect(lines(inbox.inputs) == ["one", "two", "three", "four", "late"])
            #expect(happenings(inbox.inputs).map(\.kind) == [.opened, .rotated])
            let positions = positions(inbox.inputs)
            #expect(positions.map(\.offset) == [4, 8, 11, 13])
            #expect(positions[1].inode == positions[3].inode)
        }

        @Test("sees a copytruncate, also when more was written at once than was there before")
        func followsTruncation() throws {
            try folder.append("one\ntwo\n", to: "a.log")
            var inbox = try Inbox()
            let tail = try tail([source("a.log")], into: inbox)
            defer { tail.stop() }
            try inbox.wait(for: "two lines") { lines($0).count == 2 }
            truncate(folder.file("a.log"), 0)
            try folder.append("three\n", to: "a.log")
            try inbox.wait(for: "the third") { lines($0).count == 3 }
            // In place, in one write: same file, larger than before, other content.
            let handle = try FileHandle(forUpdating: URL(filePath: folder.file("a.log")))
            try handle.write(contentsOf: Data("four\nfive\nsix\n".utf8))
            try handle.close()
            try inbox.wait(for: "the rewritten content") { lines($0).last == "six" }
            #expect(lines(inbox.inputs) == ["one", "two", "three", "four", "five", "six"])
            #expect(
                happenings(inbox.inputs).map(\.kind) == [.opened, .truncated, .truncated]
            )
        }

        @Test("waits for a file that is not there, and says so; it is read from its beginning")
        func waitsForMissing() throws {
            var inbox = try Inbox()
            let tail = try tail(
                [
                    LogSource(
                        name: "a",
                        path: folder.file("sub/a.log"),
                        format: "plain",
                        start: .end
                    )
                ],
                into: inbox
            )
            defer { tail.stop() }
            try inbox.wait(for: "the complaint") { happenings($0).count == 1 }
            try FileManager.default.createDirectory(
                atPath: folder.file("sub"),
                withIntermediateDirectories: false
            )
            try folder.append("first\n", to: "sub/a.log")
            try inbox.wait(for: "its line") { lines($0) == ["first"] }
            try folder.remove("sub/a.log")
            try folder.append("second\n", to: "sub/a.log")
            try inbox.wait(for: "the line of its successor") { lines($0) == ["first", "second"] }
            #expect(
                happenings(inbox.inputs).map { "\($0.kind) \($0.detail)" } == [
                    "missing No such file or directory", "opened from byte 0",
                    "rotated the new file from its beginning",
                ]
            )
        }

        @Test("says that a file vanished, and goes on when it is back")
        func noticesVanishing() throws {
            try folder.append("one\nunfinished", to: "a.log")
            var inbox = try Inbox()
            let tail = try tail([source("a.log")], into: inbox)
            defer { tail.stop() }
            try inbox.wait(for: "the line") { lines($0).count == 1 }
            try folder.remove("a.log")
            try inbox.wait(for: "the complaint") { happenings($0).last?.kind == .missing }
            try inbox.wait(for: "its last piece") { lines($0).count == 2 }
            try folder.append("two\n", to: "a.log")
            try inbox.wait(for: "the new line") { lines($0).count == 3 }
            #expect(lines(inbox.inputs) == ["one", "unfinished", "two"])
            #expect(happenings(inbox.inputs).map(\.kind) == [.opened, .missing, .opened])
        }

        @Test("says what cannot be read, and reads the others")
        func saysUnreadable() throws {
            try FileManager.default.createDirectory(
                atPath: folder.file("a.log"),
                withIntermediateDirectories: false
            )
            try folder.append("fine\n", to: "b.log")
            var inbox = try Inbox()
            let tail = try tail([source("a.log"), source("b.log")], into: inbox)
            defer { tail.stop() }
            try inbox.wait(for: "the other's line") { lines($0, of: 1) == ["fine"] }
            #expect(
                happenings(inbox.inputs, of: 0) == [
                    SourceEvent(source: 0, kind: .unreadable, detail: "It is not a regular file")
                ]
            )
        }

        @Test("cuts over-long lines, counts them, and keeps their neighbours")
        func cutsLines() throws {
            try folder.append("short\n12345678\n123456789\n1234567890123\nend\n", to: "a.log")
            var inbox = try Inbox()
            let tail = try tail([source("a.log")], into: inbox, lineLimit: 8)
            defer { tail.stop() }
            try inbox.wait(for: "the count") { happenings($0).last?.kind == .cut }
            #expect(
                lines(inbox.inputs) == [
                    "short", "12345678", "12345678 [cut]", "12345678 [cut]", "end",
                ]
            )
            #expect(happenings(inbox.inputs).last?.count == 2)
        }

        @Test("counts the cut of a last line without an end, too")
        func cutsLastLine() throws {
            try folder.append("short\n123456789", to: "a.log")
            var inbox = try Inbox()
            let tail = try tail([source("a.log")], into: inbox, lineLimit: 8, follows: false)
            defer { tail.stop() }
            try inbox.wait(for: "the end") { happenings($0).last?.kind == .ended }
            #expect(lines(inbox.inputs) == ["short", "12345678 [cut]"])
            #expect(happenings(inbox.inputs).contains { $0.kind == .cut && $0.count == 1 })
        }

        @Test("goes on after a restart with the next line: same, rotated or rewritten file")
        func resumes() throws {
            for name in ["same", "rotated", "rewritten", "gone"] {
                try folder.append("one\ntwo\nhalf", to: name)
            }
            let sources = ["same", "rotated", "rewritten", "gone"].map { source($0, start: .end) }
            var first = try Inbox()
            let before = try tail(sources.map { source($0.name) }, into: first)
            try first.wait(for: "all lines") { lines($0).count == 8 }
            before.stop()
            let positions = positions(first.inputs)
            #expect(positions.map(\.offset) == [8, 8, 8, 8])
            try folder.append(" three\n", to: "same")
            try folder.append(" three\n", to: "rotated")
            try folder.move("rotated", to: "rotated.1")
            try folder.append("four\n", to: "rotated")
            let handle = try FileHandle(forUpdating: URL(filePath: folder.file("rewritten")))
            try handle.write(contentsOf: Data("eins\nzwei\ndrei\n".utf8))
            try handle.close()
            try folder.move("gone", to: "elsewhere")
            try folder.remove("elsewhere")
            try folder.append("new\n", to: "gone")
            var second = try Inbox()
            let after = try tail(sources, from: positions, into: second)
            defer { after.stop() }
            try second.wait(for: "what is new") { lines($0).count == 7 }
            #expect(lines(second.inputs, of: 0) == ["half three"])
            #expect(lines(second.inputs, of: 1) == ["half three", "four"])
            #expect(lines(second.inputs, of: 2) == ["eins", "zwei", "drei"])
            #expect(lines(second.inputs, of: 3) == ["new"])
        }

        @Test("loses and repeats nothing while files are rotated under a full mailbox")
        func survivesRotations() throws {
            try folder.append("", to: "a.log")
            var inbox = try Inbox(capacity: 1)
            let tail = try tail([source("a.log")], into: inbox)
            defer { tail.stop() }
            let total = 20_000
            var number = 0
            while number < total {
                // Rotated only once the new file is known: nobody can follow two renames at once.
                var text = ""
                for _ in 0..<1_000 {
                    text += "line \(number)\n"
                    number += 1
                }
                try folder.append(text, to: "a.log")
                let rotations = number / 1_000
                try inbox.wait(for: "file \(rotations)") { inputs in
                    happenings(inputs).count { $0.kind == .rotated } == rotations - 1
                        && lines(inputs).count > (rotations - 1) * 1_000
                }
                if number < total { try folder.move("a.log", to: "a.log.\(rotations)") }
            }
            try inbox.wait(for: "all lines") { lines($0).count >= total }
            #expect(lines(inbox.inputs) == (0..<total).map { "line \($0)" })
        }

        @Test("is not woken while nothing is written")
        func staysAsleep() throws {
            try folder.append("one\n", to: "a.log")
            var inbox = try Inbox()
            let tail = try tail([source("a.log")], into: inbox)
            defer { tail.stop() }
            try inbox.wait(for: "the line, and how far the file is read") { inputs in
                lines(inputs).count == 1
                    && inputs.contains { input in
                        if case .source(let event) = input.event {
                            event.kind == .progress
                        } else {
                            false
                        }
                    }
            }
            #expect(!inbox.mailbox.waitUntil(Monotonic.now() + .milliseconds(200)))
            let before = try switches()
            #expect(before.count == 1)
            #expect(!inbox.mailbox.waitUntil(Monotonic.now() + .milliseconds(2_300)))
            #expect(try switches() == before)
        }

        /// Voluntary context switches of the thread.
        private func switches() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").sorted()
                .filter { id in
                    let name = try? String(
                        contentsOfFile: "/proc/self/task/\(id)/comm",
                        encoding: .utf8
                    )
                    return name == "tail\n"
                }
                .map { id in
                    try String(contentsOfFile: "/proc/self/task/\(id)/status", encoding: .utf8)
                        .split(separator: "\n").filter { $0.hasPrefix("voluntary") }.joined()
                }
        }
    }
}
