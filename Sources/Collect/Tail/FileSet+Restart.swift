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
        var places = FilePlaces(of: unclaimed.keys)
        for (key, position) in unclaimed.sorted(by: { $0.value.inode < $1.value.inode })
        where tracked[key] == nil {
            let path = place(of: position)
            let folder = path.folder
            // It may be there all the same, and be seen later.
            guard let here = places.all(in: folder) else { continue }
            unclaimed[key] = nil
            guard let found = here[key] ?? places.near(folder, key), !isExcluded(found),
                let file = openDetached(found, key, position, now, &context)
            else {
                missing(position, at: path, folder, now, &generations, &context)
                continue
            }
            precede(latest[path], by: file, at: path, &generations, &context)
        }
    }

    private func openDetached(
        _ path: FileName,
        _ key: FileKey,
        _ position: ReadPosition,
        _ now: Monotonic,
        _ context: inout TailContext
    ) -> TailedFile? {
        var status = stat()
        guard stat(path.text, &status) == 0, FileKey(status) == key else { return nil }
        let entry = PathWalk.Entry(path: path, status: status)
        let origin = place(of: position)
        let file = TailedFile(entry, index: index, origin: origin, at: now, treatment)
        guard (try? open(file, &context)) == true, file.holds(position) else { return nil }
        file.detachedSince = now
        file.seen = wasLast(entry, position)
        track(file, &context)
        context.noteOpen(file)
        begin(file, at: position, "rotated meanwhile: its rest first", &context)
        return file
    }

    /// The file of a position is gone: a copy of it may be there.
    private func missing(
        _ position: ReadPosition,
        at path: FileName,
        _ folder: FileName,
        _ now: Monotonic,
        _ generations: inout Generations,
        _ context: inout TailContext
    ) {
        var status = stat()
        guard stat(folder.text, &status) == 0, UInt64(status.st_dev) == position.device else {
            // Perhaps its file system is not mounted.
            unclaimed[FileKey(device: position.device, inode: position.inode)] = position
            return
        }
        leaveGhost(position, isSaved: true, now)
        guard position.offset > 0 else { return }
        if let file = copyElsewhere(of: position, at: path, now, &generations, &context) {
            guard takeOver(file, from: position, &context) else { return }
            precede(latest[path], by: file, at: path, &generations, &context)
        } else {
            precede(latest[path], byWhatCameAfter: position, at: path, &generations, &context)
        }
    }
}
