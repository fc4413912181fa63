import Glibc

/// inotify(7): tells which sources have something to look at.
///
/// Several sources may share a file or a folder, and then share its watch.
struct FileWatcher: ~Copyable {
    private struct Watch {
        var sources: [Int]
        /// Only events of these names count; nil for a watched file itself.
        var names: [Int: String]?
    }

    /// To be polled for input; nil where there is no inotify.
    let descriptor: Int32?
    private var watches: [Int32: Watch] = [:]

    /// Where the system has no watch to give, nothing is ever told, and all must be polled.
    init() {
        let opened = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        descriptor = opened >= 0 ? opened : nil
    }

    deinit {
        if let descriptor { close(descriptor) }
    }

    /// Watches an open file for writes and for the loss of its name; nil when it cannot.
    mutating func watch(file: String, for source: Int) -> Int32? {
        let mask = IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF
        return add(file, UInt32(mask), source, name: nil)
    }

    /// Watches a folder for the coming and going of one name; nil when it cannot.
    mutating func watch(folder: String, name: String, for source: Int) -> Int32? {
        let mask = IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_MOVE_SELF
        return add(folder, UInt32(mask | IN_DELETE_SELF | IN_ONLYDIR), source, name: name)
    }

    mutating func unwatch(_ number: Int32, for source: Int) {
        guard var watch = watches[number], let descriptor else { return }
        if let place = watch.sources.firstIndex(of: source) { watch.sources.remove(at: place) }
        watches[number] = watch.sources.isEmpty ? nil : watch
        if watch.sources.isEmpty { inotify_rm_watch(descriptor, number) }
    }

    struct News {
        /// Sources with something to look at, rising, each once.
        var sources: [Int] = []
        /// Watches that are no more.
        var lost: [Int32] = []
        /// Some news were lost: everything is to be looked at.
        var isOverflow = false
    }

    /// All news there are, without waiting.
    mutating func read() -> News {
        var news = News()
        guard let descriptor else { return news }
        var buffer = [UInt8](repeating: 0, count: 16_384)
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
                note(event, name, &news)
                start += header + Int(event.len)
            }
        }
        news.sources = Set(news.sources).sorted()
        return news
    }

    private mutating func note(_ event: inotify_event, _ name: String, _ news: inout News) {
        if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { news.isOverflow = true }
        guard let watch = watches[event.wd] else { return }
        if event.mask & UInt32(IN_IGNORED) != 0 {
            watches[event.wd] = nil
            news.lost.append(event.wd)
        }
        let isAboutFolder = name.isEmpty
        news.sources += watch.sources.filter { source in
            guard let names = watch.names, !isAboutFolder else { return true }
            return names[source] == name
        }
    }

    private mutating func add(
        _ path: String,
        _ mask: UInt32,
        _ source: Int,
        name: String?
    ) -> Int32? {
        guard let descriptor else { return nil }
        let number = inotify_add_watch(descriptor, path, mask)
        guard number >= 0 else { return nil }
        var watch = watches[number] ?? Watch(sources: [], names: name == nil ? nil : [:])
        watch.sources.append(source)
        if let name { watch.names?[source] = name }
        watches[number] = watch
        return number
    }
}
