import Atlas
import Glibc

/// The other generations of a log, to which the patterns need not lead.
extension FileSet {
    /// A copy of what was read of the file at a path: beside it, or in a folder near its own.
    func copyElsewhere(
        of position: ReadPosition,
        at path: FileName,
        _ now: Monotonic,
        _ generations: inout Generations,
        _ context: inout TailContext
    ) -> TailedFile? {
        copy(of: position, at: path, generations.of(path), now, &context)
            ?? copy(of: position, at: path, generations.near(path), now, &context)
    }

    private func copy(
        of position: ReadPosition,
        at path: FileName,
        _ entries: [PathWalk.Entry],
        _ now: Monotonic,
        _ context: inout TailContext
    ) -> TailedFile? {
        for entry in entries.reversed() where tracked[entry.key] == nil {
            let file = TailedFile(entry, index: index, origin: path, at: now, treatment)
            guard (try? open(file, &context)) == true, file.holds(position) else { continue }
            file.detachedSince = now
            file.seen = wasLast(entry, position)
            track(file, &context)
            context.noteOpen(file)
            return file
        }
        return nil
    }

    /// When the file of a position was at its path, by what is known of it now.
    ///
    /// Those that came after it may have been written at the same time, as file systems tell it, but
    /// not at that of the position.
    func wasLast(_ entry: PathWalk.Entry, _ position: ReadPosition) -> Instant {
        let isAsBefore = position.modified?.nanoseconds == entry.modified
        return Instant(nanoseconds: isAsBefore ? entry.modified : entry.modified - 1) + Self.tick
    }

    // MARK: - Those that were missed

    /// Notes how a log is rotated, from one of its generations.
    func learn(_ file: TailedFile) {
        guard let habit = RotatedName.Habit(of: file.path, for: file.origin) else { return }
        habits[file.origin] = habit
    }

    /// Generations that came to a path and left it again since it was looked at.
    ///
    /// Beside the log, and where others of it were put. Where none is known only such names are taken
    /// that no log of its own has.
    func missed(
        of path: FileName,
        since instant: Instant,
        _ generations: inout Generations
    ) -> [TailedFile] {
        guard follows else { return [] }
        var entries = generations.of(path)
        let habit = habits[path]
        if let habit, habit.folder != path.folder {
            entries += generations.of(path, in: habit.folder)
            entries.sort(by: PathWalk.Entry.isOlder)
        }
        let least = (instant - Self.tick).nanoseconds
        let now = Monotonic.now()
        return
            entries.filter { entry in
                entry.modified > least && tracked[entry.key] == nil
                    && !ignored.contains(entry.key)
                    && RotatedName.form(of: entry.name, in: path.name)
                        .map { $0.isCertain || $0.place == habit?.place } ?? false
            }
            .map { entry in
                let file = TailedFile(entry, index: index, origin: path, at: now, treatment)
                file.detachedSince = now
                file.seen = instant
                return file
            }
    }

    /// They come after a file that was at the path, in the order in which they left it; how many
    /// they are.
    @discardableResult
    func chainMissed(
        of path: FileName,
        after file: TailedFile,
        since instant: Instant,
        _ generations: inout Generations,
        _ context: inout TailContext
    ) -> Int {
        let all = missed(of: path, since: instant, &generations)
        for missed in all {
            track(missed, &context)
            chain(missed, after: file, &context)
        }
        return all.count
    }

    /// What was put aside after the copies of a rewritten file had been looked for, and before it
    /// was read.
    func lookAgain(_ generations: inout Generations, _ context: inout TailContext) {
        for file in tracked.values {
            guard file.mayHideOthers, let since = file.unknownSince else { continue }
            file.unknownSince = nil
            for missed in missed(of: file.path, since: since, &generations) {
                track(missed, &context)
            }
        }
    }

    /// What is at the path now comes after the file, and after what was there in between.
    func precede(
        _ current: TailedFile?,
        by file: TailedFile,
        at path: FileName,
        _ generations: inout Generations,
        _ context: inout TailContext
    ) {
        reconsider(path, since: file.seen, &generations)
        chainMissed(of: path, after: file, since: file.seen, &generations, &context)
        guard let current, current !== file, !current.isWaiting else { return }
        chain(current, after: file, &context)
    }

    /// What was read up to a position is gone: what is at the path now comes after what was there
    /// in between; false where there is nothing of it.
    @discardableResult
    func precede(
        _ current: TailedFile?,
        byWhatCameAfter position: ReadPosition,
        at path: FileName,
        _ generations: inout Generations,
        _ context: inout TailContext
    ) -> Bool {
        guard let modified = position.modified else { return false }
        let since = modified + Self.tick
        reconsider(path, since: since, &generations)
        let all = missed(of: path, since: since, &generations)
        guard let first = all.first else { return false }
        for file in all {
            track(file, &context)
            chain(file, after: first, &context)
        }
        if let current, !current.isWaiting { chain(current, after: first, &context) }
        return true
    }

    // MARK: - The inventory

    /// Notes the generations that were there before: they are none of those that are missed.
    func takeInventory(_ entries: [PathWalk.Entry], _ generations: inout Generations) {
        for entry in entries {
            for other in generations.of(entry.path) where unclaimed[other.key] == nil {
                ignored.insert(other.key)
            }
        }
    }

    /// Those that were written later are no part of it.
    func reconsider(_ path: FileName, since instant: Instant, _ all: inout Generations) {
        for entry in all.of(path)
        where Instant(nanoseconds: entry.modified) + Self.tick > instant {
            ignored.remove(entry.key)
        }
    }

    /// Forgets the generations that are gone.
    func tidyInventory() {
        guard ignored.count > 1_000 else { return }
        var generations = Generations(of: latest.keys, excludes: excludes)
        let there = latest.keys.flatMap { generations.of($0).map(\.key) }
        ignored.formIntersection(there)
    }
}
