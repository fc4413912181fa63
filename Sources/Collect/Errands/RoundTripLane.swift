import Atlas
import Glibc
import Probes

/// Connects several times, one after the other, and hangs up at once: how long each took.
///
/// States: closed → (begin) looking up → trying ⇄ pausing → closed. A try may take its share of the
/// time that is left, and less than a second: then the kernel would have asked again (RFC 6298),
/// and a loss would look like a slow answer.
final class RoundTripLane: Lane {
    private static let longest = Span.milliseconds(900)
    /// Between the beginnings of two tries, at least.
    private static let pace = Span.milliseconds(200)

    private let probe: any ErrandProbe
    private let clock: LiveClock
    private var exchange: Exchange?
    private var asked = ""
    private var target = (host: "", port: UInt16(0), count: 0)
    /// Under way; one that outlives its question is waited for by the next.
    private var lookup: (host: String, by: AddressLookup)?
    private var address: SocketAddress?
    private var socket: Descriptor?
    private var trips: [RoundTrip] = []
    /// Of the newest try.
    private var begun = Monotonic(nanoseconds: 0)
    private var share = Span.zero
    /// When the try is lost, or the next one begins.
    private var due: Monotonic?

    init(probe: any ErrandProbe, clock: LiveClock) {
        self.probe = probe
        self.clock = clock
    }

    var isAsking: Bool { exchange != nil }
    var deadline: Monotonic? { [exchange?.deadline, due].compactMap(\.self).min() }
    private(set) var descriptor: Int32?
    var events: Int32 { socket == nil ? POLLIN : POLLOUT }

    func begin(
        _ request: SessionRequest,
        address: String,
        timeout: Span,
        context: inout ProbeContext
    ) -> LaneOutcome? {
        exchange = Exchange(clock, timeout: timeout)
        asked = address
        trips = []
        do {
            guard
                case .roundTrips(let host, let port, let count) =
                    try probe.errand(for: address, timeout: timeout)
            else { return fail(.noClient, "no round trips were asked for") }
            target = (host, port, count)
        } catch {
            return fail(.noClient, "\(error.what): \(error.remedy)")
        }
        if let numeric = SocketAddress.numeric(target.host, port: target.port) {
            return start(numeric)
        }
        if lookup?.host != target.host {
            do {
                lookup = (target.host, try AddressLookup(target.host))
            } catch {
                return fail(.noClient, error.what)
            }
        }
        descriptor = lookup?.by.descriptor
        return nil
    }

    func read(_ context: inout ProbeContext) -> LaneOutcome? {
        guard isAsking else { return nil }
        guard let socket = socket?.number else { return takeAddress() }
        return take(error: pendingError(of: socket))
    }

    func expire(_ now: Monotonic, _ reaper: inout Reaper) -> LaneOutcome? {
        guard let exchange else { return nil }
        if exchange.deadline <= now {
            return trips.isEmpty ? finish(exchange.outcome(.failed(exchange.timedOut))) : answer()
        }
        guard let due, due <= now else { return nil }
        if socket != nil { return note(.lost("no answer within \(share)")) }
        return tryOnce()
    }

    func close(_ reaper: inout Reaper, grace: Span) { hangUp() }

    private func takeAddress() -> LaneOutcome? {
        guard let found = lookup?.by.result else { return nil }
        lookup = nil
        switch found {
        case .success(let addresses):
            guard let first = addresses.first else { return fail(.unreachable, "no address") }
            return start(first.with(port: target.port))
        case .failure(let error):
            return fail(.unreachable, "\(target.host): \(error.reason)")
        }
    }

    private func start(_ address: SocketAddress) -> LaneOutcome? {
        self.address = address
        let left = (exchange?.deadline ?? Monotonic.now()) - Monotonic.now()
        share = min(Self.longest, max(.zero, left - .milliseconds(20)) / Int64(target.count))
        return tryOnce()
    }

    private func tryOnce() -> LaneOutcome? {
        guard let address else { return nil }
        begun = Monotonic.now()
        let number = address.openSocket()
        guard number >= 0 else { return fail(.noClient, words(of: errno)) }
        socket = Descriptor(number)
        if address.connect(number) { return take(error: 0) }
        let error = errno
        guard error == EINPROGRESS else { return take(error: error) }
        descriptor = number
        due = begun + share
        return nil
    }

    private func take(error: Int32) -> LaneOutcome? {
        switch error {
        case 0: note(.connected)
        case ECONNREFUSED: note(.refused)
        default: note(.lost(words(of: error)))
        }
    }

    private func note(_ outcome: RoundTrip.Outcome) -> LaneOutcome? {
        let now = Monotonic.now()
        let took = Span(nanoseconds: (now - begun).nanoseconds / 1_000 * 1_000)
        trips.append(RoundTrip(outcome, took: took))
        hangUp()
        guard trips.count < target.count else { return answer() }
        due = max(now, begun + min(share, Self.pace))
        return nil
    }

    private func answer() -> LaneOutcome? {
        let text = trips.map { $0.text + "\n" }.joined()
        let ending = OneShotReply.Ending.tried(Int32(trips.count))
        let expects = exchange?.context(of: asked) ?? ""
        return finish(exchange?.outcome(ending, Array(text.utf8), expects: expects))
    }

    private func fail(_ kind: ProbeFailure.Kind, _ words: String) -> LaneOutcome? {
        finish(exchange?.outcome(.failed(ProbeFailure(kind, words: words))))
    }

    private func finish(_ outcome: LaneOutcome?) -> LaneOutcome? {
        hangUp()
        exchange = nil
        return outcome
    }

    private func hangUp() {
        socket = nil
        descriptor = nil
        due = nil
    }
}
