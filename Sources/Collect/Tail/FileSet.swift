import Atlas
import Glibc

/// The files of one source: found, told apart, and read through rotation.
///
/// A file is `unknown` → (a copy of what is being read) a `shadow` → `reading` → gone. What is read
/// of it is kept by device and inode, with fingerprints of its beginning and of the bytes before
/// the position, so that another file of the same number is not taken for it, and a copy is.
///
/// A stream follows a path: the file that comes to it takes the stream over once the one before is
/// at its end, and what is still written to that one is another stream.
final class FileSet {
    static let mostFiles = 10_000
    /// How long what was rotated or deleted is kept open for its writers.
    static let farewell = Span.seconds(5)
    /// The clock of file systems may be behind the system's by so much; between their own times it
    /// means nothing.
    static let tick = Span.milliseconds(20)
    /// After so long without a change a copy is whole.
    static let copyPause = Span.seconds(2)
    /// How long it is known what was read of a file that is gone, for a copy that comes late.
    static let memory = Span.seconds(60)
    static let block = 256 << 10
    /// How often it is told how far files are read: while they are behind, and otherwise.
    private static let busyPeriod = Span.seconds(10)
    private static let calmPeriod = Span.seconds(60)
    /// Of so many files.
    private static let mostBehind = 20
    private static let mostNewest = 5

    let index: Int
    let source: LogSource
    let pattern: PathPattern
    let isLiteral: Bool
    let files: LogFiles
    let treatment: LineTreatment
    let excludes: [PathExclusion]
    let backlog: Int
    let follows: Bool

    var tracked: [FileKey: TailedFile] = [:]
    /// All generations of a log, by what their names have in common.
    var families: [FileName: [TailedFile]] = [:]
    /// The newest file at each path.
    var latest: [FileName: TailedFile] = [:]
    /// Rotated files that are read on, by the path at which they were.
    var late: [FileName: TailedFile] = [:]
    /// Saved positions whose file did not turn up so far.
    var unclaimed: [FileKey: ReadPosition]
    /// By what the names of the generations have in common.
    var ghosts: [FileName: [Ghost]] = [:]
    /// Generations that are none of ours: older than what was read first.
    var ignored: Set<FileKey> = []

    /// How logs are rotated, by their paths.
    var habits: [FileName: RotatedName.Habit] = [:]

    /// Files that wait for a walk, which finds their copies.
    var rewritten: [FileKey: TailedFile] = [:]
    /// What the last walk saw beside them, and beside files that are known from before.
    var copies: Generations?
    /// Before that.
    var copiesMade = Instant.distantPast
    /// Where files were in a folder when some of them were searched for.
    var listing: (folder: FileName, made: Monotonic, places: FilePlaces, all: Generations)?

    var walks = 0
    var wantsWalk = true
    private var nextWalk = Monotonic(nanoseconds: 0)
    private var nextStream: UInt32 = 0
    private var folderWatches: [FileName: Int32] = [:]
    var isBlind = true
    /// What was last said about the paths, so that it is not said again and again.
    var complaints: Set<TailedFile.Trouble> = []
    /// Of single files and folders, as they were told last.
    var toldTroubles: [String] = []
    var missingSince: Monotonic?
    private var told = (lag: 0, at: Monotonic(nanoseconds: 0))
    /// Something was read since progress was told of.
    var hasRead = false

    /// What was read of a file that is gone or was rewritten.
    struct Ghost {
        var position: ReadPosition
        var path: FileName
        let name: FileName
        /// Names of logs of which it may have been a generation, its own included.
        let logs: Set<FileName>
        var until: Monotonic
        /// It came with the positions, where it stands until it is forgotten.
        var isSaved = false
    }

    init(
        _ source: LogSource,
        files: LogFiles,
        index: Int,
        positions: [ReadPosition],
        treatment: LineTreatment,
        backlog: Int,
        follows: Bool
    ) {
        self.source = source
        self.index = index
        self.treatment = treatment
        self.backlog = backlog
        self.follows = follows
        var files = files
        if files.path.utf8.first != UInt8(ascii: "/") {
            var buffer = [CChar](repeating: 0, count: 4_096)
            if getcwd(&buffer, buffer.count) != nil {
                let folder = String(
                    decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
                    as: UTF8.self
                )
                files.path = LogFiles.literal(folder) + "/" + files.path
            }
        }
        self.files = files
        pattern = PathPattern(files.path)
        isLiteral = pattern.isLiteral
        excludes = files.exclude.map(PathExclusion.init)
        unclaimed = Dictionary(
            positions.map { (FileKey(device: $0.device, inode: $0.inode), $0) },
            uniquingKeysWith: { _, last in last }
        )
    }

