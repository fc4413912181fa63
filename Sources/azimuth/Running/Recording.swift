import Atlas
import Collect
import Configure
import Glibc

/// A recording on disk: its plan, and its inputs as often as they are wanted.
struct Recording: Sendable {
    let folder: String
    let file: RecordingFile

    /// A folder, or else the name of a bundled recording.
    init(_ name: String) throws {
        let isThere = access("\(name)/recording.yaml", F_OK) == 0
        let bundled = isThere ? nil : ShareFolder.find()?.sample(named: name)
        try self.init(folder: bundled ?? name)
    }

    init(folder: String) throws {
        let path = "\(folder)/recording.yaml"
        guard access(path, F_OK) == 0 else { throw ProgramError.noRecording(path: folder) }
        self.folder = folder
        file = try RecordingFile.load(path: path, catalogue: Setup.catalogue)
    }

    var plan: WatchPlan { file.plan }

    /// A reader at the first input.
    func inputs() throws(CollectError) -> JournalReader {
        try JournalReader(folder: folder)
    }
}

extension ReplaySpeed {
    /// Reads `8`, `0.5` or `max`.
    init(argument: String) throws(ProgramError) {
        if argument == "max" {
            self = .max
        } else if let factor = Double(argument), factor > 0, factor.isFinite {
            self = .times(factor)
        } else {
            throw .badValue(
                option: "--speed",
                value: argument,
                wanted: "a number greater than 0, such as 8, or max"
            )
        }
    }

    /// As screens count: infinite for `max`.
    init(factor: Double) {
        self = factor.isFinite && factor > 0 ? .times(factor) : .max
    }

    var factor: Double {
        switch self {
        case .times(let factor): factor
        case .max: .infinity
        }
    }
}
