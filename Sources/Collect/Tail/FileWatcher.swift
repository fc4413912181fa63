import Glibc

/// inotify(7): tells which files have something to read, and which folders other names.
///
/// Several sources may share a file or a folder, and then share its watch.
struct FileWatcher: ~Copyable {
    private struct Interest {
        var set: Int
        /// Names that matter; those of its rotated files, too.
        var names: [Glob]
    }

    private struct Watch {
        var files: [TailedFile] = []
        var folders: [Interest] = []

        var isUnused: Bool { files.isEmpty && folders.isEmpty }
    }

    /// To be polled for input; nil where there is no inotify.
    let descriptor: Int32?
    private var watches: [Int32: Watch] = [:]

    /// Where the system has no watch to give, or none is wanted, nothing is ever told, and all must
    /// be polled.
    init(isWanted: Bool = true) {
        let opened = isWanted ? inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC)) : -1
        descriptor = opened >= 0 ? opened : nil
    }

    deinit {
        if let descriptor { close(descriptor) }
    }

    /// Watches an open file for writes and for the loss of its name; nil when it cannot.
    mutating func watch(_ file: TailedFile, at path: String) -> Int32? {
        let mask = IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF
        guard let number = add(path, UInt32(mask)) else { return nil }
        watches[number, default: Watch()].files.append(file)
        return number
    }

    /// Watches a folder for the coming and going of names; nil when it cannot.
    mutating func watch(folder: String, names: [Glob], for set: Int) -> Int32? {
        let mask = IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_MOVE_SELF
        guard let number = add(folder, UInt32(mask | IN_DELETE_SELF | IN_ONLYDIR)) else {
            return nil
        }
        watches[number, default: Watch()].folders.append(Interest(set: set, names: names))
        return number
    }

    mutating func unwatch(_ number: Int32, _ file: TailedFile) {
        watches[number]?.files.removeAll { $0 === file }
        tidy(number)
    }

    mutating func unwatch(_ number: Int32, set: Int) {
        watches[number]?.folders.removeAll { $0.set == set }
        tidy(number)
    }

    struct News {
        /// Files with something to look at; some of them twice.
        var files: [TailedFile] = []
        /// Sources whose patterns are to be looked at anew.
        var sets: Set<Int> = []
        /// Watches of folders that are no more, and whose.
        var lost: [(number: Int32, set: Int)] = []
        /// Some news were lost: everything is to be looked at.
        var isOverflow = false
    }

    /// All news there are, without waiting.
    mutating func read() -> News {
        var news = News()
        guard let descriptor else { return news }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = buffer.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { break }
            var start = 0
            let header = MemoryLayout<inotify_event>.size
            while start + header <= count {
                let (event, name) = buffer.withUnsafeBytes { bytes in
                    let event = bytes.loadUnaligned(fromByteOffset: start, as: inotify_event.self)
                    let name = bytes[(start + header)...].prefix(Int(event.len)).prefix { $0 != 0 }
                    return (event, String(decoding: name, as: UTF8.self))
                }
                note(event, FileName(name), &news)
                start += header + Int(event.len)
            }
        }
        return news
    }

    private mutating func note(_ event: inotify_event, _ name: FileName, _ news: inout News) {
        if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { news.isOverflow = true }
        guard let watch = watches[event.wd] else { return }
        let isAboutName = event.mask & UInt32(IN_MODIFY) == 0
        for file in watch.files {
            news.files.append(file)
            if isAboutName { news.sets.insert(file.index) }
        }
        for folder in watch.folders
        where name.isEmpty || folder.names.contains(where: { matters(name, to: $0) }) {
            news.sets.insert(folder.set)
        }
        if event.mask & UInt32(IN_DELETE_SELF) != 0 {
            for file in watch.files { file.isGone = true }
        }
        if event.mask & UInt32(IN_IGNORED) != 0 {
            watches[event.wd] = nil
            for file in watch.files { file.watch = nil }
            news.lost += watch.folders.map { (event.wd, $0.set) }
        }
    }

    private func matters(_ name: FileName, to glob: Glob) -> Bool {
        if let literal = glob.literal.map({ FileName($0) }) {
            return name == literal || RotatedName.isGeneration(name, of: literal)
        }
        return glob.matches(name.text)
    }

    private mutating func add(_ path: String, _ mask: UInt32) -> Int32? {
        guard let descriptor else { return nil }
        let number = inotify_add_watch(descriptor, path, mask)
        return number >= 0 ? number : nil
    }

    private mutating func tidy(_ number: Int32) {
        guard let descriptor, let watch = watches[number], watch.isUnused else { return }
        watches[number] = nil
        inotify_rm_watch(descriptor, number)
    }
}
