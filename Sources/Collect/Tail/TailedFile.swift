import Atlas
import Glibc
import Unpack

/// One file that is read to its end again and again, under whatever name.
///
/// For the thread of its loop only.
final class TailedFile {
    enum State {
        /// Whether it continues what was read elsewhere is not known so far.
        case unknown
        /// It holds what the other holds, too: nothing is read while that goes on.
        case shadow(of: TailedFile)
        case reading
        /// An archive that was read, or is not wanted.
        case done
    }

    let key: FileKey
    /// Of the source.
    let index: Int
    /// Under which it is found.
    var path: FileName {
        didSet {
            base = RotatedName.base(of: name)
            logs = RotatedName.logs(of: name).union([name])
        }
    }
    /// What the names of all generations of its log have in common.
    private(set) var base: FileName
    /// Names of logs of which it may be a generation, its own included.
    private(set) var logs: Set<FileName>
    /// The path of the pattern at which it was found first.
    let origin: FileName
    var stream: UInt32?
    var state = State.unknown
    /// Is read once this one is at its end.
    var successor: TailedFile?
    var isWaiting = false
    /// Since when no path of the patterns leads to it; nil while one does.
    var detachedSince: Monotonic?
    /// What was last said of it.
    var trouble: Trouble?
    var watch: Int32?
    /// Nothing is left of it: another file may have its number.
    var isGone = false

    // Of the loop.
    var isQueued = false
    /// Among those that are open, as far as the loop knows.
    var isListed = false
    /// Its descriptor is needed: it is let go as soon as it is read to its end.
    var isHurried = false
    var wakeAt: Monotonic?
    /// The walk that saw it last, and when that was.
    var walk = 0
    var seen = Instant.distantPast
    /// Found by the first walk of a source of which nothing is known.
    var isOld = false
    /// What happened to it was said when it took over from another.
    var isAnnounced = false
    /// A rotated file that is read on, should somebody still write it.
    var isLate = false
    /// An archive that was compared with what was read elsewhere.
    var isCompared = false
    /// Since when its path leads to another file, or to none.
    var lostSince: Monotonic?
    /// Before it was seen to be rewritten: the walk, and when it was there.
    var rewrite: (walk: Int, seen: Instant)?
    /// It was rewritten or is new, and what was put aside since then and before the first look at
    /// what it holds now was not searched for.
    var unknownSince: Instant?
    /// It was looked at since then.
    var mayHideOthers: Bool { unknownSince != nil && offset > 0 }
    /// More bytes than were read, at the last audit; nil where there were none.
    var suspect: UInt64?
    /// When it was found, or was seen to grow, as far as its state is not clear.
    var stirred: Monotonic
    var lastSize: UInt64
    /// When bytes of it were read last.
    var lastRead: Monotonic
    /// Not to be read before, so that a limit holds.
    var throttledUntil: Monotonic?
    /// When what its lines leave open is given out.
    var flushAt: Monotonic?

    private var descriptor: Descriptor?
    private let treatment: LineTreatment
    /// Before it all was read; for an archive, of what it holds.
    private(set) var offset: UInt64 = 0
    /// Where the reader of lines began.
    private var readerStart: UInt64 = 0
    /// The first bytes, at most 256, as they were read.
    private(set) var head: [UInt8] = []
    /// As it was before it was known whether to read it.
    private var beginning = FileBeginning()
    /// The last 256 bytes before `offset`: if they differ from the file's, it was rewritten.
    private var window: [UInt8] = []
    /// The last 256 bytes before the line that has not ended.
    private var lineTail: [UInt8] = []
    private var settledTail: [UInt8] = []
    private(set) var settled: UInt64 = 0
    private var reader: LineReader
    private var archive: PackedFile?
    /// Behind `offset`.
    private var room = RoomAtEnd()
    /// What readers before counted, and holes that were passed over.
    private var cuts = 0
    private var paddings = 0
    /// Nil for what is not packed.
    private var form: PackedForm?
    var isArchive: Bool { form != nil }

