import Atlas
import Glibc

/// One open file that is read to its end again and again.
///
/// For the thread of its loop only.
final class TailedFile {
    let device: UInt64
    let inode: UInt64
    private let descriptor: Descriptor
    /// Before it all was read.
    private var offset: UInt64 = 0
    /// The last 256 bytes before `offset`: if they differ from the file's, it was rewritten.
    private var window: [UInt8] = []
    private var splitter: LineSplitter
    private let lineLimit: Int

    /// Why a file cannot be read, in the system's words.
    struct Trouble: Error, Hashable {
        var kind: SourceEvent.Kind
        var detail: String
    }

    init(path: String, lineLimit: Int) throws(Trouble) {
        // Non-blocking, so that a named pipe in its place does not hang us.
        let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard opened >= 0 else {
            let isMissing = errno == ENOENT || errno == ENOTDIR
            throw Trouble(kind: isMissing ? .missing : .unreadable, detail: words(of: errno))
        }
        descriptor = Descriptor(opened)
        self.lineLimit = lineLimit
        splitter = LineSplitter(limit: lineLimit)
        var status = stat()
        guard fstat(opened, &status) == 0 else {
            throw Trouble(kind: .unreadable, detail: words(of: errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Trouble(kind: .unreadable, detail: "It is not a regular file")
        }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }

    /// A name of the open file, whatever became of its path: for inotify(7).
    var handle: String { "/proc/self/fd/\(descriptor.number)" }

    /// True when no name leads to it any more.
    var isDeleted: Bool { status.map { $0.st_nlink == 0 } ?? true }

    /// True on file systems that other machines may write without inotify(7) noticing.
    var isRemote: Bool {
        let type = fileSystemType(ofDevice: device) ?? ""
        return ["nfs", "cifs", "smb", "fuse", "9p", "afs", "ceph"].contains { type.hasPrefix($0) }
    }

    func isSame(device: UInt64, inode: UInt64) -> Bool {
        self.device == device && self.inode == inode
    }

    /// True when the file still holds what was read up to the position.
    func holds(_ position: ReadPosition) -> Bool {
        let length = min(position.offset, fingerprintLength)
        guard let size = status?.st_size, position.offset <= UInt64(size) else { return false }
        let head = bytes(of: descriptor.number, at: 0, count: Int(length))
        let tail = bytes(
            of: descriptor.number,
            at: position.offset - length,
            count: Int(length)
        )
        return fingerprint(head) == position.head && fingerprint(tail) == position.tail
    }

    /// How far it is read: just after the last line end.
    func position(of source: String) -> ReadPosition {
        let end = offset - UInt64(splitter.pending)
        let length = min(end, fingerprintLength)
        let head = bytes(of: descriptor.number, at: 0, count: Int(length))
        let tail = bytes(of: descriptor.number, at: end - length, count: Int(length))
        return ReadPosition(
            source: source,
            device: device,
            inode: inode,
            offset: end,
            head: fingerprint(head),
            tail: fingerprint(tail)
        )
    }

    /// Goes on from an offset just after a line end.
    func seek(_ offset: UInt64) {
        self.offset = offset
        let length = min(offset, fingerprintLength)
        window = bytes(of: descriptor.number, at: offset - length, count: Int(length))
        splitter = LineSplitter(limit: lineLimit)
    }

    /// Goes to the end, or rather to the beginning of the line that is being written there.
    ///
    /// Where that is further back than a line may be long, the rest of the line is passed over.
    /// So many lines are left to read, that one included, or those of the last 64 MiB.
    func seekToEnd(leaving count: Int = 0) -> UInt64 {
        let end = seekToLastLine()
        guard count > 0, end > 0 else { return end }
        let block: UInt64 = 65_536
        let least = end > 64 << 20 ? end - 64 << 20 : 0
        // The line end right before `end` closes the last of the whole lines that are left.
        let isOpen = UInt64(max(0, status?.st_size ?? 0)) > end
        var missing = count + (isOpen ? 0 : 1)
        var top = end
        while top > least {
            let length = min(block, top - least)
            let bytes = bytes(of: descriptor.number, at: top - length, count: Int(length))
            guard bytes.count == Int(length) else { break }
            for index in bytes.indices.reversed() where bytes[index] == 10 {
                missing -= 1
                if missing == 0 {
                    seek(top - length + UInt64(index) + 1)
                    return offset
                }
            }
            top -= length
        }
        seek(least)
        if least > 0 { splitter.beginInsideLine() }
        return offset
    }

    private func seekToLastLine() -> UInt64 {
        let size = UInt64(max(0, status?.st_size ?? 0))
        let length = min(size, UInt64(lineLimit))
        let last = bytes(of: descriptor.number, at: size - length, count: Int(length))
        if let end = last.lastIndex(of: 10) {
            seek(size - length + UInt64(end) + 1)
        } else if length == size {
            seek(0)
        } else {
            seek(size)
            splitter.beginInsideLine()
        }
        return offset
    }

    /// True when the file was truncated, or rewritten, since it was last read.
    func wasRewritten() -> Bool {
        guard let size = status?.st_size else { return false }
        guard UInt64(size) >= offset else { return true }
        guard !window.isEmpty else { return false }
        let start = offset - UInt64(window.count)
        return bytes(of: descriptor.number, at: start, count: window.count) != window
    }

    /// Reads one block and adds its whole lines to the batch: how many bytes there were.
    func read(
        _ buffer: inout [UInt8],
        into batch: inout LineBatch
    ) throws(Trouble) -> Int {
        let count = buffer.withUnsafeMutableBytes {
            pread(descriptor.number, $0.baseAddress, $0.count, off_t(offset))
        }
        guard count >= 0 else {
            if errno == EINTR { return buffer.count }
            throw Trouble(kind: .unreadable, detail: words(of: errno))
        }
        buffer.withUnsafeBytes {
            splitter.take(UnsafeRawBufferPointer(rebasing: $0[..<count]), into: &batch)
        }
        offset += UInt64(count)
        window = Array((window + buffer[..<count].suffix(256)).suffix(256))
        return count
    }

    /// Adds the line that will not end any more, if there is one.
    func finish(into batch: inout LineBatch) {
        if splitter.pending > 0 { splitter.finish(into: &batch) }
    }

    func takeCuts() -> Int { splitter.takeCuts() }

    private var status: stat? {
        var status = stat()
        return fstat(descriptor.number, &status) == 0 ? status : nil
    }
}
