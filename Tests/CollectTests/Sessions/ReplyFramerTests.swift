import Probes
import Testing

@testable import Collect

@Suite("The framing of replies")
struct ReplyFramerTests {
    private let request = SessionRequest(text: "", end: "@@ 7 ")

    @Test("finds the reply however it is cut into pieces", arguments: 1...12)
    func findsReply(size: Int) {
        let bytes = Array("one\n@@ 6 no\n\n@@ 7 yes\nlast words".utf8)
        var framer = ReplyFramer()
        framer.expect(request)
        var replies: [SessionReply] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            if let reply = framer.take(bytes[start..<min(bytes.count, start + size)]) {
                replies.append(reply)
            }
        }
        #expect(replies == [SessionReply(text: "one\n@@ 6 no\n", verdict: "yes")])
        #expect(framer.text == "last words")
    }

    @Test("takes an empty reply")
    func takesEmpty() {
        var framer = ReplyFramer()
        framer.expect(request)
        #expect(framer.take(Array("@@ 7 yes\n".utf8)) == SessionReply(text: "", verdict: "yes"))
    }

    @Test("forgets what came before the question, and expects nothing before it")
    func forgets() {
        var framer = ReplyFramer()
        #expect(framer.take(Array("@@ 7 yes\nnoise".utf8)) == nil)
        framer.expect(request)
        #expect(framer.take(Array("a\n@@ 7 x\n".utf8)) == SessionReply(text: "a", verdict: "x"))
    }

    @Test("tells a reply of a MiB from one that is larger")
    func knowsLimit() {
        var framer = ReplyFramer()
        framer.expect(request)
        _ = framer.take([UInt8](repeating: 10, count: ReplyFramer.limit))
        #expect(!framer.isTooLarge)
        _ = framer.take([10])
        #expect(framer.isTooLarge)
    }
}
