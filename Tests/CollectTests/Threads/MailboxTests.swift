import Atlas
import Glibc
import Synchronization
import Testing

@testable import Collect

@Suite("A mailbox")
struct MailboxTests {
    private func isReadable(_ descriptor: Int32) -> Bool {
        var descriptors = [pollFor(POLLIN, descriptor)]
        return wait(for: &descriptors, until: Monotonic.now())
    }

    @Test("refuses what it has no room for, and says when there is room again")
    func isBounded() throws {
        let mailbox = try Mailbox<Int>(capacity: 4)
        for number in 1...4 { #expect(mailbox.offer(number)) }
        #expect(!isReadable(mailbox.spaceDescriptor))
        #expect(!mailbox.offer(5))
        #expect(!isReadable(mailbox.spaceDescriptor))
        #expect(mailbox.take(1) == [1])
        // Not for one place: who waits would be woken for each.
        #expect(!isReadable(mailbox.spaceDescriptor))
        #expect(mailbox.take(1) == [2])
        #expect(isReadable(mailbox.spaceDescriptor))
        #expect(mailbox.offer(5) && mailbox.offer(6) && !mailbox.offer(7))
        #expect(!isReadable(mailbox.spaceDescriptor))
        #expect(mailbox.take() == [3, 4, 5, 6])
        #expect(mailbox.take() == [])
    }

    @Test("holds only what its door made of an element, and does not ask it without room")
    func door() throws {
        let asked = Mutex(0)
        let mailbox = try Mailbox<String>(capacity: 4, cost: \.count) { text in
            asked.withLock { $0 += 1 }
            return text.replacing("s", with: "*")
        }
        #expect(mailbox.offer("ass"))
        #expect(!mailbox.offer("sss"))
        #expect(asked.withLock(\.self) == 1)
        #expect(mailbox.take() == ["a**"])
        #expect(mailbox.offer("sss") && mailbox.take() == ["***"])
        mailbox.close()
        #expect(!mailbox.offer("s"))
    }

    @Test("while it holds, refuses what can wait and nothing else, and says when that is over")
    func holds() throws {
        let mailbox = try Mailbox<Int>(capacity: 4, canWait: { $0 > 10 })
        #expect(mailbox.offer(11))
        mailbox.hold(true)
        #expect(mailbox.isHolding && !mailbox.offer(12) && mailbox.offer(1))
        #expect(!isReadable(mailbox.spaceDescriptor))
        #expect(mailbox.take() == [11, 1])
        #expect(!mailbox.offer(12) && mailbox.offer(2))
        #expect(!isReadable(mailbox.spaceDescriptor))
        mailbox.hold(false)
        #expect(isReadable(mailbox.spaceDescriptor))
        #expect(mailbox.offer(12))
        #expect(mailbox.take() == [2, 12])
    }

    @Test("says when there is something to take")
    func tellsItems() throws {
        let mailbox = try Mailbox<Int>(capacity: 4)
        #expect(!isReadable(mailbox.itemDescriptor))
        #expect(!mailbox.waitUntil(Monotonic.now()))
        _ = mailbox.offer(1)
        _ = mailbox.offer(2)
        #expect(isReadable(mailbox.itemDescriptor))
        #expect(mailbox.take(1) == [1])
        #expect(isReadable(mailbox.itemDescriptor))
        #expect(mailbox.take() == [2])
        #expect(!isReadable(mailbox.itemDescriptor))
    }

    @Test("lets its taker wait for company until the deadline, and then says what there is")
    func gathers() throws {
        let mailbox = try Mailbox<Int>(capacity: 100)
        _ = mailbox.offer(1)
        let deadline = Monotonic.now() + .milliseconds(20)
        mailbox.gather(50, until: deadline)
        #expect(Monotonic.now() >= deadline)
        #expect(isReadable(mailbox.itemDescriptor))
        #expect(mailbox.take() == [1])
        #expect(!isReadable(mailbox.itemDescriptor))
        mailbox.gather(50, until: Monotonic.now() + .milliseconds(1))
        #expect(!isReadable(mailbox.itemDescriptor))
    }

    @Test(
        "wakes who waits for company when there is enough, an offer finds no room, or it is closed",
        arguments: ["enough", "no room", "closed"]
    )
    func endsGathering(_ reason: String) throws {
        let mailbox = try Mailbox<Int>(capacity: 10) { $0 }
        _ = mailbox.offer(1)
        let began = Monotonic.now()
        let other = try WorkerThread(name: "other") {
            switch reason {
            case "enough": for _ in 1...4 { _ = mailbox.offer(1) }
            case "no room": _ = mailbox.offer(99)
            default: mailbox.close()
            }
        }
        defer { other.join() }
        mailbox.gather(5, until: began + .seconds(30))
        #expect(Monotonic.now() - began < .seconds(20))
        #expect(mailbox.take().first == 1)
    }

    @Test("counts costs, and takes even the largest when it is empty")
    func countsCosts() throws {
        let mailbox = try Mailbox<String>(capacity: 10, cost: \.utf8.count)
        #expect(mailbox.offer("a very long element"))
        #expect(!mailbox.offer("b"))
        #expect(mailbox.take().count == 1)
        #expect(mailbox.offer("12345") && mailbox.offer("12345") && !mailbox.offer("1"))
        #expect(mailbox.take(1) == ["12345"])
        #expect(mailbox.offer("12345"))
    }

    @Test("once closed refuses, wakes everybody, and gives what it holds")
    func closes() throws {
        let mailbox = try Mailbox<Int>(capacity: 4)
        _ = mailbox.offer(1)
        mailbox.close()
        #expect(mailbox.isClosed)
        #expect(!mailbox.offer(2))
        #expect(isReadable(mailbox.spaceDescriptor))
        #expect(mailbox.waitUntil(nil))
        #expect(mailbox.take() == [1])
        #expect(isReadable(mailbox.itemDescriptor))
    }

    @Test("between several threads loses and repeats nothing, and keeps each one's order")
    func keepsOrder() throws {
        let mailbox = try Mailbox<Int>(capacity: 16)
        let each = 5_000
        let writers = try (0..<3).map { writer in
            try WorkerThread(name: "writer") {
                for number in 0..<each {
                    while !mailbox.offer(writer * each + number) {
                        var space = [pollFor(POLLIN, mailbox.spaceDescriptor)]
                        wait(for: &space, until: nil)
                    }
                }
            }
        }
        var taken: [Int] = []
        let deadline = Monotonic.now() + .seconds(60)
        while taken.count < 3 * each, mailbox.waitUntil(deadline) { taken += mailbox.take(7) }
        for writer in writers { writer.join() }
        for writer in 0..<3 {
            let range = writer * each..<(writer + 1) * each
            #expect(taken.filter(range.contains) == Array(range))
        }
        #expect(taken.count == 3 * each)
    }
}
