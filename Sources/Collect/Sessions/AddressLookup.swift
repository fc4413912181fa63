import Synchronization

/// Looks a name up on a thread of its own, since the system's resolver waits.
///
/// A lookup that nobody waits for any more ends by itself when the resolver gives up.
final class AddressLookup: Sendable {
    struct Failure: Error {
        /// The resolver's words.
        var reason: String
    }

    private let found = Mutex<Result<[SocketAddress], Failure>?>(nil)
    private let signal: WakePipe

    /// Starts at once.
    init(_ host: String) throws(CollectError) {
        signal = try WakePipe()
        _ = try WorkerThread(name: "lookup") { [self] in
            let result = SocketAddress.lookUp(host)
            found.withLock { found in
                found = result
                signal.raise()
            }
        }
    }

    /// Readable once there is a result.
    var descriptor: Int32 { signal.descriptor }

    /// Nil while it goes on.
    var result: Result<[SocketAddress], Failure>? { found.withLock(\.self) }
}
