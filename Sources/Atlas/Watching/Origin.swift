/// From where the lines of a source come.
package enum Origin: Codable, Hashable, Sendable {
    case files(LogFiles)
    case standardInput
    case journal(SystemJournal)
    case syslog(SyslogReceiver)
    case forward(ForwardReceiver)
    case http(HTTPReceiver)

    /// For people: the path of files, `-`, `journal:`, or where a receiver listens.
    package var place: String {
        switch self {
        case .files(let files): files.path
        case .standardInput: "-"
        case .journal(let journal): journal.place
        case .syslog(let receiver): receiver.listeners.map(\.description).joined(separator: " ")
        case .forward(let receiver): receiver.listeners.map(\.description).joined(separator: " ")
        case .http(let receiver): receiver.listeners.map(\.description).joined(separator: " ")
        }
    }
}

/// Files that are followed through rotation.
package struct LogFiles: Codable, Hashable, Sendable {
    /// Bytes of a line that are kept, where nothing else is set.
    package static let defaultLineLimit = 65_536

    /// An absolute path, or a pattern: `*`, `?`, `[]`, `{a,b}` and the conversions of strftime(3).
    package var path: String
    /// Patterns of paths that are left alone.
    package var exclude: [String]
    /// A name for iconv(3), such as `SHIFT_JIS`; nil takes the bytes as they are.
    package var encoding: String?
    package var multiline: Multiline?
    /// Bytes; what a line has more is cut, and counted.
    package var lineLimit: Int
    /// Bytes a second for each file; nil does not limit.
    package var bytesPerSecond: Int?
    /// A file that was not written for so long is let go until it is written again; nil for never.
    package var ignoreOlder: Span?

    package init(
        path: String,
        exclude: [String] = [],
        encoding: String? = nil,
        multiline: Multiline? = nil,
        lineLimit: Int = defaultLineLimit,
        bytesPerSecond: Int? = nil,
        ignoreOlder: Span? = nil
    ) {
        self.path = path
        self.exclude = exclude
        self.encoding = encoding
        self.multiline = multiline
        self.lineLimit = lineLimit
        self.bytesPerSecond = bytesPerSecond
        self.ignoreOlder = ignoreOlder
    }

    /// The pattern that stands for exactly this path.
    package static func literal(_ path: String) -> String {
        var text = ""
        for letter in path.unicodeScalars {
            if "*?[]{}\\".unicodeScalars.contains(letter) { text += "\\" }
            if letter == "%" { text += "%" }
            text.unicodeScalars.append(letter)
        }
        return text
    }
}

/// Systemd's journal, as journalctl(1) gives it.
package struct SystemJournal: Codable, Hashable, Sendable {
    /// A folder of journal files, such as those of other hosts; nil for this host's own journal.
    package var directory: String?
    /// Entries of these units only, such as `postgresql.service`; empty for all.
    package var units: [String]
    /// Bytes of an entry's fields that are kept; a longer message is cut, and counted.
    package var entryLimit: Int

    package init(
        directory: String? = nil,
        units: [String] = [],
        entryLimit: Int = LogFiles.defaultLineLimit
    ) {
        self.directory = directory
        self.units = units
        self.entryLimit = entryLimit
    }

    var place: String {
        (["journal:" + (directory ?? "")] + units).joined(separator: " ")
    }
}

/// How lines are joined into one record, which holds the line ends between them.
package struct Multiline: Codable, Hashable, Sendable {
    package enum Rule: Codable, Hashable, Sendable {
        /// A line that matches begins a record; a regular expression of PCRE2.
        case first(String)
        /// A line that matches goes on with the record before.
        case continuation(String)
        /// A line that begins with a blank or a tab goes on with the record before.
        case indentation
    }

    package var rule: Rule
    /// After so long without another line a record is whole.
    package var timeout: Span

    package init(rule: Rule, timeout: Span = .seconds(1)) {
        self.rule = rule
        self.timeout = timeout
    }
}
