import Canvas
import Foundation
import Testing

/// Screens kept as text; `AZIMUTH_GOLDENS=write` writes them anew, then look at what changed.
enum Goldens {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Goldens")

    static func check(
        _ text: String,
        _ name: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let file = folder.appending(path: name + ".txt")
        if ProcessInfo.processInfo.environment["AZIMUTH_GOLDENS"] == "write" {
            try Data(text.utf8).write(to: file)
            return
        }
        let golden = try String(contentsOf: file, encoding: .utf8)
        #expect(
            text == golden,
            "\(name) differs; drawn:\n\(text)\nkept:\n\(golden)",
            sourceLocation: sourceLocation
        )
    }

    /// Where pictures go for a person to look at; nil unless `AZIMUTH_PICTURES` names a folder.
    static var pictures: URL? {
        ProcessInfo.processInfo.environment["AZIMUTH_PICTURES"].map { URL(filePath: $0) }
    }
}
