/// Where files are whose numbers are known: each folder is listed once.
struct FilePlaces {
    private let inodes: Set<UInt64>
    private var folders: [FileName: [FileKey: FileName]] = [:]
    /// By the folder that they are near.
    private var archives: [FileName: [FileName]] = [:]

    init(of keys: some Sequence<FileKey>) { inodes = Set(keys.map(\.inode)) }

    /// Those in a folder; nil where it cannot be listed.
    mutating func all(in folder: FileName) -> [FileKey: FileName]? {
        if let known = folders[folder] { return known }
        let entries = PathWalk.Entry.all(in: folder) { inodes.contains($1) }
        folders[folder] = entries.map { entries in
            Dictionary(entries.map { ($0.key, $0.path) }, uniquingKeysWith: { first, _ in first })
        }
        return folders[folder]
    }

    /// The path of a file that was put into a folder near the one where it was.
    mutating func near(_ folder: FileName, _ key: FileKey) -> FileName? {
        let near = archives[folder] ?? ArchiveFolders.near(folder)
        archives[folder] = near
        for other in near {
            if let path = all(in: other)?[key] { return path }
        }
        return nil
    }
}
