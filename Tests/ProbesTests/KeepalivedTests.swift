import Atlas
import Testing

@testable import Probes

@Suite("Who holds a virtual address")
struct KeepalivedTests {
    private func session(_ address: String) throws -> SessionCommand {
        try Keepalived().session(for: address, timeout: .seconds(1))
    }

    @Test(
        "is asked of ip, which only reads; what is looked for comes back with the reply",
        arguments: [
            ("10.0.1.100", "-4 -json address show", "10.0.1.100"),
            ("fd00::100", "-6 -json address show", "fd00::100"),
            ("10.0.1.100 dev=eth0", "-json address show dev eth0", "10.0.1.100 dev=eth0"),
            (
                " 10.0.1.100  netns=lb-1 dev=vrrp.77", "-netns lb-1 -json address show dev vrrp.77",
                "10.0.1.100 dev=vrrp.77"
            ),
        ]
    )
    func asks(address: String, words: String, expects: String) throws {
        let command = try session(address)
        #expect(command.arguments.joined(separator: " ") == "ip " + words)
        #expect(command.expects == expects)
    }

    @Test(
        "an address that cannot be asked for is refused",
        arguments: [
            "", "lb-1", "10.0.1", "10.0.1.100/24", "10.0.1.300", "fd00::g", "10.0.1.100 eth0",
            "10.0.1.100 dev=", "10.0.1.100 dev=-x", "10.0.1.100 dev=0123456789abcdef",
            "10.0.1.100 dev=a dev=b", "10.0.1.100 netns=../../x", "10.0.1.100 'dev=a b'",
            "10.0.1.100 vrid=7", "'10.0.1.100", "10.0.1.100\0",
        ]
    )
    func refuses(address: String) {
        #expect(throws: ProbeError.self) { try session(address) }
    }

    @Test(
        "two addresses share a network by its leading bits",
        arguments: [
            ("10.77.0.1", 24, "10.77.0.100", true), ("10.77.0.1", 25, "10.77.0.200", false),
            ("10.77.0.1", 0, "192.0.2.1", true), ("10.77.0.1", 32, "10.77.0.1", true),
            ("10.77.0.1", 33, "10.77.0.1", false), ("10.77.0.1", -1, "10.77.0.1", false),
            ("fd00::1", 64, "fd00::1:0:0:0:1", false), ("fd00::1", 63, "fd00:0:0:1::1", true),
            ("10.77.0.1", 24, "fd00::1", false),
        ]
    )
    func networks(one: String, bits: Int, other: String, isShared: Bool) throws {
        let other = try #require(IPAddress(other))
        #expect(try #require(IPAddress(one)).shares(bits, with: other) == isShared)
    }

    @Test(
        "a reply that is no list of interfaces is refused",
        arguments: ["{}", "[1]", "[{\"ifname\":1}]", "[{\"ifname\":\"a\"}]", "[", "eth0"]
    )
    func strangeReplies(body: String) {
        let reply = "@@azimuth exit 0 after 1 us 10.0.1.100\n" + body
        #expect(throws: ProbeError.self) { try Keepalived().decode(reply) }
    }

    @Test("interfaces that the question does not mean, and none at all, are a standby")
    func empty() throws {
        for body in ["", "\n", "[]", "[{},{}]"] {
            let reply = "@@azimuth exit 0 after 1 us 10.0.1.100\n" + body
            #expect(try Keepalived().decode(reply) == [.role(.standby)])
        }
    }
}