    /// Why a file cannot be read, in the system's words.
    struct Trouble: Error, Hashable {
        var kind: SourceEvent.Kind
        var detail: String
        /// The process, or the system, has no more descriptors.
        var isShortage = false
    }

    enum Piece {
        /// So many bytes were read.
        case bytes(Int)
        /// It does not hold any more what was read.
        case rewritten
        /// At its path is another file, or none.
        case moved
        /// An archive ends in the middle.
        case torn
        /// An archive goes on with what is none, for this reason.
        case broken(String)
    }

    init(
        _ entry: PathWalk.Entry,
        index: Int,
        origin: FileName? = nil,
        at now: Monotonic,
        _ treatment: LineTreatment
    ) {
        stirred = now
        lastRead = now
        key = entry.key
        path = entry.path
        base = RotatedName.base(of: entry.name)
        logs = RotatedName.logs(of: entry.name).union([entry.name])
        self.origin = origin ?? entry.path
        self.index = index
        self.treatment = treatment
        reader = LineReader(treatment)
        form = PackedForm(name: entry.path.text)
        lastSize = entry.size
    }

    var name: FileName { path.name }
    var folder: FileName { path.folder }

    // MARK: - The descriptor

    var isOpen: Bool { descriptor != nil }
    /// Closing loses nothing: its name leads back to it.
    var canClose: Bool { !isQueued && isNamed }
    /// A path of the patterns leads to it, as far as is known.
    var isNamed: Bool { detachedSince == nil && !isDeleted }

    func close() {
        descriptor = nil
        if isArchive, case .reading = state { archive = nil }
    }

    /// A name of the open file, whatever became of its path: for inotify(7).
    var handle: String { "/proc/self/fd/\(descriptor?.number ?? -1)" }

    /// The path that the system knows for the open file; nil where it has none.
    var presentPath: FileName? {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let length = readlink(handle, &buffer, buffer.count)
        guard length > 0, !isDeleted else { return nil }
        let bytes = buffer[..<length].map { UInt8(bitPattern: $0) }
        return FileName(String(decoding: bytes, as: UTF8.self))
    }

