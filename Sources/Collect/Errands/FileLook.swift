import Atlas
import Glibc
import Probes
import Synchronization

/// One look into files, on a thread that ends with it.
final class FileLook: Sendable {
    struct Failure: Error {
        var failure: ProbeFailure

        /// What cannot be looked at is no data; the remedy stands with it.
        init(_ path: String, _ error: Int32) {
            let remedy =
                switch error {
                case EACCES, EPERM: "let the user that azimuth runs as read it"
                case ENOENT: "make or mount it, or correct the path"
                default: "look at it with ls"
                }
            failure = ProbeFailure(
                error == EACCES || error == EPERM ? .denied : .noClient,
                words: "\(path): \(Collect.words(of: error)); \(remedy)"
            )
        }

        init(tooMany path: String) {
            failure = ProbeFailure(
                .tooLarge,
                words:
                    "\(path): over \(FileSearch.limit) entries to look at; name a narrower pattern"
            )
        }
    }

    private let found = Mutex<Result<FileFindings, Failure>?>(nil)
    private let signal: WakePipe

    /// Starts at once.
    init(_ question: FileQuestion) throws(CollectError) {
        signal = try WakePipe()
        _ = try WorkerThread(name: "files") { [self] in
            let result = Self.look(question)
            found.withLock { found in
                found = result
                signal.raise()
            }
        }
    }

    /// Readable once there is a result.
    var descriptor: Int32 { signal.descriptor }

    /// Nil while it goes on.
    var result: Result<FileFindings, Failure>? { found.withLock(\.self) }

    /// Waits for as long as the file system does.
    static func look(_ question: FileQuestion) -> Result<FileFindings, Failure> {
        do throws(Failure) {
            switch question {
            case .newest(let pattern, let atLeast):
                var search = FileSearch(atLeast: atLeast)
                return .success(try search.run(pattern))
            case .line(let path, let text):
                return .success(try LastLine.find(text, in: path))
            }
        } catch {
            return .failure(error)
        }
    }
}
