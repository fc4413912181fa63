import Atlas
import NIOCore

/// The Fluentd Forward Protocol, version 1, and what its senders of today do beyond it.
enum ForwardServer {
    static func server(
        _ receiver: ForwardReceiver,
        name: String,
        source: Int
    ) throws(ReceiveError) -> Server {
        Server(
            source: source,
            name: name,
            listeners: receiver.listeners,
            identity: receiver.identity,
            connect: { _, _ in },
            datagrams: { _, _ in },
            hasDatagramTwin: true
        )
    }
}
