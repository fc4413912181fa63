import Atlas
import Collect
import NIOCore
import NIOTLS

/// What reads a protocol on a link: it may have more to hand over than there is room for.
protocol LinkWorker: AnyObject {
    /// Goes on with handing over, until all is or the link is blocked.
    func goOn()

    /// Nothing that was received waits to be handed over; what is unfinished does not count.
    var isIdle: Bool { get }
}

/// One connection of a sender, on the event loop: its stream, its hand-over and its back-pressure.
///
/// It sits in the pipeline before the handler of the protocol. While lines wait that the fold has
/// no room for, nothing more is read, and the kernel makes the sender wait.
///
///     waiting ──bytes──► speaking ──lines──► told (.opened) ──end──► over (.closed)
final class Link: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let intake: Intake
    let stream: UInt32
    /// The sender's address, or `unix`.
    let peer: String
    /// The handler of the protocol; set by it, and let go when the link is over and it is idle.
    var worker: (any LinkWorker)?
    /// A handshake is under way: it has its own, shorter limit.
    var isShakingHands = false
    /// When the unfinished message began; nil between messages.
    private(set) var messageBegan: Monotonic?

    private let core: ReceiverCore
    private let opened = Monotonic.now()
    private var lastBytes: Monotonic?
    private var context: ChannelHandlerContext?
    private var held: [LineBatch] = []
    private var isTold = false
    private var wantsRead = false
    private var isOver = false
    /// We end the connection, and said why.
    private(set) var isEnding = false
    private var awaited: [UInt64: () -> Void] = [:]
    /// Who of those has to know when it will not be told.
    private var abandoned: [UInt64: () -> Void] = [:]
    private(set) var buffered = 0

    init(intake: Intake, peer: String) {
        self.intake = intake
        self.peer = peer
        core = intake.core
        stream = intake.newStream()
    }

    /// Nothing is to be handed over now.
    var isBlocked: Bool { !held.isEmpty || awaited.count >= core.limits.receipts }

    // MARK: handing over

    /// Hands lines over; when they have to wait, `isBlocked` is true from then on.
    func hand(_ bytes: [UInt8], _ ends: [UInt32], receipt: UInt64? = nil) {
        let batch = LineBatch(
            source: UInt16(intake.source),
            stream: stream,
            bytes: bytes,
            ends: ends,
            receipt: receipt
        )
        guard held.isEmpty, offer(batch) else {
            if held.isEmpty { core.wait(self) }
            held.append(batch)
            return
        }
    }

    /// A number for `hand`, taken before the first lines that it stands for; `told` is called once
    /// they are all kept.
    ///
    /// Nil when the connection is over, and nobody waits any more.
    func awaitReceipt(_ told: @escaping () -> Void) -> UInt64? {
        guard !isOver else { return nil }
        let number = core.newReceipt(for: self)
        awaited[number] = told
        return number
    }

    /// Hands lines over at once, or not at all: false when there is no room for them.
    ///
    /// `told` is called once they are kept, or `abandoned` when the connection ends before.
    func handAtOnce(
        _ bytes: [UInt8],
        _ ends: [UInt32],
        told: @escaping () -> Void,
        abandoned: @escaping () -> Void
    ) -> Bool {
        guard !isOver, held.isEmpty, !core.isEnding else { return false }
        let number = core.newReceipt(for: self)
        let batch = LineBatch(
            source: UInt16(intake.source),
            stream: stream,
            bytes: bytes,
            ends: ends,
            receipt: number
        )
        guard offer(batch) else {
            core.forget(number)
            return false
        }
        awaited[number] = told
        self.abandoned[number] = abandoned
        return true
    }

    private func abandon() {
        let all = abandoned
        (awaited, abandoned) = ([:], [:])
        for tell in all.values { tell() }
    }

    /// What was sent could not be kept: who waits is not left to its own deadline.
    func lose() {
        guard !awaited.isEmpty else { return }
        abandon()
        end("connections closed: what came over them could not be kept, and was not acknowledged")
    }

    /// The lines of a receipt are kept.
    func confirm(_ receipt: UInt64) {
        abandoned[receipt] = nil
        guard let told = awaited.removeValue(forKey: receipt), !isOver else { return }
        let wasBlocked = awaited.count + 1 >= core.limits.receipts
        told()
        if wasBlocked { goOn() }
    }

    /// Lines longer than the limit were cut.
    func cut(_ count: Int) { intake.cut(count) }

    var loop: any EventLoop { core.loop }

    /// Ends a turn that the worker took by itself.
    func endTurn() {
        if isOver, held.isEmpty, !settle() { core.wait(self) }
    }

    /// Counts what is not kept.
    func drop(_ count: Int = 1, _ reason: String) { intake.drop(count, reason) }

    /// Tries to hand over what waits; false when there is no room.
    func retry() -> Bool {
        while let batch = held.first {
            guard offer(batch) else { return false }
            held.removeFirst()
        }
        goOn()
        return settle()
    }

    /// What is said last, once all is handed over; false when it has to be said later.
    func settle() -> Bool {
        guard isOver, held.isEmpty, worker?.isIdle ?? true else { return true }
        worker = nil
        core.buffered -= buffered
        buffered = 0
        guard isTold else { return true }
        guard intake.tell(.closed, stream: stream, detail: peer) else { return false }
        isTold = false
        return true
    }

    private func offer(_ batch: LineBatch) -> Bool {
        if !isTold {
            guard intake.tell(.opened, stream: stream, detail: peer) else { return false }
            isTold = true
        }
        return core.offer(.lines(batch))
    }

    private func goOn() {
        if !isBlocked { worker?.goOn() }
        if !isBlocked, !core.isEnding, wantsRead {
            wantsRead = false
            context?.read()
        }
    }

    // MARK: limits

    /// How many bytes the protocol holds of what is unfinished; false when that is too much for
    /// all together: the connection is being closed then, and that is counted.
    func hold(_ bytes: Int) -> Bool {
        core.buffered += bytes - buffered
        buffered = bytes
        guard core.buffered > core.limits.bufferedBytes, bytes > 65_536 else { return true }
        end("connections closed: too many unfinished messages at a time")
        return false
    }

    enum Room {
        case free
        case full
        /// Nothing more is taken.
        case ending
    }

    /// Whether `hold` of so many bytes would be within the limit of all together.
    func room(for bytes: Int) -> Room {
        if core.isEnding { return .ending }
        return core.buffered + bytes - buffered > core.limits.bufferedBytes ? .full : .free
    }

    /// A message is unfinished, or none is.
    func isInside(message: Bool) {
        if !message {
            messageBegan = nil
        } else if messageBegan == nil {
            messageBegan = lastBytes ?? Monotonic.now()
        }
    }

    /// Why the connection has to be closed now; nil while it is within its limits.
    func overdue(_ now: Monotonic) -> String? {
        let limits = core.limits
        guard !isBlocked else { return nil }
        if isShakingHands, now - opened > limits.handshake {
            return "connections closed: the handshake took too long"
        }
        guard let lastBytes else {
            return now - opened > limits.silence
                ? "connections closed: nothing came over them" : nil
        }
        guard let messageBegan else { return nil }
        if now - lastBytes > limits.stall || now - messageBegan > limits.message {
            return "messages unfinished: their senders stalled"
        }
        return nil
    }

    /// Counts why, where there is a reason, and closes.
    func end(_ reason: String) {
        guard !isOver, !isEnding else { return }
        isEnding = true
        if !reason.isEmpty { drop(1, reason) }
        context?.close(promise: nil)
    }

    /// Says something and closes once it is sent.
    func end(_ reason: String, saying bytes: [UInt8]) {
        guard !isOver, !isEnding, let context else { return }
        isEnding = true
        drop(1, reason)
        // Where the peer takes nothing, the kernel takes these few bytes.
        let loop = context.loopBound
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes))).whenComplete { _ in
            loop.value.close(promise: nil)
        }
    }

    // MARK: the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        core.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) { finish() }

    func channelInactive(context: ChannelHandlerContext) {
        context.fireChannelInactive()
        finish()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastBytes = Monotonic.now()
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        if isBlocked || core.isEnding { wantsRead = true } else { context.read() }
    }

    /// What goes wrong with a connection ends it; a handshake that fails is counted.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let isOwn = error is IOError || error is ChannelError
        if isShakingHands, !isOwn { drop(1, "connections closed: no handshake of TLS") }
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { isShakingHands = false }
        context.fireUserInboundEventTriggered(event)
    }

    private func finish() {
        guard !isOver else { return }
        isOver = true
        context = nil
        core.remove(self, awaiting: awaited.keys)
        abandon()
        if held.isEmpty, !settle() { core.wait(self) }
    }
}
