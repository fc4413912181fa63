import Atlas
import Testing

@testable import Decode

@Suite("The logs of systems tell")
struct SystemFieldsTests {
    private func at(_ text: String) throws -> Instant {
        try #require(Instant(rfc3339: text))
    }

    @Test("ZooKeeper its server, thread, class and line")
    func zookeeper() throws {
        let read = FieldReading(
            ZooKeeperLog(),
            "2026-11-23 06:57:32,730 [myid:1] - WARN  [QuorumPeer[myid=1](plain=127.0.0.1:22181)"
                + "(secure=disabled):o.a.z.s.q.QuorumPeer@1455] - LOOKING"
        )
        #expect(
            read.fields == [
                "myid=1", "thread=QuorumPeer[myid=1](plain=127.0.0.1:22181)(secure=disabled)",
                "logger=o.a.z.s.q.QuorumPeer", "line=1455",
            ]
        )
        #expect(read.parsed.time == .zoneUnknown(try at("2026-11-23T06:57:32.730Z")))
        #expect(read.parsed.level == .warn && read.message == "LOOKING")
        let bare = FieldReading(
            ZooKeeperLog(),
            "2026-11-23 06:57:32,730 - ERROR [main:Server@7] - x"
        )
        #expect(bare.fields == ["thread=main", "logger=Server", "line=7"])
        #expect(bare.parsed.level == .error)
    }

    @Test("Pacemaker its daemon and function, also through syslog and of 1.1")
    func pacemaker() {
        for (line, fields, level, message) in [
            (
                "Nov 23 07:07:00.702 pcmk1 pacemaker-based     [33] (readCibXmlFile) \twarning: Continuing.",
                ["host=pcmk1", "program=pacemaker-based", "pid=33", "function=readCibXmlFile"],
                Level.warn, "Continuing."
            ),
            (
                "Nov 23 07:07:00.702 pcmk1 pacemaker-fenced    [33] (log@remote.c:77) \terror: x: y",
                ["host=pcmk1", "program=pacemaker-fenced", "pid=33", "function=remote.c:77"],
                .error,
                "x: y"
            ),
            (
                "Nov 23 07:07:00 pcmk1 pacemaker-controld[32]:  notice: State transition S_IDLE",
                ["host=pcmk1", "program=pacemaker-controld", "pid=32"], .notice,
                "State transition S_IDLE"
            ),
            (
                "Nov 23 07:07:00 [1234] pcmk1       crmd:     info: do_state_transition: State",
                ["host=pcmk1", "program=crmd", "pid=1234"], .info, "do_state_transition: State"
            ),
        ] {
            let read = FieldReading(PacemakerLog(), line)
            #expect(read.fields == fields)
            #expect(read.parsed.level == level && read.message == message)
            #expect(read.parsed.shape == .record && read.parsed.time != .none)
        }
        let other = "Nov 23 07:07:00 pcmk1 sshd[32]: notice: x"
        #expect(FieldReading(PacemakerLog(), other).parsed.shape == .unknown)
    }

    @Test("Corosync its subsystem")
    func corosync() {
        let read = FieldReading(
            CorosyncLog(),
            "Nov 23 07:07:00.090 [16] pcmk1 corosync warning [TOTEM ] Retransmit List: 7"
        )
        #expect(read.fields == ["host=pcmk1", "pid=16", "component=TOTEM"])
        #expect(read.parsed.level == .warn && read.message == "Retransmit List: 7")
        let syslog = FieldReading(
            CorosyncLog(),
            "Nov 23 07:07:00 pcmk1 corosync[16]:   [KNET  ] up"
        )
        #expect(syslog.fields == ["host=pcmk1", "pid=16", "component=KNET"])
        #expect(syslog.message == "up" && syslog.parsed.level == nil)
    }

    @Test("Heartbeat its program, also where a script wrote the line")
    func heartbeat() throws {
        let read = FieldReading(
            HeartbeatLog(),
            "Nov 23 07:22:58 hb1 heartbeat: [12]: WARN: node hb2: is dead"
        )
        #expect(read.fields == ["host=hb1", "program=heartbeat", "pid=12"])
        #expect(read.parsed.level == .warn && read.message == "node hb2: is dead")
        let script = FieldReading(
            HeartbeatLog(),
            "IPaddr2(IPaddr2_10.80.0.100)[88]:\t2026/11/23_07:25:14 INFO:  Resource is stopped"
        )
        #expect(script.fields == ["program=IPaddr2(IPaddr2_10.80.0.100)", "pid=88"])
        #expect(script.parsed.time == .zoneUnknown(try at("2026-11-23T07:25:14Z")))
        #expect(script.parsed.level == .info && script.message == "Resource is stopped")
        let first = FieldReading(
            HeartbeatLog(),
            "2026/11/23_07:26:12  ResourceManager(default)[1370]:    info: Releasing resource group: hb1"
        )
        #expect(first.fields == ["program=ResourceManager(default)", "pid=1370"])
        #expect(first.parsed.level == .info && first.message == "Releasing resource group: hb1")
    }

    @Test("GlusterFS its message id, its place in the source and its translator")
    func gluster() throws {
        let read = FieldReading(
            GlusterLog(),
            "[2026-11-23 07:14:09.172166 +0000] W [MSGID: 114031] "
                + "[client-rpc-fops_v2.c:2618:client4_0_lookup_cbk] 0-gv0-client-1: remote operation failed."
        )
        #expect(
            read.fields == [
                "message_id=114031", "file=client-rpc-fops_v2.c", "line=2618",
                "function=client4_0_lookup_cbk", "component=0-gv0-client-1",
            ]
        )
        #expect(read.parsed.time == .exact(try at("2026-11-23T07:14:09.172166Z")))
        #expect(read.message == "0-gv0-client-1: remote operation failed.")
        let repeated = FieldReading(
            GlusterLog(),
            "The message \"E [MSGID: 106487] [a.c:1:f] 0-m: x\" repeated 3 times between "
                + "[2026-11-23 07:14:09.172166 +0000] and [2026-11-23 07:15:09.172166 +0000]"
        )
        #expect(repeated.parsed.time == .exact(try at("2026-11-23T07:15:09.172166Z")))
        #expect(repeated.parsed.level == .error && repeated.fields.first == "message_id=106487")
        for (letter, level) in [("M", Level.fatal), ("C", .fatal), ("N", .notice), ("T", .trace)] {
            let line = "[2026-11-23 07:14:09.172166] \(letter) [a.c:1:f] 0-: x"
            #expect(FieldReading(GlusterLog(), line).parsed.level == level)
        }
    }

    @Test("ClickHouse its thread, query and logger")
    func clickhouse() throws {
        let read = FieldReading(
            ClickHouseLog(),
            "2026.11.23 07:19:47.694859 [ 23 ] {97b2bdda-d15e} <Error> executeQuery: Code: 60, e.what() = x"
        )
        #expect(read.fields == ["thread=23", "query_id=97b2bdda-d15e", "logger=executeQuery"])
        #expect(read.parsed.level == .error)
        #expect(read.parsed.time == .zoneUnknown(try at("2026-11-23T07:19:47.694859Z")))
        #expect(
            FieldReading(ClickHouseLog(), "0. DB::Exception::Exception() @ 0x1").parsed.shape
                == .continuation
        )
    }

    @Test("MySQL its thread, code and subsystem")
    func mysql() throws {
        let read = FieldReading(
            MySQLLog(),
            "2026-11-23T06:57:54.123456Z 8 [System] [MY-010931] [Server] ready for connections."
        )
        #expect(read.fields == ["thread=8", "code=MY-010931", "component=Server"])
        #expect(read.parsed.level == .notice && read.message == "ready for connections.")
        #expect(read.parsed.time == .exact(try at("2026-11-23T06:57:54.123456Z")))
        let old = FieldReading(MySQLLog(), "2026-11-23T06:57:54.123456Z 0 [Note] InnoDB: x")
        #expect(old.fields == ["thread=0"] && old.message == "InnoDB: x")
    }

    @Test("a slow query who asked, and how long it took")
    func slowQueries() throws {
        let format = MySQLSlowLog()
        let user = FieldReading(format, "# User@Host: app[app] @ web1 [10.0.0.9]  Id:     8")
        #expect(user.fields == ["user=app", "host=web1", "client=10.0.0.9", "Id=8"])
        let times = FieldReading(format, "# Query_time: 2.000161  Lock_time: 0.000000 Rows_sent: 1")
        #expect(times.fields == ["duration=2.000161", "Lock_time=0.000000", "Rows_sent=1"])
        #expect(times.parsed.shape == .continuation)
        let time = FieldReading(format, "# Time: 261123  6:57:54").parsed
        #expect(time.shape == .record)
        #expect(time.time == .zoneUnknown(try at("2026-11-23T06:57:54Z")))
        let set = FieldReading(format, "SET timestamp=1795452241;").parsed
        #expect(set.time == .exact(Instant(nanoseconds: 1_795_452_241_000_000_000)))
        #expect(FieldReading(format, "SELECT 1;").parsed.shape == .continuation)
        // Beyond 2262.
        #expect(FieldReading(format, "SET timestamp=9223372037;").parsed.time == .none)
    }

    @Test("PostgreSQL its process, user, database and state, as far as the prefix has them")
    func postgresql() {
        for (line, fields) in [
            (
                "2026-11-23 07:19:46.129 UTC [25669] root@orders FATAL:  no",
                ["pid=25669", "user=root", "database=orders"]
            ),
            ("2026-11-23 07:19:46.129 UTC [25669] LOG:  no", ["pid=25669"]),
            (
                "2026-11-23 07:19:46.129 UTC [25669] postgres@[unknown] LOG:  x",
                ["pid=25669", "user=postgres", "database=[unknown]"]
            ),
            (
                "2026-11-23 07:19:48 UTC [256]: [3-1] user=app,db=orders,app=psql,client=10.0.0.9 ERROR:  42P01: no",
                [
                    "pid=256", "user=app", "database=orders", "program=psql", "client=10.0.0.9",
                    "code=42P01",
                ]
            ),
            ("2026-11-23 07:19:48 UTC [256-1] LOG:  error: x", ["pid=256"]),
        ] {
            let read = FieldReading(PostgreSQLLog(), line)
            #expect(read.fields == fields)
        }
    }

    @Test("Redis, MariaDB and keepalived who writes, and what about")
    func small() {
        #expect(
            FieldReading(RedisLog(), "21934:X 23 Nov 2026 06:58:17.081 # +odown").fields
                == ["pid=21934", "role=X"]
        )
        #expect(
            FieldReading(MariaDBLog(), "2026-11-23  6:57:59 17 [Note] InnoDB: x").fields == [
                "thread=17"
            ]
        )
        #expect(
            FieldReading(KeepalivedLog(), "Mon Nov 23 07:00:33 2026: (VI_1) Entering MASTER STATE")
                .fields
                == ["component=VI_1", "state=MASTER"]
        )
        #expect(
            FieldReading(
                KeepalivedLog(),
                "Nov 23 07:01:17 lb-2 Keepalived_vrrp[3616]: (VI_1) removing VIPs."
            ).fields
                == ["host=lb-2", "program=Keepalived_vrrp", "pid=3616", "component=VI_1"]
        )
    }

    @Test("HAProxy who asked whom for what, and how it went")
    func haproxy() {
        let head = "Nov 23 07:03:26 lb haproxy[19]: "
        let own = ["host=lb", "program=haproxy", "pid=19"]
        let http = FieldReading(
            HAProxyLog(),
            head + "127.0.0.1:40366 [23/Nov/2026:07:03:24.780] fe~ be/web1 0/1/-1/-1/2001 504 198 "
                + "- - sH-- 2/2/1/1/0 0/0 {a|b} \"GET /probe?seq=800 HTTP/1.1\""
        )
        #expect(
            http.fields == own + [
                "client=127.0.0.1:40366", "frontend=fe~", "backend=be", "server=web1",
                "request_time=0", "queue_time=1", "connect_time=-1", "response_time=-1",
                "duration=2001", "status=504", "bytes=198", "state=sH--", "method=GET",
                "path=/probe?seq=800", "protocol=HTTP/1.1",
            ]
        )
        let tcp = FieldReading(
            HAProxyLog(),
            head
                + "10.0.0.9:40366 [23/Nov/2026:07:03:25.000] fe tcp/db1 1/0/1250 212 SC 1/1/0/0/0 0/0"
        )
        #expect(
            tcp.fields == own + [
                "client=10.0.0.9:40366", "frontend=fe", "backend=tcp", "server=db1", "queue_time=1",
                "connect_time=0", "duration=1250", "bytes=212", "state=SC",
            ]
        )
        let down = FieldReading(
            HAProxyLog(),
            head + "Server be/web1 is DOWN. 1 active and 0 backup servers left."
        )
        #expect(down.fields == own + ["backend=be", "server=web1"])
        let bare = FieldReading(HAProxyLog(), "[WARNING]  (3055) : Server be/web1 is DOWN.")
        #expect(bare.fields == ["pid=3055", "backend=be", "server=web1"])
    }
}
