import Atlas
import Glibc

/// One piece of work on one file: at most one block is read.
extension FileSet {
    func advance(_ file: TailedFile, _ now: Monotonic, _ context: inout TailContext) {
        guard tracked[file.key] === file else { return }
        if file.isGone, !file.isOpen { return lose(file, now, &context) }
        guard !file.isWaiting else { return }
        if let time = file.throttledUntil, now < time { return context.wake(file, at: time) }
        do throws(TailedFile.Trouble) {
            guard try prepare(file, &context) else { return lose(file, now, &context) }
            switch file.state {
            case .unknown:
                guard try settle(file, now, &context) else {
                    if file.size == 0 { drained(file, now, &context) }
                    return
                }
            case .shadow(let original):
                guard try compare(file, with: original, now, &context) else { return }
            case .done: return drained(file, now, &context)
            case .reading: break
            }
            try read(file, now, &context)
            guard file.trouble != nil else { return }
            file.trouble = nil
            tellTroubles(&context)
        } catch {
            context.wake(file, at: now + .seconds(1))
            if file.isOpen, file.canClose { file.close() }
            guard error != file.trouble else { return }
            file.trouble = error
            if !hasOthers { emit(error.kind, error.detail, of: file, &context) }
            tellTroubles(&context)
        }
    }

    /// Opens and watches it; false when its path leads elsewhere.
    func prepare(
        _ file: TailedFile,
        _ context: inout TailContext
    ) throws(TailedFile.Trouble) -> Bool {
        guard !file.isOpen else { return true }
        guard try open(file, &context) else { return false }
        file.lostSince = nil
        context.noteOpen(file)
        if file.watch == nil, !context.isRemote(file.key.device) {
            file.watch = context.watcher.watch(file, at: file.handle)
        }
        return true
    }

    /// Where descriptors are short, others close for it.
    func open(
        _ file: TailedFile,
        _ context: inout TailContext
    ) throws(TailedFile.Trouble) -> Bool {
        do throws(TailedFile.Trouble) {
            return try file.open()
        } catch {
            guard error.isShortage else { throw error }
            context.makeRoom(for: file)
            return try file.open()
        }
    }

    private func read(
        _ file: TailedFile,
        _ now: Monotonic,
        _ context: inout TailContext
    ) throws(TailedFile.Trouble) {
        var most = Self.block
        // A tenth of a second at a time: the limit holds from the beginning.
        if let limit = files.bytesPerSecond { most = min(most, max(1, limit / 10)) }
        var batch = LineBatch(source: UInt16(index), bytes: [], ends: [])
        switch try file.read(&context.buffer, most: most, into: &batch) {
        case .bytes(let count):
            deliver(batch, of: file, &context)
            if file.rewrite != nil {
                // What was there came back.
                file.rewrite = nil
                rewritten[file.key] = nil
            }
            if count > 0 {
                file.lastRead = now
                hasRead = true
                if file.unknownSince != nil { wantsWalk = true }
                if file.isLate {
                    emit(.opened, "\(file.path): written after it was rotated", &context)
                }
            }
            file.lastSize = count == 0 ? file.end : max(file.lastSize, file.end)
            if let limit = files.bytesPerSecond, count > 0 {
                let pause = Span(nanoseconds: Int64(count) * 1_000_000_000 / Int64(max(1, limit)))
                file.throttledUntil = max(file.throttledUntil ?? now, now) + pause
            }
            waitForMore(file, isNew: count > 0, now, &context)
            // To fill room that is mapped into memory is no change of which the system tells.
            if follows, file.end > file.offset, file.isNamed {
                context.wake(file, at: now + .seconds(1))
            }
            if file.isArchive ? count > 0 : count >= most - 3 {
                context.enqueue(file)
            } else {
                if file.isArchive {
                    finish(file, &context)
                    file.state = .done
                    emitPosition(file, &context)
                    if file.canClose { file.close() }
                }
                drained(file, now, &context)
            }
        case .rewritten: truncated(file, now, &context)
        case .moved: lose(file, now, &context)
        case .broken(let detail):
            // What was before is read; to look again would take as long, and find the same.
            finish(file, &context)
            file.state = .done
            emitPosition(file, &context)
            throw TailedFile.Trouble(kind: .unreadable, detail: detail)
        case .torn:
            if let size = file.size, size != file.lastSize {
                file.lastSize = size
                file.lastRead = now
            }
            guard now > file.lastRead + Self.memory else {
                return context.wake(file, at: now + .seconds(1))
            }
            finish(file, &context)
            file.state = .done
            emitPosition(file, &context)
            throw TailedFile.Trouble(
                kind: .unreadable,
                detail: "the archive has no end (\(file.formName))"
            )
        }
    }

