import Glibc
import Testing

@testable import Configure

@Suite("Reading what runs on a host")
struct HostScanTests {
    @Test("takes sockets, processes, the host's name and logs from under a root")
    func scan() throws {
        try inTemporaryFolder { root in
            try root.write("proc/net/tcp", ListeningSocketTests.table)
            try root.write("proc/sys/kernel/hostname", "db-1.example.net\n")
            try root.write("proc/811/comm", "postgres\n")
            try root.write("proc/811/fd/0", "")
            symlink("socket:[577430]", root.path + "/proc/811/fd/5")
            symlink("/dev/null", root.path + "/proc/811/fd/1")
            try root.write("proc/1/comm", "systemd\n")
            try root.write("proc/self/comm", "azimuth\n")
            try root.write("var/log/postgresql/postgresql-15-main.log", "")
            try root.write("var/log/postgresql/postgresql-15-main.log.1", "")
            try root.write("var/log/syslog", "")
            try root.write("var/log/dpkg.log", "")
            let findings = HostScan.findings(root: root.path)
            #expect(findings.hostName == "db-1")
            #expect(findings.sockets.map(\.port) == [5_432, 2_024])
            #expect(
                findings.processes == [
                    .init(name: "systemd", sockets: []),
                    .init(name: "postgres", sockets: [577_430]),
                ]
            )
            #expect(
                findings.logs == [
                    KnownLog(path: "/var/log/syslog", formats: ["syslog", "plain"], system: nil),
                    KnownLog(
                        path: "/var/log/postgresql/postgresql-15-main.log",
                        formats: ["postgresql", "plain"],
                        system: "postgresql"
                    ),
                ]
            )
            #expect(findings.systems.map(\.known.name) == ["postgresql"])
        }
    }

    @Test("finds nothing where there is nothing to read")
    func empty() throws {
        try inTemporaryFolder { root in
            let findings = HostScan.findings(root: root.path)
            #expect(
                findings
                    == HostFindings(hostName: "host", sockets: [], processes: [], logs: [])
            )
        }
    }
}
