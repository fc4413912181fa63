import Atlas
import Collect
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes

/// Events by POST over HTTP/1.1: JSON, lines of text, and OTLP's JSON encoding.
///
/// Sockets, TLS and limits are those of every receiver here; HTTP itself, one task for each
/// connection, is Hummingbird's.
enum HTTPServer {
    /// How long a connection may be open between two requests.
    ///
    /// Longer than the limits of every receiver: who says nothing or stalls is counted by those.
    private static let idle = TimeAmount.seconds(90)

    static func server(
        _ receiver: HTTPReceiver,
        name: String,
        source: Int
    ) throws(ReceiveError) -> Server {
        let tokens = try receiver.tokensFile.map { (path) throws(ReceiveError) in
            try BearerTokens.read(path)
        }
        let tasks: HTTPTasks
        do throws(CollectError) {
            tasks = try HTTPTasks()
        } catch {
            throw .cannotListen(source: name, place: "http", reason: error.what)
        }
        let limit = receiver.bodyLimit
        // It would name senders, and what they sent.
        let quiet = Logger(label: "azimuth.http") { _ in SwiftLogNoOpLogHandler() }
        return Server(
            source: source,
            name: name,
            listeners: receiver.listeners,
            identity: receiver.identity,
            connect: { channel, link in
                let pace = HTTPPace(link, limit: limit)
                let exchange = HTTPExchange(
                    loop: channel.eventLoop,
                    link: NIOLoopBound(link, eventLoop: channel.eventLoop),
                    pace: NIOLoopBound(pace, eventLoop: channel.eventLoop),
                    tokens: tokens,
                    bodyLimit: limit
                )
                let bound = exchange.pace
                let http = HTTP1Channel(
                    responder: { request, writer, _ in
                        try await exchange.answer(request, writer)
                    },
                    configuration: .init(
                        additionalChannelHandlers: [bound.value],
                        idleTimeout: idle
                    )
                )
                try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
                try channel.pipeline.syncOperations.addHandler(HTTPStart(link))
                http.setup(channel: channel, logger: quiet).whenSuccess { value in
                    tasks.run { await http.handle(value: value, logger: quiet) }
                }
            },
            datagrams: { _, _ in },
            tasks: tasks
        )
    }
}

/// Sees bytes before they are read as HTTP: from then on a request is unfinished.
private final class HTTPStart: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let link: Link

    init(_ link: Link) {
        self.link = link
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        link.isInside(message: true)
        context.fireChannelRead(data)
    }
}

/// Sees the parts of requests: when one is whole, and when one has no end.
final class HTTPPace: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    /// So much of a body that was refused is read, that the sender sees the answer.
    private static let patience = 4

    private let link: Link
    private let limit: Int
    private var bodyBytes = 0
    /// Requests that came whole, and were not answered.
    private(set) var whole = 0

    init(_ link: Link, limit: Int) {
        self.link = link
        self.limit = limit * Self.patience
    }

    func answered() { whole -= 1 }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: bodyBytes = 0
        case .body(let buffer):
            bodyBytes += buffer.readableBytes
            guard bodyBytes <= limit else {
                return link.end("connections closed: a body without an end")
            }
        case .end:
            whole += 1
            link.isInside(message: false)
        }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !link.isEnding, !(error is IOError), !(error is ChannelError) {
            link.drop(1, "connections closed: no HTTP")
        }
        context.fireErrorCaught(error)
    }
}
