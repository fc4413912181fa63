import Glibc
import Synchronization

/// A bounded queue from any threads to one, whose two sides can be waited for with poll(2).
///
/// Nothing is lost: an offer that finds no room is refused, and the one who offers waits for
/// `spaceDescriptor` in its own poll loop, reading nothing more from its source. That is the
/// back-pressure.
package final class Mailbox<Element: Sendable>: Sendable {
    private struct State {
        var queue: [Element] = []
        var cost = 0
        /// An offer was refused since there was last room.
        var isWanted = false
        /// The taker waits for company (`gather`), until there is so much; nil when it does not.
        var enough: Int?
        /// What can wait is refused, whatever the room (`hold`).
        var isHolding = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let items: WakePipe
    private let space: WakePipe
    private let capacity: Int
    private let cost: @Sendable (Element) -> Int
    private let canWait: @Sendable (Element) -> Bool
    private let entering: (@Sendable (Element) -> Element)?

    /// `capacity` bounds the sum of the costs; without a cost function each element costs 1.
    ///
    /// An element that costs more than the capacity is taken when the mailbox is empty. What
    /// `entering` makes of an element takes its place; the element itself is never inside. Those
    /// for which `canWait` is true are refused while it holds (`hold`).
    package init(
        capacity: Int,
        cost: @escaping @Sendable (Element) -> Int = { _ in 1 },
        entering: (@Sendable (Element) -> Element)? = nil,
        canWait: @escaping @Sendable (Element) -> Bool = { _ in false }
    ) throws(CollectError) {
        self.capacity = capacity
        self.cost = cost
        self.canWait = canWait
        self.entering = entering
        items = try WakePipe()
        space = try WakePipe()
    }

    /// Readable while there is something to take, and after `close`.
    package var itemDescriptor: Int32 { items.descriptor }

    /// Readable once there is room again after a refused offer, and after `close`.
    package var spaceDescriptor: Int32 { space.descriptor }

    package var isClosed: Bool { state.withLock(\.isClosed) }

    /// What can wait is refused, whatever the room.
    package var isHolding: Bool { state.withLock(\.isHolding) }

    /// From now on what can wait is refused, or taken again; what is inside can be taken as ever.
    package func hold(_ isHolding: Bool) {
        state.withLock { state in
            state.isHolding = isHolding
            if !isHolding { tellSpace(&state) }
        }
    }

    /// False when there is no room, or the mailbox is closed: the element was not taken.
    package func offer(_ element: Element) -> Bool {
        guard let entering else { return put(element) }
        // What finds no room is offered again: it costs no more than this look.
        let price = cost(element)
        let mayWait = canWait(element)
        let isFree = state.withLock { state in hasRoom(for: price, mayWait, &state) }
        return isFree && put(entering(element))
    }

    private func put(_ element: Element) -> Bool {
        let price = cost(element)
        let mayWait = canWait(element)
        return state.withLock { state in
            guard hasRoom(for: price, mayWait, &state) else { return false }
            if state.enough.map({ state.cost + price >= $0 }) ?? state.queue.isEmpty {
                items.raise()
            }
            state.queue.append(element)
            state.cost += price
            return true
        }
    }

    /// False when there is none; then there will be a signal once there is.
    private func hasRoom(for price: Int, _ mayWait: Bool, _ state: inout State) -> Bool {
        guard !state.isClosed else { return false }
        let isHeld = state.isHolding && mayWait
        let isFull = !state.queue.isEmpty && state.cost + price > capacity
        guard isHeld || isFull else { return true }
        if !state.isWanted {
            state.isWanted = true
            space.lower()
        }
        if isFull, state.enough != nil { items.raise() }
        return false
    }

    private func tellSpace(_ state: inout State) {
        guard state.isWanted, state.cost <= half else { return }
        state.isWanted = false
        space.raise()
    }

    /// The oldest elements, at most `limit`; empty when there is none.
    package func take(_ limit: Int = .max) -> [Element] {
        state.withLock { state in
            guard !state.queue.isEmpty else { return [] }
            let taken = Array(state.queue.prefix(limit))
            if taken.count == state.queue.count {
                state.queue = []
                state.cost = 0
                if !state.isClosed { items.lower() }
            } else {
                state.queue.removeFirst(taken.count)
                state.cost -= taken.reduce(0) { $0 + cost($1) }
            }
            // While it holds, who is held back is woken as well, and refused again.
            tellSpace(&state)
            return taken
        }
    }

    /// Waits until there is something to take or the mailbox is closed; false at the deadline.
    package func waitUntil(_ deadline: Monotonic?) -> Bool {
        var descriptors = [pollFor(POLLIN, items.descriptor)]
        while !wait(for: &descriptors, until: deadline) {
            if let deadline, deadline <= Monotonic.now() { return false }
        }
        return true
    }

    /// Waits for company: until the elements cost `enough` (half of the room, where nothing is
    /// said), an offer found no room, the mailbox is closed, or the deadline.
    ///
    /// For a taker that would rather wake once for many elements than for each; there is one at
    /// most.
    package func gather(_ enough: Int? = nil, until deadline: Monotonic) {
        let enough = enough ?? half
        let isWorthIt = state.withLock { state in
            let isUrgent = state.isWanted && !state.isHolding
            guard !state.isClosed, !isUrgent, state.cost < enough else { return false }
            state.enough = enough
            items.lower()
            return true
        }
        guard isWorthIt else { return }
        _ = waitUntil(deadline)
        state.withLock { state in
            state.enough = nil
            if !state.queue.isEmpty { items.raise() }
        }
    }

    private var half: Int { capacity / 2 }

    /// Ends it: offers are refused from now on, what is inside can still be taken, all wake up.
    package func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            items.raise()
            space.raise()
        }
    }
}
