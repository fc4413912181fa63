import Atlas
import NIOCore
import Unpack
import Wire

/// One sender of the Forward protocol.
///
///     hello ──PING──► open ──message──► events ──all handed over──► open
///       └─ without a key: open                    (ack after the commit)
///
/// A message is looked at once it is whole; its events are handed over in batches, and while there
/// is no room for one, nothing goes on here.
final class ForwardConnection: ChannelInboundHandler, LinkWorker {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Bytes of a message as it is sent.
    static let messageLimit = 64 << 20
    /// Before the handshake is done.
    private static let helloLimit = 16 << 10
    /// Bytes of lines in one batch, about; and in one turn, then others have theirs.
    private static let batchBytes = 256 << 10
    private static let turnBytes = 1 << 20

    private enum Codec {
        case unknown
        case pack(MessagePackSkipper)
        case json(JSONSkipper)
    }

    private let link: Link
    private var handshake: ForwardHandshake?
    private var codec = Codec.unknown
    private var received = ByteBuffer()
    private var work: ForwardWork?
    private var writer = EventWriter()
    private var last: (tag: [UInt8], head: [UInt8]) = ([], Array("{\"@tag\":\"\"".utf8))
    private var lines = JSONSink()
    private var ends: [UInt32] = []
    private var cut = 0
    private var context: ChannelHandlerContext?
    private var isWaitingForTurn = false
    /// Nothing more is taken from this sender.
    private var isClosing = false
    private var isEnded = false
    /// All that was received was looked at; what is left is unfinished.
    private var isDry = true
    private var isFirst = true

    init(link: Link, gate: ForwardGate?) {
        self.link = link
        guard let gate else { return }
        var random = SystemRandomNumberGenerator()
        handshake = ForwardHandshake(gate, using: &random)
    }

