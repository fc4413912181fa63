import Atlas
import Collect
import NIOCore

/// Where what is received of one source goes in; on the event loop only.
final class Intake {
    let source: Int
    unowned let core: ReceiverCore

    init(source: Int, core: ReceiverCore) {
        self.source = source
        self.core = core
    }

    /// Lines of a sender that cannot be made to wait (UDP); what finds no room is counted.
    func handOrDrop(_ bytes: [UInt8], _ ends: [UInt32], stream: UInt32) {
        let batch = LineBatch(source: UInt16(source), stream: stream, bytes: bytes, ends: ends)
        guard !core.offer(.lines(batch)) else { return }
        drop(ends.count, "came faster than they could be taken, by a sender that cannot wait")
    }

    /// Counts what is not kept.
    func drop(_ count: Int = 1, _ reason: String) {
        core.drop(count, source: source, reason: reason)
    }

    /// Counts lines that were cut.
    func cut(_ count: Int) {
        core.drop(count, source: source, reason: "lines cut, since they were too long", kind: .cut)
    }

    /// A number that no other stream of this run has.
    func newStream() -> UInt32 { core.newStream() }

    /// False when the event was not taken, since there is no room.
    func tell(_ kind: SourceEvent.Kind, stream: UInt32, detail: String = "") -> Bool {
        core.offer(
            .source(
                SourceEvent(source: UInt16(source), stream: stream, kind: kind, detail: detail)
            )
        )
    }
}
