/// Files that bear the name of a generation of a log and are beside it, as they were when they were
/// first asked for: a folder is listed once, however many logs it has.
struct Generations {
    private let logs: Set<String>
    private let excludes: [PathExclusion]
    /// By folder, and by the name of the log.
    private var found: [String: [String: [PathWalk.Entry]]] = [:]

    /// For the logs at these paths.
    init(of paths: some Sequence<String>, excludes: [PathExclusion]) {
        logs = Set(paths.map { String(parts(of: $0).name) })
        self.excludes = excludes
    }

    /// Those of the log at a path, the oldest first.
    mutating func of(_ path: String) -> [PathWalk.Entry] {
        let (folder, name) = parts(of: path)
        guard logs.contains(String(name)) else {
            var other = Generations(of: [path], excludes: excludes)
            return other.of(path)
        }
        let all = found[folder] ?? list(folder)
        found[folder] = all
        return all[String(name)] ?? []
    }

    private func list(_ folder: String) -> [String: [PathWalk.Entry]] {
        let entries = PathWalk.Entry.all(in: folder) { name, _ in
            RotatedName.logs(of: name).contains(where: logs.contains)
        }
        var found: [String: [PathWalk.Entry]] = [:]
        for entry in (entries ?? []).sorted(by: { ($0.modified, $0.path) < ($1.modified, $1.path) })
        where !excludes.contains(where: { $0.matches(entry.path) }) {
            for log in RotatedName.logs(of: entry.name) where logs.contains(log) {
                found[log, default: []].append(entry)
            }
        }
        return found
    }
}

/// A path without a slash is of the folder where the process is.
func parts(of path: String) -> (folder: String, name: Substring) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path[...]) }
    return (String(path[..<slash]), path[path.index(after: slash)...])
}
