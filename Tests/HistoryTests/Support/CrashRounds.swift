import Foundation

/// How often a test of crashes crashes: few times, unless AZIMUTH_CRASHES says more (`make crash`).
enum CrashRounds {
    static let wanted = ProcessInfo.processInfo.environment["AZIMUTH_CRASHES"].flatMap(Int.init)

    static func count(few: Int) -> Int { max(few, wanted ?? few) }

    /// For who reads the log of the tests.
    static func say(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }
}
