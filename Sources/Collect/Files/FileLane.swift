import Atlas
import Glibc
import Probes

/// Reads files of the kernel, which do not wait, and asks for the room of file systems on a thread
/// of its own, since those of a server that has gone do.
///
/// States: closed → (begin) read, or asking for room → closed.
final class FileLane: Lane {
    private let probe: any FileProbe
    private let clock: LiveClock
    private var exchange: Exchange?
    private var text: [UInt8] = []
    private var count: Int32 = 0
    /// Under way; it outlives a question that was over before it, so that a file system that hangs
    /// holds one thread and not one for each question.
    private var lookup: RoomLookup?

    init(probe: any FileProbe, clock: LiveClock) {
        self.probe = probe
        self.clock = clock
    }

    var isAsking: Bool { exchange != nil }
    var deadline: Monotonic? { exchange?.deadline }
    var descriptor: Int32? { isAsking ? lookup?.descriptor : nil }

    func begin(
        _ request: SessionRequest,
        address: String,
        timeout: Span,
        context: inout ProbeContext
    ) -> LaneOutcome? {
        exchange = Exchange(clock, timeout: timeout)
        text = []
        count = 0
        let reading: FileReading
        do {
            reading = try probe.reading(for: address)
        } catch {
            return fail(.noClient, "\(error.what): \(error.remedy)")
        }
        for file in reading.files {
            let lines = KernelFile.lines(of: file, &context.buffer)
            switch lines {
            case .success(let lines):
                text += Array(FileReply.head(file.path).utf8) + lines
                count += 1
            case .failure(let error):
                if file.isOptional, error.number == ENOENT { continue }
                let kind: ProbeFailure.Kind = error.number == EACCES ? .denied : .refused
                return fail(kind, "\(file.path): \(words(of: error.number))")
            }
        }
        guard !reading.rooms.isEmpty else { return answer() }
        if lookup == nil {
            do {
                lookup = try RoomLookup(reading.rooms)
            } catch {
                return fail(.noClient, error.what)
            }
        }
        return nil
    }

    func read(_ context: inout ProbeContext) -> LaneOutcome? {
        guard isAsking, let found = lookup?.result else { return nil }
        lookup = nil
        switch found {
        case .success(let lines):
            text += Array(lines.joined().utf8)
            count += Int32(lines.count)
            return answer()
        case .failure(let error):
            let kind: ProbeFailure.Kind = error.number == EACCES ? .denied : .unreachable
            return fail(kind, "\(error.path): \(words(of: error.number))")
        }
    }

    func expire(_ now: Monotonic, _ reaper: inout Reaper) -> LaneOutcome? {
        guard let exchange, exchange.deadline <= now else { return nil }
        self.exchange = nil
        return exchange.outcome(.failed(exchange.timedOut))
    }

    func close(_ reaper: inout Reaper, grace: Span) { exchange = nil }

    private func answer() -> LaneOutcome? {
        defer { exchange = nil }
        return exchange?.outcome(.read(count), text, expects: "")
    }

    private func fail(_ kind: ProbeFailure.Kind, _ words: String) -> LaneOutcome? {
        defer { exchange = nil }
        return exchange?.outcome(.failed(ProbeFailure(kind, words: words)))
    }
}
