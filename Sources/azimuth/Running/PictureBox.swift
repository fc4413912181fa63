import Atlas
import Synchronization

/// Where the newest picture lies for whoever wants to draw it.
///
/// Nobody pushes: readers pull.
final class PictureBox: Sendable {
    struct Content: Sendable {
        var picture: Picture
        var log = PictureLog()
        /// Rises with each change.
        var version = 0
        /// What the run itself has to say, such as "the disk is full"; nil when all is well.
        var notice: String?
        /// True when no more will come.
        var isOver = false
    }

    private let content: Mutex<Content>
    private let wake: @Sendable () -> Void

    /// - Parameters:
    ///   - picture: shown until the first one is put.
    ///   - wake: called after each change, from any thread; must not block.
    init(_ picture: Picture, wake: @escaping @Sendable () -> Void) {
        content = Mutex(Content(picture: picture))
        self.wake = wake
    }

    func read() -> Content { content.withLock { $0 } }

    func put(_ picture: Picture) {
        change { content in
            content.picture = picture
            content.log.add(picture)
        }
    }

    func change(_ body: (inout Content) -> Void) {
        content.withLock { content in
            body(&content)
            content.version += 1
        }
        wake()
    }
}