    /// A record is whole when no line of it came for a while.
    private func waitForMore(
        _ file: TailedFile,
        isNew: Bool,
        _ now: Monotonic,
        _ context: inout TailContext
    ) {
        guard let patience = file.patience else { return }
        if isNew || file.flushAt == nil { file.flushAt = now + patience }
        guard let time = file.flushAt else { return }
        if now >= time, !isNew {
            flush(file, &context)
        } else {
            context.wake(file, at: time)
        }
    }

    // MARK: - At its end

    func drained(_ file: TailedFile, _ now: Monotonic, _ context: inout TailContext) {
        if let successor = file.successor { handOver(file, to: successor, &context) }
        if file.isHurried, file.isDeleted, file.detachedSince == nil { file.detachedSince = now }
        guard let since = file.detachedSince else {
            file.isHurried = false
            return
        }
        let time = file.isHurried ? now : max(since, file.lastRead) + Self.farewell
        guard now >= time else { return context.wake(file, at: time) }
        guard !file.isLate else { return file.close() }
        // It was renamed out of the patterns: its newest generation is read on.
        if !file.isDeleted, let path = file.presentPath, path != file.origin, file.isRead {
            rename(file, to: path)
            if let other = late[file.origin], other !== file {
                drop(other, now, &context)
            }
            late[file.origin] = file
            file.isLate = true
            file.close()
        } else {
            drop(file, now, &context)
        }
    }

    /// The file at the path takes over from the one that is read to its end.
    func handOver(_ file: TailedFile, to next: TailedFile, _ context: inout TailContext) {
        file.successor = nil
        next.isWaiting = false
        if let stream = file.stream, next.stream == nil {
            next.stream = stream
            file.stream = nil
        }
        context.enqueue(next)
        guard !next.isAnnounced else { return }
        next.isAnnounced = true
        emit(.rotated, "the new file from its beginning", of: next, &context)
    }

    /// Puts a file behind the last one that waits for `former`.
    func chain(_ file: TailedFile, after former: TailedFile, _ context: inout TailContext) {
        var last = former
        while let next = last.successor {
            guard next !== file else { return }
            last = next
        }
        guard last !== file else { return }
        last.successor = file
        file.isWaiting = true
        context.enqueue(former)
    }

    /// Its path leads to another file, or to none.
    private func lose(_ file: TailedFile, _ now: Monotonic, _ context: inout TailContext) {
        guard isFolderThere(of: file) || now > file.lastRead + Self.memory else {
            return context.wake(file, at: now + .seconds(1))
        }
        // Many are lost at once: a turn later one listing tells of all of them.
        guard let since = file.lostSince else {
            file.lostSince = now
            return context.enqueue(file)
        }
        list(file.folder, since: since)
        guard let here = listing?.places.all(in: file.folder) else {
            return context.wake(file, at: now + .seconds(1))
        }
        file.lostSince = nil
        var found = file.isGone ? nil : here[file.key]
        if found == nil, !file.isGone { found = listing?.places.near(file.folder, file.key) }
        if let path = found, isExcluded(path) { found = nil }
        if let found, found != file.path {
            rename(file, to: found)
            if file.detachedSince == nil { wantsWalk = true }
            context.enqueue(file)
        } else if found != nil {
            context.wake(file, at: now + .milliseconds(100))
        } else {
            let isUnread = file.isRead && !file.isArchive && file.lastSize > file.end
            if isUnread, !chainArchives(file, &context) {
                let detail = "gone before it was read to its end"
                emit(.dropped, "\(file.path): \(detail)", of: file, count: 1, &context)
            }
            drop(file, now, &context)
        }
    }

    /// Looks in a folder for the files that are read, unless it was listed after that moment.
    private func list(_ folder: FileName, since moment: Monotonic) {
        if let listing, listing.folder == folder, listing.made > moment { return }
        let logs = Set(tracked.values.map(\.origin))
        let generations = Generations(of: logs, excludes: excludes)
        listing = (folder, Monotonic.now(), FilePlaces(of: tracked.keys), generations)
    }

