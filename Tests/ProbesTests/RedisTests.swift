import Atlas
import Probes
import Testing

@Suite("The Redis probe")
struct RedisTests {
    private let probe = Redis()

    @Test(
        "refuses an address that holds a password",
        arguments: ["redis://me:secret@a:6379", "a:6379 password=x", "secret@a:6379"]
    )
    func refusesSecrets(address: String) {
        #expect { try probe.session(for: address, timeout: .seconds(1)) } throws: { error in
            if case .secretInAddress? = error as? ProbeError { true } else { false }
        }
    }

    @Test(
        "refuses an address that it does not understand",
        arguments: [
            "", "a", "a:", "a:70000", ":6379", "-h:6379", "a:6379 usr=me", "a:6379 auth=relative",
            "a:6379 user=me", "a:6379 tls=no", "a:6379 db=x", "a:6379 6380",
        ]
    )
    func refusesNonsense(address: String) {
        #expect { try probe.session(for: address, timeout: .seconds(1)) } throws: { error in
            if case .badAddress? = error as? ProbeError { true } else { false }
        }
    }

    @Test(
        "takes servers and sockets",
        arguments: [
            ("db-1:6379", "-h db-1 -p 6379"), ("[::1]:6379", "-h ::1 -p 6379"),
            ("/run/redis.sock db=3", "-s /run/redis.sock -n 3"),
            ("a:1 tls=yes cacert=/ca.pem", "-h a -p 1 --tls --cacert /ca.pem"),
        ]
    )
    func takesAddresses(address: String, arguments: String) throws {
        let command = try probe.session(for: address, timeout: .seconds(1))
        #expect(command.arguments.joined(separator: " ") == "redis-cli " + arguments)
        #expect(command.secretFile == nil)
        #expect(command.inherited.isEmpty, "REDISCLI_AUTH would be one password for all")
    }

    @Test("a password is named by its file, and typed to the client")
    func namesPasswordFile() throws {
        let command = try probe.session(
            for: "a:6379 user=me auth=/etc/azimuth/redis.auth",
            timeout: .seconds(1)
        )
        #expect(command.arguments.suffix(3) == ["--user", "me", "--askpass"])
        #expect(command.secretFile == "/etc/azimuth/redis.auth")
        #expect(!command.arguments.contains { $0.contains("redis.auth") })
    }

    @Test("lets no key end the command")
    func quotesKeys() {
        let canary = RedisCanary()
        func command(_ key: String) -> String {
            canary.prune(table: key, first: 1, last: 2, number: 3).text
        }
        #expect(command("azimuth_canary").hasPrefix("ZREMRANGEBYSCORE \"azimuth_canary\" 1 2\n"))
        #expect(
            command("a\" 1 2\nFLUSHALL\t").hasPrefix(
                "ZREMRANGEBYSCORE \"a\\x22\\x201\\x202\\x0aFLUSHALL\\x09\" 1 2\n"
            )
        )
    }

    @Test("a standby that has read more than it applied says both")
    func readsOffsets() throws {
        let observations = try probe.decode(
            """
            role:slave\r
            master_host:db-1\r
            master_port:6379\r
            master_link_status:up\r
            slave_read_repl_offset:120\r
            slave_repl_offset:100\r
            """
        )
        #expect(
            observations == [
                .role(.standby),
                .position(LogPosition(timeline: 0, received: 120, applied: 100)),
                .upstream("db-1:6379"),
            ]
        )
    }

    @Test("before version 7 what is applied is all that is known")
    func readsOldOffsets() throws {
        let observations = try probe.decode("role:slave\nslave_repl_offset:100")
        #expect(
            observations.contains(.position(LogPosition(timeline: 0, received: 100, applied: 100)))
        )
        #expect(observations.contains(.upstream(nil)))
    }

    @Test("a sentinel says which master is down")
    func readsSentinel() throws {
        let reply = """
            sentinel_masters:2
            master0:name=a,status=ok,address=10.0.0.1:1,slaves=1,sentinels=3
            master1:name=b,status=odown,address=10.0.0.1:2,slaves=0,sentinels=3
            """
        #expect(
            try probe.decode(reply) == [.metric(MetricSample(name: "masters", value: 2))]
        )
        #expect(probe.remarks(on: reply) == ["the master b at 10.0.0.1:2 is odown"])
    }

    @Test(
        "says what it could not read",
        arguments: ["", "PONG", "role:ruler", "role:master", "role:slave\nslave_repl_offset:x"]
    )
    func rejectsNonsense(reply: String) {
        #expect(throws: ProbeError.self) { try probe.decode(reply) }
    }

    @Test("judges a try by its answer")
    func judges() {
        let canary = RedisCanary()
        func failure(_ text: String) -> ProbeFailure? {
            canary.judge(SessionReply(text: text), attempt: 42)
        }
        #expect(failure("1") == nil)
        #expect(failure("0") == nil)
        #expect(failure("42") == nil)
        #expect(failure("") != nil)
        #expect(failure("2") != nil)
        #expect(failure("1\n1") != nil)
        #expect(failure("READONLY You can't write against a read only replica.")?.kind == .refused)
    }

    @Test("rejects numbers that do not rise", arguments: ["3\n1", "1\n1", "a", "1 2", "1|2"])
    func rejectsNumbers(reply: String) {
        #expect(throws: ProbeError.self) { try RedisCanary().decodeWrites(reply) }
    }
}
