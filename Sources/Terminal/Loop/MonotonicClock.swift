internal import Glibc

/// Time for deadlines and pacing; never part of a record or a result.
package enum MonotonicClock {
    /// Nanoseconds since some moment; stands still while the machine sleeps.
    package static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
