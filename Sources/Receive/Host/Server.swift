import Atlas
import NIOCore

/// One source that others send to, as its protocol sets it up: called on the event loop only.
struct Server: Sendable {
    var source: Int
    var name: String
    var listeners: [Listener]
    var identity: ServerIdentity?
    /// Adds the handlers of the protocol behind the link of a new connection.
    var connect: @Sendable (any Channel, Link) throws -> Void
    /// Adds the handlers of a socket of datagrams.
    var datagrams: @Sendable (any Channel, Intake) throws -> Void
    /// What runs the connections' tasks; finished once all are closed.
    var tasks: HTTPTasks?
    /// Datagrams that come to the port of a `tcp` or `tls` listener are taken, too.
    var hasDatagramTwin = false
}
