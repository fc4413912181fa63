import Atlas
import Collect
import Configure
import Glibc
import Synchronization

/// A recording that is being made: recording.yaml, then inputs as they enter the fold.
final class Recorder: Sendable {
    let folder: String
    private let journal: Mutex<JournalWriter?>
    private let file: Mutex<RecordingFile>

    /// Makes the folder; one that already holds a recording is refused.
    init(folder: String, plan: WatchPlan, title: String, at now: Instant) throws {
        self.folder = folder
        if access("\(folder)/recording.yaml", F_OK) == 0 {
            throw ProgramError.folderInUse(path: folder)
        }
        try Setup.makeFolder(folder)
        journal = Mutex(try JournalWriter(folder: folder))
        let start = RecordingFile(made: now, by: "azimuth \(version)", title: title, plan: plan)
        file = Mutex(start)
        try TextOutput.write(start.yaml, to: "\(folder)/recording.yaml")
    }

    func append(_ input: Input) throws(CollectError) {
        try journal.withLock { (journal) throws(CollectError) in
            try journal?.append([input])
            if input.event == .tick { try journal?.flush() }
        }
        file.withLock { $0.ended = max($0.ended ?? input.at, input.at) }
    }

    /// Writes what is held and the end into recording.yaml.
    func close() throws {
        let writer = journal.withLock { $0.take() }
        if let writer { try writer.close() }
        try TextOutput.write(file.withLock(\.yaml), to: "\(folder)/recording.yaml")
    }
}