    /// True where nobody tells of a change: all is to be looked at once a second.
    var needsPolling: Bool {
        isBlind || missingSince != nil || tracked.values.contains { $0.watch == nil && $0.isRead }
    }

    /// Everything is to be looked at.
    func notice(_ context: inout TailContext) {
        wantsWalk = true
        for file in tracked.values { context.enqueue(file) }
    }

    /// What nobody tells of is to be looked at.
    func poll(_ context: inout TailContext) {
        wantsWalk = true
        for file in tracked.values where file.watch == nil && file.isRead {
            context.enqueue(file)
        }
    }

    func lose(_ watch: Int32) {
        folderWatches = folderWatches.filter { $0.value != watch }
        isBlind = true
        wantsWalk = true
    }

    /// Gives out what waits for a line end, or for another line: nothing will be read any more.
    func end(_ context: inout TailContext) {
        for file in tracked.values.sorted(by: { $0.path < $1.path }) {
            finish(file, &context)
            drop(file, forgets: false, Monotonic.now(), &context)
        }
        emit(.ended, "", &context)
    }

    /// Gives out the records that are whole if no line follows.
    func flush(_ context: inout TailContext) {
        for file in tracked.values where file.patience != nil { flush(file, &context) }
    }

    // MARK: - Words

    func emit(
        _ kind: SourceEvent.Kind,
        _ detail: String,
        of file: TailedFile? = nil,
        count: Int = 0,
        position: ReadPosition? = nil,
        files: [FileProgress]? = nil,
        troubles: [String]? = nil,
        _ context: inout TailContext
    ) {
        let isAmongMany = file != nil && !isLiteral
        let event = SourceEvent(
            source: UInt16(index),
            stream: file?.stream ?? 0,
            kind: kind,
            detail: isAmongMany && !detail.isEmpty ? "\(file?.path ?? ""): \(detail)" : detail,
            count: count,
            position: position,
            files: files,
            troubles: troubles
        )
        context.emit(.source(event))
    }

    func stream(of file: TailedFile) -> UInt32 {
        if let stream = file.stream { return stream }
        defer { nextStream += 1 }
        file.stream = nextStream
        return nextStream
    }

    // MARK: - The walk

    /// Looks what there is, where something told that it changed.
    func walkIfWanted(_ now: Monotonic, _ context: inout TailContext) {
        guard wantsWalk, now >= nextWalk else { return }
        walk(now, &context)
    }

    /// When a walk is wanted that has to wait a little; nil when none is.
    var walkTime: Monotonic? { wantsWalk ? nextWalk : nil }

    func walk(_ now: Monotonic, _ context: inout TailContext) {
        wantsWalk = false
        listing = nil
        walks += 1
        let instant = context.clock.now()
        let walk = PathWalk(
            pattern.expanded(at: instant),
            excludes: excludes,
            limit: Self.mostFiles
        )
        watchFolders(walk, &context)
        let isFirst = walks == 1
        let isNewSource = isFirst && unclaimed.isEmpty
        var fresh: [PathWalk.Entry] = []
        for entry in walk.entries {
            guard let file = tracked[entry.key], !isReplaced(file, by: entry) else {
                if let gone = tracked[entry.key] { drop(gone, now, &context) }
                fresh.append(entry)
                continue
            }
            guard file.walk != walks else { continue }
            see(file, at: entry.path, instant, &context)
        }
        for file in tracked.values
        where file.walk != walks && file.detachedSince == nil && !walk.hides(file.path) {
            detach(file, now, &context)
        }
        lazy var generations = Generations(
            of: walk.entries.map(\.path) + unclaimed.values.map { place(of: $0) },
            excludes: excludes
        )
        if isFirst { takeInventory(walk.entries, &generations) }
        // Those that are known first: the others are compared with them.
        fresh.sort { left, right in
            let isKnown = (unclaimed[left.key] != nil, unclaimed[right.key] != nil)
            return isKnown.0 == isKnown.1 ? PathWalk.Entry.isOlder(left, right) : isKnown.0
        }
        for entry in fresh where tracked[entry.key] == nil {
            let file = TailedFile(entry, index: index, at: now, treatment)
            file.isOld = isNewSource
            file.seen = instant
            file.walk = walks
            track(file, &context)
            if let former = latest[entry.path], former.isRead, !isOlderGeneration(file) {
                let left = former.seen
                file.unknownSince = instant
                chainMissed(of: entry.path, after: former, since: left, &generations, &context)
                chain(file, after: former, &context)
            }
            latest[entry.path] = file
        }
        if isFirst, !isNewSource { recover(now, instant, &generations, &context) }
        if tracked.values.contains(where: \.mayHideOthers) { lookAgain(&generations, &context) }
        copiesMade = instant
        copies = Generations(
            of: rewritten.values.map(\.path) + unclaimed.values.map { place(of: $0) },
            excludes: excludes
        )
        for file in rewritten.values { context.enqueue(file) }
        complain(walk, now, &context)
        if walk.lacksDescriptors {
            context.makeRoom()
            // Nobody tells of what was not seen.
            isBlind = true
        }
        // A folder of many files is not looked at all the time.
        let cost = Monotonic.now() - now
        nextWalk = Monotonic.now() + min(cost * 4, .seconds(2))
    }

