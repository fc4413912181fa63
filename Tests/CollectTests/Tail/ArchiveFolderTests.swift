import Atlas
import Collect
import Foundation
import Testing

/// How a rotation puts a log aside, and where.
private struct Rotation: CustomTestStringConvertible {
    enum Way: CaseIterable { case move, copytruncate, pack }

    let way: Way
    /// Beside `app/a.log`; `#` is the number.
    let name: String

    var testDescription: String { "\(way) to \(name)" }

    /// As with `olddir` of logrotate(8), and a month in a `filePattern` of Log4j.
    static let all = Way.allCases.flatMap { way in
        [
            "a.log.#", "old/a.log.#", "../old/a.log.#", "../old/app/a.log.#",
            "2026-11/a-2026-11-27-#.log",
        ]
        .map { Rotation(way: way, name: $0) }
    }

    func prepare(_ folder: TemporaryFolder) throws {
        try folder.makeFolder("app")
        try folder.makeFolder("app/\(name)".split(separator: "/").dropLast().joined(separator: "/"))
    }

    func put(_ number: Int, _ tail: TailScenario) throws {
        let target = "app/" + name.replacing("#", with: "\(number)")
        switch way {
        case .copytruncate: return try tail.copytruncate("app/a.log", to: target)
        case .move: try tail.folder.move("app/a.log", to: target)
        case .pack:
            try tail.folder.move("app/a.log", to: target)
            try tail.pack(target)
        }
    }
}

extension TailTests {
    @Suite("Generations that no pattern leads to")
    struct ArchiveFolderTests {
        private func write(_ range: Range<Int>, _ tail: TailScenario) throws {
            try tail.folder.append(text(numbered(range)), to: "app/a.log")
        }

        @Test(
            "T24 T34 rotated while nothing ran: each is read from where it was",
            arguments: Rotation.all
        )
        private func whileStopped(rotation: Rotation) throws {
            var tail = try TailScenario()
            tail.follow("app/a.log")
            try rotation.prepare(tail.folder)
            try write(0..<20, tail)
            try tail.begin()
            try tail.wait(lines: 20)
            try tail.stop()
            for number in 1...3 {
                try write((20 * number)..<(20 * number + 20), tail)
                try rotation.put(number, tail)
            }
            try write(80..<100, tail)
            try tail.begin()
            try tail.wait(lines: 80)
            try tail.stop()
            #expect(tail.allLines.sorted() == numbered(0..<100).sorted())
        }

        @Test("T24 rotated several times between two looks: each is read", arguments: Rotation.all)
        private func betweenLooks(rotation: Rotation) throws {
            var tail = try TailScenario()
            tail.options.usesNotifications = false
            tail.follow("app/a.log")
            try rotation.prepare(tail.folder)
            try write(0..<20, tail)
            try tail.begin()
            try tail.wait(lines: 20)
            // The first one is still there when it is looked for; the next ones are what was missed.
            try write(20..<40, tail)
            try Rotation(way: rotation.way == .pack ? .move : rotation.way, name: rotation.name)
                .put(1, tail)
            for number in 2...4 {
                try write((20 * number)..<(20 * number + 20), tail)
                try rotation.put(number, tail)
            }
            try write(100..<120, tail)
            try tail.wait(lines: 120)
            try tail.stop()
            #expect(tail.allLines.sorted() == numbered(0..<120).sorted())
        }

        @Test(
            "T34 what was read is gone by the restart: what came after it is read",
            arguments: Rotation.all.filter { $0.name.hasPrefix("a.log") }
        )
        private func firstIsGone(rotation: Rotation) throws {
            var tail = try TailScenario()
            tail.follow("app/a.log")
            try rotation.prepare(tail.folder)
            try write(0..<20, tail)
            try tail.begin()
            try tail.wait(lines: 20)
            try tail.stop()
            // Its times are those of the file system, of 4 ms or so.
            try rotation.put(1, tail)
            let name = rotation.way == .pack ? "app/a.log.1.gz" : "app/a.log.1"
            let first = try tail.modified(name)
            try tail.folder.remove(name)
            repeat {
                try? tail.folder.remove("app/a.log")
                try write(20..<40, tail)
            } while try tail.modified("app/a.log") <= first
            try rotation.put(1, tail)
            try write(40..<60, tail)
            try tail.begin()
            try tail.wait(lines: 40)
            try tail.stop()
            #expect(tail.allLines.sorted() == numbered(0..<60).sorted())
        }

        @Test("a log that nobody asked for is no generation of the one that is followed")
        func sibling() throws {
            var tail = try TailScenario()
            tail.follow("app/a.log")
            try tail.folder.makeFolder("app")
            func rotate(_ number: Int) throws {
                try tail.folder.append(text(numbered(0..<20, "other")), to: "app/a-2.log")
                try tail.folder.move("app/a.log", to: "app/a.log.\(number)")
                try tail.folder.append(text(numbered(0..<20, "other")), to: "app/a-3.log")
            }
            try write(0..<20, tail)
            try tail.begin()
            try tail.wait(lines: 20)
            try rotate(1)
            try write(20..<40, tail)
            try tail.wait(lines: 40)
            try tail.stop()
            try rotate(2)
            try write(40..<60, tail)
            try tail.begin()
            try tail.wait(lines: 20)
            try tail.stop()
            #expect(tail.allLines == numbered(0..<60))
        }

        @Test("what is in a folder beside a log of the same name is that one's")
        func namesake() throws {
            var tail = try TailScenario()
            tail.follow("app/a.log")
            for folder in ["app", "other"] { try tail.folder.makeFolder(folder) }
            try write(0..<20, tail)
            try tail.begin()
            try tail.wait(lines: 20)
            try tail.stop()
            try tail.folder.append(text(numbered(0..<20)), to: "other/a.log")
            try tail.folder.append(text(numbered(0..<30)), to: "other/a.log.1")
            try tail.folder.remove("app/a.log")
            try write(40..<60, tail)
            try tail.begin()
            try tail.wait(lines: 20)
            try tail.stop()
            #expect(tail.allLines == numbered(0..<20) + numbered(40..<60))
        }
    }
}

extension TailScenario {
    /// When it was written last, in seconds.
    fileprivate func modified(_ name: String) throws -> Double {
        var status = stat()
        try #require(stat(folder.file(name), &status) == 0)
        return Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
    }
}
