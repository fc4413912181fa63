import Atlas
import Glibc

/// Where an export goes: standard output, or a file that is there whole or not at all.
///
/// The file is written beside, as `PATH.part`, and takes its name once all of it is on the disk.
final class ExportOutput {
    /// Nil for standard output.
    private let path: String?
    private let descriptor: Int32
    private var isFinished = false

    init(path: String?) throws(ProgramError) {
        self.path = path
        guard let path else {
            descriptor = STDOUT_FILENO
            return
        }
        descriptor = open(Self.draft(path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .cannotWrite(path: path, detail: TextOutput.systemWords())
        }
    }

    deinit {
        guard let path, !isFinished else { return }
        close(descriptor)
        unlink(Self.draft(path))
    }

    private static func draft(_ path: String) -> String { path + ".part" }

    /// Ends the program quietly when the reader has gone, as `head` does.
    func write(_ bytes: [UInt8]) throws(ProgramError) {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count > 0 {
                done += count
            } else if path == nil, errno == EPIPE {
                exit(ExitStatus.success.rawValue)
            } else if errno != EINTR {
                throw failure
            }
        }
    }

    /// Gives the file its name.
    func finish() throws(ProgramError) {
        guard let path else { return }
        guard fsync(descriptor) == 0 else { throw failure }
        guard rename(Self.draft(path), path) == 0 else { throw failure }
        isFinished = true
        close(descriptor)
    }

    private var failure: ProgramError {
        .cannotWrite(path: path ?? "standard output", detail: TextOutput.systemWords())
    }
}
