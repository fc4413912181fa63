package import Atlas

/// What senders may take of this process.
package struct ReceiverLimits: Hashable, Sendable {
    /// Connections of one source at a time; more are refused.
    package var connections = 1_024
    /// Bytes of unfinished messages of all connections together.
    package var bufferedBytes = 512 << 20
    /// Commits that one connection may wait for; then nothing more is read from it.
    package var receipts = 4_096
    /// How long a handshake (TLS, or of a protocol) may take.
    package var handshake = Span.seconds(10)
    /// How long a connection may be silent that has not said anything so far.
    package var silence = Span.seconds(60)
    /// How long an unfinished message may stay without another byte.
    package var stall = Span.seconds(60)
    /// How long a message may take, from its first byte to its last.
    package var message = Span.seconds(300)

    package init() {}
}
