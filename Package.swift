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
    targets: [
        .target(name: "Atlas", swiftSettings: strict),
        .target(name: "Canvas", swiftSettings: strict),
        .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
        .target(name: "CTerminal"),
        .target(
            name: "Terminal",
            dependencies: ["Atlas", "Canvas", "CNcurses", "CTerminal"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "TerminalDemo",
            dependencies: ["Atlas", "Canvas", "Terminal"],
            path: "Tests/TerminalDemo",
            swiftSettings: strict
        ),
        .testTarget(
            name: "TerminalTests",
            dependencies: ["Canvas", "Terminal"],
            swiftSettings: strict
        ),
    ]
)
