import Atlas
import Foundation
import Testing
import Unpack

@testable import Collect

extension TailTests {
    /// More scenarios that a tailer must survive: where files lie, how they are called and packed.
    @Suite("What a tailer finds")
    struct TailDiscoveryTests {
        @Test("T41 files in folders in folders are found, those that come later as well")
        func descends() throws {
            var tail = try TailScenario()
            for folder in ["a", "a/b", "a/.hidden", "a/old"] {
                try tail.folder.makeFolder(folder)
            }
            // Round and round, if links were followed.
            #expect(symlink(tail.folder.path, tail.folder.file("a/b/up")) == 0)
            for name in ["top.log", "a/one.log", "a/b/two.log", "a/.hidden/x.log", "a/old/y.log"] {
                try tail.folder.append("\(name)\n", to: name)
            }
            let old = tail.folder.file("**/old/**")
            tail.follow("**/*.log") { $0.exclude = [old] }
            try tail.begin()
            try tail.wait(lines: 3)
            try tail.folder.makeFolder("new")
            try tail.folder.makeFolder("new/deep")
            try tail.folder.append("new/deep/three.log\n", to: "new/deep/three.log")
            try tail.wait(lines: 4)
            try tail.folder.append("again\n", to: "a/b/two.log")
            try tail.wait(lines: 5)
            try tail.stop()
            #expect(
                tail.allLines.sorted()
                    == ["a/b/two.log", "a/one.log", "again", "new/deep/three.log", "top.log"]
            )
        }

