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
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2")
    ],
    targets: [
        .target(name: "Atlas", swiftSettings: strict),
        .target(name: "Canvas", swiftSettings: strict),
        .target(
            name: "Configure",
            dependencies: ["Atlas", "Canvas", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ArchitectureTests",
            swiftSettings: strict
        ),
        .testTarget(
            name: "ConfigureTests",
            dependencies: ["Atlas", "Canvas", "Configure"],
            swiftSettings: strict
        ),
    ]
)
