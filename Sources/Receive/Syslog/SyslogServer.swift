import Atlas
import NIOCore
import Wire

/// Syslog over connections: TCP, TLS and stream sockets of the file system.
enum SyslogServer {
    static func server(_ receiver: SyslogReceiver, name: String, source: Int) -> Server {
        let limit = receiver.messageLimit
        return Server(
            source: source,
            name: name,
            listeners: receiver.listeners.filter { !$0.isDatagram },
            identity: receiver.identity,
            connect: { channel, link in
                let handler = SyslogConnection(link, limit: limit)
                link.worker = handler
                try channel.pipeline.syncOperations.addHandler(handler)
            },
            datagrams: { _, _ in }
        )
    }
}

extension Listener {
    var isDatagram: Bool { transport == .udp || transport == .unixDatagram }
}

/// One sender's connection: its bytes are cut into messages, and nothing is ever answered.
final class SyslogConnection: ChannelInboundHandler, LinkWorker {
    typealias InboundIn = ByteBuffer

    /// What was read was handed over at once.
    let isIdle = true
    private let link: Link
    private var framer: SyslogFramer

    init(_ link: Link, limit: Int) {
        self.link = link
        framer = SyslogFramer(limit: limit)
    }

    func goOn() {}

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        let refusal = unwrapInboundIn(data).withUnsafeReadableBytes {
            framer.take($0, into: &batch)
        }
        hand(batch)
        if let refusal { return link.end("connections refused: \(refusal.rawValue)") }
        if batch.count > 0 { link.isInside(message: false) }
        link.isInside(message: framer.heldBytes > 0)
        _ = link.hold(framer.heldBytes)
    }

    func channelInactive(context: ChannelHandlerContext) {
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        framer.finish(into: &batch)
        hand(batch)
        context.fireChannelInactive()
    }

    private func hand(_ batch: LineBatch) {
        if batch.count > 0 { link.hand(batch.bytes, batch.ends) }
        let cuts = framer.takeCuts()
        if cuts > 0 { link.intake.cut(cuts) }
    }
}
