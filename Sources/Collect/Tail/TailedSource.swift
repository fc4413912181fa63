import Atlas
import Glibc

/// What the sources of one loop share.
struct TailContext: ~Copyable {
    let clock = LiveClock()
    let lineLimit: Int
    /// One block.
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    var watcher = FileWatcher()
    /// Inputs that the mailbox has not taken so far.
    var outbox: [Input] = []

    mutating func emit(_ event: InputEvent) {
        outbox.append(Input(at: clock.now(), event: event))
    }
}

/// One log that is followed through rotation: the file at its path, and the file that was there.
///
/// States: looking for a file → reading it → (another file is at the path) finishing it → reading
/// the other, while the old one is kept open for five seconds more, because its writer may not
/// have noticed.
final class TailedSource {
    private static let farewell = Span.seconds(5)

    let index: Int
    private let source: LogSource
    private let folder: String
    private let name: String
    /// Where to begin; nil once something was opened.
    private var resume: ReadPosition?
    private var start: LogSource.Start
    private let backlog: Int
    private var current: Watched?
    /// At the path now, to be read once `current` is read to its end.
    private var next: Watched?
    private var former: (file: Watched, until: Monotonic)?
    private var folderWatch: Int32?
    /// What was last said about the path, so that it is not said again and again.
    private var trouble: TailedFile.Trouble?
    private var missingSince: Monotonic?
    /// What the last attempt to read said; nil when it went well.
    private var readTrouble: TailedFile.Trouble?
    /// There may be more to read.
    private(set) var isDirty = true
    /// The path is to be looked at, and the file whether it was rewritten.
    private var isNoticed = true

    /// An open file and its watch; nil where the file must be polled.
    private struct Watched {
        var file: TailedFile
        var watch: Int32?
    }

    init(_ source: LogSource, index: Int, resume: ReadPosition?, backlog: Int) {
        self.source = source
        self.backlog = backlog
        self.index = index
        self.resume = resume
        start = source.start
        let slash = source.place.lastIndex(of: "/")
        folder =
            slash.map { $0 == source.place.startIndex ? "/" : String(source.place[..<$0]) } ?? "."
        name = String(
            slash.map { source.place[source.place.index(after: $0)...] } ?? source.place[...]
        )
    }

    /// True when nobody would tell of a change, or a time has to pass.
    var needsPolling: Bool {
        guard let current else { return true }
        return current.watch == nil || folderWatch == nil || former != nil || missingSince != nil
    }

    /// True when there is nothing to read at the moment, or nothing that can be read.
    var isRead: Bool { !isDirty }

    /// Gives out the line without an end: nothing will be read any more.
    func end(_ context: inout TailContext) {
        if let file = current?.file { finish(file, &context) }
        drop(&current, &context)
        context.emit(.source(event(.ended)))
    }

    /// Something may have happened to it.
    func notice() {
        isNoticed = true
        isDirty = true
    }

    /// A watch is no more.
    func lose(_ watch: Int32) {
        if folderWatch == watch { folderWatch = nil }
        if current?.watch == watch { current?.watch = nil }
    }

    /// Does one piece of work, at most one block; `isDirty` tells whether there is more.
    func advance(_ now: Monotonic, _ context: inout TailContext) {
        if isNoticed {
            isNoticed = false
            look(now, &context)
        }
        isDirty = readFormer(now, &context)
        guard let file = current?.file else { return }
        do {
            let count = try read(file, &context)
            readTrouble = nil
            if count == context.buffer.count {
                isDirty = true
            } else if next != nil {
                // What was written before the new file came must be read before it.
                if count == 0 { succeed(now, &context) }
                isDirty = true
            }
        } catch {
            resume = file.position(of: source.name)
            drop(&current, &context)
            guard error != readTrouble else { return }
            readTrouble = error
            context.emit(.source(event(error.kind, error.detail)))
        }
    }
}

// MARK: - The path

