/// Files that bear the name of a generation of a log, as they were when they were first asked for:
/// a folder is listed once, however many logs it has.
struct Generations {
    private let logs: Set<FileName>
    private let excludes: [PathExclusion]
    private var folders: [FileName: Folder] = [:]
    /// By the folder that they are near.
    private var archives: [FileName: [FileName]] = [:]

    private struct Folder {
        /// By the name of the log, the oldest first.
        var generations: [FileName: [PathWalk.Entry]] = [:]
        /// Logs that are there themselves.
        var logs: Set<FileName> = []
    }

    /// For the logs at these paths.
    init(of paths: some Sequence<FileName>, excludes: [PathExclusion]) {
        logs = Set(paths.map(\.name))
        self.excludes = excludes
    }

    /// Those of the log at a path, beside it or in another folder, the oldest first.
    mutating func of(_ path: FileName, in other: FileName? = nil) -> [PathWalk.Entry] {
        guard logs.contains(path.name) else {
            var alone = Generations(of: [path], excludes: excludes)
            return alone.of(path, in: other)
        }
        return list(other ?? path.folder).generations[path.name] ?? []
    }

    /// Those in the folders near its own, the oldest first.
    ///
    /// Not where there is a log of that name: there they are of that one.
    mutating func near(_ path: FileName) -> [PathWalk.Entry] {
        let (folder, name) = (path.folder, path.name)
        guard logs.contains(name) else {
            var alone = Generations(of: [path], excludes: excludes)
            return alone.near(path)
        }
        let near = archives[folder] ?? ArchiveFolders.near(folder)
        archives[folder] = near
        var found: [PathWalk.Entry] = []
        for folder in near {
            let content = list(folder)
            guard !content.logs.contains(name) else { continue }
            found += content.generations[name] ?? []
        }
        return found.sorted(by: PathWalk.Entry.isOlder)
    }

    private mutating func list(_ folder: FileName) -> Folder {
        if let known = folders[folder] { return known }
        let entries = PathWalk.Entry.all(in: folder) { name, _ in
            logs.contains(name) || RotatedName.logs(of: name).contains(where: logs.contains)
        }
        var content = Folder()
        for entry in (entries ?? []).sorted(by: PathWalk.Entry.isOlder) {
            let name = entry.name
            if logs.contains(name) { content.logs.insert(name) }
            guard !excludes.contains(where: { $0.matches(entry.path.text) }) else { continue }
            for log in RotatedName.logs(of: name) where logs.contains(log) {
                content.generations[log, default: []].append(entry)
            }
        }
        folders[folder] = content
        return content
    }
}