    // MARK: the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        link.worker = self
        if context.channel.isActive { greet() }
    }

    func channelActive(context: ChannelHandlerContext) {
        greet()
        context.fireChannelActive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelInactive(context: ChannelHandlerContext) {
        isEnded = true
        self.context = nil
        goOn()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        var bytes = unwrapInboundIn(data)
        if received.readableBytes == 0 {
            received = bytes
        } else {
            received.writeBuffer(&bytes)
        }
        isDry = false
        goOn()
    }

    private func greet() {
        guard let handshake else { return }
        link.isShakingHands = true
        send(handshake.helo)
    }

    private func send(_ bytes: [UInt8]) {
        context?.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    // MARK: going on

    var isIdle: Bool { work == nil && isDry && ends.isEmpty && !isWaitingForTurn }

    func goOn() {
        guard !isWaitingForTurn else { return }
        var turn = 0
        while !link.isBlocked {
            if turn >= Self.turnBytes { return waitForTurn() }
            let before = lines.count
            if work != nil {
                advanceWork()
            } else if !nextMessage() {
                break
            }
            turn += max(0, lines.count - before) + 64
            if lines.count >= Self.batchBytes { turn += flush() }
        }
        if !link.isBlocked { flush() }
        let unfinished = received.readableBytes
        link.isInside(message: unfinished > 0 && work == nil)
        if isEnded, isDry, unfinished > 0 {
            received.clear()
            if !isClosing, !link.isEnding {
                link.drop(1, "messages torn: the connection ended inside of them")
            }
        }
        if received.readableBytes == 0 { received = ByteBuffer() } else { compact() }
        if !isEnded, !link.hold(received.storageCapacity + (work?.heldBytes ?? 0)) {
            close()
        }
    }

    private func compact() {
        if received.readerIndex > 1 << 20 || received.readerIndex > received.readableBytes {
            received.discardReadBytes()
        }
    }

    private func waitForTurn() {
        let loop = link.loop
        isWaitingForTurn = true
        let this = NIOLoopBound(self, eventLoop: loop)
        loop.execute {
            this.value.isWaitingForTurn = false
            this.value.goOn()
            this.value.link.endTurn()
        }
    }

    /// Hands over the lines so far; gives how many bytes that were.
    @discardableResult
    private func flush(receipt: UInt64? = nil) -> Int {
        guard !ends.isEmpty || receipt != nil else { return 0 }
        if cut > 0 { link.cut(cut) }
        cut = 0
        let count = lines.count
        let whole = ends
        ends = []
        link.hand(lines.take(), whole, receipt: receipt)
        return count
    }

    /// No more comes from this sender.
    private func close() {
        isClosing = true
        isDry = true
        received.clear()
        codec = .unknown
    }

    // MARK: messages

    /// Takes the next message on, if one is whole.
    private func nextMessage() -> Bool {
        guard !isClosing, received.readableBytes > 0 else {
            isDry = true
            return false
        }
        let bytes = received
        if case .unknown = codec {
            let first = bytes.readableBytesSpan.byte(0)
            codec =
                first == 0x7B || first == 0x5B
                ? .json(JSONSkipper()) : .pack(MessagePackSkipper())
        }
        switch codec {
        case .unknown: return false
        case .pack(let skipper): return nextPacked(bytes, skipper)
        case .json(let skipper): return nextJSON(bytes, skipper)
        }
    }

    private func nextPacked(_ bytes: ByteBuffer, _ skipper: MessagePackSkipper) -> Bool {
        var skipper = skipper
        // Its state is in one place at a time: no copy.
        codec = .unknown
        let limit = handshake == nil ? Self.messageLimit : Self.helloLimit
        switch skipper.advance(bytes.readableBytesSpan, limit: limit) {
        case .unfinished:
            codec = .pack(skipper)
            isDry = true
            return false
        case .refused(let reason):
            refuse(reason)
            return false
        case .whole(let end):
            codec = .pack(MessagePackSkipper())
            if let handshake {
                shake(handshake, bytes, skipper)
            } else {
                begin(bytes, skipper, end: end)
            }
            if !isClosing { received.moveReaderIndex(forwardBy: end) }
            isFirst = false
            return !isClosing
        }
    }

    private func refuse(_ reason: String) {
        flush()
        close()
        link.end(reason)
    }

    private func shake(
        _ handshake: ForwardHandshake,
        _ bytes: ByteBuffer,
        _ skipper: MessagePackSkipper
    ) {
        switch handshake.answer(bytes.readableBytesSpan, skipper) {
        case .accepted(let pong):
            self.handshake = nil
            link.isShakingHands = false
            send(pong)
        case .refused(let pong, let reason):
            close()
            link.end("senders refused: \(reason)", saying: pong)
        }
    }

    private func begin(_ bytes: ByteBuffer, _ skipper: MessagePackSkipper, end: Int) {
        let span = bytes.readableBytesSpan
        guard let message = ForwardMessage(span, skipper, end: end) else {
            // A nil keeps a connection alive.
            if span.byte(0) == 0xC0 { return }
            if isFirst, skipper.partCount == 0 { return refuse("senders of another protocol") }
            return link.drop(1, "messages that are none of the Forward protocol")
        }
        var chunk: [UInt8]?
        if let range = message.chunk { chunk = span.array(range) }
        if message.signal != 0 {
            return pass(message, chunk, "events of metrics or traces, which are not logs")
        }
        if let name = message.unreadable {
            let text = String(decoding: name.prefix(16), as: UTF8.self)
            return pass(message, nil, "events compressed by '\(text)': set compress gzip or zstd")
        }
        let head = head(of: span.array(message.tag))
        switch message.events {
        case .bare(let range), .sequence(let range):
            var isBare = false
            if case .bare = message.events { isBare = true }
            guard
                let part = bytes.getSlice(
                    at: bytes.readerIndex + range.lowerBound,
                    length: range.count
                )
            else { return }
            work = ForwardWork(bytes: part, head: head, isBare: isBare, receipt: receipt(chunk))
        case .gzip(let range): begin(packed: bytes, range, .gzip, head, chunk)
        case .zstd(let range): begin(packed: bytes, range, .zstd, head, chunk)
        }
    }

    private func begin(
        packed bytes: ByteBuffer,
        _ range: Range<Int>,
        _ form: PackedForm,
        _ head: [UInt8],
        _ chunk: [UInt8]?
    ) {
        guard
            let part = bytes.getSlice(
                at: bytes.readerIndex + range.lowerBound,
                length: range.count
            )
        else { return }
        switch PackedBody.unpack(part, form) {
        case .unpacked(let plain):
            work = ForwardWork(bytes: plain, head: head, isBare: false, receipt: receipt(chunk))
        case .large:
            work = ForwardWork(
                bytes: ByteBuffer(),
                unpacking: PackedPieces(part, form),
                head: head,
                isBare: false,
                receipt: receipt(chunk)
            )
        case .refused(let refusal): refuse("messages \(refusal.words)")
        }
    }

    /// How the lines of a tag begin; those of the tag before are kept, since most follow themselves.
    private func head(of tag: [UInt8]) -> [UInt8] {
        if tag == last.tag { return last.head }
        var sink = JSONSink(capacity: 64)
        sink.append("{\"@tag\":")
        sink.appendQuoted(tag.span.bytes, tag.indices)
        last = (tag, sink.take())
        return last.head
    }

    /// Counts what is not taken; sending it again would not help, so it is acknowledged.
    private func pass(_ message: ForwardMessage, _ chunk: [UInt8]?, _ reason: String) {
        link.drop(message.size, reason)
        if let chunk { acknowledge(chunk) }
    }

    /// Taken before the first lines of a message go: if those cannot be kept, none of it counts.
    private func receipt(_ chunk: [UInt8]?) -> UInt64? {
        guard let chunk else { return nil }
        return link.awaitReceipt { [weak self] in self?.acknowledge(chunk) }
    }

    private func acknowledge(_ chunk: [UInt8]) {
        var bytes: [UInt8] = [0x81]
        bytes.packText("ack".utf8)
        bytes.packText(chunk)
        send(bytes)
    }

    // MARK: events

    private func advanceWork() {
        guard var work else { return }
        self.work = nil
        let isOver = work.advance(&writer, &lines, &ends, upTo: Self.batchBytes, cut: &cut)
        guard isOver else {
            self.work = work
            return
        }
        if work.invalid > 0 {
            link.drop(work.invalid, "events that are none: no time or no record")
        }
        guard let receipt = work.receipt else { return }
        if work.hasLines { flush(receipt: receipt) } else { link.confirm(receipt) }
    }

    private func nextJSON(_ bytes: ByteBuffer, _ skipper: JSONSkipper) -> Bool {
        var skipper = skipper
        guard handshake == nil else {
            refuse("senders refused: JSON, where a shared key is asked for")
            return false
        }
        // Between messages there may be blanks, and a comma of those who send a list.
        let blanks = bytes.readableBytesView.prefix { $0.isJSONBlank || $0 == 0x2C }.count
        if blanks > 0, isBetweenJSON {
            received.moveReaderIndex(forwardBy: blanks)
            return true
        }
        let span = bytes.readableBytesSpan
        guard span.byte(0) == 0x7B || span.byte(0) == 0x5B else {
            refuse("messages that are no JSON")
            return false
        }
        codec = .unknown
        switch skipper.advance(span, limit: Self.messageLimit) {
        case .unfinished:
            codec = .json(skipper)
            isBetweenJSON = false
            isDry = true
            return false
        case .refused(let reason):
            refuse(reason)
            return false
        case .whole(let end):
            codec = .json(JSONSkipper())
            isBetweenJSON = true
            take(JSONEvents.read(span, from: 0, skipper, end: end))
            received.moveReaderIndex(forwardBy: end)
            return true
        }
    }

    private var isBetweenJSON = true

    private func take(_ message: JSONEvents.Message?) {
        guard let message else {
            return link.drop(1, "messages that are none of the Forward protocol")
        }
        let base = UInt32(lines.count)
        lines.append(message.bytes)
        ends += message.ends.map { $0 + base }
        if message.invalid > 0 {
            link.drop(message.invalid, "events that are none: no time or no record")
        }
        guard let chunk = message.chunk else { return }
        let receipt = link.awaitReceipt { [weak self] in
            self?.send(Array("{\"ack\":".utf8) + chunk + Array("}".utf8))
        }
        guard let receipt else { return }
        if message.ends.isEmpty { link.confirm(receipt) } else { flush(receipt: receipt) }
    }
}
