/// Paths as texts; nothing here looks at the disk.
enum PathText {
    /// A path of a configuration: `~/` is the home, relative means beside the file.
    static func resolved(_ path: String, folder: String, home: String?) -> String {
        // By bytes: a mark may follow the slash.
        if path == "-" || path.utf8.first == UInt8(ascii: "/") { return path }
        if path.utf8.starts(with: "~/".utf8), let home {
            return home + String(decoding: path.utf8.dropFirst(), as: UTF8.self)
        }
        return folder + path
    }

    static func parent(_ path: String) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        return "/" + parts.dropLast().joined(separator: "/")
    }
}
