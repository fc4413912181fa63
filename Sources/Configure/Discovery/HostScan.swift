import Glibc

/// Reads what runs on this host.
///
/// It opens files of /proc and lists folders of logs; it contacts nothing and changes nothing.
package enum HostScan {
    /// What there is; `root` comes before every path, for tests.
    package static func findings(root: String = "") -> HostFindings {
        let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map { text(root + $0) }
        return HostFindings(
            hostName: hostName(root),
            sockets: tables.flatMap(ListeningSocket.parse),
            processes: processes(root),
            logs: logs(root),
            vitals: vitals(root)
        )
    }

    /// What `azimuth` needs to watch this host: its name, logs and vital signs.
    package static func host(root: String = "") -> HostFindings {
        HostFindings(
            hostName: hostName(root),
            sockets: [],
            processes: [],
            logs: logs(root),
            vitals: vitals(root),
            hasJournal: hasJournal(root)
        )
    }

    /// Journals are folders named by machines; one that nothing was ever written into is none.
    private static func hasJournal(_ root: String) -> Bool {
        let folders = ["/run/log/journal", "/var/log/journal"]
        guard folders.contains(where: { !names(in: root + $0).isEmpty }) else { return false }
        let path = root.isEmpty ? Environment.value("PATH") ?? "" : root + "/usr/bin"
        return path.split(separator: ":").contains { access("\($0)/journalctl", X_OK) == 0 }
    }

    private static func vitals(_ root: String) -> HostVitals {
        let hardware = names(in: root + "/sys/class/net").filter { name in
            access("\(root)/sys/class/net/\(name)/device", F_OK) == 0
        }
        let interfaces = names(in: root + "/sys/class/net").map { name in
            HostVitals.Interface(
                name: name,
                state: String(
                    text("\(root)/sys/class/net/\(name)/operstate").prefix { $0 != "\n" }
                ),
                isHardware: hardware.contains(name)
            )
        }
        let devices = names(in: root + "/sys/block").filter { name in
            access("\(root)/sys/block/\(name)/device", F_OK) == 0
        }
        return HostVitals(
            disks: MountedDisk.parse(text(root + "/proc/self/mountinfo")) { path in
                isFolder(root + path)
            },
            interfaces: HostVitals.notable(interfaces),
            devices: devices,
            hasPressure: !text(root + "/proc/pressure/cpu").isEmpty
        )
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func hostName(_ root: String) -> String {
        let name = text(root + "/proc/sys/kernel/hostname").prefix { $0 != "\n" && $0 != "." }
        return name.isEmpty ? "host" : String(name)
    }

    private static func processes(_ root: String) -> [HostFindings.Process] {
        let known = Set(KnownSystem.all.flatMap(\.processes))
        return names(in: root + "/proc").compactMap(Int.init).sorted().compactMap { pid in
            let folder = "\(root)/proc/\(pid)"
            let name = String(text(folder + "/comm").prefix { $0 != "\n" })
            guard !name.isEmpty else { return nil }
            // Only of those that matter: a busy host has a hundred thousand descriptors.
            let sockets = known.contains(name) ? sockets(folder + "/fd") : []
            return HostFindings.Process(name: name, sockets: sockets)
        }
    }

    private static func sockets(_ folder: String) -> Set<UInt64>? {
        guard access(folder, R_OK | X_OK) == 0 else { return nil }
        let inodes = names(in: folder).compactMap { name -> UInt64? in
            var bytes = [CChar](repeating: 0, count: 64)
            let count = readlink("\(folder)/\(name)", &bytes, bytes.count)
            guard count > 0 else { return nil }
            let target = String(
                decoding: bytes[..<count].map(UInt8.init(bitPattern:)),
                as: UTF8.self
            )
            guard target.hasPrefix("socket:["), target.hasSuffix("]") else { return nil }
            return UInt64(target.dropFirst("socket:[".count).dropLast())
        }
        return Set(inodes)
    }

    private static func logs(_ root: String) -> [KnownLog] {
        KnownLog.folders.flatMap { folder in
            names(in: root + folder).compactMap { name in
                let path = "\(folder)/\(name)"
                guard var log = KnownLog.recognize(path), isFile(root + path) else { return nil }
                log.isReadable = access(root + path, R_OK) == 0
                return log
            }
        }
    }

    private static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Sorted; empty for a folder that cannot be read.
    private static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// The first 4 MiB, in which the kernel tells of all listening sockets; empty for a file that
    /// cannot be read, such as that of a process that has just ended.
    private static func text(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < 4 << 20 {
            let count = buffer.withUnsafeMutableBytes {
                read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
