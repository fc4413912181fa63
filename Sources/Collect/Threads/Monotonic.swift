package import Atlas
import Glibc

/// A reading of the kernel's monotonic clock, for deadlines and pacing only: it enters no record
/// and no result.
package struct Monotonic: Hashable, Comparable, Sendable {
    /// Since some unstated moment, usually the start of the machine.
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package static func now() -> Monotonic {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Monotonic(
            nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        )
    }

    package static func < (left: Monotonic, right: Monotonic) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    package static func + (left: Monotonic, right: Span) -> Monotonic {
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.nanoseconds)
        return Monotonic(nanoseconds: overflow ? .max : sum)
    }

    package static func - (left: Monotonic, right: Monotonic) -> Span {
        Span(nanoseconds: left.nanoseconds &- right.nanoseconds)
    }
}
