import Atlas
import Glibc
import Probes
import Synchronization

/// What the system said when something was to be read.
struct ReadFailure: Error {
    let path: String
    let number: Int32
}

/// Files that the kernel makes up while they are read.
enum KernelFile {
    /// Of a file at most so much is read, and of it kept.
    private static let mostRead = 1 << 20
    private static let mostKept = 32_768

    /// The wanted whole lines, each behind a blank and with its end; where there are more than a
    /// reply may hold, the first ones.
    static func lines(
        of file: FileReading.File,
        _ buffer: inout [UInt8]
    ) -> Result<[UInt8], ReadFailure> {
        let number = open(file.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard number >= 0 else { return .failure(ReadFailure(path: file.path, number: errno)) }
        let descriptor = Descriptor(number)
        var bytes: [UInt8] = []
        while bytes.count < mostRead {
            let count = buffer.withUnsafeMutableBytes {
                Glibc.read(descriptor.number, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return .failure(ReadFailure(path: file.path, number: errno)) }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        let starts = file.starts.map { Array($0.utf8) }
        var kept: [UInt8] = []
        for line in bytes.split(separator: 10) {
            let words = line.drop { $0 == 0x20 }
            guard starts.isEmpty || starts.contains(where: words.starts(with:)) else { continue }
            guard kept.count + line.count + 2 <= mostKept else { break }
            kept.append(0x20)
            kept += line
            kept.append(0x0A)
        }
        return .success(kept)
    }
}

/// Asks file systems for their room on a thread of its own, since statvfs(3) waits for as long as a
/// server of files does not answer.
final class RoomLookup: Sendable {
    private let found = Mutex<Result<[String], ReadFailure>?>(nil)
    private let signal: WakePipe

    /// Starts at once.
    init(_ paths: [String]) throws(CollectError) {
        signal = try WakePipe()
        _ = try WorkerThread(name: "rooms") { [self] in
            let result = Self.lookUp(paths)
            found.withLock { found in
                found = result
                signal.raise()
            }
        }
    }

    /// Readable once there is a result.
    var descriptor: Int32 { signal.descriptor }

    /// Lines of a `FileReply`; nil while it goes on.
    var result: Result<[String], ReadFailure>? { found.withLock(\.self) }

    private static func lookUp(_ paths: [String]) -> Result<[String], ReadFailure> {
        var lines: [String] = []
        for path in paths {
            var status = statvfs()
            guard statvfs(path, &status) == 0 else {
                return .failure(ReadFailure(path: path, number: errno))
            }
            let room = FileReply.Room(
                block: UInt64(status.f_frsize),
                total: UInt64(status.f_blocks),
                free: UInt64(status.f_bfree),
                available: UInt64(status.f_bavail),
                inodes: UInt64(status.f_files),
                freeInodes: UInt64(status.f_ffree),
                isReadOnly: status.f_flag & UInt(ST_RDONLY) != 0
            )
            lines.append(room.line(path))
        }
        return .success(lines)
    }
}
