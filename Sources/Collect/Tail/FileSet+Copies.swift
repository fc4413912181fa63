import Atlas
import Glibc

/// Which file continues what was read of another: copies, archives, and what came after a rewrite.
extension FileSet {
    /// Finds out where to begin with a file; false when nothing of it is to be read now.
    func settle(
        _ file: TailedFile,
        _ now: Monotonic,
        _ context: inout TailContext
    ) throws(TailedFile.Trouble) -> Bool {
        var wasRewritten = false
        if let position = unclaimed.removeValue(forKey: file.key) {
            if file.holds(position) {
                begin(file, at: position, "from byte \(position.offset)", &context)
                return file.isReading
            }
            wasRewritten = true
            leaveGhost(position, isSaved: true, now)
            var generations = copies ?? Generations(of: [file.path], excludes: excludes)
            defer { copies = generations }
            let since = position.modified.map { $0 + Self.tick }
            if let since { reconsider(file.path, since: since, &generations) }
            if adoptCopy(of: position, file, since: since, now, &generations, &context) {
                emit(.truncated, "rewritten meanwhile", of: file, &context)
                file.isAnnounced = true
                return false
            }
            if precede(file, byWhatCameAfter: position, at: file.path, &generations, &context) {
                emit(.truncated, "rewritten meanwhile", of: file, &context)
                file.isAnnounced = true
                return false
            }
        }
        guard let size = file.size, size > 0 else {
            file.isOld = false
            if !file.isAnnounced { emit(.opened, "from byte 0", of: file, &context) }
            file.isAnnounced = true
            return false
        }
        if file.isOld {
            beginAsOld(file, &context)
            return file.isReading
        }
        if isStale(file, context.clock.now()) {
            file.seekToEnd()
            file.state = .reading
            emitPosition(file, &context)
            file.close()
            return false
        }
        if follows {
            switch identify(file, size, now, &context) {
            case .fresh: break
            case .known: return file.isReading
            case .later:
                // What came after does not wait for the packer.
                if file.isArchive, let successor = file.successor {
                    handOver(file, to: successor, &context)
                }
                let pause = file.isArchive ? Self.copyPause : .milliseconds(200)
                context.wake(file, at: now + pause)
                return false
            case .abandoned:
                file.state = .done
                emitPosition(file, &context)
                throw TailedFile.Trouble(
                    kind: .unreadable,
                    detail: "the archive has no end (\(file.formName))"
                )
            }
        }
        file.state = .reading
        if wasRewritten {
            emit(.truncated, "rewritten meanwhile: from its beginning", of: file, &context)
        } else if !file.isAnnounced {
            emit(.opened, "from byte 0", of: file, &context)
        }
        file.isAnnounced = true
        return true
    }

    private func beginAsOld(_ file: TailedFile, _ context: inout TailContext) {
        file.isAnnounced = true
        if source.start == .end, file.isArchive {
            file.state = .done
        } else {
            if source.start == .end { file.seekToEnd(leaving: backlog) }
            file.state = .reading
            emit(.opened, "from byte \(file.offset)", of: file, &context)
        }
        if source.start == .end, follows { emitPosition(file, &context) }
    }

    private func isStale(_ file: TailedFile, _ now: Instant) -> Bool {
        guard let old = files.ignoreOlder, let status = file.status else { return false }
        return PathWalk.Entry(path: file.path, status: status).modified < (now - old).nanoseconds
    }

    func begin(
        _ file: TailedFile,
        at position: ReadPosition,
        _ words: String,
        _ context: inout TailContext
    ) {
        if position.offset == .max {
            file.state = .done
        } else {
            file.seek(position.offset)
            file.state = .reading
        }
        let isAgain = file.trouble != nil || file.isAnnounced
        file.isAnnounced = true
        if !isAgain { emit(.opened, words, of: file, &context) }
    }

    private enum Verdict {
        case fresh
        /// Its state is settled.
        case known
        case later
        /// The beginning of an archive of what was read; nothing was added to it for long.
        case abandoned
    }

