import Atlas
import Glibc
import Probes

/// Finds what was changed last among the paths that match a pattern (glob(7), without `**`).
struct FileSearch {
    /// Entries of folders that one search looks at.
    static let limit = 100_000

    private let atLeast: Int64
    private var findings = FileFindings()
    private var looked = 0
    /// The first folder that a name with a pattern brought up and that may not be read.
    private var refused: FileLook.Failure?

    init(atLeast: Int64) {
        self.atLeast = atLeast
    }

    /// Throws when the folder cannot be read, or nothing is found and a part was not looked at.
    mutating func run(_ pattern: String) throws(FileLook.Failure) -> FileFindings {
        let parts = pattern.split(separator: "/").map(String.init)
        try descend("", parts[...], isCertain: true)
        if findings.newest == nil, let refused { throw refused }
        return findings
    }

    /// - Parameters:
    ///   - folder: without a slash at its end; empty for the root.
    ///   - parts: what comes below it.
    ///   - isCertain: the pattern names this folder itself, so it has to be there.
    /// - Throws: when such a folder cannot be read, or there are too many entries.
    private mutating func descend(
        _ folder: String,
        _ parts: ArraySlice<String>,
        isCertain: Bool
    ) throws(FileLook.Failure) {
        guard let part = parts.first else { return }
        let rest = parts.dropFirst()
        guard part.contains(where: { "*?[\\".contains($0) }) else {
            let path = folder + "/" + part
            guard rest.isEmpty else { return try descend(path, rest, isCertain: isCertain) }
            if isCertain { try requireFolder(folder) }
            return try take(path, isCertain: isCertain)
        }
        for name in try names(in: folder, matching: part, isCertain: isCertain) {
            let path = folder + "/" + name
            if rest.isEmpty {
                try take(path, isCertain: false)
            } else {
                try descend(path, rest, isCertain: false)
            }
        }
    }

    private func requireFolder(_ folder: String) throws(FileLook.Failure) {
        var state = stat()
        guard stat(folder.isEmpty ? "/" : folder, &state) == 0 else {
            throw FileLook.Failure(folder, errno)
        }
    }

    private mutating func names(
        in folder: String,
        matching pattern: String,
        isCertain: Bool
    ) throws(FileLook.Failure) -> [String] {
        guard let handle = opendir(folder.isEmpty ? "/" : folder) else {
            let error = errno
            let failure = FileLook.Failure(folder, error)
            if isCertain { throw failure }
            // A pattern over folders matches files, too, and what has gone meanwhile.
            if error == EACCES || error == EPERM {
                findings.unreadable += 1
                refused = refused ?? failure
            }
            return []
        }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            looked += 1
            guard looked <= Self.limit else { throw FileLook.Failure(tooMany: folder) }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if fnmatch(pattern, name, FNM_PERIOD) == 0 { names.append(name) }
        }
        return names
    }

    private mutating func take(_ path: String, isCertain: Bool) throws(FileLook.Failure) {
        var state = stat()
        guard stat(path, &state) == 0 else {
            let error = errno
            guard isCertain, error != ENOENT else { return }
            throw FileLook.Failure(path, error)
        }
        let kind = state.st_mode & S_IFMT
        guard kind == S_IFREG || kind == S_IFDIR else { return }
        let size = kind == S_IFREG ? Int64(state.st_size) : nil
        let (seconds, overflow) = Int64(state.st_mtim.tv_sec).multipliedReportingOverflow(
            by: 1_000_000_000
        )
        guard !overflow else { return }
        let file = FileFindings.File(
            path: path,
            modified: Instant(nanoseconds: seconds)
                + Span(nanoseconds: Int64(state.st_mtim.tv_nsec)),
            size: size
        )
        if let size, size < atLeast {
            if findings.small.map({ $0.modified < file.modified }) ?? true { findings.small = file }
        } else if findings.newest.map({ $0.modified < file.modified }) ?? true {
            findings.newest = file
        }
    }
}
