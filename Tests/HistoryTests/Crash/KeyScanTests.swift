import Atlas
import Chance
import Foundation
import GRDB
import Testing

@testable import History

@Suite("Rows around a damaged page")
struct KeyScanTests {
    private static let page = 4_096

    /// A table of rows with gaps between their keys; its leaves, in the order of their keys.
    private func make(_ folder: Folder) throws -> (keys: [Int64], leaves: [Int]) {
        let database = try DatabaseQueue(path: folder.history)
        var dice = Dice(31)
        var keys: [Int64] = []
        try database.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA page_size = \(Self.page)")
            try db.execute(sql: "CREATE TABLE row (key INTEGER PRIMARY KEY, text TEXT NOT NULL)")
            try db.inTransaction {
                var key: Int64 = -5_000
                for _ in 0..<2_000 {
                    key += Int64(dice.pick([1, 1, 1, 7, 900]))
                    keys.append(key)
                    let text = String(repeating: "x", count: 60)
                    try db.execute(sql: "INSERT INTO row VALUES (?, ?)", arguments: [key, text])
                }
                return .commit
            }
        }
        try database.close()
        let bytes = try Data(contentsOf: folder.file("history.db"))
        // https://sqlite.org/fileformat.html section 1.6: 0x0D is a leaf of a table.
        let leaves = stride(from: Self.page, to: bytes.count, by: Self.page).filter {
            bytes[$0] == 0x0D
        }
        return (keys, leaves)
    }

    private func read(_ folder: Folder, isDescending: Bool) throws -> (keys: [Int64], gaps: Int) {
        let database = try DatabaseQueue(path: folder.history)
        return try database.reading { db in
            let scan = KeyScan(db, "text", of: "row", by: "key", isDescending: isDescending)
            var keys: [Int64] = []
            while let row = try scan.next() { keys.append(try row.value(0)) }
            return (isDescending ? keys.reversed() : keys, scan.gaps)
        }
    }

    private func destroy(_ pages: [Int], in folder: Folder) throws {
        var bytes = try Data(contentsOf: folder.file("history.db"))
        for place in pages {
            bytes.replaceSubrange(place..<place + Self.page, with: Data(count: Self.page))
        }
        try bytes.write(to: folder.file("history.db"))
    }

    @Test("are all read, and only those of the page are not", arguments: [false, true])
    func leaves(isDescending: Bool) throws {
        let whole = try Folder()
        let (keys, leaves) = try make(whole)
        #expect(leaves.count > 30)
        let found = try read(whole, isDescending: isDescending)
        #expect(found.keys == keys)
        #expect(found.gaps == 0)
        for lost in [[0], [7], [leaves.count - 1], [3, 4, 5], [2, 9, 20]] {
            let folder = try Folder()
            _ = try make(folder)
            try destroy(lost.map { leaves[$0] }, in: folder)
            let found = try read(folder, isDescending: isDescending)
            #expect(Set(found.keys).isSubset(of: keys))
            #expect(found.keys == found.keys.sorted())
            // A leaf has some fifty rows.
            #expect(keys.count - found.keys.count <= lost.count * 60, "\(lost)")
            #expect(keys.count - found.keys.count >= lost.count * 10, "\(lost)")
            #expect((1...lost.count).contains(found.gaps), "\(lost): \(found.gaps)")
        }
    }

    @Test("are none where the root is lost")
    func root() throws {
        let folder = try Folder()
        _ = try make(folder)
        let bytes = try Data(contentsOf: folder.file("history.db"))
        let root = stride(from: Self.page, to: bytes.count, by: Self.page).first {
            bytes[$0] == 0x05
        }
        try destroy([try #require(root)], in: folder)
        let found = try read(folder, isDescending: false)
        #expect(found.keys.isEmpty)
        #expect(found.gaps == 1)
    }
}
