import Atlas
import Glibc

/// What there is on disk for the patterns of a source.
struct PathWalk {
    struct Entry {
        var path: FileName
        var key: FileKey
        var size: UInt64
        /// Of the last change, in nanoseconds since the epoch.
        var modified: Int64
    }

    struct Trouble: Hashable {
        var path: FileName
        var error: Int32
    }

    /// Files, each path once, in the order of the patterns and names.
    private(set) var entries: [Entry] = []
    /// Folders in which a file may come or go, and the names that matter in them.
    private(set) var folders: [FileName: [Glob]] = [:]
    /// What could not be looked at; files that are not there are none.
    private(set) var troubles: [Trouble] = []
    /// What is there, and is no file that could be read.
    private(set) var others: [FileName] = []
    /// Files and folders whose names are no UTF-8: they cannot be told, and are left alone.
    private(set) var illegible: [FileName] = []
    /// More files than the limit: the rest was left alone.
    private(set) var isOver = false
    /// More folders than are looked into for `**`.
    private(set) var isTooWide = false
    /// A folder of the path is missing, which nobody tells of when it comes.
    private(set) var lacksFolder = false

    static let mostFolders = 10_000
    /// Where `**` alone ends a pattern, any file will do.
    private static let anyName = Glob("*")

    private let limit: Int
    private let excludes: [PathExclusion]
    private var seen: Set<FileName> = []

    init(_ patterns: [[Glob]], excludes: [PathExclusion], limit: Int) {
        self.limit = limit
        self.excludes = excludes
        for parts in patterns { visit("", parts[...]) }
    }

    var lacksDescriptors: Bool { troubles.contains { isShortage($0.error) } }

    /// True where it could not be seen whether a file is there.
    func hides(_ path: FileName) -> Bool {
        troubles.contains { path == $0.path || path.isBelow($0.path) }
    }

    private mutating func visit(_ folder: FileName, _ parts: ArraySlice<Glob>) {
        guard let part = parts.first, !isOver else { return }
        if part.isRecursive { return descend(folder, parts) }
        let isLast = parts.count == 1
        if let name = part.literal {
            if isLast {
                folders[folder, default: []].append(part)
                take("\(folder)/\(name)")
            } else {
                visit("\(folder)/\(name)", parts.dropFirst())
            }
            return
        }
        folders[folder, default: []].append(part)
        for name in names(in: folder, like: part) {
            if isLast {
                take("\(folder)/\(name)")
            } else if isFolder("\(folder)/\(name)") {
                visit("\(folder)/\(name)", parts.dropFirst())
            }
        }
    }

    /// The folder itself, and all below it that are no links: a link may lead to where it is.
    private mutating func descend(_ folder: FileName, _ parts: ArraySlice<Glob>) {
        guard folders.count < Self.mostFolders else {
            isTooWide = true
            return
        }
        let rest = parts.dropFirst()
        visit(folder, rest.isEmpty ? [Self.anyName] : rest)
        folders[folder, default: []].append(Self.anyName)
        for name in names(in: folder, like: Self.anyName)
        where isFolder("\(folder)/\(name)", orLink: false) {
            descend("\(folder)/\(name)", parts)
        }
    }

    /// In their order.
    private mutating func names(in folder: FileName, like glob: Glob) -> [FileName] {
        guard let directory = opendir(folder.isEmpty ? "/" : folder.text) else {
            if errno == ENOENT || errno == ENOTDIR {
                lacksFolder = true
            } else {
                troubles.append(Trouble(path: folder, error: errno))
            }
            return []
        }
        defer { closedir(directory) }
        var names: [FileName] = []
        while let entry = readdir(directory) {
            let name = entry.fileName
            guard name != ".", name != "..", glob.matches(name.text) else { continue }
            if entry.isLegible {
                names.append(name)
            } else {
                illegible.append("\(folder)/\(name)")
            }
        }
        return names.sorted()
    }

