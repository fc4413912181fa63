import Testing

/// One after the other: some look at what the threads and descriptors of the process do.
@Suite("Tailing", .serialized)
enum TailTests {}
