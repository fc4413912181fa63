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
        .target(name: "Screens", dependencies: ["Atlas", "Canvas"], swiftSettings: strict),
        .testTarget(name: "CanvasTests", dependencies: ["Canvas"], swiftSettings: strict),
        .testTarget(
            name: "ScreensTests",
            dependencies: ["Atlas", "Canvas", "Screens"],
            exclude: ["Goldens"],
            swiftSettings: strict
        ),
    ]
)
