import Atlas
import Testing

@testable import Configure

@Suite("Watching a host that nobody configured")
struct HostPlanTests {
    private let catalogue = Catalogue(
        probes: ["host"],
        formats: ["plain", "syslog"],
        themes: [],
        repeatable: ["host"]
    )

    private func plan(
        _ logs: [String],
        unreadable: [String] = [],
        hasJournal: Bool = false,
        hostName: String = "web-1"
    ) -> WatchPlan {
        let known = (logs + unreadable).compactMap { path in
            KnownLog.recognize(path).map { log in
                var log = log
                log.isReadable = !unreadable.contains(path)
                return log
            }
        }
        let findings = HostFindings(
            hostName: hostName,
            sockets: [],
            processes: [],
            logs: known,
            vitals: HostVitals(disks: ["/", "/my data"], interfaces: ["eth0"], devices: ["sda"]),
            hasJournal: hasJournal
        )
        return HostPlan.plan(findings, catalogue: catalogue)
    }

    @Test("each vital sign is a resource with a probe, and the logs are the host's own")
    func resources() {
        let plan = plan(["/var/log/syslog", "/var/log/postgresql/main.log"])
        #expect(
            plan.targets.map(\.address) == [
                "cpu", "load", "memory", "disk /", "disk /my data", "io sda", "network eth0",
                "system",
            ]
        )
        #expect(plan.estate.resources.map(\.name).last == "web-1")
        #expect(plan.targets.map(\.resource) == plan.estate.resources.map(\.name))
        #expect(plan.estate.resources.allSatisfy { $0.place == Place(area: "web-1") })
        #expect(plan.sources.map(\.name) == ["syslog", "postgresql/main.log"])
        #expect(plan.sources.map(\.format) == ["syslog", "plain"])
        #expect(plan.sources.allSatisfy { $0.resource == "web-1" })
    }

    @Test("no line is followed twice, and nothing that may not be read")
    func sources() {
        #expect(
            plan(["/var/log/syslog", "/var/log/kern.log", "/var/log/auth.log"]).sources.map(\.place)
                == ["/var/log/syslog", "/var/log/auth.log"]
        )
        #expect(
            plan(["/var/log/kern.log"], unreadable: ["/var/log/syslog"]).sources.map(\.place)
                == ["/var/log/kern.log"]
        )
    }

    @Test("the journal is followed where no syslog file holds the same")
    func journal() {
        #expect(plan(["/var/log/syslog"], hasJournal: true).sources.map(\.name) == ["syslog"])
        let alone = plan([], unreadable: ["/var/log/syslog"], hasJournal: true)
        #expect(alone.sources.map(\.origin) == [.journal(SystemJournal())])
        #expect(alone.sources.map(\.format) == ["journal-export"])
        #expect(plan([]).sources.isEmpty)
    }

    @Test("a host that is called like a vital sign keeps it apart")
    func names() {
        let names = plan([], hostName: "cpu").estate.resources.map(\.name)
        #expect(Set(names).count == names.count)
    }
}

@Suite("Mounted file systems")
struct MountedDiskTests {
    private func disks(_ table: String) -> [String] {
        MountedDisk.parse(table) { !$0.hasSuffix("hosts") }
    }

    @Test("what can fill up, once each, and no pseudo file system")
    func server() {
        let table = """
            22 27 0:21 / /proc rw,relatime - proc proc rw
            27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
            42 27 254:0 /run/netns /run/netns rw,relatime shared:1 - ext4 /dev/vda rw
            25 27 0:23 / /dev/shm rw,relatime - tmpfs tmpfs rw,size=24684084k
            28 27 8:17 / /srv/my\\040data rw,relatime shared:7 master:3 - xfs /dev/sdb1 rw,attr2
            29 27 8:17 / /mnt/same rw,relatime - xfs /dev/sdb1 rw,attr2
            30 27 7:0 / /snap/core/1 ro,relatime - squashfs /dev/loop0 ro
            31 27 8:33 / /media/cd ro,relatime - ext4 /dev/sdc1 ro
            32 27 0:50 / /net/home rw,relatime - nfs4 server:/home rw,vers=4.2
            """
        #expect(disks(table) == ["/", "/mnt/same", "/net/home"])
    }

    @Test("a subvolume of btrfs, and a container with its single files")
    func others() {
        #expect(
            disks(
                """
                30 1 0:26 /@ / rw,noatime - btrfs /dev/sda2 rw,subvol=/@
                40 30 0:26 /@home /home rw,noatime - btrfs /dev/sda2 rw,subvol=/@home
                """
            ) == ["/"]
        )
        #expect(
            disks(
                """
                500 400 0:60 / / rw,relatime master:1 - overlay overlay rw,lowerdir=/a:/b
                501 500 8:1 /var/lib/docker/x/hosts /etc/hosts rw,relatime - ext4 /dev/sda1 rw
                502 500 8:1 /var/lib/docker/volumes/v /data rw,relatime - ext4 /dev/sda1 rw
                """
            ) == ["/", "/data"]
        )
    }

    @Test(
        "any text is read without harm",
        arguments: [
            "", "\n\n", "- - - - - - - - -", "1 2 3 4 5 6 - ext4", "a b c d \\04 rw - ext4 x rw",
            "1 2 3 / /\\777 rw - ext4 x rw",
        ]
    )
    func hostile(table: String) {
        #expect(disks(table).count <= 1)
    }

    @Test("interfaces of containers and ones that are off are nobody's trouble")
    func interfaces() {
        let all = [
            ("eth0", "up", true), ("eth1", "down", true), ("lo", "unknown", false),
            ("docker0", "up", false), ("veth12", "up", false), ("bond0", "up", false),
            ("wwan0", "unknown", true), ("wg0", "unknown", false),
        ]
        let found = HostVitals.notable(
            all.map { HostVitals.Interface(name: $0.0, state: $0.1, isHardware: $0.2) }
        )
        #expect(found == ["eth0", "bond0", "wwan0"])
    }
}
