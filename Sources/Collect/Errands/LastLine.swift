import Glibc
import Probes

/// Finds the last line of a log that holds a text.
enum LastLine {
    /// What is read of a log: its end, in bytes.
    static let reach = 4 << 20
    /// What is kept of a line.
    static let limit = 2_048

    /// Looks into `PATH.1`, too, when the log has no such line: it may have been rotated.
    static func find(_ text: String, in path: String) throws(FileLook.Failure) -> FileFindings {
        var findings = FileFindings()
        let newest: [UInt8]
        do throws(FileLook.Failure) {
            newest = try end(of: path)
        } catch {
            // Rotated away and not written anew so far.
            guard let older = try? end(of: path + ".1") else { throw error }
            findings.line = line(with: text, in: older)
            return findings
        }
        findings.line = line(with: text, in: newest)
        if findings.line == nil, let older = try? end(of: path + ".1") {
            findings.line = line(with: text, in: older)
        }
        return findings
    }

    private static func end(of path: String) throws(FileLook.Failure) -> [UInt8] {
        let number = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else { throw FileLook.Failure(path, errno) }
        let file = Descriptor(number)
        var state = stat()
        guard fstat(file.number, &state) == 0 else { throw FileLook.Failure(path, errno) }
        guard state.st_mode & S_IFMT == S_IFREG else { throw FileLook.Failure(path, EINVAL) }
        let start = max(0, Int(state.st_size) - reach)
        var bytes = [UInt8](repeating: 0, count: min(reach, Int(state.st_size)))
        var count = 0
        while count < bytes.count {
            let got = bytes[count...].withUnsafeMutableBytes { space in
                pread(file.number, space.baseAddress, space.count, start + count)
            }
            guard got >= 0 else { throw FileLook.Failure(path, errno) }
            if got == 0 { break }
            count += got
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    private static func line(with text: String, in bytes: [UInt8]) -> String? {
        let wanted = Array(text.utf8)
        return bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, let first = wanted.first else { return nil }
            var hit: Int?
            var start = 0
            while start + wanted.count <= bytes.count,
                let found = memchr(base + start, Int32(first), bytes.count - start)
            {
                let place = UnsafeRawPointer(found) - base
                start = place + 1
                guard place + wanted.count <= bytes.count,
                    memcmp(found, wanted, wanted.count) == 0
                else { continue }
                hit = place
            }
            guard let hit else { return nil }
            let line = (bytes[..<hit].lastIndex(of: 10) ?? -1) + 1
            let end = bytes[hit...].firstIndex(of: 10) ?? bytes.count
            return String(decoding: bytes[line..<end].prefix(limit), as: UTF8.self)
        }
    }
}