    /// Opens it where it is not; false when another file is at its path, or none.
    func open() throws(Trouble) -> Bool {
        guard descriptor == nil else { return true }
        // Non-blocking, so that a named pipe in its place does not hang us.
        let opened = Glibc.open(path.text, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard opened >= 0 else {
            let error = errno
            if error == ENOENT || error == ENOTDIR { return false }
            throw Trouble(
                kind: .unreadable,
                detail: words(of: error),
                isShortage: isShortage(error)
            )
        }
        let descriptor = Descriptor(opened)
        var status = stat()
        guard fstat(opened, &status) == 0, FileKey(status) == key else { return false }
        self.descriptor = consume descriptor
        if offset == 0 {
            let beginning = bytes(at: 0, count: PackedForm.headBytes)
            recognise(beginning, status.st_size)
            try refuseForeign(beginning)
        }
        return true
    }

    /// What another program packed is no lines: it says so in place of them.
    private func refuseForeign(_ head: some Sequence<UInt8>) throws(Trouble) {
        guard let packing = ForeignPacking(head: head) else { return }
        close()
        throw Trouble(kind: .unreadable, detail: "It is packed by \(packing.name): unpack it")
    }

    /// Its name says that it is packed while it is too short to tell, and its bytes after that.
    private func recognise(_ beginning: [UInt8], _ size: Int) {
        if let found = PackedForm(head: beginning) {
            form = found
        } else if size >= PackedForm.headBytes {
            form = nil
        }
    }

    var status: stat? {
        guard let number = descriptor?.number else { return nil }
        var status = stat()
        return fstat(number, &status) == 0 ? status : nil
    }

    /// True when no name leads to the open file any more.
    var isDeleted: Bool { status.map { $0.st_nlink == 0 } ?? false }

    /// As the system tells it; nil while it is not open.
    var size: UInt64? { status.map { UInt64(max(0, $0.st_size)) } }

    func bytes(at offset: UInt64, count: Int) -> [UInt8] {
        guard let number = descriptor?.number else { return [] }
        return Collect.bytes(of: number, at: offset, count: count)
    }

    // MARK: - Where it stands

    private var modified: Instant? {
        status.map { Instant(nanoseconds: PathWalk.Entry(path: path, status: $0).modified) }
    }

    /// How far it is read: just after the last line that was given out.
    func position(of source: String) -> ReadPosition {
        if case .done = state {
            let packed = bytes(at: 0, count: Int(fingerprintLength))
            return ReadPosition(
                source: source,
                path: path.text,
                device: key.device,
                inode: key.inode,
                offset: .max,
                head: fingerprint(packed),
                tail: 0,
                modified: modified
            )
        }
        return ReadPosition(
            source: source,
            path: path.text,
            device: key.device,
            inode: key.inode,
            offset: settled,
            head: fingerprint(head.prefix(Int(min(settled, fingerprintLength)))),
            tail: fingerprint(settledTail),
            modified: modified
        )
    }

    /// What a file holds of what was read up to a position.
    enum Holding {
        case all
        /// An archive without an end: nothing so far speaks against it.
        case beginning
        case other
    }

    /// True when the open file still holds what was read up to the position.
    func holds(_ position: ReadPosition) -> Bool { holding(of: position) == .all }

    func holding(of position: ReadPosition) -> Holding {
        if position.offset == .max {
            let packed = bytes(at: 0, count: Int(fingerprintLength))
            return isArchive && fingerprint(packed) == position.head ? .all : .other
        }
        let length = min(position.offset, fingerprintLength)
        // What begins otherwise needs not be unpacked.
        for offset in isArchive ? [length, position.offset] : [position.offset] {
            var isTorn = false
            guard let (head, tail) = surroundings(of: offset, &isTorn) else {
                return isTorn ? .beginning : .other
            }
            guard fingerprint(head) == position.head,
                offset < position.offset || fingerprint(tail) == position.tail
            else { return .other }
        }
        return .all
    }

    /// Notes what it begins with, for `mayHold` and `begins`: that is compared with what was read of
    /// many others, and is read from the file once.
    func lookAtBeginning() {
        guard !beginning.isWhole, let number = descriptor?.number else { return }
        let first = bytes(at: 0, count: Int(fingerprintLength))
        if var scan = ArchiveScan(form, upTo: fingerprintLength) {
            _ = scan.run(number)
            beginning = FileBeginning(scan.head, packed: first)
        } else {
            beginning = FileBeginning(first)
        }
    }

    /// False where it began otherwise when it was looked at: then it needs not be opened.
    func mayHold(_ position: ReadPosition) -> Bool {
        beginning.mayHold(position)
    }

    /// True where the first bytes are those that were read of the other, as far as both have them.
    func begins(like other: TailedFile) -> Bool {
        let count = min(other.head.count, Int(clamping: other.settled))
        return beginning.isLike(other.head.prefix(count))
    }

    /// The first bytes, and those just before an offset; nil where the file is shorter.
    private func surroundings(
        of offset: UInt64,
        _ isTorn: inout Bool
    ) -> (head: [UInt8], tail: [UInt8])? {
        let length = min(offset, fingerprintLength)
        if isArchive {
            guard let number = descriptor?.number, var scan = ArchiveScan(form, upTo: offset)
            else { return nil }
            guard scan.run(number) else {
                isTorn = scan.isTorn
                return nil
            }
            return (scan.head, scan.tail)
        }
        guard let size, offset <= size else { return nil }
        let head = bytes(at: 0, count: Int(length))
        let tail = bytes(at: offset - length, count: Int(length))
        return head.count == Int(length) && tail.count == Int(length) ? (head, tail) : nil
    }

    /// Goes on from an offset just after a line end; false where the file is shorter.
    @discardableResult
    func seek(_ offset: UInt64) -> Bool {
        var isTorn = false
        guard let (head, tail) = surroundings(of: offset, &isTorn) else { return false }
        self.offset = offset
        settled = offset
        room.forget()
        self.head = head
        window = tail
        lineTail = tail
        settledTail = tail
        beginLines()
        archive = nil
        return true
    }

    private func beginLines() {
        cuts += reader.takeCuts()
        paddings += reader.takePaddings()
        readerStart = offset
        reader = LineReader(treatment, mark: bytes(at: 0, count: 4), isBeginning: offset == 0)
        flushAt = nil
    }

    /// Begins with what is in the file now, after it was rewritten.
    func restart() {
        offset = 0
        settled = 0
        room.forget()
        (head, window, lineTail, settledTail) = ([], [], [], [])
        beginLines()
    }

    /// Goes to the first byte of a file that begins with a hole, at once, however large that is: a
    /// writer that goes on where it was leaves one after a truncation.
    private func passHole() {
        guard let number = descriptor?.number, bytes(at: 0, count: 1) == [0],
            let end = Padding.end(in: number, from: 0), end >= Padding.least
        else { return }
        if seek(end / UInt64(reader.width) * UInt64(reader.width)) { paddings += 1 }
    }

    // MARK: - The lines

    /// Reads at most so many bytes and adds their lines to the batch.
    func read(
        _ buffer: inout [UInt8],
        most: Int,
        into batch: inout LineBatch
    ) throws(Trouble) -> Piece {
        guard try open() else { return .moved }
        if isArchive { return try readArchive(&buffer, most: most, into: &batch) }
        guard let number = descriptor?.number else { return .moved }
        if offset == 0 {
            passHole()
            beginLines()
        }
        if !head.isEmpty, bytes(at: 0, count: head.count) != head { return .rewritten }
        let before = window.count
        let wanted = before + most
        let count = buffer.withUnsafeMutableBytes {
            pread(number, $0.baseAddress, min($0.count, wanted), off_t(offset) - off_t(before))
        }
        guard count >= 0 else {
            if errno == EINTR { return .bytes(most) }
            throw Trouble(kind: .unreadable, detail: words(of: errno))
        }
        guard count >= before, buffer[..<before].elementsEqual(window) else { return .rewritten }
        if offset == 0 { try refuseForeign(buffer[before..<count]) }
        var fresh = (count - before) / reader.width * reader.width
        if reader.width == 1 {
            fresh -= buffer.withUnsafeBytes {
                let block = UnsafeRawBufferPointer(rebasing: $0[before..<(before + fresh)])
                return room.look(at: block, from: offset, of: number)
            }
        }
        take(buffer[before..<(before + fresh)], into: &batch)
        return .bytes(fresh)
    }

    private func readArchive(
        _ buffer: inout [UInt8],
        most: Int,
        into batch: inout LineBatch
    ) throws(Trouble) -> Piece {
        guard let number = descriptor?.number else { return .moved }
        let file: PackedFile
        if let archive {
            file = archive
        } else {
            guard var scan = ArchiveScan(form, upTo: offset) else {
                throw Trouble(kind: .unreadable, detail: words(of: ENOMEM))
            }
            guard scan.run(number) else { return .torn }
            file = scan.file
            archive = file
        }
        let piece = buffer.withUnsafeMutableBytes { bytes in
            file.read(number, into: UnsafeMutableRawBufferPointer(rebasing: bytes.prefix(most)))
        }
        switch piece {
        case .bytes(let count):
            take(buffer[..<count], into: &batch)
            return .bytes(count)
        case .end: return .bytes(0)
        case .torn: return .torn
        case .damaged: return .broken("the archive is damaged (\(formName))")
        case .noMemory:
            return .broken("to unpack the archive takes too much memory (\(formName))")
        case .failed(let number): throw Trouble(kind: .unreadable, detail: words(of: number))
        }
    }

    /// In what is said of it.
    var formName: String { form?.name ?? "plain" }

    private func take(_ block: ArraySlice<UInt8>, into batch: inout LineBatch) {
        guard !block.isEmpty else { return }
        let start = offset
        let before = window
        block.withUnsafeBytes { reader.take($0, into: &batch) }
        offset += UInt64(block.count)
        if head.count < Int(fingerprintLength) {
            head += block.prefix(Int(fingerprintLength) - head.count)
        }
        window = lastBytes(of: before, block)
        // The bytes before an offset: of this block, or those that were noted when it was read.
        func tail(at place: UInt64) -> [UInt8] {
            guard place >= start else { return lineTail }
            return lastBytes(of: before, block.prefix(Int(place - start)))
        }
        let nextSettled = readerStart + UInt64(reader.settled)
        if nextSettled != settled {
            settledTail = tail(at: nextSettled)
            settled = nextSettled
        }
        let lineStart = offset - UInt64(reader.pending)
        if lineStart >= start { lineTail = tail(at: lineStart) }
    }

    /// How long lines that belong together are waited for; nil when none are held.
    var patience: Span? { reader.timeout }

    /// Bytes that were read and not given out.
    var held: UInt64 { offset - settled }

    /// So much of it was read, or is room for what will be written.
    var end: UInt64 { offset + room.count }

    /// Adds the record that is whole if no line follows.
    func flush(into batch: inout LineBatch) {
        reader.flush(into: &batch)
        flushAt = nil
        settled = offset - UInt64(reader.pending)
        settledTail = lineTail
    }

    /// Adds all there is, the line without an end included.
    func finish(into batch: inout LineBatch) {
        guard held > 0 else { return }
        reader.finish(into: &batch)
        settled = offset
        settledTail = window
        lineTail = window
        beginLines()
    }

    func takeCuts() -> Int {
        defer { cuts = 0 }
        return cuts + reader.takeCuts()
    }

    func takePaddings() -> Int {
        defer { paddings = 0 }
        return paddings + reader.takePaddings()
    }

    // MARK: - The end

    /// Goes to the end, or rather to the beginning of the line that is being written there.
    ///
    /// Where that is further back than a line may be long, the rest of the line is passed over.
    /// So many lines are left to read, that one included, or those of the last 64 MiB.
    func seekToEnd(leaving count: Int = 0) {
        beginLines()
        let width = UInt64(reader.width)
        var size = (size ?? 0) / width * width
        if width == 1, let number = descriptor?.number {
            let start = Padding.start(in: number, size: size)
            if size - start >= Padding.least { size = start }
        }
        let end = seekToLastLine(size)
        guard count > 0, end > 0 else { return }
        let block: UInt64 = 65_536
        let least = end > 64 << 20 ? end - 64 << 20 : 0
        // The line end right before `end` closes the last of the whole lines that are left.
        var missing = count + (size > end ? 0 : 1)
        var top = end
        while top > least {
            let length = min(block, top - least)
            let bytes = bytes(at: top - length, count: Int(length))
            guard bytes.count == Int(length) else { break }
            var rest = bytes.count
            while missing > 0, let next = reader.lastLineEnd(in: bytes[..<rest]) {
                missing -= 1
                rest = next - reader.width
                if missing == 0 { seek(top - length + UInt64(next)) }
            }
            guard missing > 0 else { return }
            top -= length
        }
        seek(least)
        if least > 0 { reader.beginInsideLine() }
    }

    private func seekToLastLine(_ size: UInt64) -> UInt64 {
        let width = UInt64(reader.width)
        let length = min(size, max(1, UInt64(treatment.limit) / width) * width)
        let last = bytes(at: size - length, count: Int(length))
        if let end = reader.lastLineEnd(in: last[...]) {
            seek(size - length + UInt64(end))
        } else if length == size {
            seek(0)
        } else {
            seek(size)
            reader.beginInsideLine()
        }
        return offset
    }
}
