/// What a `FileProbe` wants read.
package struct FileReading: Hashable, Sendable {
    package struct File: Hashable, Sendable {
        package var path: String
        /// Only lines that begin with one of these, blanks aside; all lines where it is empty.
        package var starts: [String]
        /// It may be missing without the question failing.
        package var isOptional: Bool

        package init(_ path: String, starts: [String] = [], isOptional: Bool = false) {
            self.path = path
            self.starts = starts
            self.isOptional = isOptional
        }
    }

    package var files: [File]
    /// Folders; the room of the file system that each is on.
    package var rooms: [String]

    package init(files: [File] = [], rooms: [String] = []) {
        self.files = files
        self.rooms = rooms
    }
}

/// What was read for a `FileReading`.
///
/// As text it is the body of a `OneShotReply`:
///
///     @@file /proc/loadavg
///      19.35 9.89 4.10 22/259 15309
///     @@room block 4096 total 9 free 8 available 7 inodes 6 free 5 read-only 0 /var
///
/// A blank stands before each line of a file, so that no file can look like the next one.
package struct FileReply: Hashable, Sendable {
    /// The room of a file system, as statvfs(3) tells it.
    package struct Room: Hashable, Sendable {
        /// Bytes of one block.
        package var block: UInt64
        /// In blocks; `available` is what is free for others than root.
        package var total: UInt64
        package var free: UInt64
        package var available: UInt64
        /// 0 where the file system has no fixed number of them.
        package var inodes: UInt64
        package var freeInodes: UInt64
        package var isReadOnly: Bool

        package init(
            block: UInt64,
            total: UInt64,
            free: UInt64,
            available: UInt64,
            inodes: UInt64,
            freeInodes: UInt64,
            isReadOnly: Bool
        ) {
            self.block = block
            self.total = total
            self.free = free
            self.available = available
            self.inodes = inodes
            self.freeInodes = freeInodes
            self.isReadOnly = isReadOnly
        }

        package func line(_ path: String) -> String {
            "@@room block \(block) total \(total) free \(free) available \(available) "
                + "inodes \(inodes) free \(freeInodes) read-only \(isReadOnly ? 1 : 0) \(path)\n"
        }

        /// Nil for a line of another shape.
        fileprivate init?(_ words: [Substring]) {
            let labels = words.indices.filter { $0.isMultiple(of: 2) && $0 < 14 }
            let values = words.indices.filter { !$0.isMultiple(of: 2) && $0 < 14 }
                .compactMap { UInt64(words[$0]) }
            guard words.count == 15, values.count == 7,
                labels.map({ words[$0] }) == [
                    "block", "total", "free", "available", "inodes", "free", "read-only",
                ]
            else { return nil }
            self.init(
                block: values[0],
                total: values[1],
                free: values[2],
                available: values[3],
                inodes: values[4],
                freeInodes: values[5],
                isReadOnly: values[6] != 0
            )
        }
    }

    /// By path; the lines as they were.
    package private(set) var files: [String: [Substring]] = [:]
    package private(set) var rooms: [String: Room] = [:]

    /// The head of a file; its lines follow, each behind a blank.
    package static func head(_ path: String) -> String { "@@file \(path)\n" }

    /// What does not fit is passed over.
    package init(_ body: String) {
        var path: String?
        for line in body.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("@@file ") {
                let name = String(line.dropFirst(7))
                path = name
                files[name] = []
            } else if line.hasPrefix("@@room ") {
                path = nil
                let words = line.dropFirst(7).split(
                    separator: " ",
                    maxSplits: 14,
                    omittingEmptySubsequences: false
                )
                if let room = Room(words), let place = words.last { rooms[String(place)] = room }
            } else if let path, line.hasPrefix(" ") {
                files[path]?.append(line.dropFirst())
            }
        }
    }
}
