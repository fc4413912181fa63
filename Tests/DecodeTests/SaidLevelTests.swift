import Atlas
import Chance
import Testing

@testable import Decode

@Suite("The level that a message says in words")
struct SaidLevelTests {
    /// Byte by byte, as plainly as it can be written.
    private static func plainly(_ line: [UInt8], from start: Int) -> Level? {
        let levels: [String: Level] = [
            "panic": .fatal, "emerg": .fatal, "error": .error, "err": .error,
            "critical": .error, "crit": .error, "fatal": .error, "warning": .warn, "warn": .warn,
        ]
        func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
        var found: Level?
        var index = start
        while index < min(line.count, start + 160) {
            guard isLetter(line[index]) else {
                index += 1
                continue
            }
            let first = index
            while index < line.count, isLetter(line[index]) { index += 1 }
            let word = String(decoding: line[first..<index], as: UTF8.self)
            let (before, after) = (
                first > 0 ? line[first - 1] : 0, index < line.count ? line[index] : 0
            )
            var level: Level?
            switch word.lowercased() {
            case "failed", "failure": level = .warn
            case "segfault": level = .error
            default:
                let isLoud = line[first] < 0x61 && line[index - 1] < 0x61
                let isMarked = ":]>|,".utf8.contains(after) || "=[<|".utf8.contains(before)
                if first == start || isLoud || isMarked { level = levels[word.lowercased()] }
            }
            if let level { found = max(found ?? level, level) }
        }
        return found
    }

    @Test("is what a look at each letter finds, wherever the words are")
    func isFound() {
        let words = [
            "error", "ERROR", "err", "Err", "failed", "Failure", "failures", "segfault", "panic",
            "emerg", "EMERG", "crit", "critical", "fatal", "warn", "WARNING", "warning", "a", "set",
            "wander", "errors", "x", "erro", "abcdefghijklmnopqrstuvwxyz", "é", "\u{0}", "",
        ]
        let between = [" ", ": ", "[", "]", "=", "<", ">", "|", ",", "", "1", "_", "@", "`", "  "]
        var dice = Dice(7)
        var wrong: [String] = []
        var said = 0
        for _ in 0..<4_000 {
            var text = ""
            for _ in 0..<dice.roll(0..<40) { text += dice.pick(words) + dice.pick(between) }
            let line = Array(text.utf8)
            let start = dice.roll(0...line.count)
            let wanted = Self.plainly(line, from: start)
            if wanted != nil { said += 1 }
            if SaidLevel.level(line.span.bytes, from: start) != wanted { wrong.append(text) }
        }
        #expect(wrong == [])
        #expect(said > 1_000)
    }

    @Test("is found at the edges of what is looked at together, and no further than 160 bytes")
    func hasEdges() {
        for offset in 0..<200 {
            for word in ["error:", "WARNING", "failed"] {
                let line = Array((String(repeating: ".", count: offset) + word).utf8)
                let found = SaidLevel.level(line.span.bytes, from: 0)
                #expect((found != nil) == (offset < 160), "\(word) at \(offset)")
                let inside = Array((String(repeating: "e", count: offset) + word).utf8)
                let other = SaidLevel.level(inside.span.bytes, from: 0)
                #expect((other != nil) == (offset == 0), "\(word) behind \(offset) letters")
            }
        }
    }

    @Test("need not be looked for where nobody asks")
    func isLeftOut() {
        var none = FieldList(isLevelWanted: false)
        let line = Array("Nov 23 07:00:25 lb-1 app[7]: error: no route".utf8)
        let parsed = SyslogLog().parse(line.span.bytes, into: &none)
        #expect(parsed.level == nil)
        #expect(parsed.shape == .record)
        #expect(none.count == 3)
        #expect(SyslogLog().parse(line.span.bytes).level == .error)
    }
}
