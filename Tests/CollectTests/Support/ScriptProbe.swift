import Atlas
import Collect
import Foundation
import Probes

/// A probe whose client is a shell script; the address says how the client behaves.
///
/// A request is the line `ask NUMBER`, and a reply ends with `@@ NUMBER VERDICT`. A verdict of
/// `no` is a refusal.
struct ScriptProbe: Probe, CanaryClient {
    let name = "script"
    let summary = "a client made for a test"
    let addressHelp = "the name of a behaviour, then its arguments"
    /// On the command line of each client, so that survivors can be found.
    let tag = "azimuth-test-\(UUID().uuidString)"

    var canary: (any CanaryClient)? { self }

    static let behaviours = """
        answer() { while read -r _ n; do echo "fine $1"; echo "@@ $n yes"; done; }
        case $1 in
        good) answer good ;;
        hang) while :; do read -r line || exec sleep 1000; done ;;
        flood) read -r line; while :; do cat /dev/zero; done | tr '\\0' '\\n' ;;
        endless) read -r line; while :; do cat /dev/zero; done | tr '\\0' 'x' ;;
        dies) read -r line; echo "out of luck" >&2; exit 3 ;;
        dies-idle) read -r _ n; echo fine; echo "@@ $n yes"; echo "gone away" >&2; exit 1 ;;
        garbage) while read -r _ n; do printf '\\377\\000\\033[2J\\n@@ 0 yes\\n'; echo "@@ $n yes"; done ;;
        deaf) exec sleep 1000 <&- ;;
        refuse) while read -r _ n; do echo "not me"; echo "@@ $n no"; done ;;
        slow) while read -r _ n; do sleep "$2"; echo "fine slow"; echo "@@ $n yes"; done ;;
        when) while read -r _ n; do
            if [ -e "$2" ]; then echo "fine $2"; echo "@@ $n yes"; else echo "not now"; echo "@@ $n no"; fi
          done ;;
        until) while read -r _ n; do
            [ -e "$2" ] && { echo "killed" >&2; exit 1; }; echo fine; echo "@@ $n yes"
          done ;;
        clogged) trap '' TERM; sleep 1000 & while read -r _ n; do echo fine; echo "@@ $n yes"; done; wait ;;
        esac
        """

    func session(for address: String, timeout: Span) throws(ProbeError) -> SessionCommand {
        let words = address.split(separator: " ").map(String.init)
        if words.first == "nobody" { return SessionCommand(arguments: ["azimuth-no-such-client"]) }
        return SessionCommand(arguments: ["/bin/sh", "-c", Self.behaviours, tag] + words)
    }

    func status(number: UInt64) -> SessionRequest {
        SessionRequest(text: "ask \(number)\n", end: "@@ \(number) ")
    }

    func decode(_ reply: String) throws(ProbeError) -> [Observation] { [] }

    func refusal(in reply: SessionReply) -> ProbeFailure? {
        reply.verdict == "no" ? ProbeFailure(.refused, words: reply.text) : nil
    }

    func classify(output: String, wasConnected: Bool) -> ProbeFailure {
        ProbeFailure(wasConnected ? .broken : .unreachable, words: output)
    }

    func attempt(
        _ attempt: Int64,
        mode: Canary.Mode,
        table: String,
        number: UInt64
    ) -> SessionRequest { status(number: number) }

    func judge(_ reply: SessionReply, attempt: Int64) -> ProbeFailure? { refusal(in: reply) }

    func writes(table: String, first: Int64, last: Int64, number: UInt64) -> SessionRequest {
        status(number: number)
    }

    func decodeWrites(_ reply: String) throws(ProbeError) -> [ClosedRange<Int64>] { [] }

    func prune(table: String, first: Int64, last: Int64, number: UInt64) -> SessionRequest {
        status(number: number)
    }

    /// How many processes with our tag are there, once those that were killed have gone.
    func survivors(after limit: Span) throws -> Int {
        let deadline = Monotonic.now() + limit
        while survivors() > 0, Monotonic.now() < deadline { try awaitMoment() }
        return survivors()
    }

    func survivors() -> Int {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.count { entry in
            guard Int(entry) != nil,
                let line = try? Data(contentsOf: URL(filePath: "/proc/\(entry)/cmdline"))
            else { return false }
            return String(decoding: line, as: UTF8.self).contains(tag)
        }
    }
}
