import Foundation
import Testing

@testable import Decode

/// The logs that real systems wrote in our labs, which are too large to be copied.
private enum Captures {
    /// Beside the project, or beside the folder of its worktrees.
    static var folder: String? {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return ["../shared", "../../shared"]
            .map { root.appending(path: $0).standardized.path }
            .first { FileManager.default.fileExists(atPath: $0) }
    }
}

@Suite(
    "The logs of real systems",
    .enabled(
        if: Captures.folder != nil,
        "skipped: no captures beside the project (../shared)"
    )
)
struct CapturesTests {
    /// How a name ends, and the format of such a log.
    private static let formats = [
        ("zookeeper/logs/n1.out", "zookeeper"), ("zookeeper/logs/n3.out", "zookeeper"),
        ("pacemaker/logs/pcmk1.pacemaker.log", "pacemaker"),
        ("pacemaker-partition/logs/pcmk2.pacemaker.log", "pacemaker"),
        ("pacemaker/logs/pcmk1.corosync.log", "corosync"),
        ("pacemaker-partition/logs/pcmk3.corosync.log", "corosync"),
        ("heartbeat/logs/hb1.ha-log", "heartbeat"), ("heartbeat/logs/hb2.ha-debug", "heartbeat"),
        ("heartbeat-split/logs/hb1.ha-log", "heartbeat"),
        ("glusterfs/logs/client.mnt.log", "gluster"),
        ("glusterfs/logs/gf1.brick.log", "gluster"),
        ("glusterfs/logs/gf2.glusterd.log", "gluster"),
        ("glusterfs/logs/gf3.glustershd.log", "gluster"),
        ("clickhouse/logs/s1r2.clickhouse.log", "clickhouse"),
        ("clickhouse/logs/s2r1.clickhouse.log", "clickhouse"),
        ("patroni/logs/pa1.out", "patroni"), ("patroni-switchover/logs/pa2.out", "patroni"),
        ("haproxy/logs/haproxy.log", "haproxy"),
        ("haproxy/logs/web1.access.log", "access"),
        ("haproxy-hang/logs/web2.access.log", "access"),
        ("haproxy/logs/web1.error.log", "nginx-error"),
        ("keepalived/logs/ka1.out", "keepalived"),
        ("mariadb/logs/n1.mariadb.err", "mariadb"),
        ("mariadb-sqllag/logs/n2.mariadb.err", "mariadb"),
        ("pg/logs/n1.postgresql.log", "postgresql"), ("redis/logs/n1.redis.log", "redis"),
        ("redis/logs/s1.sentinel.log", "redis"),
        // LogHub's corpora.
        ("Apache/Apache_2k.log", "apache-error"), ("Linux/Linux_2k.log", "syslog"),
        ("OpenSSH/OpenSSH_2k.log", "syslog"), ("HDFS/HDFS_2k.log", "log4j"),
        ("Spark/Spark_2k.log", "log4j"),
    ]

    @Test(
        "have the format that is guessed, which takes nearly all of their lines",
        arguments: formats
    )
    func guessed(path: String, name: String) throws {
        let folder = try #require(Captures.folder)
        let path = URL(
            filePath: folder + (path.contains("_2k") ? "/data/loghub/" : "/captures/") + path
        )
        let bytes = try Array(Data(contentsOf: path))
        let lines = bytes.split(separator: 10, omittingEmptySubsequences: true)
        let format = FormatGuess.format(of: Array(lines.prefix(200)))
        #expect(format.name == name)
        let unknown = lines.filter { format.parse($0.span.bytes).shape == .unknown }
        let few = lines.count / 20
        // Patroni's standard output holds that of initdb and pg_controldata.
        #expect(unknown.count <= (name == "patroni" ? lines.count / 2 : max(few, 1)))
        #expect(lines.allSatisfy { FieldReading.isInside(format, Array($0)) })
    }
}
