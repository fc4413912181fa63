import Atlas
import Chance
import Foundation
import Testing

@testable import History
@testable import HistoryFormat

@Suite("A history without room", .timeLimit(.minutes(5)))
struct HistoryRoomTests {
    @Test("says so, keeps what it had, and goes on when there is some again")
    func fileSizeLimit() throws {
        let folder = try Folder()
        let child = try Child("fill", folder.history, "400000")
        let stopped = child.line()?.split(separator: " ").map(String.init) ?? []
        // EFBIG is an I/O error to SQLite, not a full disk.
        #expect(stopped.first == "failure")
        let again = child.line()?.split(separator: " ").map(String.init) ?? []
        #expect(again.first == "again")
        #expect(child.end() == 0)
        let lines = try HistoryReader(path: folder.history).logs(LogQuery(limit: .max)).lines
        #expect(lines.count + 1 == Int(again.last ?? ""))
        for (index, line) in lines.enumerated() {
            #expect(line.record.message.hasPrefix("line \(index + 1) "))
        }
    }

    @Test("names a full disk as such", .enabled(if: canMount, "needs the right to mount a tmpfs"))
    func fullDisk() throws {
        let folder = try Folder()
        let disk = folder.path + "/disk"
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
        try #require(mount("none", disk, "tmpfs", 0, "size=1m") == 0)
        defer { umount2(disk, Int32(MNT_DETACH)) }
        let path = disk + "/history.db"
        let ballast = Data(repeating: 7, count: 500_000)
        try ballast.write(to: URL(fileURLWithPath: disk + "/ballast"))

        let writer = try HistoryWriter(path: path)
        let picture = Picture(at: Instant(seconds: 0), estate: Estate())
        try writer.begin(testPlan, picture: picture, at: picture.at)
        var dice = Dice(8)
        var kept = 0
        let error = #expect(throws: HistoryError.self) {
            for _ in 0..<1_000 {
                let chunk = dice.chunk(firstLine: writer.nextLine, upTo: 2_000, sources: 3)
                try writer.append(HistoryBatch(at: picture.at, chunks: [chunk]))
                kept += chunk.count
            }
        }
        guard case .full = error else {
            Issue.record("\(String(describing: error)) is not about a full disk")
            return
        }
        #expect(error?.exit == .unavailable)
        #expect(writer.nextLine == UInt64(kept) + 1)
        let reader = try HistoryReader(path: path)
        #expect(try reader.logs(LogQuery(limit: .max)).lines.count == kept)
        // Compacting needs room for a few rows: without it, nothing is lost.
        _ = try? writer.compact()
        #expect(try reader.logs(LogQuery(limit: .max)).lines.count == kept)
        #expect(writer.nextLine == UInt64(kept) + 1)

        try FileManager.default.removeItem(atPath: disk + "/ballast")
        let chunk = dice.chunk(firstLine: writer.nextLine, upTo: 2_000, sources: 3)
        try writer.append(HistoryBatch(at: picture.at, chunks: [chunk]))
        #expect(try reader.logs(LogQuery(limit: .max)).lines.count == kept + chunk.count)
    }
}

private let canMount: Bool = {
    guard let folder = try? Folder() else { return false }
    guard mount("none", folder.path, "tmpfs", 0, "size=64k") == 0 else { return false }
    return umount2(folder.path, Int32(MNT_DETACH)) == 0
}()
