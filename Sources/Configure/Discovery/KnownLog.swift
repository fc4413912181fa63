/// A log file that `azimuth init` recognizes by where it is.
package struct KnownLog: Hashable, Sendable {
    package var path: String
    /// The formats that fit, best first.
    package var formats: [String]
    /// The system that writes it (`KnownSystem.name`); nil for the host.
    package var system: String?
    /// By the user that asks.
    package var isReadable = true

    package init(path: String, formats: [String], system: String?, isReadable: Bool = true) {
        self.path = path
        self.formats = formats
        self.system = system
        self.isReadable = isReadable
    }

    /// Folders of logs, each looked into without those below it.
    package static let folders = [
        "/var/log", "/var/log/postgresql", "/var/log/mysql", "/var/log/mariadb", "/var/log/redis",
        "/var/log/haproxy", "/var/log/pacemaker",
    ]

    /// Nil for a file of another kind, and for one that was rotated away.
    package static func recognize(_ path: String) -> KnownLog? {
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count >= 3, parts.prefix(2) == ["var", "log"], let file = parts.last else {
            return nil
        }
        if parts.count == 3 {
            if hostFiles.contains(file) {
                return KnownLog(path: path, formats: ["syslog", "plain"], system: nil)
            }
            guard let system = ownFiles[file] else { return nil }
            return KnownLog(path: path, formats: [system, "syslog", "plain"], system: system)
        }
        guard parts.count == 4, file.hasSuffix(".log"), let system = ownFolders[parts[2]] else {
            return nil
        }
        return KnownLog(path: path, formats: [system, "plain"], system: system)
    }

    private static let hostFiles = [
        "syslog", "messages", "auth.log", "secure", "kern.log", "daemon.log",
    ]

    private static let ownFiles = ["haproxy.log": "haproxy", "keepalived.log": "keepalived"]

    private static let ownFolders = [
        "postgresql": "postgresql", "mysql": "mariadb", "mariadb": "mariadb", "redis": "redis",
        "haproxy": "haproxy", "pacemaker": "pacemaker",
    ]
}
