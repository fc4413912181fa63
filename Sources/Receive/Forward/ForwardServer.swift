import Atlas
import NIOCore

/// The Fluentd Forward Protocol, version 1, and what its senders of today do beyond it.
enum ForwardServer {
    static func server(
        _ receiver: ForwardReceiver,
        name: String,
        source: Int
    ) throws(ReceiveError) -> Server {
        let gate = try ForwardGate.read(receiver)
        return Server(
            source: source,
            name: name,
            listeners: receiver.listeners,
            identity: receiver.identity,
            connect: { channel, link in
                try channel.pipeline.syncOperations.addHandler(
                    ForwardConnection(link: link, gate: gate)
                )
            },
            datagrams: { channel, _ in
                try channel.pipeline.syncOperations.addHandler(ForwardHeartbeat())
            },
            hasDatagramTwin: true
        )
    }
}

/// Answers each datagram with a zero byte, as fluentd does: its senders' heartbeat.
///
/// The answer is no larger than the question: nothing is to be had by asking in another's name.
private final class ForwardHeartbeat: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let sender = unwrapInboundIn(data).remoteAddress
        let answer = AddressedEnvelope(remoteAddress: sender, data: ByteBuffer(bytes: [0]))
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
    }

    /// A datagram that could not be sent is nobody's loss.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
