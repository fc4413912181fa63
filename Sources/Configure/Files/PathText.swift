/// Paths as texts; nothing here looks at the disk.
enum PathText {
    /// A path of a configuration: `~/` is the home, relative means beside the file.
    static func resolved(_ path: String, folder: String, home: String?) -> String {
        if path == "-" || path.hasPrefix("/") { return path }
        if path.hasPrefix("~/"), let home { return home + path.dropFirst() }
        return folder + path
    }

    static func parent(_ path: String) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        return "/" + parts.dropLast().joined(separator: "/")
    }
}
