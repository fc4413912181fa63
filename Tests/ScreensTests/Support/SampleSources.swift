import Atlas

@testable import Screens

extension SamplePicture {
    /// Sources of every kind: one is not read, one is behind, one drops, one stalled.
    static func sources() -> Picture {
        var picture = trouble()
        let now = picture.at
        func source(_ name: String, _ format: String, _ place: String) -> SourceState {
            var source = SourceState(name: name, resource: nil, place: place, format: format)
            source.health = .ok
            source.reason = ""
            source.lines = 48_200
            source.bytes = 9_640_000
            source.rate = 12.4
            source.lastLine = now - .seconds(2)
            source.newest = now - .seconds(3)
            source.streams = 1
            return source
        }
        var database = source("pg-1a", "postgresql", "/var/log/postgresql/pg-1a.log")
        database.resource = "pg-1a"
        database.rotations = 3
        database.offset = 4_096_000
        database.files = [
            FileProgress(path: "/var/log/postgresql/pg-1a.log", offset: 4_096_000, size: 4_096_000)
        ]
        var app = source("app", "auto", "/srv/app/*/log/*.log")
        app.guess = FormatGuessed(format: "log4j", confidence: 0.97)
        app.rate = 41_300
        app.lines = 9_120_000
        app.bytes = 1_830_000_000
        app.lag = 734_003_200
        app.streams = 1_204
        app.cut = 17
        app.rotations = 214
        app.newest = now - .seconds(190)
        app.redacted = 31
        app.stalls = 2
        app.stalledAt = now - .seconds(95)
        app.stall = "/srv/app/a0/log/out.log: grew by 8123 bytes unnoticed; opened anew"
        app.troubles = SourceTroubles(
            since: now - .seconds(40),
            count: 2,
            details: [
                "/srv/app/old/log/out.log.3.gz: the archive is damaged (gzip)",
                "/srv/app/c7/log: Permission denied",
            ]
        )
        app.files = (0..<20).map { number in
            FileProgress(
                path: "/srv/app/release-2026-11-26-candidate-\(number)/log/production.log",
                offset: UInt64(number) * 1_000_003,
                size: 104_857_600
            )
        }
        var syslog = source("syslog", "syslog", "udp:0.0.0.0:514 tcp:0.0.0.0:601")
        syslog.unparsed = 482
        syslog.streams = 63
        syslog.dropped = 1_283
        syslog.drops = ["dropped by the kernel": 1_240, "empty datagrams": 43]
        var journal = source("journal", "journal-export", "journal:")
        journal.health = .warn
        journal.reason = "journalctl ended (1): Failed to open files; started again in 8 s"
        journal.rate = 0
        journal.newest = now - .seconds(310)
        var quiet = SourceState(
            name: "batch",
            resource: nil,
            place: "/var/log/batch/%Y-%m-%d.log",
            format: "plain"
        )
        quiet.reason = "no file matches so far"
        picture.sources = [database, app, syslog, journal, quiet]
        return picture
    }
}