    /// Compares a new file with what was read of the other generations of its log.
    private func identify(
        _ file: TailedFile,
        _ size: UInt64,
        _ now: Monotonic,
        _ context: inout TailContext
    ) -> Verdict {
        if size != file.lastSize {
            file.lastSize = size
            file.stirred = now
        }
        let isYoung = now < file.stirred + Self.copyPause
        // To unpack it after each of its packer's writes would take longer than it does.
        if file.isCompared, isYoung { return .later }
        file.isCompared = file.isArchive
        file.lookAtBeginning()
        let isAbandoned = now > file.stirred + Self.memory
        let unfinished: Verdict? = file.isArchive ? isAbandoned ? .abandoned : .later : nil
        // Of all that it holds, what was read furthest.
        var found: ReadPosition?
        var isBeginning = false
        for (number, ghost) in (ghosts[file.base] ?? []).enumerated()
        where file.mayHold(ghost.position) && isFitting(file, ghost) {
            switch file.holding(of: ghost.position) {
            case .all:
                if ghost.position.offset > found?.offset ?? 0 { found = ghost.position }
            case .beginning:
                ghosts[file.base]?[number].until = now + Self.memory
                isBeginning = true
            case .other: continue
            }
        }
        for other in families[file.base] ?? [] where other !== file && !other.isArchive {
            switch likeness(of: file, size, with: other, &context) {
            case .none: continue
            case .same:
                let position = other.position(of: source.name)
                if let found, found.offset > position.offset { continue }
                if other.isDeleted || other.path == file.path {
                    guard isFitting(file, position, other) else { continue }
                    takeOver(file, from: position, &context)
                    return .known
                }
                if !isYoung, position.offset < fingerprintLength { continue }
                file.state = .shadow(of: other)
                context.wake(file, at: now + Self.copyPause)
                return .known
            case .beginning:
                if let verdict = unfinished ?? (isYoung ? .later : nil) { return verdict }
            }
        }
        if let found {
            takeOver(file, from: found, &context)
            return .known
        }
        return isBeginning ? unfinished ?? .fresh : .fresh
    }

    /// True where what both hold is enough to say that one is a copy.
    private func isFitting(_ file: TailedFile, _ ghost: Ghost) -> Bool {
        isTelling(ghost.position, file, ghost.path) && isKin(file, ghost.name, ghost.logs)
    }

    private func isFitting(
        _ file: TailedFile,
        _ position: ReadPosition,
        _ other: TailedFile
    ) -> Bool {
        isTelling(position, file, other.path) && isKin(file, other)
    }

    /// A few bytes may be the same in two generations of a log: then it takes another name as well.
    private func isTelling(_ position: ReadPosition, _ file: TailedFile, _ path: FileName) -> Bool {
        position.offset > 0 && (position.offset >= fingerprintLength || path != file.path)
    }

    /// True where both are generations of one log, which may be one of the two.
    ///
    /// By their names alone `worker-1.log` and `worker-2.log` are of a `worker.log`; where there is
    /// none they are logs of their own, and may well say the same.
    private func isKin(_ file: TailedFile, _ other: TailedFile) -> Bool {
        isKin(file, other.name, other.logs)
    }

    private func isKin(_ file: TailedFile, _ name: FileName, _ logs: Set<FileName>) -> Bool {
        file.logs.contains { log in
            logs.contains(log)
                && (log == name || log == file.name || latest["\(file.folder)/\(log)"] != nil)
        }
    }

    private enum Likeness {
        case none
        /// It holds all that was read of the other.
        case same
        /// It holds the beginning of what was read of the other: it may become a copy.
        case beginning
    }

    private func likeness(
        of file: TailedFile,
        _ size: UInt64,
        with other: TailedFile,
        _ context: inout TailContext
    ) -> Likeness {
        guard case .reading = other.state else { return .none }
        if other.settled == 0 {
            // It has not had its turn: what is the same in both is to be read there.
            guard other.isQueued, other.path != file.path, !file.isArchive,
                isKin(file, other),
                let known = try? prepare(other, &context), known
            else { return .none }
            let both = Int(min(size, fingerprintLength, other.size ?? 0))
            let isLike =
                both > 0 && other.bytes(at: 0, count: both) == file.bytes(at: 0, count: both)
            return isLike ? .beginning : .none
        }
        guard file.begins(like: other), isKin(file, other) else { return .none }
        let position = other.position(of: source.name)
        if file.isArchive {
            return switch file.holding(of: position) {
            case .all: .same
            case .beginning: .beginning
            case .other: .none
            }
        }
        if size >= position.offset { return file.holds(position) ? .same : .none }
        guard other.path != file.path, let known = try? prepare(other, &context), known else {
            return .none
        }
        let start = size - min(size, fingerprintLength)
        let length = Int(size - start)
        return file.bytes(at: start, count: length) == other.bytes(at: start, count: length)
            ? .beginning : .none
    }

    /// Goes on with a copy where its original was read to.
    ///
    /// False where it does not hold it any more: then it is looked at anew.
    @discardableResult
    func takeOver(
        _ file: TailedFile,
        from position: ReadPosition,
        _ context: inout TailContext
    ) -> Bool {
        let isWhole = file.isArchive && position.offset == .max
        // To look at others may have closed it.
        guard (try? prepare(file, &context)) == true, isWhole || file.seek(position.offset) else {
            file.state = .unknown
            context.enqueue(file)
            return false
        }
        file.state = isWhole ? .done : .reading
        let name = position.path ?? source.name
        emitPosition(file, &context)
        emit(.opened, "a copy of \(name): from byte \(position.offset)", of: file, &context)
        file.isAnnounced = true
        context.enqueue(file)
        return true
    }

