package import Atlas
import Glibc

/// Cuts what `journalctl --output=export` writes into records, one line of a batch each.
///
///     NAME=value LF                                 a field of text
///     NAME LF │ length, 64 bits LE │ value │ LF     a field of any bytes
///     LF                                            the record ends
///
///     name ─ "=" → text ─ LF → name;  name ─ LF → length → data → dataEnd ─ LF → name
///
/// A record is kept as it is, without its empty line, up to a limit: a MESSAGE that is too long is
/// cut to what has room, its length set right, any other such field is left out; both are counted
/// as one cut. Memory is bounded by the limit, whatever length is declared. Source: systemd,
/// docs/JOURNAL_EXPORT_FORMATS.md.
package struct JournalExportFramer {
    private enum State {
        case name, text
        /// Bytes of the length that are still to come.
        case length(Int)
        /// Bytes of the value that are still to come.
        case data(UInt64)
        case dataEnd
    }

    private let limit: Int
    private var state = State.name
    private var record: [UInt8] = []
    private var field: [UInt8] = []
    /// Bytes of the field before its value; nil while its name is read.
    private var headCount: Int?
    /// Bytes of the field that did not fit are not in it.
    private var isOver = false
    private var isCut = false
    private var declared: UInt64 = 0
    private var cuts = 0

    /// The limit is that of a record's bytes.
    package init(limit: Int) {
        self.limit = limit
    }

    /// Something was begun that has not ended.
    var isInside: Bool { !record.isEmpty || !field.isEmpty }

    package mutating func takeCuts() -> Int {
        defer { cuts = 0 }
        return cuts
    }

    /// Adds the whole records to the batch.
    package mutating func take(_ block: UnsafeRawBufferPointer, into batch: inout LineBatch) {
        var index = 0
        while index < block.count {
            let rest = UnsafeRawBufferPointer(rebasing: block[index...])
            index += step(rest, into: &batch)
        }
    }

    /// Gives out a record that has not ended, as far as it came: no more will.
    package mutating func finish(into batch: inout LineBatch) {
        if !field.isEmpty { endField() }
        emit(into: &batch)
        state = .name
    }

    /// Takes a piece of the bytes, at least one; how many.
    private mutating func step(
        _ bytes: UnsafeRawBufferPointer,
        into batch: inout LineBatch
    ) -> Int {
        switch state {
        case .name:
            let end = bytes.firstIndex { $0 == 0x3D || $0 == 0x0A } ?? bytes.count
            keep(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
            guard end < bytes.count else { return end }
            endName(bytes[end], into: &batch)
            return end + 1
        case .text:
            let end = lineEnd(bytes)
            keep(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
            guard end < bytes.count else { return end }
            endField()
            return end + 1
        case .length(let missing):
            keep(UnsafeRawBufferPointer(rebasing: bytes[..<1]))
            declared = declared >> 8 | UInt64(bytes[0]) << 56
            state = missing > 1 ? .length(missing - 1) : declared > 0 ? .data(declared) : .dataEnd
            if missing == 1 { headCount = field.count }
            return 1
        case .data(let missing):
            let count = Int(min(missing, UInt64(bytes.count)))
            keep(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            let left = missing - UInt64(count)
            state = left > 0 ? .data(left) : .dataEnd
            return count
        case .dataEnd:
            // What is no LF was not meant to be there: the value is taken to have ended.
            endField()
            return bytes[0] == 0x0A ? 1 : 0
        }
    }

    private mutating func endName(_ mark: UInt8, into batch: inout LineBatch) {
        if mark == 0x3D {
            field.append(mark)
            headCount = field.count
            state = .text
        } else if field.isEmpty {
            emit(into: &batch)
        } else {
            field.append(mark)
            declared = 0
            state = .length(8)
        }
    }

    private func lineEnd(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let base = bytes.baseAddress, let found = memchr(base, 0x0A, bytes.count)
        else { return bytes.count }
        return UnsafeRawPointer(found) - base
    }

    private mutating func keep(_ bytes: UnsafeRawBufferPointer) {
        // Room for the mark and the length behind the longest name.
        let room = limit + 16 - field.count
        if bytes.count > room { isOver = true }
        field.append(contentsOf: bytes.prefix(max(0, room)))
    }

    private mutating func endField() {
        let room = limit - record.count
        if isOver || field.count + 1 > room {
            isCut = true
            cutField(to: room - 1)
        }
        if !field.isEmpty {
            record.append(contentsOf: field)
            record.append(0x0A)
        }
        field.removeAll(keepingCapacity: true)
        headCount = nil
        isOver = false
        state = .name
    }

    /// Leaves as many bytes of a MESSAGE as have room, of another field none.
    private mutating func cutField(to room: Int) {
        guard let headCount, headCount < room, field.starts(with: "MESSAGE".utf8),
            field[7] == 0x3D || field[7] == 0x0A
        else { return field.removeAll(keepingCapacity: true) }
        field.removeLast(max(0, field.count - room))
        guard field[7] == 0x0A else { return }
        let count = UInt64(field.count - headCount)
        for byte in 0..<8 { field[8 + byte] = UInt8(truncatingIfNeeded: count >> UInt64(8 * byte)) }
    }

    private mutating func emit(into batch: inout LineBatch) {
        if isCut { cuts += 1 }
        isCut = false
        guard !record.isEmpty else { return }
        batch.bytes.append(contentsOf: record.dropLast())
        batch.ends.append(UInt32(batch.bytes.count))
        record.removeAll(keepingCapacity: true)
    }
}
