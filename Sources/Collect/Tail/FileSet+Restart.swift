import Atlas
import Glibc

/// What was rotated while nothing was running.
extension FileSet {
    /// Finds the files of positions that no path of the patterns leads to.
    func recover(
        _ now: Monotonic,
        _ instant: Instant,
        _ generations: inout Generations,
        _ context: inout TailContext
    ) {
        var folders: [String: [UInt64: String]] = [:]
        let inodes = Set(unclaimed.values.map(\.inode))
        for (key, position) in unclaimed.sorted(by: { $0.value.inode < $1.value.inode })
        where tracked[key] == nil {
            let path = position.path ?? files.path
            let folder = parts(of: path).folder
            if folders[folder] == nil {
                let all = PathWalk.Entry.all(in: folder) { inodes.contains($1) }
                // It may be there all the same, and be seen later.
                guard let all else { continue }
                folders[folder] = Dictionary(
                    all.map { ($0.key.inode, $0.path) },
                    uniquingKeysWith: { first, _ in first }
                )
            }
            unclaimed[key] = nil
            guard let found = folders[folder]?[key.inode], !isExcluded(found),
                let file = openDetached(found, key, position, now, &context)
            else {
                missing(position, at: path, folder, now, &generations, &context)
                continue
            }
            precede(latest[path], by: file, at: path, &generations, &context)
        }
    }

    private func openDetached(
        _ path: String,
        _ key: FileKey,
        _ position: ReadPosition,
        _ now: Monotonic,
        _ context: inout TailContext
    ) -> TailedFile? {
        var status = stat()
        guard stat(path, &status) == 0, FileKey(status) == key else { return nil }
        let entry = PathWalk.Entry(path: path, status: status)
        let origin = position.path ?? files.path
        let file = TailedFile(entry, index: index, origin: origin, at: now, treatment)
        guard (try? open(file, &context)) == true, file.holds(position) else { return nil }
        file.detachedSince = now
        file.seen = Instant(nanoseconds: entry.modified) + Self.tick
        track(file, &context)
        context.noteOpen(file)
        begin(file, at: position, "rotated meanwhile: its rest first", &context)
        return file
    }

    /// The file of a position is gone: a copy of it may be there.
    private func missing(
        _ position: ReadPosition,
        at path: String,
        _ folder: String,
        _ now: Monotonic,
        _ generations: inout Generations,
        _ context: inout TailContext
    ) {
        var status = stat()
        guard stat(folder, &status) == 0, UInt64(status.st_dev) == position.device else {
            // Perhaps its file system is not mounted.
            unclaimed[FileKey(device: position.device, inode: position.inode)] = position
            return
        }
        leaveGhost(position, isSaved: true, now)
        guard position.offset > 0 else { return }
        for entry in generations.of(path).reversed() where tracked[entry.key] == nil {
            let file = TailedFile(entry, index: index, origin: path, at: now, treatment)
            guard (try? open(file, &context)) == true, file.holds(position) else { continue }
            file.detachedSince = now
            file.seen = Instant(nanoseconds: entry.modified) + Self.tick
            track(file, &context)
            context.noteOpen(file)
            guard takeOver(file, from: position, &context) else { return }
            precede(latest[path], by: file, at: path, &generations, &context)
            return
        }
    }

    /// What is at the path now comes after the file, and after what was there in between.
    private func precede(
        _ current: TailedFile?,
        by file: TailedFile,
        at path: String,
        _ generations: inout Generations,
        _ context: inout TailContext
    ) {
        for entry in generations.of(path) { ignoreUnless(entry, newerThan: file) }
        chainMissed(of: path, after: file, since: file.seen, &generations, &context)
        guard let current, current !== file, !current.isWaiting else { return }
        chain(current, after: file, &context)
    }

    private func ignoreUnless(_ entry: PathWalk.Entry, newerThan file: TailedFile) {
        let until = Instant(nanoseconds: entry.modified) + Self.tick
        if until > file.seen { ignored.remove(entry.key) }
    }
}
