package import Atlas

/// Vital signs of this machine, one for each address, as its kernel tells them.
///
/// Thresholds are those that an engineer on call would not want to be without, and no more: a busy
/// CPU is what it was bought for, so it is never `down`.
package struct Host: FileProbe {
    package let name = "host"
    package let summary =
        "vital signs of this machine: CPU, load, memory, pressure, disks, network, uptime"
    package let addressHelp =
        "cpu, load, memory, pressure, system, 'disk /var', 'io sda' or 'network eth0'"

    package init() {}

    package func reading(for address: String) throws(ProbeError) -> FileReading {
        guard let sign = VitalSign(address) else {
            throw .unusableAddress(
                probe: name,
                reason: "'\(address.shortened(toBytes: 80))' is no vital sign",
                remedy: "write \(addressHelp)"
            )
        }
        return sign.reading
    }

    package func decode(_ text: String) throws(ProbeError) -> [Observation] {
        let reply = try reply(text)
        let read = FileReply(reply.body)
        guard case .read(let count) = reply.ending,
            let observations = count == 0 ? Self.gone : observations(in: read)
        else {
            let lines = reply.body.split(separator: "\n").prefix(2).joined(separator: " ")
            throw .unreadable(probe: name, line: lines)
        }
        return observations
    }

    /// What has no file any more, such as a disk that was pulled out.
    private static let gone = [Observation.health(.down, reason: "it is not there")]

    /// By what was read, since a reply does not repeat the address; nil for what is none.
    private func observations(in read: FileReply) -> [Observation]? {
        // The first by name: each reading of a reply has to see the same.
        if let room = read.rooms.min(by: { $0.key < $1.key }) {
            return DiskSign.observations(room.value)
        }
        func lines(_ path: String) -> [Substring]? { read.files[path] }
        if let uptime = lines("/proc/uptime") {
            return SystemSign.observations(uptime, files: lines("/proc/sys/fs/file-nr") ?? [])
        }
        if let load = lines("/proc/loadavg") {
            return CPUSign.load(load, lines("/proc/stat") ?? [])
        }
        if let stat = lines("/proc/stat") { return CPUSign.use(stat) }
        if let memory = lines("/proc/meminfo") { return MemorySign.observations(memory) }
        if let cpu = lines("/proc/pressure/cpu") {
            return PressureSign.observations(
                cpu: cpu,
                memory: lines("/proc/pressure/memory") ?? [],
                io: lines("/proc/pressure/io") ?? []
            )
        }
        if let table = lines("/proc/net/dev") {
            return NetworkSign.observations(table, states: read.files)
        }
        let devices = read.files.filter { $0.key.hasPrefix("/sys/class/block/") }
        return devices.min { $0.key < $1.key }.flatMap { BlockSign.observations($0.value) }
    }
}

/// What an address of the host probe means.
enum VitalSign: Hashable {
    case cpu
    case load
    case memory
    case pressure
    case system
    case disk(String)
    case io(String)
    case network(String)

    init?(_ address: String) {
        let words = address.split(separator: " ", maxSplits: 1).map(String.init)
        let isClean = address.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard let kind = words.first, isClean, address.utf8.count <= 1_024 else { return nil }
        guard words.count == 2 else {
            switch kind {
            case "cpu": self = .cpu
            case "load": self = .load
            case "memory": self = .memory
            case "pressure": self = .pressure
            case "system": self = .system
            default: return nil
            }
            return
        }
        let name = words[1]
        let isDevice = !name.contains { $0 == "/" || $0 == " " } && name != "." && name != ".."
        switch kind {
        case "disk" where name.hasPrefix("/"): self = .disk(name)
        case "io" where isDevice: self = .io(name)
        case "network" where isDevice: self = .network(name)
        default: return nil
        }
    }

    var reading: FileReading {
        switch self {
        case .cpu:
            FileReading(files: [.init("/proc/stat", starts: ["cpu"])])
        case .load:
            FileReading(files: [.init("/proc/loadavg"), .init("/proc/stat", starts: ["cpu"])])
        case .memory:
            FileReading(files: [
                .init("/proc/meminfo", starts: ["Mem", "Buffers:", "Cached:", "Swap"])
            ])
        case .pressure:
            FileReading(files: [
                .init("/proc/pressure/cpu"), .init("/proc/pressure/memory", isOptional: true),
                .init("/proc/pressure/io", isOptional: true),
            ])
        case .system:
            FileReading(files: [
                .init("/proc/uptime"), .init("/proc/sys/fs/file-nr", isOptional: true),
            ])
        case .disk(let path):
            FileReading(rooms: [path])
        case .io(let device):
            FileReading(files: [.init("/sys/class/block/\(device)/stat", isOptional: true)])
        case .network(let name):
            // Of an interface that has gone the table's head alone is left.
            FileReading(files: [
                .init("/proc/net/dev", starts: ["\(name):", "face"]),
                .init("/sys/class/net/\(name)/operstate", isOptional: true),
            ])
        }
    }
}
