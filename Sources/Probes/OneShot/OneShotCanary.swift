package import Atlas

/// A read canary out of a `OneShotProbe`: a try is good when the probe finds nothing down.
package struct OneShotCanary: CanaryClient {
    private let probe: any OneShotProbe

    package init(_ probe: any OneShotProbe) {
        self.probe = probe
    }

    package var modes: [Canary.Mode] { [.read] }

    package func attempt(
        _ attempt: Int64,
        mode: Canary.Mode,
        table: String,
        number: UInt64
    ) -> SessionRequest { probe.status(number: number) }

    package func judge(_ reply: SessionReply, attempt: Int64) -> ProbeFailure? {
        do throws(ProbeError) {
            for case .health(let health, let reason) in try probe.decode(reply.text)
            where health > .warn || health == .noData {
                return ProbeFailure(.refused, words: reason)
            }
            return nil
        } catch {
            return ProbeFailure(.refused, words: error.what)
        }
    }

    package func writes(
        table: String,
        first: Int64,
        last: Int64,
        number: UInt64
    ) -> SessionRequest { probe.status(number: number) }

    package func decodeWrites(_ reply: String) throws(ProbeError) -> [ClosedRange<Int64>] { [] }

    package func prune(table: String, first: Int64, last: Int64, number: UInt64) -> SessionRequest {
        probe.status(number: number)
    }
}
