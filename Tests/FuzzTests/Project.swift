import Foundation

/// The files of the project and the programs that were built for its tests.
enum Project {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func names(in folder: String) -> [String] {
        let path = root.appending(path: folder).path
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// Paths of the files of a folder; none where it is missing.
    static func files(in folder: String) -> [String] {
        let paths = names(in: folder).map { root.appending(path: "\(folder)/\($0)").path }
        return paths.filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                && !isFolder.boolValue
        }
    }

    /// How a program of the tests ended, and the end of what it said.
    static func run(_ tool: String, _ arguments: [String]) throws -> (Int32, String) {
        let link = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(filePath: link).deletingLastPathComponent()
            .appending(path: tool)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = output
        // The backtracer of Swift takes its time; the words of the promise are enough.
        process.environment = ["SWIFT_BACKTRACE": "enable=no"]
        try process.run()
        let words = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let status =
            process.terminationReason == .exit
            ? process.terminationStatus : 128 + process.terminationStatus
        return (status, String(decoding: words.prefix(2_000), as: UTF8.self))
    }
}