        @Test("T44 a file whose name is no UTF-8 is named, and read by a link to it")
        func namesIllegible() throws {
            var tail = try TailScenario()
            let name =
                Array(tail.folder.file("caf").utf8).map(CChar.init) + [-23, 46, 108, 111, 103, 0]
            let file = open(name, O_CREAT | O_WRONLY, 0o644)
            try #require(file >= 0 && write(file, "line\n", 5) == 5 && close(file) == 0)
            tail.follow("*.log")
            try tail.begin()
            try tail.wait(for: "the complaint") { !happenings($0).isEmpty }
            #expect(tail.told.first?.contains("caf\u{FFFD}.log: its name is no UTF-8") == true)
            #expect(
                symlink(name, Array(tail.folder.file("cafe.log").utf8).map(CChar.init) + [0]) == 0
            )
            try tail.wait(lines: 1)
            try tail.stop()
            #expect(tail.allLines == ["line"])
        }

        @Test("T16 T34 files whose names are one to the eye are two, each with its generations")
        func namesAlike() throws {
            var tail = try TailScenario()
            // A letter, the same of two parts, and a mark that goes with the slash before it.
            let names = ["\u{E9}.log", "e\u{301}.log", "\u{301}.log"]
            func write(_ what: String) throws {
                for (number, name) in names.enumerated() {
                    try tail.folder.append("\(what) \(number)\n", to: name)
                }
            }
            tail.follow("*.log")
            try write("first")
            try tail.begin()
            try tail.wait(lines: 3)
            for name in names { try tail.folder.move(name, to: "\(name).1") }
            try write("second")
            try tail.wait(lines: 6)
            try tail.stop()
            for name in names { try tail.folder.append("late\n", to: name) }
            for name in names { try tail.folder.move(name, to: "\(name).2") }
            try write("third")
            try tail.begin()
            try tail.wait(lines: 6)
            try tail.stop()
            let said = ["first", "second", "third"].flatMap { what in
                names.indices.map { "\(what) \($0)" }
            }
            #expect(tail.allLines.sorted() == (said + ["late", "late", "late"]).sorted())
        }

        @Test("what is packed is known by how it begins, not by its name")
        func unnamedArchives() throws {
            var tail = try TailScenario()
            let lines = numbered(0..<100)
            try tail.folder.append(text(lines), to: "old.log")
            try tail.pack("old.log", .zstd)
            // logrotate(8) with `compressext ""`, and a name that says more than it holds.
            try tail.folder.move("old.log.zst", to: "old.log.1")
            try tail.folder.append(text(numbered(100..<200)), to: "plain.log.gz")
            tail.follow("*.log*")
            try tail.begin()
            try tail.wait(lines: 200)
            try tail.folder.append(text(numbered(200..<201)), to: "plain.log.gz")
            try tail.wait(lines: 201)
            try tail.wait(for: "the end of the archive") {
                positions($0).contains { $0.offset == .max }
            }
            try tail.stop()
            try tail.begin()
            try tail.folder.append(text(numbered(201..<202)), to: "plain.log.gz")
            try tail.wait(lines: 1)
            try tail.stop()
            #expect(tail.allLines.sorted() == numbered(0..<202).sorted())
        }

        @Test(
            "an archive that is being written is read as it grows",
            arguments: PackedForm.allCases
        )
        func growingArchives(form: PackedForm) throws {
            var tail = try TailScenario()
            let lines = numbered(0..<20_000)
            try tail.folder.append(text(lines), to: "old.log")
            try tail.pack("old.log", form)
            let whole = [UInt8](
                try Data(contentsOf: URL(filePath: tail.folder.file("old.log\(form.suffix)")))
            )
            let name = "new.log\(form.suffix)"
            try tail.folder.write(whole.prefix(3), to: name)
            tail.follow("new.log*")
            try tail.begin()
            let file = try FileHandle(forWritingTo: URL(filePath: tail.folder.file(name)))
            try file.seekToEnd()
            try file.write(contentsOf: Data(whole[3..<(whole.count / 2)]))
            if form != .bzip2, form != .xz { try tail.wait(for: "its first half") { !$0.isEmpty } }
            try file.write(contentsOf: Data(whole[(whole.count / 2)...]))
            try tail.wait(lines: 20_000)
            try tail.wait(for: "its end") { positions($0).last?.offset == .max }
            try tail.stop()
            #expect(tail.allLines == lines)
        }

        @Test("an archive is read once, as history", arguments: PackedForm.allCases)
        func archives(form: PackedForm) throws {
            var tail = try TailScenario()
            try tail.folder.append(text(numbered(0..<30_000)), to: "old.log")
            try tail.pack("old.log", form)
            tail.follow("*\(form.suffix)")
            try tail.begin()
            try tail.wait(lines: 30_000)
            try tail.wait(for: "its end") { positions($0).last?.offset == .max }
            try tail.stop()
            try tail.folder.append("next\n", to: "new.log")
            try tail.pack("new.log", form)
            try tail.begin()
            try tail.wait(lines: 1)
            try tail.stop()
            #expect(tail.allLines == numbered(0..<30_000) + ["next"])
        }

        @Test("T44 what is wrong with one of many files is told until it is well again")
        func troubles() throws {
            var tail = try TailScenario()
            try tail.folder.append(text(numbered(0..<1_000)), to: "old.log")
            try tail.pack("old.log")
            var bytes = try tail.folder.read("old.log.gz")
            // Of its checksum: RFC 1952 section 2.3.1.
            bytes[bytes.count - 6] ^= 1
            try tail.folder.write(bytes, to: "old.log.gz")
            try tail.folder.append("one\n", to: "a.log")
            tail.follow("*.log*")
            try tail.begin()
            try tail.wait(for: "the trouble") { !troubles($0).isEmpty }
            try tail.folder.append("two\n", to: "a.log")
            try tail.wait(for: "the other's line") { lines($0).contains("two") }
            let path = tail.folder.file("old.log.gz")
            #expect(troubles(tail.inbox.inputs) == [["\(path): the archive is damaged (gzip)"]])
            #expect(happenings(tail.inbox.inputs).allSatisfy { $0.kind != .unreadable })
            #expect(unlink(path) == 0)
            try tail.wait(for: "its end") { troubles($0).last == [] }
            try tail.stop()
            #expect(tail.allLines.sorted() == (numbered(0..<1_000) + ["one", "two"]).sorted())
        }

        @Test("says which files another program packed, and shows none of their bytes")
        func foreign() throws {
            var tail = try TailScenario()
            let zip: [UInt8] = [0x50, 0x4B, 3, 4] + Array("stored\nlines\n".utf8)
            try tail.folder.write(zip, to: "old.log.zip")
            try tail.folder.write([], to: "new.log.lz4")
            try tail.folder.append("one\n", to: "a.log")
            tail.follow("*.log*")
            try tail.begin()
            let old = "\(tail.folder.file("old.log.zip")): It is packed by zip: unpack it"
            try tail.wait(for: "the first") { troubles($0).last == [old] }
            // It was looked at while it was empty.
            try tail.folder.append("\u{4}\"M\u{18}\n\n", to: "new.log.lz4")
            let new = "\(tail.folder.file("new.log.lz4")): It is packed by lz4: unpack it"
            try tail.wait(for: "the second") { troubles($0).last == [new, old] }
            try tail.stop()
            #expect(tail.allLines == ["one"])
        }

        @Test("says that a pattern has more alternatives than are looked for, and reads the others")
        func manyAlternatives() throws {
            var tail = try TailScenario()
            try tail.folder.append("one\n", to: "0.log")
            tail.follow("{\((0...1_000).map(String.init).joined(separator: ","))}.log")
            try tail.begin()
            try tail.wait(for: "its line") { lines($0) == ["one"] }
            let words = "more than 1,000 alternatives in braces: the rest is left alone"
            try tail.wait(for: "the trouble") { troubles($0).last == [words] }
            try tail.stop()
        }

        @Test(
            "says that an exclude has more alternatives than count, and reads what they would name"
        )
        func manyExcluded() throws {
            var tail = try TailScenario()
            try tail.folder.append("one\n", to: "1000.log")
            try tail.folder.append("two\n", to: "0.log")
            let excluded = "{\((0...1_000).map(String.init).joined(separator: ","))}.log"
            tail.follow("*.log") { $0.exclude = [excluded] }
            try tail.begin()
            try tail.wait(for: "its line") { lines($0) == ["one"] }
            let words = "exclude has more than 1,000 alternatives in braces: the rest excludes none"
            try tail.wait(for: "the trouble") { troubles($0).last == [words] }
            try tail.stop()
        }

        private func troubles(_ inputs: [Input]) -> [[String]] {
            inputs.compactMap { input in
                guard case .source(let event) = input.event, event.kind == .troubles else {
                    return nil
                }
                return event.troubles
            }
        }
    }
}