extension TailedSource {
    private func look(_ now: Monotonic, _ context: inout TailContext) {
        if folderWatch == nil {
            folderWatch = context.watcher.watch(folder: folder, name: name, for: index)
        }
        if let file = current?.file, file.wasRewritten() {
            finish(file, &context)
            file.seek(0)
            context.emit(.source(event(.truncated, "from its beginning again")))
        }
        var status = stat()
        guard stat(source.place, &status) == 0 else {
            let isMissing = errno == ENOENT || errno == ENOTDIR
            let kind: SourceEvent.Kind = isMissing ? .missing : .unreadable
            miss(TailedFile.Trouble(kind: kind, detail: words(of: errno)), now, &context)
            return
        }
        let (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
        missingSince = nil
        if let current, current.file.isSame(device: device, inode: inode) {
            trouble = nil
            drop(&next, &context)
            return
        }
        if let next, next.file.isSame(device: device, inode: inode) { return }
        drop(&next, &context)
        open(&context)
    }

    /// The moment between the two steps of a rotation is no trouble worth a word.
    private func miss(
        _ trouble: TailedFile.Trouble,
        _ now: Monotonic,
        _ context: inout TailContext
    ) {
        let since = missingSince ?? now
        missingSince = since
        // A file found later is new: it is read from its beginning.
        if current == nil { start = .beginning }
        if current == nil || now >= since + .seconds(1) { complain(trouble, &context) }
        guard let file = current?.file, file.isDeleted, now >= since + Self.farewell else { return }
        finish(file, &context)
        drop(&current, &context)
        start = .beginning
    }

    private func complain(_ trouble: TailedFile.Trouble, _ context: inout TailContext) {
        guard trouble != self.trouble else { return }
        self.trouble = trouble
        context.emit(.source(event(trouble.kind, trouble.detail)))
    }

    private func open(_ context: inout TailContext) {
        let file: TailedFile
        do {
            file = try TailedFile(path: source.place, lineLimit: context.lineLimit)
        } catch {
            complain(error, &context)
            return
        }
        trouble = nil
        let watched = watch(file, &context)
        if current != nil {
            next = watched
        } else if let position = resume {
            resume = nil
            goOn(watched, from: position, &context)
        } else {
            current = watched
            let offset = start == .end ? file.seekToEnd(leaving: backlog) : 0
            start = .beginning
            context.emit(.source(event(.opened, "from byte \(offset)")))
        }
    }

    /// Opens after a restart: the same file, or the rest of the rotated one and then the new one.
    private func goOn(
        _ watched: Watched,
        from position: ReadPosition,
        _ context: inout TailContext
    ) {
        start = .beginning
        if watched.file.isSame(device: position.device, inode: position.inode) {
            current = watched
            if watched.file.holds(position) {
                watched.file.seek(position.offset)
                guard readTrouble == nil else { return }
                context.emit(.source(event(.opened, "from byte \(position.offset)")))
            } else {
                context.emit(.source(event(.truncated, "rewritten meanwhile: from its beginning")))
            }
        } else if let former = rotatedFile(position, &context) {
            former.seek(position.offset)
            current = watch(former, &context)
            next = watched
            context.emit(.source(event(.opened, "rotated meanwhile: its rest first")))
        } else {
            current = watched
            context.emit(.source(event(.opened, "another file: from its beginning")))
        }
    }

    /// The file of a position under another name in the same folder.
    private func rotatedFile(
        _ position: ReadPosition,
        _ context: inout TailContext
    ) -> TailedFile? {
        for entry in entries(of: folder) where entry.inode == position.inode {
            let path = "\(folder)/\(entry.name)"
            guard let file = try? TailedFile(path: path, lineLimit: context.lineLimit),
                file.isSame(device: position.device, inode: position.inode), file.holds(position)
            else { continue }
            return file
        }
        return nil
    }

    private func event(
        _ kind: SourceEvent.Kind,
        _ detail: String = "",
        count: Int = 0
    ) -> SourceEvent {
        SourceEvent(source: UInt16(index), kind: kind, detail: detail, count: count)
    }

    private func watch(_ file: TailedFile, _ context: inout TailContext) -> Watched {
        let watch = file.isRemote ? nil : context.watcher.watch(file: file.handle, for: index)
        return Watched(file: file, watch: watch)
    }

    private func drop(_ watched: inout Watched?, _ context: inout TailContext) {
        if let watch = watched?.watch { context.watcher.unwatch(watch, for: index) }
        watched = nil
    }
}

// MARK: - The lines

extension TailedSource {
    private func read(
        _ file: TailedFile,
        _ context: inout TailContext
    ) throws(TailedFile.Trouble) -> Int {
        var batch = LineBatch(source: UInt16(index), bytes: [], ends: [])
        let count = try file.read(&context.buffer, into: &batch)
        deliver(batch, of: file, &context)
        return count
    }

    /// Reads what its writer still put into the former file; true when there may be more.
    private func readFormer(_ now: Monotonic, _ context: inout TailContext) -> Bool {
        guard let former else { return false }
        let count = try? read(former.file.file, &context)
        if count == context.buffer.count { return true }
        guard now >= former.until else { return false }
        finish(former.file.file, &context)
        var watched: Watched? = former.file
        drop(&watched, &context)
        self.former = nil
        return false
    }

    /// The file at the path takes over from the one that is read to its end.
    private func succeed(_ now: Monotonic, _ context: inout TailContext) {
        if let former {
            finish(former.file.file, &context)
            var watched: Watched? = former.file
            drop(&watched, &context)
        }
        former = current.map { ($0, now + Self.farewell) }
        current = next
        next = nil
        context.emit(.source(event(.rotated, "the new file from its beginning")))
    }

    /// The last line without a line end is a line after all: nothing is lost.
    private func finish(_ file: TailedFile, _ context: inout TailContext) {
        var batch = LineBatch(source: UInt16(index), bytes: [], ends: [])
        file.finish(into: &batch)
        deliver(batch, of: file, &context)
    }

    /// Late lines of a former file carry the position of the current one, which holds after them.
    private func deliver(
        _ lines: LineBatch,
        of file: TailedFile,
        _ context: inout TailContext
    ) {
        if lines.count > 0 {
            var batch = lines
            batch.position = (current?.file ?? file).position(of: source.name)
            context.emit(.lines(batch))
        }
        let cuts = file.takeCuts()
        if cuts > 0 {
            let detail = "cut to \(context.lineLimit) bytes"
            context.emit(.source(event(.cut, detail, count: cuts)))
        }
    }
}

/// The names in a folder with their inode numbers, in no order.
private func entries(of folder: String) -> [(name: String, inode: UInt64)] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var entries: [(String, UInt64)] = []
    while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
            name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        entries.append((name, UInt64(entry.pointee.d_ino)))
    }
    return entries
}