    /// The path of a position's file.
    func place(of position: ReadPosition) -> FileName { FileName(position.path ?? files.path) }

    /// True where the number of a file was used again.
    ///
    /// Nobody tells where there is no watch: a few bytes are no proof then that a file of another
    /// name is the same.
    private func isReplaced(_ file: TailedFile, by entry: PathWalk.Entry) -> Bool {
        guard !file.isOpen else { return false }
        return file.isGone
            || file.watch == nil && file.path != entry.path && file.walk < walks
                && file.settled < fingerprintLength
    }

    private func see(
        _ file: TailedFile,
        at path: FileName,
        _ instant: Instant,
        _ context: inout TailContext
    ) {
        file.walk = walks
        // Another was at the path meanwhile.
        if file.detachedSince != nil { file.unknownSince = file.seen }
        file.seen = instant
        if file.path != path {
            rename(file, to: path)
            if latest[path]?.path != path { latest[path] = file }
        }
        if file.detachedSince != nil {
            file.detachedSince = nil
            file.isHurried = false
            file.isLate = false
            if late[file.origin] === file { late[file.origin] = nil }
            context.enqueue(file)
        }
    }

    /// True where the patterns lead to the log that it is a rotated file of.
    private func isOlderGeneration(_ file: TailedFile) -> Bool {
        RotatedName.logs(of: file.name).contains { latest["\(file.folder)/\($0)"] != nil }
    }

    /// No path leads to it any more: it was renamed, or deleted.
    private func detach(_ file: TailedFile, _ now: Monotonic, _ context: inout TailContext) {
        file.detachedSince = now
        if file.isOpen, let path = file.presentPath { rename(file, to: path) }
        context.enqueue(file)
    }

    func track(_ file: TailedFile, _ context: inout TailContext) {
        tracked[file.key] = file
        ignored.remove(file.key)
        learn(file)
        families[file.base, default: []].append(file)
        context.enqueue(file)
    }

    func rename(_ file: TailedFile, to path: FileName) {
        let base = file.base
        file.path = path
        learn(file)
        guard file.base != base else { return }
        forgetFamily(file, base)
        families[file.base, default: []].append(file)
    }

    func forgetFamily(_ file: TailedFile, _ base: FileName) {
        families[base]?.removeAll { $0 === file }
        if families[base]?.isEmpty == true { families[base] = nil }
    }

    private func watchFolders(_ walk: PathWalk, _ context: inout TailContext) {
        for (folder, watch) in folderWatches where walk.folders[folder] == nil {
            context.watcher.unwatch(watch, set: index)
            folderWatches[folder] = nil
        }
        isBlind = walk.lacksFolder
        for (folder, names) in walk.folders where folderWatches[folder] == nil {
            let path = folder.isEmpty ? "/" : folder.text
            folderWatches[folder] = context.watcher.watch(folder: path, names: names, for: index)
            // What came before the watch was not told of.
            if folderWatches[folder] != nil { wantsWalk = true }
        }
        for folder in walk.folders.keys {
            var status = stat()
            let isRemote =
                stat(folder.isEmpty ? "/" : folder.text, &status) == 0
                && context.isRemote(UInt64(status.st_dev))
            if folderWatches[folder] == nil || isRemote { isBlind = true }
        }
    }

    // MARK: - The audit

