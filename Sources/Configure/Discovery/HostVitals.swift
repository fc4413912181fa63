/// What a host has whose vital signs can be watched.
package struct HostVitals: Hashable, Sendable {
    package struct Interface: Hashable, Sendable {
        package var name: String
        /// RFC 2863, as the kernel writes it: `up`, `down`, `unknown`.
        package var state: String
        /// It is a device, and not made of others.
        package var isHardware: Bool

        package init(name: String, state: String, isHardware: Bool) {
            self.name = name
            self.state = state
            self.isHardware = isHardware
        }
    }

    /// Mount points.
    package var disks: [String]
    package var interfaces: [String]
    /// Block devices that are hardware.
    package var devices: [String]
    /// The kernel tells of pressure (since 4.20, where it is switched on).
    package var hasPressure: Bool

    package init(
        disks: [String] = [],
        interfaces: [String] = [],
        devices: [String] = [],
        hasPressure: Bool = false
    ) {
        self.disks = disks
        self.interfaces = interfaces
        self.devices = devices
        self.hasPressure = hasPressure
    }

    /// Interfaces that a person would miss: those in use, without what containers and virtual
    /// machines plug in for themselves; at most eight.
    package static func notable(_ all: [Interface]) -> [String] {
        let foreign = [
            "lo", "veth", "docker", "br-", "virbr", "vnet", "tap", "cni", "flannel", "cali", "ifb",
            "dummy", "podman", "lxc", "lxd", "vxlan",
        ]
        return all.filter { interface in
            let isInUse =
                interface.state == "up" || interface.isHardware && interface.state == "unknown"
            return isInUse && !foreign.contains { interface.name.hasPrefix($0) }
        }
        .prefix(8).map(\.name)
    }
}

/// File systems that can fill up, from a text of /proc/self/mountinfo (proc_pid_mountinfo(5)).
package enum MountedDisk {
    private static let local: Set<String> = [
        "ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "jfs", "bcachefs", "vfat", "exfat",
        "ntfs3", "overlay", "reiserfs",
    ]
    private static let remote: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "ceph", "lustre", "gpfs", "ocfs2", "gfs2", "9p",
        "fuse.glusterfs", "fuse.s3fs", "fuse.sshfs", "fuse.juicefs",
    ]
    private static let most = 16

    /// The mount point of each that can be written, one for each file system, shortest first.
    ///
    /// `isFolder` is asked of local ones: a container has single files mounted.
    package static func parse(_ table: String, isFolder: (String) -> Bool) -> [String] {
        struct Mount {
            var point: String
            var device: Substring
            var isWhole: Bool
        }
        let mounts = table.split(separator: "\n").compactMap { line -> Mount? in
            let halves = line.split(separator: " ", omittingEmptySubsequences: true)
            guard let dash = halves.firstIndex(of: "-"), dash >= 6, halves.count > dash + 3 else {
                return nil
            }
            let type = String(halves[dash + 1])
            let isLocal = local.contains(type)
            let options = [halves[5], halves[dash + 3]]
            guard isLocal || remote.contains(type),
                options.allSatisfy({ !$0.split(separator: ",").contains("ro") })
            else { return nil }
            let point = unescaped(halves[4])
            guard !point.hasPrefix("/run/"), !point.hasPrefix("/snap/"), !point.contains("\n"),
                type != "overlay" || point == "/", !isLocal || isFolder(point)
            else { return nil }
            return Mount(point: point, device: halves[2], isWhole: halves[3] == "/")
        }
        let ordered = mounts.enumerated().sorted { left, right in
            (left.element.isWhole ? 0 : 1, left.element.point.utf8.count, left.offset)
                < (right.element.isWhole ? 0 : 1, right.element.point.utf8.count, right.offset)
        }
        var seen: Set<Substring> = []
        let chosen = ordered.map(\.element).filter { seen.insert($0.device).inserted }
        return chosen.map(\.point).sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
            .prefix(most).map(\.self)
    }

    /// Blanks, tabs, line ends and backslashes are written as three octal digits.
    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let first = rest.popFirst() {
            let digits = rest.prefix(3)
            guard first == 0x5C, digits.count == 3,
                let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            else {
                bytes.append(first)
                continue
            }
            bytes.append(byte)
            rest = rest.dropFirst(3)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
