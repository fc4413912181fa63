import Atlas
import Glibc

/// Buries ended clients: every child is waited for, and none outlives the grace it was given.
struct Reaper {
    private struct Child {
        let pid: pid_t
        /// When its process group is killed; nil once it was.
        var killAt: Monotonic?
    }

    private var children: [Child] = []
    private var nextLook: Monotonic?
    private var pause = Span.milliseconds(5)

    var count: Int { children.count }

    /// When to call `step` again; nil when there is nobody.
    var deadline: Monotonic? { children.isEmpty ? nil : nextLook }

    /// Takes over a child whose standard input is closed.
    ///
    /// It may end by itself within `grace`, then it is killed with its whole process group.
    mutating func take(_ pid: pid_t, grace: Span, now: Monotonic) {
        children.append(Child(pid: pid, killAt: now + grace))
        pause = .milliseconds(5)
        nextLook = now
        step(now)
    }

    /// Collects whom it can without waiting.
    mutating func step(_ now: Monotonic) {
        guard let look = nextLook, look <= now else { return }
        for index in children.indices {
            guard let killAt = children[index].killAt, killAt <= now else { continue }
            kill(-children[index].pid, SIGKILL)
            children[index].killAt = nil
        }
        children.removeAll { child in
            guard Self.hasEnded(child.pid) else { return false }
            // Its group may have outlived it; while it is not waited for, its number is its own.
            kill(-child.pid, SIGKILL)
            var status: Int32 = 0
            waitpid(child.pid, &status, WNOHANG)
            return true
        }
        nextLook = now + pause
        pause = min(pause * 2, .milliseconds(200))
    }

    /// True as well when somebody else has waited for it.
    private static func hasEnded(_ pid: pid_t) -> Bool {
        var state = siginfo_t()
        let result = waitid(P_PID, id_t(pid), &state, WEXITED | WNOHANG | WNOWAIT)
        return result == 0 ? state.si_signo == SIGCHLD : errno == ECHILD
    }
}
