import Atlas
import Canvas

@testable import Screens

/// Lines of the invented estate, as the program would have found them.
enum SampleLogs {
    static let rows: [LogRow] = (0..<60).map { number in
        let text = texts[number % texts.count]
        return row(324_000 + UInt64(number), Double(number) * 0.7, text.0, text.1, text.2)
    }

    private static let texts: [(String, Level, String)] = [
        ("pg-1c", .info, "waiting for WAL to become available at 0/5F2A8C0"),
        ("pg-1a", .fatal, "terminating connection due to unexpected postmaster exit"),
        (
            "pg-1c", .error,
            "could not connect to the primary server: connection to server at \"10.1.0.100\", port "
                + "5432 failed: Connection refused Is the server running on that host and accepting "
                + "TCP/IP connections?"
        ),
        ("app-1a-1", .warn, "OrderService timeout after 3000 ms txid=99120"),
        ("app-1c-2", .debug, "fallback: queued order to orders-late"),
        ("pg-1c", .notice, "received promote request"),
        ("lb-1a", .info, "10.1.4.7 GET /orders 200 0.004"),
    ]

    static func row(
        _ number: UInt64,
        _ after: Double,
        _ subject: String,
        _ level: Level,
        _ text: String
    ) -> LogRow {
        let time = SampleRuns.bad + .milliseconds(Int64(after * 1_000))
        return LogRow(
            number: number,
            time: time,
            arrival: time,
            level: level,
            source: subject + " log",
            resource: subject,
            text: text
        )
    }

    /// Answers what the logs ask as the program would.
    static func answer(
        _ state: inout ViewState,
        _ picture: Picture,
        rows: [LogRow] = rows,
        hasOlder: Bool = true
    ) {
        for case .query(let question) in Screens.askForNews(&state, picture) {
            Screens.take(&state, LogAnswer(question, rows: rows, hasOlder: hasOlder))
        }
    }
}

extension Sample {
    /// The logs, with lines in them.
    static func logs(
        _ title: String,
        rows: [LogRow] = SampleLogs.rows,
        picture: Picture = SamplePicture.trouble(),
        _ change: (inout ViewState) -> Void = { _ in }
    ) -> Sample {
        Sample(.logs, title, picture) { state in
            SampleLogs.answer(&state, picture, rows: rows)
            change(&state)
        }
    }

    static var logs: [Sample] {
        [
            logs("trouble"),
            logs("after") {
                $0.logs.cameBefore = 323_000
                $0.logs.isFollowing = false
                $0.logs.cursor = 324_030
                $0.logs.isOpen = true
                $0.logs.highlight = "CONNECT"
                $0.logs.minimumLevel = .warn
            },
            logs("wrapped") { $0.logs.isWrapped = true },
            Sample(.logs, "mono", SamplePicture.trouble(), theme: .mono) {
                SampleLogs.answer(&$0, SamplePicture.trouble())
            },
            Sample(.logs, "empty", SamplePicture.empty()),
            logs("fresh", rows: [], picture: SamplePicture.fresh()),
            logs("none", rows: []) {
                $0.filter = Filter("promote")
                $0.logs.minimumLevel = .error
                $0.scope = Scope(place: Place(area: "virginia"))
            },
            logs("highlighting") {
                $0.prompt = Prompt(.highlight, text: "refused")
                $0.logs.highlight = "refused"
            },
            logs("mistyped") {
                let text = "level>=warn (refused OR reset"
                $0.filter = Filter("level>=warn ")
                $0.prompt = Prompt(.filter, text: text)
                $0.prompt?.mistake = Filter(text).mistake
            },
            Sample(.logs, "unreadable", SamplePicture.trouble()) {
                for case .query(let question) in Screens.askForNews(&$0, SamplePicture.trouble()) {
                    let why = "reading /var/lib/azimuth/history.db failed: disk I/O error"
                    Screens.take(&$0, LogAnswer(question, problem: why))
                }
            },
        ]
    }
}

extension Pane {
    /// The screen that it is on.
    var screen: Screen { Screen.allCases.first { $0.panes.contains(self) } ?? .overview }
}
