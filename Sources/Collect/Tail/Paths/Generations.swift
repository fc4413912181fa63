/// Files that bear the name of a generation of a log, as they were when they were first asked for:
/// a folder is listed once, however many logs it has.
struct Generations {
    private let logs: Set<String>
    private let excludes: [PathExclusion]
    private var folders: [String: Folder] = [:]
    /// By the folder that they are near.
    private var archives: [String: [String]] = [:]

    private struct Folder {
        /// By the name of the log, the oldest first.
        var generations: [String: [PathWalk.Entry]] = [:]
        /// Logs that are there themselves.
        var logs: Set<String> = []
    }

    /// For the logs at these paths.
    init(of paths: some Sequence<String>, excludes: [PathExclusion]) {
        logs = Set(paths.map { String(parts(of: $0).name) })
        self.excludes = excludes
    }

    /// Those of the log at a path, beside it or in another folder, the oldest first.
    mutating func of(_ path: String, in other: String? = nil) -> [PathWalk.Entry] {
        let (folder, name) = parts(of: path)
        guard logs.contains(String(name)) else {
            var alone = Generations(of: [path], excludes: excludes)
            return alone.of(path, in: other)
        }
        return list(other ?? folder).generations[String(name)] ?? []
    }

    /// Those in the folders near its own, the oldest first.
    ///
    /// Not where there is a log of that name: there they are of that one.
    mutating func near(_ path: String) -> [PathWalk.Entry] {
        let (folder, name) = parts(of: path)
        guard logs.contains(String(name)) else {
            var alone = Generations(of: [path], excludes: excludes)
            return alone.near(path)
        }
        let near = archives[folder] ?? ArchiveFolders.near(folder)
        archives[folder] = near
        var found: [PathWalk.Entry] = []
        for folder in near {
            let content = list(folder)
            guard !content.logs.contains(String(name)) else { continue }
            found += content.generations[String(name)] ?? []
        }
        return found.sorted(by: PathWalk.Entry.isOlder)
    }

    private mutating func list(_ folder: String) -> Folder {
        if let known = folders[folder] { return known }
        let entries = PathWalk.Entry.all(in: folder) { name, _ in
            logs.contains(name) || RotatedName.logs(of: name).contains(where: logs.contains)
        }
        var content = Folder()
        for entry in (entries ?? []).sorted(by: PathWalk.Entry.isOlder) {
            let name = String(entry.name)
            if logs.contains(name) { content.logs.insert(name) }
            guard !excludes.contains(where: { $0.matches(entry.path) }) else { continue }
            for log in RotatedName.logs(of: name) where logs.contains(log) {
                content.generations[log, default: []].append(entry)
            }
        }
        folders[folder] = content
        return content
    }
}

/// A path without a slash is of the folder where the process is.
func parts(of path: String) -> (folder: String, name: Substring) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path[...]) }
    return (String(path[..<slash]), path[path.index(after: slash)...])
}