    /// Whether a copy still holds no more than its original; true once it is read on its own.
    func compare(
        _ file: TailedFile,
        with original: TailedFile,
        _ now: Monotonic,
        _ context: inout TailContext
    ) throws(TailedFile.Trouble) -> Bool {
        guard tracked[original.key] === original, let size = file.size else {
            file.state = .unknown
            context.enqueue(file)
            return false
        }
        if size != file.lastSize {
            file.lastSize = size
            file.stirred = now
        }
        if original.isQueued || original.wakeAt != nil && original.throttledUntil != nil {
            context.wake(file, at: now + .milliseconds(200))
            return false
        }
        let position = original.position(of: source.name)
        guard try prepare(original, &context), original.holds(position) else {
            // Its original is looked at first: it says what becomes of the copy.
            context.enqueue(original)
            context.wake(file, at: now + .milliseconds(200))
            return false
        }
        if (original.size ?? 0) > original.end {
            context.enqueue(original)
            context.wake(file, at: now + .milliseconds(200))
            return false
        }
        guard now >= file.stirred + Self.copyPause else {
            context.wake(file, at: file.stirred + Self.copyPause)
            return false
        }
        // Whole by now, and its original is as it was.
        if position.offset < fingerprintLength, !file.isArchive {
            file.state = .reading
            emit(.opened, "from byte 0", of: file, &context)
            file.isAnnounced = true
            return true
        }
        // Half a line at its end is whole in the original.
        let end = min(size, original.end)
        guard try prepare(file, &context),
            file.isArchive || file.seek(size > end ? position.offset : end)
        else {
            file.state = .unknown
            context.enqueue(file)
            return false
        }
        file.state = file.isArchive ? .done : .reading
        emitPosition(file, &context)
        return file.isReading
    }

    // MARK: - A rewrite

    /// The file does not hold what was read: its content was copied elsewhere, or is gone.
    func truncated(_ file: TailedFile, _ now: Monotonic, _ context: inout TailContext) {
        // What is to be held against it was there before the rewrite: one walk finds it, of however
        // many files.
        let rewrite = file.rewrite ?? (walks, file.seen)
        guard !follows || walks > rewrite.walk else {
            rewritten[file.key] = file
            file.rewrite = rewrite
            wantsWalk = true
            return
        }
        file.rewrite = nil
        rewritten[file.key] = nil
        let position = file.position(of: source.name)
        let since = min(rewrite.seen, file.unknownSince ?? rewrite.seen)
        file.unknownSince = copies == nil ? context.clock.now() : copiesMade
        var generations = copies ?? Generations(of: [file.path], excludes: excludes)
        defer { copies = rewritten.isEmpty ? nil : generations }
        if !adoptCopy(of: position, file, since: since, now, &generations, &context) {
            finish(file, &context)
            if position.offset > 0 { leaveGhost(position, now) }
            for missed in missed(of: file.path, since: since, &generations) {
                track(missed, &context)
            }
        }
        file.restart()
        file.state = .reading
        file.isAnnounced = true
        emit(.truncated, "from its beginning again", of: file, &context)
        context.enqueue(file)
    }

    /// Lets a copy go on where the file was read to, and the file wait for it; false where there is
    /// none.
    ///
    /// Its position is given out before anything of the file's new content: the old one, which is
    /// needed to know the copy, is lost with that. `instant` is since when others may have been
    /// missed; without it only those that are newer than the copy may have been.
    private func adoptCopy(
        of position: ReadPosition,
        _ file: TailedFile,
        since instant: Instant?,
        _ now: Monotonic,
        _ generations: inout Generations,
        _ context: inout TailContext
    ) -> Bool {
        guard position.offset > 0, follows else { return false }
        var heir: TailedFile?
        for other in families[file.base] ?? []
        where other !== file && isCandidate(other, of: file) && other.mayHold(position) {
            guard (try? prepare(other, &context)) == true else { continue }
            other.lookAtBeginning()
            if heir == nil, isKin(other, file), other.holds(position) {
                heir = other
            } else if case .shadow = other.state, let size = other.size, !other.isArchive {
                other.seek(other.holds(position) ? position.offset : size)
                other.state = .reading
                emitPosition(other, &context)
            }
        }
        heir = heir ?? copyElsewhere(of: position, at: file.path, now, &generations, &context)
        guard let heir else { return false }
        heir.stream = file.stream ?? heir.stream
        file.stream = nil
        heir.isWaiting = false
        heir.seen = file.seen
        habits[file.path] = RotatedName.Habit(of: heir.path, for: file.path) ?? habits[file.path]
        guard takeOver(heir, from: position, &context) else { return false }
        guard heir.isReading else { return true }
        let rest = heir.successor
        heir.successor = nil
        if let status = heir.status {
            let entry = PathWalk.Entry(path: heir.path, status: status)
            let last = Instant(nanoseconds: entry.modified) + Self.tick
            let since = min(last, instant ?? last)
            chainMissed(of: file.path, after: heir, since: since, &generations, &context)
        }
        chain(file, after: heir, &context)
        if let rest, rest !== file { chain(rest, after: heir, &context) }
        return true
    }

    private func isCandidate(_ other: TailedFile, of file: TailedFile) -> Bool {
        switch other.state {
        case .unknown: true
        case .shadow(let original): original === file
        case .reading, .done: false
        }
    }
}
