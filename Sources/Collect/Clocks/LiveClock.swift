package import Atlas
import Glibc

/// The wall clock: the only place that reads it.
package struct LiveClock: Sendable {
    package init() {}

    /// To the microsecond, so that its text stays short.
    package func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(
            nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec / 1_000 * 1_000)
        )
    }
}
