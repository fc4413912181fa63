/// Who may import whom: the table of ARCHITECTURE.md, "Modules", as it is checked.
///
/// A target of the product that is not in here fails the tests; one that is in here and not built
/// so far is fine.
enum Modules {
    struct Rule {
        /// Targets of this package.
        var own: Set<String>
        /// Everything else.
        var outside: Set<String>
    }

    /// What any target may import.
    static let system: Set<String> = ["Glibc", "Synchronization"]
    private static let foundation: Set<String> = ["Foundation", "FoundationEssentials"]

    static let rules: [String: Rule] = [
        "Atlas": Rule(own: [], outside: []),
        "Canvas": Rule(own: [], outside: []),
        "Collect": Rule(
            own: ["Atlas", "Probes", "COpenSSL", "Unpack"],
            outside: foundation.union([
                "AsyncHTTPClient", "Dispatch", "Hummingbird", "Logging", "ServiceLifecycle",
                "Subprocess", "SystemPackage",
            ])
        ),
        "Configure": Rule(own: ["Atlas", "Canvas"], outside: foundation.union(["Yams"])),
        "Decode": Rule(own: ["Atlas", "Patterns"], outside: []),
        "Deliver": Rule(
            own: ["Atlas"],
            outside: foundation.union([
                "AsyncHTTPClient", "Crypto", "Logging", "NIOCore", "NIOPosix",
            ])
        ),
        "Evaluate": Rule(own: ["Atlas"], outside: []),
        "History": Rule(
            own: ["Atlas", "HistoryFormat", "Query"],
            outside: foundation.union(["Crypto", "GRDB"])
        ),
        "HistoryFormat": Rule(own: ["Atlas", "CZstd"], outside: ["FoundationEssentials"]),
        "Patterns": Rule(own: ["CPcre2"], outside: []),
        "Redact": Rule(own: ["Atlas", "Patterns"], outside: []),
        "Pipeline": Rule(own: ["Atlas", "Decode", "Evaluate", "Probes"], outside: []),
        "Probes": Rule(own: ["Atlas"], outside: []),
        "Query": Rule(own: ["Atlas", "Decode", "Patterns"], outside: []),
        "Receive": Rule(
            own: ["Atlas", "Collect", "Unpack", "Wire", "COpenSSL"],
            outside: [
                "HTTPTypes", "HummingbirdCore", "Logging", "NIOCore", "NIOHTTPTypes", "NIOPosix",
                "NIOSSL", "NIOTLS",
            ]
        ),
        "Screens": Rule(own: ["Atlas", "Canvas", "Query"], outside: []),
        "Terminal": Rule(own: ["Atlas", "Canvas", "CNcurses", "CTerminal"], outside: ["Dispatch"]),
        "Unpack": Rule(own: ["Atlas", "CBzip2", "CLzma", "CZlib", "CZstd"], outside: []),
        "Wire": Rule(own: ["Atlas"], outside: []),
        "azimuth": Rule(
            own: [
                "Atlas", "Canvas", "Collect", "Configure", "Decode", "Deliver", "Evaluate",
                "History", "HistoryFormat", "Patterns", "Pipeline", "Probes", "Query", "Receive",
                "Redact", "Screens", "Terminal", "Unpack", "CLinux",
            ],
            outside: foundation.union(["ArgumentParser", "Dispatch", "Logging", "ServiceLifecycle"])
        ),
    ]
}

/// Where a rule does not hold, and why; every other place is an offence.
enum Exceptions {
    /// Files that read a clock; the wall clock only the first two.
    static let clocks: [String: String] = [
        "Sources/Collect/Clocks/LiveClock.swift": "the wall clock of a live run",
        "Sources/Collect/Clocks/ReplayClock.swift": "the pace of a replay",
        "Sources/Collect/Threads/Monotonic.swift": "deadlines and back-off of readers and probes",
        "Sources/Terminal/Loop/MonotonicClock.swift": "pace of frames, time-out of an escape",
    ]

    /// `@unchecked Sendable` and `nonisolated(unsafe)`.
    static let unchecked: [String: String] = [
        "Sources/Patterns/RegexCode.swift":
            "compiled code of PCRE2 is never changed, and threads may share it: pcre2api(3)"
    ]

    /// `public`: only where inlining across modules needs it.
    static let `public`: [String: String] = [:]
}
