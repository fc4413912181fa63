/// Keys that belong together, and what they are called.
package struct KeyBinding: Hashable, Sendable {
    package struct Stroke: Hashable, Sendable {
        package var key: ScreenKey
        package var command: KeyCommand
    }

    package enum Group: String, Hashable, Sendable, CaseIterable {
        case moving = "Moving"
        case time = "Time"
        case logs = "Logs"
        case doing = "Doing"
        case program = "Program"
    }

    package var group: Group
    /// The keys in the hint row.
    package var label: String
    /// One or two words in the hint row.
    package var hint: String
    /// Where a screen calls it otherwise.
    package var hints: [Screen: String]
    package var help: String
    /// Who comes first into a narrow hint row.
    package var rank: Int
    /// Where it comes sooner than that.
    package var ranks: [Screen: Int] = [:]
    package var strokes: [Stroke]

    package func rank(on screen: Screen) -> Int { ranks[screen] ?? rank }

    package func hint(on screen: Screen) -> String { hints[screen] ?? hint }

    /// All keys as help names them, each once.
    package var keyNames: [String] {
        let names = strokes.map(\.key.name)
        return names.filter { $0.count == 1 } + names.filter { $0.count > 1 }
    }
}

/// Every key there is: dispatch, help and the hint row are made from this table alone.
package enum KeyTable {
    package static let bindings: [KeyBinding] = moving + time + logs + doing + program

    /// What a key means; nil when nothing.
    package static func command(for key: ScreenKey) -> KeyCommand? { commands[key] }

    private static let commands: [ScreenKey: KeyCommand] = {
        var commands: [ScreenKey: KeyCommand] = [:]
        for stroke in bindings.flatMap(\.strokes) { commands[stroke.key] = stroke.command }
        return commands
    }()

    private static let moving: [KeyBinding] = [
        bind(
            .moving,
            "j k",
            "move",
            "one row down, one row up",
            1,
            [
                (.character("j"), .down), (.down, .down), (.character("k"), .up), (.up, .up),
            ],
            [.replication: "pair", .failover: "run", .logs: "row", .sources: "source"]
        ),
        bind(
            .moving,
            "g G",
            "ends",
            "first row, last (and follow)",
            18,
            [
                (.character("g"), .top), (.home, .top), (.character("G"), .bottom), (.end, .bottom),
            ],
            [.logs: "top, follow"],
            ranks: [.logs: 8]
        ),
        bind(
            .moving,
            "PgUp PgDn",
            "page",
            "ten rows up, ten rows down",
            19,
            [
                (.pageUp, .pageUp), (.control("u"), .pageUp), (.pageDown, .pageDown),
                (.control("d"), .pageDown),
            ]
        ),
        bind(
            .moving,
            "h l",
            "layer",
            "one column left, one column right",
            13,
            [
                (.character("h"), .left), (.left, .left), (.character("l"), .right),
                (.right, .right),
            ]
        ),
        bind(
            .moving,
            "Enter",
            "zoom in",
            "narrow to the row, or open it",
            2,
            [(.enter, .enter)],
            [.replication: "logs", .failover: "evidence", .logs: "open", .sources: "logs"]
        ),
        bind(
            .moving,
            "Esc",
            "out",
            "back out: filter, layer, zone, area",
            3,
            [(.escape, .back), (.backspace, .back)]
        ),
        bind(
            .moving,
            "Tab",
            "pane",
            "to the next list, to the one before",
            9,
            [(.tab, .nextPane), (.backTab, .previousPane)]
        ),
        bind(
            .moving,
            screenLabel,
            "screen",
            "to a screen by its number",
            12,
            Screen.allCases.compactMap { screen in
                String(screen.rawValue).unicodeScalars.first.map {
                    (.character($0), .screen(screen))
                }
            }
        ),
    ]

    private static let screenLabel = Screen.allCases.map { String($0.rawValue) }
        .joined(separator: " ")

    private static let time: [KeyBinding] = [
        bind(
            .time,
            "Space",
            "pause",
            "hold everything, and go on",
            4,
            [(.character(" "), .pause)]
        ),
        bind(
            .time,
            "[ ]",
            "step time",
            "ten seconds back, ten seconds on",
            5,
            [(.character("["), .stepBack), (.character("]"), .stepOn)],
            ranks: [.logs: 20]
        ),
        bind(
            .time,
            "{ }",
            "leap",
            "a hundred seconds back, on",
            15,
            [(.character("{"), .leapBack), (.character("}"), .leapOn)]
        ),
        bind(
            .time,
            "e E",
            "next event",
            "next mark, previous (logs: error)",
            7,
            [(.character("e"), .nextMark), (.character("E"), .previousMark)],
            [.logs: "error"],
            ranks: [.logs: 7]
        ),
        bind(
            .time,
            "L",
            "live",
            "back to the newest",
            11,
            [(.character("L"), .live)]
        ),
        bind(
            .time,
            "+ -",
            "window",
            "show more time, show less",
            16,
            [(.character("+"), .wider), (.character("-"), .narrower)]
        ),
        bind(
            .time,
            "< >",
            "speed",
            "a replay slower, faster",
            17,
            [(.character("<"), .slower), (.character(">"), .faster)]
        ),
    ]

    private static let logs: [KeyBinding] = [
        bind(
            .logs,
            "n N",
            "hit",
            "next hit of the highlight, previous",
            25,
            [(.character("n"), .nextHit), (.character("N"), .previousHit)],
            ranks: [.logs: 9]
        ),
        bind(
            .logs,
            "v V",
            "level",
            "graver lines only, more lines again",
            26,
            [(.character("v"), .graver), (.character("V"), .lessGrave)],
            ranks: [.logs: 7]
        ),
        bind(
            .logs,
            "w",
            "wrap",
            "long lines whole, and cut again",
            27,
            [(.character("w"), .wrap)],
            ranks: [.logs: 8]
        ),
    ]

    private static let doing: [KeyBinding] = [
        bind(
            .doing,
            "/",
            "filter",
            "rows that hold a text; ! inverts",
            8,
            [(.character("/"), .filter)],
            ranks: [.logs: 5]
        ),
        bind(
            .doing,
            ":",
            "command",
            "type a command; Tab completes",
            10,
            [(.character(":"), .command)]
        ),
        bind(
            .doing,
            "m",
            "mark",
            "note this moment on the ribbon",
            14,
            [(.character("m"), .mark)]
        ),
        bind(
            .doing,
            "y",
            "copy",
            "copy the row under the cursor",
            20,
            [(.character("y"), .copy)]
        ),
        bind(
            .doing,
            "x",
            "export",
            "write this screen to a file",
            21,
            [(.character("x"), .export)]
        ),
    ]

    private static let program: [KeyBinding] = [
        bind(
            .program,
            "?",
            "help",
            "these keys",
            0,
            [(.character("?"), .help), (.f1, .help)]
        ),
        bind(
            .program,
            "q",
            "quit",
            "back out; at the top: quit",
            6,
            [(.character("q"), .leave)]
        ),
        bind(.program, "Ctrl-L", "redraw", "draw everything anew", 22, [(.control("l"), .redraw)]),
        bind(
            .program,
            "Ctrl-Z",
            "suspend",
            "to the shell; fg comes back",
            23,
            [(.control("z"), .suspend)]
        ),
        bind(.program, "Ctrl-C", "quit", "quit from anywhere", 24, [(.control("c"), .quit)]),
    ]

    private static func bind(
        _ group: KeyBinding.Group,
        _ label: String,
        _ hint: String,
        _ help: String,
        _ rank: Int,
        _ strokes: [(ScreenKey, KeyCommand)],
        _ hints: [Screen: String] = [:],
        ranks: [Screen: Int] = [:]
    ) -> KeyBinding {
        KeyBinding(
            group: group,
            label: label,
            hint: hint,
            hints: hints,
            help: help,
            rank: rank,
            ranks: ranks,
            strokes: strokes.map { KeyBinding.Stroke(key: $0.0, command: $0.1) }
        )
    }
}
