import Testing

@testable import Configure

@Suite("What runs on a host, from sockets and processes")
struct HostFindingsTests {
    private func found(
        _ sockets: [(String, UInt16, UInt64)],
        _ processes: [HostFindings.Process]
    ) -> HostFindings {
        HostFindings(
            hostName: "db-1",
            sockets: sockets.map { ListeningSocket(address: $0.0, port: $0.1, inode: $0.2) },
            processes: processes,
            logs: []
        )
    }

    private func words(_ findings: HostFindings) -> [String] {
        findings.systems.map { system in
            "\(system.known.name) \(system.host) \(system.port ?? 0) \(system.isCertain)"
        }
    }

    @Test("a system is where its process listens, on any port")
    func byProcess() {
        let findings = found(
            [("127.0.0.1", 24_871, 7), ("127.0.0.1", 24_872, 8), ("0.0.0.0", 22, 9)],
            [.init(name: "postgres", sockets: [7, 8, 70]), .init(name: "sshd", sockets: [])]
        )
        #expect(
            words(findings) == [
                "postgresql 127.0.0.1 24871 true", "postgresql 127.0.0.1 24872 true",
            ]
        )
    }

    @Test("without the right to look, the usual port of a running process counts")
    func byUsualPort() {
        let findings = found(
            [("10.0.1.5", 3_306, 7), ("10.0.1.5", 33_060, 8)],
            [.init(name: "mariadbd", sockets: nil)]
        )
        #expect(words(findings) == ["mariadb 10.0.1.5 3306 true"])
    }

    @Test("a usual port alone is a guess")
    func guess() {
        #expect(words(found([("::", 5_432, 7)], [])) == ["postgresql 127.0.0.1 5432 false"])
    }

    @Test("a usual port that another known process holds is that one's")
    func takenPort() {
        let findings = found(
            [("0.0.0.0", 6_379, 7)],
            [.init(name: "postgres", sockets: [7])]
        )
        #expect(words(findings) == ["postgresql 127.0.0.1 6379 true"])
    }

    @Test("ports beside the one that answers are left out: X protocol, cluster bus")
    func otherPorts() {
        let findings = found(
            [("0.0.0.0", 6_379, 1), ("0.0.0.0", 16_379, 2), ("::", 6_379, 3)],
            [.init(name: "redis-server", sockets: [1, 2, 3])]
        )
        #expect(words(findings) == ["redis 127.0.0.1 6379 true"])
    }

    @Test("a system without a port of its own is there when its process is")
    func byProcessOnly() {
        let findings = found(
            [("0.0.0.0", 443, 1)],
            [.init(name: "keepalived", sockets: []), .init(name: "haproxy", sockets: [1])]
        )
        #expect(words(findings) == ["haproxy 127.0.0.1 0 true", "keepalived 127.0.0.1 0 true"])
    }

    @Test("one that runs and cannot be seen listening is told apart")
    func unseen() {
        let findings = found(
            [("127.0.0.1", 24_871, 7)],
            [.init(name: "postgres", sockets: nil)]
        )
        #expect(findings.systems == [])
        #expect(findings.unseen.map(\.name) == ["postgresql"])
    }
}