    /// Lets what a packer may have put into a generation's place come after it; false where there is
    /// nothing.
    private func chainArchives(_ file: TailedFile, _ context: inout TailContext) -> Bool {
        guard follows, var all = listing?.all else { return false }
        defer { listing?.all = all }
        return chainMissed(of: file.origin, after: file, since: file.seen, &all, &context) > 0
    }

    /// False where its file system may not be mounted.
    private func isFolderThere(of file: TailedFile) -> Bool {
        var status = stat()
        return stat(file.folder.text, &status) == 0 && UInt64(status.st_dev) == file.key.device
    }

    func isExcluded(_ path: FileName) -> Bool {
        excludes.contains { $0.matches(path.text) }
    }

    /// Ends it: nothing of it will be read any more, and its position is needed no more.
    func drop(
        _ file: TailedFile,
        forgets: Bool = true,
        _ now: Monotonic,
        _ context: inout TailContext
    ) {
        finish(file, &context)
        tracked[file.key] = nil
        rewritten[file.key] = nil
        forgetFamily(file, file.base)
        for path in [file.path, file.origin] where latest[path] === file { latest[path] = nil }
        if late[file.origin] === file { late[file.origin] = nil }
        if let watch = file.watch { context.watcher.unwatch(watch, file) }
        file.watch = nil
        guard forgets else { return file.close() }
        let position = file.position(of: source.name)
        if file.settled > 0 { leaveGhost(position, now) }
        if file.detachedSince != nil, isThere(file) { ignored.insert(file.key) }
        file.close()
        if let successor = file.successor { handOver(file, to: successor, &context) }
        for other in families[file.base] ?? [] {
            if case .shadow(let original) = other.state, original === file {
                other.state = .unknown
                context.enqueue(other)
            }
        }
        emit(.closed, "", of: file, position: position, &context)
    }

    private func isThere(_ file: TailedFile) -> Bool {
        guard !file.isOpen else { return file.presentPath != nil }
        var status = stat()
        return stat(file.path.text, &status) == 0 && FileKey(status) == file.key
    }

    func leaveGhost(_ position: ReadPosition, isSaved: Bool = false, _ now: Monotonic) {
        let path = place(of: position)
        let name = path.name
        let ghost = Ghost(
            position: position,
            path: path,
            name: name,
            logs: RotatedName.logs(of: name).union([name]),
            until: now + Self.memory,
            isSaved: isSaved
        )
        let base = RotatedName.base(of: name)
        ghosts[base, default: []].append(ghost)
        guard let all = ghosts[base], all.count > Self.mostFiles else { return }
        // Files come and go faster than copies of them are waited for.
        var surplus = all.count / 2
        ghosts[base] = all.filter { ghost in
            guard surplus > 0, !ghost.isSaved else { return true }
            surplus -= 1
            return false
        }
    }

    // MARK: - What is given out

    /// The last line without a line end is a line after all: nothing is lost.
    func finish(_ file: TailedFile, _ context: inout TailContext) {
        guard file.held > 0 else { return }
        var batch = LineBatch(source: UInt16(index), bytes: [], ends: [])
        file.finish(into: &batch)
        deliver(batch, of: file, &context)
    }

    func flush(_ file: TailedFile, _ context: inout TailContext) {
        var batch = LineBatch(source: UInt16(index), bytes: [], ends: [])
        file.flush(into: &batch)
        deliver(batch, of: file, &context)
    }

    private func deliver(_ lines: LineBatch, of file: TailedFile, _ context: inout TailContext) {
        if lines.count > 0 {
            var batch = lines
            batch.stream = stream(of: file)
            batch.position = file.position(of: source.name)
            context.emit(.lines(batch))
        }
        let cuts = file.takeCuts()
        if cuts > 0 {
            emit(.cut, "cut to \(treatment.limit) bytes", of: file, count: cuts, &context)
        }
        let paddings = file.takePaddings()
        if paddings > 0 { emit(.dropped, Padding.words, of: file, count: paddings, &context) }
    }

    /// Lets the position be kept though no line came.
    func emitPosition(_ file: TailedFile, _ context: inout TailContext) {
        context.emit(
            .lines(
                LineBatch(
                    source: UInt16(index),
                    stream: stream(of: file),
                    bytes: [],
                    ends: [],
                    position: file.position(of: source.name)
                )
            )
        )
    }
}
