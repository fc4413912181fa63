// swift-tools-version: 6.2
import PackageDescription

// The target graph is the architecture: one stage, one target; its dependency list is its licence.
// Read ARCHITECTURE.md beside it. `Atlas` and `Canvas` know nothing, `azimuth` knows everything.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "azimuth",
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0")
    ],
    targets: [
        .target(name: "Atlas", swiftSettings: strict),
        .target(name: "Canvas", swiftSettings: strict),
        .target(
            name: "History",
            dependencies: ["Atlas", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict
        ),
        // A writer to be killed, filled up and locked out: only for HistoryTests.
        .executableTarget(
            name: "HistoryTortureTool",
            dependencies: ["Atlas", "History"],
            path: "Tests/HistoryTortureTool",
            swiftSettings: strict
        ),
        .testTarget(
            name: "HistoryTests",
            dependencies: [
                "Atlas", "History", "HistoryTortureTool",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
    ]
)
