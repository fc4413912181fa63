import Atlas
import Chance
import Glibc
import Testing

@testable import Collect

extension TailTests {
    @Suite("NULs that are no text")
    struct PaddingTests {
        @Test(
            "are passed over before a line, few of them are kept, whatever the blocks",
            arguments: 1...40
        )
        func splitter(seed: Int) {
            var dice = Dice(seed)
            var text: [UInt8] = []
            var expected: [[UInt8]] = []
            var paddings = 0
            for number in 0..<30 {
                let count = dice.pick([0, 0, 1, 63, 64, 65, 200])
                let line = Array("line \(number)".utf8)
                text += [UInt8](repeating: 0, count: count) + line + [10]
                let isText = count < Padding.least
                expected.append((isText ? [UInt8](repeating: 0, count: count) : []) + line)
                paddings += isText ? 0 : 1
            }
            for most in [10_000, 90, 7, 1] {
                var splitter = LineSplitter(limit: 100, notesStarts: true)
                var batch = LineBatch(source: 0, bytes: [], ends: [])
                var start = 0
                while start < text.count {
                    let end = min(text.count, start + dice.roll(1...most))
                    text.withUnsafeBytes {
                        splitter.take(
                            UnsafeRawBufferPointer(rebasing: $0[start..<end]),
                            into: &batch
                        )
                    }
                    start = end
                }
                #expect((0..<batch.count).map { Array(batch.line($0)) } == expected)
                #expect(splitter.takePaddings() == paddings)
                #expect(splitter.takeCuts() == 0)
                // Where a line begins in the text is behind its padding.
                let starts = splitter.takeStarts()
                #expect(zip(starts, expected).allSatisfy { text[$0...].starts(with: $1) })
            }
        }

        @Test(
            "that a crash left before the next line are passed over and counted",
            arguments: [3_000, 300_000]
        )
        func crash(count: Int) throws {
            var tail = try TailScenario()
            tail.follow("a.log")
            let blanks = String(repeating: "\0", count: count)
            try tail.folder.append("before\n" + blanks + "after\n\0few\n", to: "a.log")
            try tail.begin()
            try tail.wait(lines: 3)
            #expect(tail.lines == ["before", "after", "\0few"])
            try tail.wait(for: "the word about it") { inputs in
                happenings(inputs).contains { $0.kind == .dropped && $0.detail == Padding.words }
            }
            try tail.stop()
            try tail.begin()
            try tail.folder.append("end\n", to: "a.log")
            try tail.wait(lines: 1)
            try tail.stop()
            #expect(tail.allLines == ["before", "after", "\0few", "end"])
        }

        @Test("that a file begins with are passed over at once: a hole of a terabyte")
        func hole() throws {
            var tail = try TailScenario()
            tail.follow("a.log")
            let writer = open(tail.folder.file("a.log"), O_WRONLY | O_CREAT, 0o644)
            defer { close(writer) }
            #expect(pwrite(writer, "one\ntwo\n", 8, 1 << 40) == 8)
            try tail.begin()
            try tail.wait(lines: 2)
            #expect(tail.lines == ["one", "two"])
            try tail.stop()
        }

        @Test(
            "at the end of a file are room for lines, which are read when they are there",
            arguments: [true, false]
        )
        func room(fromEnd: Bool) throws {
            var tail = try TailScenario()
            tail.follow("a.log", start: fromEnd ? .end : .beginning)
            try tail.folder.append("one\n", to: "a.log")
            let size = 1 << 20
            let path = tail.folder.file("a.log")
            #expect(truncate(path, off_t(size)) == 0)
            // As a logger that maps its file into memory: no write(2), of which inotify(7) would tell.
            let descriptor = open(path, O_RDWR)
            let mapped = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
            let memory = try #require(mapped)
            defer {
                munmap(memory, size)
                close(descriptor)
            }
            try tail.begin()
            try tail.wait(for: "the file") { happenings($0).contains { $0.kind == .opened } }
            var expected = fromEnd ? [] : ["one"]
            var place = 4
            for (piece, line) in [("two\n", "two"), ("thr", nil), ("ee\n", "three"), ("4\n", "4")] {
                memcpy(memory + place, piece, piece.utf8.count)
                place += piece.utf8.count
                if let line { expected.append(line) }
                try tail.wait(lines: expected.count)
            }
            // It is cut to what it holds, and goes on.
            #expect(truncate(path, off_t(place)) == 0)
            try tail.folder.append("five\n", to: "a.log")
            try tail.wait(lines: expected.count + 1)
            try tail.stop()
            #expect(tail.allLines == expected + ["five"])
            #expect(!tail.told.contains { $0.contains("unnoticed") })
        }
    }
}
