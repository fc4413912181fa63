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
        .target(name: "Decode", dependencies: ["Atlas"], swiftSettings: strict),
        .target(
            name: "Evaluate",
            dependencies: ["Atlas"],
            exclude: ["Failovers/Packs"],
            swiftSettings: strict
        ),
        .target(name: "Probes", dependencies: ["Atlas"], swiftSettings: strict),
        .target(
            name: "Pipeline",
            dependencies: ["Atlas", "Decode", "Evaluate", "Probes"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "DecodeTests",
            dependencies: ["Atlas", "Decode"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "EvaluateTests",
            dependencies: ["Atlas", "Evaluate"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PipelineTests",
            dependencies: ["Atlas", "Pipeline"],
            resources: [.copy("Fixtures")],
            swiftSettings: strict
        ),
    ]
)
