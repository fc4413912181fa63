import Synchronization

/// Numbers for streams, from any thread; none is given twice in a run.
final class StreamNumbers: Sendable {
    private let last = Atomic<UInt32>(0)

    func next() -> UInt32 { last.wrappingAdd(1, ordering: .relaxed).newValue }
}
