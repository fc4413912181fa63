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
        .target(name: "Collect", dependencies: ["Atlas", "Probes"], swiftSettings: strict),
        .target(name: "Probes", dependencies: ["Atlas"], swiftSettings: strict),
        .testTarget(
            name: "CollectTests",
            dependencies: ["Collect", "Atlas", "Probes"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ProbesTests",
            dependencies: ["Probes", "Atlas"],
            exclude: ["Fixtures"],
            swiftSettings: strict
        ),
    ]
)
