import Glibc

/// Folders near a log's own into which a rotation may put its generations: the `olddir` of
/// logrotate(8), the month in a `filePattern` of Log4j.
enum ArchiveFolders {
    /// Where the tree is larger, what is deeper in it is not looked at.
    private static let most = 200

    /// Those below the folder, two levels deep; then those beside it, each with what is in it under
    /// the folder's own name (`/var/log/old/app` of `/var/log/app`).
    ///
    /// Only of the same file system: to rename a file leads nowhere else.
    static func near(_ folder: FileName) -> [FileName] {
        var status = stat()
        guard stat(folder.text, &status) == 0 else { return [] }
        var search = Search(device: status.st_dev, seen: [FileKey(status)])
        let below = search.folders(in: folder)
        search.found += below
        for path in below { search.found += search.folders(in: path) }
        let (parent, name) = (folder.folder, folder.name)
        guard !parent.isEmpty, parent != "." else { return search.found }
        let beside = search.folders(in: parent)
        search.found += beside
        for path in beside where search.isNew("\(path)/\(name)") {
            search.found.append("\(path)/\(name)")
        }
        return search.found
    }

    private struct Search {
        let device: dev_t
        var seen: Set<FileKey>
        var found: [FileName] = []

        mutating func folders(in folder: FileName) -> [FileName] {
            guard found.count < ArchiveFolders.most, let directory = opendir(folder.text) else {
                return []
            }
            defer { closedir(directory) }
            var names: [FileName] = []
            while let entry = readdir(directory), names.count < ArchiveFolders.most {
                let type = Int(entry.pointee.d_type)
                guard type == DT_DIR || type == DT_LNK || type == DT_UNKNOWN else { continue }
                let name = entry.fileName
                if name != ".", name != ".." { names.append(name) }
            }
            return names.sorted().map { "\(folder)/\($0)" }.filter { isNew($0) }
        }

        /// True where it is a folder of the file system that was not met before.
        mutating func isNew(_ path: FileName) -> Bool {
            var status = stat()
            return stat(path.text, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
                && status.st_dev == device && seen.insert(FileKey(status)).inserted
        }
    }
}
