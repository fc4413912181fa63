internal import Atlas

/// Names that mean something of every line, whatever its format.
enum QueryWords {
    static let level = "level"
    static let time = "time"
    static let source = "source"
    static let resource = "resource"
    /// The message, its template, and the line as it came; a field of that name goes before.
    static let message = "message"
    static let template = "template"
    static let line = "line"

    /// Those that have to be followed by a value.
    static let all = [level, time, source, resource]

    /// What people call levels, beside their names.
    private static let levels: [String: Level] = [
        "warning": .warn, "err": .error, "crit": .fatal, "critical": .fatal, "alert": .fatal,
        "emerg": .fatal, "panic": .fatal, "information": .info,
    ]

    static func level(_ name: String) -> Level? {
        let name = name.lowercased()
        return Level.allCases.first { $0.name == name } ?? levels[name]
    }
}
