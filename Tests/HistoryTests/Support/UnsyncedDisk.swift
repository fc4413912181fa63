import CPowerCut
import Chance

/// What surely is on a disk, and what was written since and may be there: whole, in part or not at
/// all, in any order.
///
/// Stricter than file systems are: names come and go only with a sync of their folder, a sector of
/// 512 bytes is the most that is written at once, and no sync of one file helps another.
struct UnsyncedDisk {
    private static let sector = 512

    private enum Change {
        case write(at: Int, [UInt8])
        case truncate(Int)
    }

    private struct File {
        var bytes: [UInt8]
        var unsynced: [Change] = []
    }

    private var files: [Int32: File] = [:]
    /// Files that were there before the first event have numbers below 0.
    private var names: [String: Int32] = [:]
    private var unsyncedNames: [(name: String, file: Int32?)] = []

    init(_ image: DiskImage) {
        for (index, (name, bytes)) in image.files.sorted(by: { $0.key < $1.key }).enumerated() {
            files[Int32(-1 - index)] = File(bytes: bytes)
            names[name] = Int32(-1 - index)
        }
    }

    mutating func take(_ event: CutEvent, _ dice: inout Dice) {
        let bytes = Array(UnsafeBufferPointer(start: event.bytes, count: Int(event.size)))
        switch Int(event.kind) {
        case CUT_OPEN:
            come(event.file, size: Int(event.offset), to: String(decoding: bytes, as: UTF8.self))
        case CUT_WRITE:
            files[event.file]?.unsynced.append(.write(at: Int(event.offset), bytes))
        case CUT_TRUNCATE:
            files[event.file]?.unsynced.append(.truncate(Int(event.offset)))
        case CUT_SYNC:
            guard var file = files[event.file] else { return }
            for change in file.unsynced { Self.apply(change, to: &file.bytes) }
            file.unsynced = []
            files[event.file] = file
        case CUT_SYNC_FAILED:
            guard var file = files[event.file] else { return }
            Self.tear(&file, &dice)
            files[event.file] = file
        case CUT_SYNC_FOLDER:
            for (name, file) in unsyncedNames { names[name] = file }
            unsyncedNames = []
        case CUT_DELETE:
            unsyncedNames.append((String(decoding: bytes, as: UTF8.self), nil))
        default: break
        }
    }

    private mutating func come(_ number: Int32, size: Int, to name: String) {
        if files[number] != nil {
            // Renamed, and its folder synced, by the program itself.
            for (old, file) in names where file == number { names[old] = nil }
            unsyncedNames.removeAll { $0.file == number }
            names[name] = number
        } else if size > 0, let known = names[name] {
            files[number] = files.removeValue(forKey: known)
            names[name] = number
        } else {
            files[number] = File(bytes: [])
            unsyncedNames.append((name, number))
        }
    }

    func image(_ dice: inout Dice) -> DiskImage {
        var image = DiskImage()
        var states = names.mapValues { [Int32?.some($0)] }
        for (name, file) in unsyncedNames { states[name, default: [nil]].append(file) }
        for (name, choices) in states.sorted(by: { $0.key < $1.key }) {
            guard let number = dice.pick(choices), var file = files[number] else { continue }
            Self.tear(&file, &dice)
            image.files[name] = file.bytes
        }
        return image
    }

    private static func apply(_ change: Change, to bytes: inout [UInt8]) {
        switch change {
        case .truncate(let size): resize(&bytes, size)
        case .write(let start, let new):
            if bytes.count < start + new.count { resize(&bytes, start + new.count) }
            bytes.replaceSubrange(start..<start + new.count, with: new)
        }
    }

    private static func resize(_ bytes: inout [UInt8], _ size: Int) {
        if size < bytes.count {
            bytes.removeLast(bytes.count - size)
        } else {
            bytes += [UInt8](repeating: 0, count: size - bytes.count)
        }
    }

    /// Takes of what is not synced what chance leaves.
    private static func tear(_ file: inout File, _ dice: inout Dice) {
        let changes = file.unsynced
        file.unsynced = []
        switch dice.roll(1...6) {
        case 1: break
        case 2: for change in changes { apply(change, to: &file.bytes) }
        case 3:
            // All up to one, and of that one a part.
            guard !changes.isEmpty else { return }
            let last = dice.roll(0...changes.count - 1)
            for change in changes[..<last] { apply(change, to: &file.bytes) }
            tear(changes[last], &file.bytes, &dice)
        case 4:
            // All but one.
            guard !changes.isEmpty else { return }
            let lost = dice.roll(0...changes.count - 1)
            for (index, change) in changes.enumerated() where index != lost {
                apply(change, to: &file.bytes)
            }
        case 5:
            for change in changes.shuffled(using: &dice) where dice.isLucky(50) {
                apply(change, to: &file.bytes)
            }
        default:
            for change in changes.shuffled(using: &dice) { tear(change, &file.bytes, &dice) }
        }
    }

    private static func tear(_ change: Change, _ bytes: inout [UInt8], _ dice: inout Dice) {
        guard case .write(let start, let new) = change else {
            if dice.isLucky(50) { apply(change, to: &bytes) }
            return
        }
        // Its length may be there without its content, which then is anything.
        if start + new.count > bytes.count, dice.isLucky(50) {
            let size = bytes.count
            resize(&bytes, start + new.count)
            if dice.isLucky(50) {
                for index in size..<bytes.count { bytes[index] = UInt8(dice.roll(0...255)) }
            }
        }
        var from = 0
        while from < new.count {
            let place = start + from
            let end = min(new.count, from + sector - place % sector)
            if dice.isLucky(60) { apply(.write(at: place, Array(new[from..<end])), to: &bytes) }
            from = end
        }
    }
}
