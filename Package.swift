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
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // Words and cells.
        stage("Atlas"),
        stage("Canvas"),

        // From outside to a picture.
        stage("Probes", knows: ["Atlas"]),
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        stage("Collect", knows: ["Atlas", "Probes", "COpenSSL"]),
        .systemLibrary(name: "CPcre2", providers: [.apt(["libpcre2-dev"])]),
        stage("Decode", knows: ["Atlas", "CPcre2"]),
        stage("Evaluate", knows: ["Atlas"], exclude: ["Failovers/Packs"]),
        stage("Pipeline", knows: ["Atlas", "Decode", "Evaluate", "Probes"]),

        // What is kept, what is set.
        stage("History", knows: ["Atlas", grdb]),
        stage("Configure", knows: ["Atlas", "Canvas", yams]),

        // What is seen.
        stage("Screens", knows: ["Atlas", "Canvas"]),
        .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
        .target(name: "CTerminal", cSettings: [.treatAllWarnings(as: .error)]),
        stage("Terminal", knows: ["Atlas", "Canvas", "CNcurses", "CTerminal"]),

        // The program.
        .systemLibrary(name: "CLinux"),
        .executableTarget(
            name: "azimuth",
            dependencies: [
                "Atlas", "Canvas", "Collect", "Configure", "Decode", "Evaluate", "History",
                "Pipeline", "Probes", "Screens", "Terminal", "CLinux", arguments,
            ],
            swiftSettings: strict
        ),

        .testTarget(name: "ArchitectureTests", swiftSettings: strict),
        tests(of: "Atlas"),
        tests(of: "Canvas"),
        tests(of: "Collect", with: ["Atlas", "Probes"]),
        tests(of: "Configure", with: ["Atlas", "Canvas"]),
        tests(of: "Decode", with: ["Atlas", "AllocationTool"]),
        tests(of: "Evaluate", with: ["Atlas"]),
        tests(of: "History", with: ["Atlas", "HistoryTortureTool", grdb]),
        tests(
            of: "Pipeline",
            with: ["Atlas", "Configure", "Decode", "Evaluate"],
            resources: [.copy("Fixtures")]
        ),
        tests(of: "Probes", with: ["Atlas", "Configure"], exclude: ["Fixtures"]),
        tests(of: "Screens", with: ["Atlas", "Canvas"], exclude: ["Goldens"]),
        tests(of: "Terminal", with: ["Canvas"]),
        tests(
            of: "azimuth",
            with: [
                "Atlas", "Collect", "Configure", "Decode", "History", "Pipeline", "Probes",
                "Screens", "Terminal",
            ]
        ),
        .target(
            name: "CAllocationCount",
            path: "Tests/CAllocationCount",
            cSettings: [.treatAllWarnings(as: .error)]
        ),
        tool("AllocationTool", knows: ["Atlas", "CAllocationCount", "Decode"]),
        tool("HistoryTortureTool", knows: ["Atlas", "History"]),
        tool("TerminalDemo", knows: ["Atlas", "Canvas", "Terminal"]),
    ]
)
