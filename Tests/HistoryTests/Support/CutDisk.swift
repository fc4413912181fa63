import CPowerCut
import Chance
import Foundation

/// The files of a folder as SQLite writes them, from when it was made.
final class CutDisk {
    struct Missing: Error {}

    private let number: Int32
    private let first: DiskImage
    private var failing = (way: Way.works, calls: 0..<0)

    /// What is in the folder now counts as synced.
    init(_ folder: Folder) throws {
        first = try DiskImage(of: folder)
        number = cut_begin(folder.path)
        guard number >= 0 else { throw Missing() }
    }

    deinit { cut_end(number) }

    /// How many events there were.
    var count: Int { Int(cut_count(number)) }
    /// How many calls changed something or tried to.
    var calls: Int { Int(cut_calls(number)) }
    var failures: Int { Int(cut_failures(number)) }

    /// Says that the first `steps` steps of a test have returned.
    func acknowledge(_ steps: Int) { cut_note(number, Int64(steps)) }

    /// The steps that had returned before an event; nil when none was told of.
    func acknowledged(before moment: Int) -> Int? {
        for index in stride(from: moment - 1, through: 0, by: -1) {
            let event = cut_event(number, Int64(index))
            if event.kind == CUT_NOTE { return Int(event.offset) }
        }
        return nil
    }

    enum Way: Int32 {
        case works = 0
        case full
        case broken
    }

    /// Calls of these numbers fail, counted as `calls` does.
    func fail(_ way: Way, _ calls: Range<Int>) {
        failing = (way, calls)
        cut_fail(number, way.rawValue, Int64(calls.lowerBound), Int64(calls.upperBound))
    }

    func heal() { fail(.works, 0..<0) }

    /// Does something while nothing fails.
    func pausing(_ body: () throws -> Void) rethrows {
        let (way, calls) = failing
        heal()
        defer { fail(way, calls) }
        try body()
    }

    /// What the disk may hold when the power goes before an event.
    func image(before moment: Int, _ dice: inout Dice) -> DiskImage {
        var disk = UnsyncedDisk(first)
        for index in 0..<moment { disk.take(cut_event(number, Int64(index)), &dice) }
        return disk.image(&dice)
    }
}

/// The content of files by their names.
struct DiskImage {
    var files: [String: [UInt8]] = [:]

    init() {}

    init(of folder: Folder) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where !name.hasSuffix(".lock") && !name.hasSuffix("-shm") {
            files[name] = try [UInt8](Data(contentsOf: folder.file(name)))
        }
    }

    /// A folder with these files.
    func written() throws -> Folder {
        let folder = try Folder()
        for (name, bytes) in files { try Data(bytes).write(to: folder.file(name)) }
        return folder
    }
}

extension Folder {
    func file(_ name: String) -> URL { URL(fileURLWithPath: path + "/" + name) }
}
