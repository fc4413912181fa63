// swift-tools-version: 6.2
import PackageDescription

// The target graph is the architecture: one stage, one target; what it knows is its licence.
// ARCHITECTURE.md says why. `Atlas` and `Canvas` know nothing, `azimuth` knows everything.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let arguments = Target.Dependency.product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)

let nio = ["NIOCore", "NIOPosix", "NIOTLS"].map {
    Target.Dependency.product(name: $0, package: "swift-nio")
}
let http = [
    Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird"),
    .product(name: "HTTPTypes", package: "swift-http-types"),
    .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
    .product(name: "Logging", package: "swift-log"),
]
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")

func stage(
    _ name: String,
    knows: [Target.Dependency] = [],
    exclude: [String] = []
) -> Target {
    .target(name: name, dependencies: knows, exclude: exclude, swiftSettings: strict)
}

func tests(
    of name: String,
    with knows: [Target.Dependency] = [],
    resources: [Resource] = [],
    exclude: [String] = []
) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name)] + knows,
        exclude: exclude,
        resources: resources,
        swiftSettings: strict
    )
}

/// A program that only tests start: to be crashed, killed and locked out.
func tool(_ name: String, knows: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name,
        dependencies: knows,
        path: "Tests/\(name)",
        swiftSettings: strict
    )
}

let package = Package(
    name: "azimuth",
    products: [.executable(name: "azimuth", targets: ["azimuth"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird",
            from: "2.28.1",
            traits: []
        ),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // Words and cells.
        stage("Atlas"),
        stage("Canvas"),

        // From outside to a picture.
        stage("Probes", knows: ["Atlas"]),
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CLzma", providers: [.apt(["liblzma-dev"])]),
        .systemLibrary(name: "CBzip2", providers: [.apt(["libbz2-dev"])]),
        stage("Unpack", knows: ["Atlas", "CBzip2", "CLzma", "CZlib", "CZstd"]),
        stage("Collect", knows: ["Atlas", "Probes", "COpenSSL", "Unpack"]),
        stage("Wire", knows: ["Atlas"]),
        stage(
            "Receive",
            knows: ["Atlas", "Collect", "Unpack", "Wire", "COpenSSL", nioSSL] + nio + http
        ),
        .systemLibrary(name: "CPcre2", providers: [.apt(["libpcre2-dev"])]),
        stage("Patterns", knows: ["CPcre2"]),
        stage("Redact", knows: ["Atlas", "Patterns"]),
        stage("Decode", knows: ["Atlas", "Patterns"]),
        stage("Query", knows: ["Atlas", "Decode", "Patterns"]),
        stage("Evaluate", knows: ["Atlas"], exclude: ["Failovers/Packs"]),
        stage("Pipeline", knows: ["Atlas", "Decode", "Evaluate", "Probes"]),

        // What is kept, what is set.
        stage("HistoryFormat", knows: ["Atlas", "CZstd"]),
        stage("History", knows: ["Atlas", "HistoryFormat", "Query", grdb]),
        stage("Configure", knows: ["Atlas", "Canvas", yams]),

        // What is seen.
        stage("Screens", knows: ["Atlas", "Canvas", "Query"]),
        .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
        .target(name: "CTerminal", cSettings: [.treatAllWarnings(as: .error)]),
        stage("Terminal", knows: ["Atlas", "Canvas", "CNcurses", "CTerminal"]),

        // The program.
        .systemLibrary(name: "CLinux"),
        .executableTarget(
            name: "azimuth",
            dependencies: [
                "Atlas", "Canvas", "Collect", "Configure", "Decode", "Evaluate", "History",
                "HistoryFormat", "Patterns", "Pipeline", "Probes", "Query", "Receive", "Redact",
                "Screens", "Terminal", "CLinux", arguments,
            ],
            swiftSettings: strict
        ),

        .target(name: "Chance", path: "Tests/Chance", swiftSettings: strict),
        .testTarget(name: "ArchitectureTests", swiftSettings: strict),
        tests(of: "Atlas", with: ["Chance"]),
        tests(of: "Canvas"),
        tests(of: "Collect", with: ["Atlas", "Chance", "Packing", "Probes", "Unpack"]),
        tests(of: "Configure", with: ["Atlas", "Canvas", "Chance"]),
        tests(of: "Decode", with: ["Atlas", "AllocationTool", "Chance"]),
        tests(of: "Evaluate", with: ["Atlas", "Chance"]),
        .target(
            name: "CPowerCut",
            path: "Tests/CPowerCut",
            cSettings: [.treatAllWarnings(as: .error)],
            linkerSettings: [.linkedLibrary("sqlite3")]
        ),
        tests(
            of: "History",
            with: [
                "Atlas", "Chance", "CPowerCut", "HistoryFormat", "HistoryTortureTool", "Query",
                grdb,
            ]
        ),
        tests(of: "HistoryFormat", with: ["Atlas"]),
        tests(of: "Patterns"),
        tests(of: "Query", with: ["Atlas", "Chance", "Decode"]),
        tests(of: "Redact", with: ["Atlas", "Chance"]),
        tests(
            of: "Pipeline",
            with: ["Atlas", "Chance", "Configure", "Decode", "Evaluate"],
            resources: [.copy("Fixtures")]
        ),
        tests(of: "Probes", with: ["Atlas", "Chance", "Configure"], exclude: ["Fixtures"]),
        tests(
            of: "Receive",
            with: ["Atlas", "Chance", "Collect", "Packing", "Unpack", "Wire", nioSSL] + nio
        ),
        tests(of: "Screens", with: ["Atlas", "Canvas", "Query"], exclude: ["Goldens"]),
        tests(of: "Terminal", with: ["Canvas", "Chance"]),
        .target(
            name: "Packing",
            dependencies: ["CBzip2", "CLzma", "CZlib", "CZstd", "Unpack"],
            path: "Tests/Packing",
            swiftSettings: strict
        ),
        tests(of: "Unpack", with: ["Chance", "Packing"]),
        tests(of: "Wire", with: ["Atlas", "Chance"]),
        tests(
            of: "azimuth",
            with: [
                "Atlas", "Collect", "Configure", "Decode", "History", "Pipeline", "Probes",
                "Query", "Screens", "Terminal",
            ]
        ),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "Atlas", "Canvas", "Collect", "Configure", "Decode", "HistoryFormat", "Patterns",
                "Pipeline", "Probes", "Query", "Redact", "Screens", "Terminal", "Unpack", "Wire",
            ],
            path: "Tests/FuzzTargets",
            swiftSettings: strict
        ),
        tool("FuzzTool", knows: ["FuzzTargets"]),
        .testTarget(
            name: "FuzzTests",
            dependencies: ["Decode", "FuzzTargets", "FuzzTool", "RandomTool"],
            swiftSettings: strict
        ),
        tool("RandomTool", knows: ["Atlas", "Chance", "Collect", "Decode", "Pipeline"]),
        .target(
            name: "CAllocationCount",
            path: "Tests/CAllocationCount",
            cSettings: [.treatAllWarnings(as: .error)]
        ),
        tool("AllocationTool", knows: ["Atlas", "CAllocationCount", "Decode"]),
        tool("HistoryBenchTool", knows: ["Atlas", "Decode", "History", "HistoryFormat", "Query"]),
        tool(
            "HistoryTortureTool",
            knows: ["Atlas", "Chance", "History", "HistoryFormat", "Query"]
        ),
        tool("TerminalDemo", knows: ["Atlas", "Canvas", "Terminal"]),
    ]
)