    /// Looks whether all that grew was read, whatever was told; once in some seconds.
    func audit(_ now: Monotonic, _ context: inout TailContext) {
        wantsWalk = true
        let old = files.ignoreOlder.map { context.clock.now() - $0 }
        for file in tracked.values where file.isReading && !file.isQueued && !file.isWaiting {
            var status = stat()
            let isThere =
                file.status.map {
                    status = $0
                    return true
                } ?? (stat(file.path.text, &status) == 0)
            guard isThere, FileKey(status) == file.key, !file.isArchive else { continue }
            let entry = PathWalk.Entry(path: file.path, status: status)
            if entry.size == file.end {
                file.suspect = nil
                if let old, entry.modified < old.nanoseconds, file.canClose { file.close() }
            } else if file.wakeAt == nil || file.suspect == nil {
                guard entry.size > file.end, file.suspect == file.offset else {
                    file.suspect = file.offset
                    continue
                }
                file.suspect = nil
                let detail = "grew by \(entry.size - file.end) bytes unnoticed; opened anew"
                emit(.stalled, detail, of: file, &context)
                if file.canClose { file.close() }
                context.enqueue(file)
            }
        }
        let awaited = Set(tracked.values.compactMap { $0.successor.map(ObjectIdentifier.init) })
        for file in tracked.values
        where file.isWaiting && !awaited.contains(ObjectIdentifier(file)) {
            file.isWaiting = false
            emit(.stalled, "waited for a file that is gone; read on", of: file, &context)
            context.enqueue(file)
        }
        for (base, all) in ghosts where all.contains(where: { $0.until < now }) {
            for ghost in all where ghost.until < now && ghost.isSaved {
                let key = FileKey(device: ghost.position.device, inode: ghost.position.inode)
                if tracked[key] == nil { emit(.closed, "", position: ghost.position, &context) }
            }
            let rest = all.filter { $0.until >= now }
            ghosts[base] = rest.isEmpty ? nil : rest
        }
        tidyInventory()
        if latest.count > 2 * tracked.count + 64 {
            latest = latest.filter { tracked[$0.value.key] === $0.value }
            habits = habits.filter { latest[$0.key] != nil }
        }
    }

    /// Tells how much there is to read, and of which files: often while there is much, seldom, and
    /// of those that were read last, where all is read.
    func tellLag(_ now: Monotonic, isOver: Bool, _ context: inout TailContext) {
        guard follows, told.lag > 0 || now >= told.at + Self.busyPeriod else { return }
        let isOver = isOver && !isHeldBack(now)
        let isDue =
            isOver
            ? told.lag > 0 || hasRead && now >= told.at + Self.calmPeriod
            : now >= told.at + Self.busyPeriod
        guard isDue else { return }
        hasRead = false
        var lag: UInt64 = 0
        var behind: [FileProgress] = []
        for file in tracked.values where file.isReading && !file.isArchive && !isOver {
            let size = file.size ?? sizeOfClosed(file)
            guard size > file.end else { continue }
            lag += size - file.end
            behind.append(FileProgress(path: file.path.text, offset: file.offset, size: size))
        }
        behind.sort { ($1.lag, $0.path) < ($0.lag, $1.path) }
        told = (Int(clamping: lag), now)
        let files = behind.isEmpty ? newestFiles : Array(behind.prefix(Self.mostBehind))
        emit(.progress, "", count: told.lag, files: files, &context)
    }

    /// A file waits so that its limit of bytes a second holds.
    private func isHeldBack(_ now: Monotonic) -> Bool {
        files.bytesPerSecond != nil
            && tracked.values.contains { $0.throttledUntil.map { $0 > now } ?? false }
    }

    private func sizeOfClosed(_ file: TailedFile) -> UInt64 {
        var status = stat()
        guard stat(file.path.text, &status) == 0, FileKey(status) == file.key else {
            return file.lastSize
        }
        return UInt64(max(0, status.st_size))
    }

    private var newestFiles: [FileProgress] {
        tracked.values.filter { $0.isReading && !$0.isArchive && $0.offset > 0 }
            .sorted { ($1.lastRead, $0.path) < ($0.lastRead, $1.path) }
            .prefix(Self.mostNewest)
            .map { FileProgress(path: $0.path.text, offset: $0.offset, size: $0.offset) }
    }
}

extension TailedFile {
    var isReading: Bool { if case .reading = state { true } else { false } }

    /// Something of it may be wanted.
    var isRead: Bool { if case .done = state { false } else { true } }
}