    private mutating func isFolder(_ path: FileName, orLink: Bool = true) -> Bool {
        var status = stat()
        let result = orLink ? stat(path.text, &status) : lstat(path.text, &status)
        if result != 0, errno != ENOENT, errno != ENOTDIR {
            troubles.append(Trouble(path: path, error: errno))
        }
        return result == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private mutating func take(_ path: FileName) {
        guard !excludes.contains(where: { $0.matches(path.text) }) else { return }
        guard seen.insert(path).inserted else { return }
        var status = stat()
        guard stat(path.text, &status) == 0 else {
            if errno != ENOENT, errno != ENOTDIR {
                troubles.append(Trouble(path: path, error: errno))
            } else if !isThere(path) {
                lacksFolder = true
            }
            return
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            others.append(path)
            return
        }
        guard entries.count < limit else {
            isOver = true
            return
        }
        entries.append(Entry(path: path, status: status))
    }

    /// True where the folder of a path exists.
    private mutating func isThere(_ path: FileName) -> Bool {
        path.folder.isEmpty || isFolder(path.folder)
    }
}

extension PathWalk.Entry {
    init(path: FileName, status: stat) {
        self.path = path
        key = FileKey(status)
        size = UInt64(max(0, status.st_size))
        // A file may say any year; an Instant ends in 2262.
        let seconds = Int64(status.st_mtim.tv_sec)
        let (time, isOver) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let whole = Instant(nanoseconds: isOver ? (seconds < 0 ? .min : .max) : time)
        modified = (whole + Span(nanoseconds: Int64(status.st_mtim.tv_nsec))).nanoseconds
    }

    var name: FileName { path.name }

    static func isOlder(_ left: Self, _ right: Self) -> Bool {
        (left.modified, left.path) < (right.modified, right.path)
    }

    /// The files of a folder that bear a name of which the test says yes, each once.
    ///
    /// While names are moved a listing tells a file twice, or not at all, and a name may belong to
    /// another file by the time it is asked for (readdir(3) promises nothing there): a folder that
    /// changed meanwhile is listed again. Nil where it is there and cannot be listed.
    static func all(
        in folder: FileName,
        where isWanted: (FileName, UInt64) -> Bool
    ) -> [PathWalk.Entry]? {
        var found: [FileKey: PathWalk.Entry] = [:]
        for _ in 0..<mostListings {
            guard let isSteady = list(folder, isWanted, into: &found) else { return nil }
            if isSteady { break }
        }
        return found.values.sorted { $0.path < $1.path }
    }

    private static let mostListings = 4

    /// False where the folder changed meanwhile; what was found before is at its newest path then.
    private static func list(
        _ folder: FileName,
        _ isWanted: (FileName, UInt64) -> Bool,
        into found: inout [FileKey: PathWalk.Entry]
    ) -> Bool? {
        guard let directory = opendir(folder.isEmpty ? "/" : folder.text) else {
            return errno == ENOENT || errno == ENOTDIR ? true : nil
        }
        defer { closedir(directory) }
        var isSteady = true
        var listed: Set<FileKey> = []
        while let entry = readdir(directory) {
            let name = entry.fileName
            let inode = UInt64(entry.pointee.d_ino)
            guard isWanted(name, inode) else { continue }
            let path: FileName = "\(folder)/\(name)"
            let isLink = entry.pointee.d_type == UInt8(DT_LNK)
            var status = stat()
            guard stat(path.text, &status) == 0 else {
                if !isLink { isSteady = false }
                continue
            }
            guard status.st_mode & S_IFMT == S_IFREG else { continue }
            if !isLink, UInt64(status.st_ino) != inode { isSteady = false }
            let one = PathWalk.Entry(path: path, status: status)
            if listed.insert(one.key).inserted {
                found[one.key] = one
            } else {
                if status.st_nlink == 1, !isLink { isSteady = false }
                if let other = found[one.key], path < other.path { found[one.key] = one }
            }
        }
        return isSteady
    }
}

extension UnsafeMutablePointer<dirent> {
    var fileName: FileName { FileName(name { String(cString: $0) }) }

    /// It is UTF-8, so that it can be asked for by its name.
    fileprivate var isLegible: Bool { name { String(validatingCString: $0) != nil } }

    /// An entry ends behind its name (readdir(3)): a copy of all that the type has room for would
    /// read beyond, and behind the last one there may be no memory.
    private func name<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        withUnsafePointer(to: &pointee.d_name) { name in
            name.withMemoryRebound(to: CChar.self, capacity: 256, body)
        }
    }
}

/// A pattern of paths that are left alone; without a slash, of names.
package struct PathExclusion: Hashable {
    private let paths: [[Glob]]
    private let isOfNames: Bool
    /// More alternatives than are written out: what only those behind match is not left alone.
    let isCut: Bool

    package init(_ pattern: String) {
        isOfNames = !pattern.utf8.contains(UInt8(ascii: "/"))
        let pattern = PathPattern(pattern)
        paths = pattern.expanded(at: .distantPast)
        isCut = pattern.isCut
    }

    package func matches(_ path: String) -> Bool {
        let parts = FileName.parts(of: path)
        return paths.contains { globs in
            guard !isOfNames else {
                return parts.last.map { globs.last?.matches($0) ?? false } ?? false
            }
            return Glob.matches(globs, parts)
        }
    }
}
