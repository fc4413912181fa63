import Atlas
import Testing

@testable import Probes

@Suite("Vital signs of a host")
struct HostTests {
    private func judge(_ body: String) throws -> (Health, String) {
        let reply = OneShotReply(ending: .read(1), took: .milliseconds(1), body: body)
        for case .health(let health, let reason) in try Host().decode(reply.text) {
            return (health, reason)
        }
        return (.absent, "")
    }

    private func disk(free: UInt64, reserved: UInt64 = 0, isReadOnly: Bool = false) throws -> Health
    {
        let room = FileReply.Room(
            block: 4_096,
            total: 1_000,
            free: free + reserved,
            available: free,
            inodes: 0,
            freeInodes: 0,
            isReadOnly: isReadOnly
        )
        return try judge(room.line("/a folder")).0
    }

    @Test("a disk warns at 90 % and is down at 97 %, root's reserve counted as df(1) does")
    func disks() throws {
        #expect(try disk(free: 101) == .ok)
        #expect(try disk(free: 100) == .warn)
        #expect(try disk(free: 31) == .warn)
        #expect(try disk(free: 30) == .down)
        #expect(try disk(free: 0, reserved: 50) == .down)
        #expect(try disk(free: 500, isReadOnly: true) == .down)
    }

    @Test(
        "memory warns below 8 % and is down below 3 %",
        arguments: [(81, Health.ok), (79, .warn), (31, .warn), (29, .down), (0, .down)]
    )
    func memory(available: Int, health: Health) throws {
        let text = "@@file /proc/meminfo\n MemTotal: 1000 kB\n MemFree: 10 kB\n"
        #expect(try judge(text + " MemAvailable: \(available) kB\n").0 == health)
    }

    @Test("load is weighed by the number of processors, and is never down")
    func load() throws {
        func health(_ load: String, cpus: Int) throws -> Health {
            let stat = (0..<cpus).map { " cpu\($0) 1 2 3 4\n" }.joined()
            return try judge(
                "@@file /proc/loadavg\n 0.10 \(load) 0.10 1/2 3\n"
                    + "@@file /proc/stat\n cpu  1 2 3 4\n" + stat
            ).0
        }
        #expect(try health("2.00", cpus: 1) == .ok)
        #expect(try health("2.01", cpus: 1) == .warn)
        #expect(try health("120.00", cpus: 64) == .ok)
        #expect(try health("9999.00", cpus: 2) == .warn)
    }

    @Test("a table of an interface with another name at its end is not taken for it")
    func interfaces() throws {
        let reading = try Host().reading(for: "network eth0")
        #expect(reading.files.first?.starts == ["eth0:", "face"])
        #expect(reading.files.last?.path == "/sys/class/net/eth0/operstate")
    }

    @Test(
        "an address that is none is refused with the ones that are",
        arguments: [
            "", " ", "cpus", "disk", "disk var", "disk ", "io", "io sda/../..", "io ..", "network",
            "network a/b", "network a b", "disk /a\nb", "cpu x",
            "disk /" + String(repeating: "a", count: 2_000),
        ]
    )
    func refuses(address: String) {
        let error = #expect(throws: ProbeError.self) { try Host().reading(for: address) }
        #expect(error?.remedy.contains("'disk /var'") == true)
        #expect((error?.what.utf8.count ?? 0) < 200)
    }

    @Test("a folder whose name looks like the reply's own words is read back as it is")
    func rooms() throws {
        for path in ["/", "/a b", "/@@room block 1", "/ü", "/a  b "] {
            let room = FileReply.Room(
                block: 1,
                total: 2,
                free: 1,
                available: 1,
                inodes: 4,
                freeInodes: 3,
                isReadOnly: false
            )
            #expect(FileReply(room.line(path)).rooms == [path: room])
        }
        #expect(FileReply("@@room block 1 total x\n@@room\n@@room  /\n").rooms.isEmpty)
    }

    @Test("a line of a file cannot begin another file")
    func heads() {
        let reply = FileReply("@@file /a\n @@file /b\n one\nstray\n@@file /c\n")
        #expect(reply.files == ["/a": ["@@file /b", "one"], "/c": []])
    }
}
