import Chance
import Terminal
import Testing

@Suite("Bytes become keys")
struct KeyDecoderTests {
    private func decode(_ text: String) -> [TerminalEvent] {
        var decoder = KeyDecoder()
        return decoder.feed(Array(text.utf8))
    }

    private func keys(_ text: String) -> [Key] {
        decode(text).compactMap { if case .key(let key) = $0 { key } else { nil } }
    }

    @Test("arrows are known in normal and in application mode")
    func arrows() {
        #expect(keys("\u{1B}[A\u{1B}[B\u{1B}[C\u{1B}[D") == [.up, .down, .right, .left])
        #expect(keys("\u{1B}OA\u{1B}OB\u{1B}OC\u{1B}OD") == [.up, .down, .right, .left])
    }

    /// Recorded from the terminals named, or from their terminfo entries.
    @Test(
        "named keys are known in every dialect",
        arguments: [
            ("\u{1B}[H", Key.home), ("\u{1B}OH", .home), ("\u{1B}[1~", .home), ("\u{1B}[7~", .home),
            ("\u{1B}[F", .end), ("\u{1B}OF", .end), ("\u{1B}[4~", .end), ("\u{1B}[8~", .end),
            ("\u{1B}[2~", .insert), ("\u{1B}[3~", .delete),
            ("\u{1B}[5~", .pageUp), ("\u{1B}[6~", .pageDown), ("\u{1B}[Z", .backTab),
            ("\u{1B}OP", .function(1)), ("\u{1B}[11~", .function(1)), ("\u{1B}[[A", .function(1)),
            ("\u{1B}[[E", .function(5)), ("\u{1B}[15~", .function(5)), ("\u{1B}[17~", .function(6)),
            ("\u{1B}[24~", .function(12)), ("\u{1B}[34~", .function(20)),
            ("\u{7F}", .backspace), ("\u{8}", .backspace), ("\r", .enter), ("\n", .enter),
            ("\u{1B}OM", .enter), ("\t", .tab), ("\u{3}", .control("c")), ("\u{C}", .control("l")),
            ("\u{1A}", .control("z")), ("\u{0}", .control("@")), ("\u{1C}", .control("\\")),
        ]
    )
    func namedKeys(bytes: String, key: Key) {
        #expect(decode(bytes) == [.key(key)])
    }

    @Test("shift and control with a named key are that key")
    func modified() {
        #expect(
            keys("\u{1B}[1;5A\u{1B}[1;2H\u{1B}[5;3~\u{1B}[1;2P") == [
                .up, .home, .pageUp, .function(1),
            ]
        )
        #expect(keys("\u{1B}[a\u{1B}Oa\u{1B}[7$\u{1B}[7^") == [.up, .up, .home, .home])
    }

    @Test("text comes as scalars, also when its bytes come apart")
    func text() {
        #expect(
            keys("aé東🙂") == [
                .character("a"), .character("é"), .character("東"), .character("🙂"),
            ]
        )
        var decoder = KeyDecoder()
        #expect(decoder.feed([0xE6]) == [])
        #expect(decoder.feed([0x9D]) == [])
        #expect(decoder.feed([0xB1]) == [.key(.character("東"))])
    }

    @Test("broken UTF-8 types nothing and hides nothing after it")
    func brokenText() {
        var decoder = KeyDecoder()
        let bytes: [UInt8] = [0xFF, 0xC0, 0x80, 0xE6, 0x71, 0xED, 0xA0, 0x80, 0xC2, 0x9B, 0x7A]
        #expect(decoder.feed(bytes) == [.key(.character("q")), .key(.character("z"))])
    }

    @Test("ESC alone is the key once nothing follows in time")
    func escape() {
        var decoder = KeyDecoder()
        #expect(decoder.feed([0x1B]) == [])
        #expect(decoder.wait == .escape)
        #expect(decoder.timeOut() == [.key(.escape)])
        #expect(decoder.wait == .none)
        #expect(decoder.timeOut() == [])
        #expect(decoder.feed("j".utf8) == [.key(.character("j"))])
    }

    @Test("ESC with a character at once is alt")
    func alt() {
        #expect(keys("\u{1B}x\u{1B}é") == [.alt("x"), .alt("é")])
        #expect(keys("\u{1B}xy") == [.alt("x"), .character("y")])
        #expect(keys("\u{1B}\u{1B}[A") == [.escape, .up])
        #expect(keys("\u{1B}\r") == [.escape, .enter])
        var decoder = KeyDecoder()
        #expect(decoder.feed("\u{1B}[".utf8) == [])
        #expect(decoder.wait == .sequence)
        #expect(decoder.timeOut() == [.key(.alt("["))])
    }

    @Test(
        "what is unknown is swallowed whole",
        arguments: [
            "\u{1B}[99;5u", "\u{1B}[27;5;9~", "\u{1B}[?1;2c", "\u{1B}[>0;276;0c",
            "\u{1B}[?2026;2$y",
            "\u{1B}[<64;281;30M", "\u{1B}[<0;1;1m", "\u{1B}[M !!",
            "\u{1B}]11;rgb:0000/0000/0000\u{7}",
            "\u{1B}]11;q\u{1B}\\", "\u{1B}P>|tmux 3.3a\u{1B}\\", "\u{1B}_Gq\u{1B}\\",
            "\u{1B}[99999999999~",
            "\u{1B}Oq".replacing("q", with: "!"), "\u{1B}[1;1;1;1;1;1x",
        ]
    )
    func swallowed(bytes: String) {
        #expect(decode(bytes + "j") == [.key(.character("j"))])
    }

    @Test("a paste is one event, and a q in it does not quit")
    func paste() {
        let events = decode("\u{1B}[200~q\r\nzwei 東\u{1B}[A\ttab\u{1B}[201~j")
        #expect(events == [.paste("q\nzwei 東[A\ttab"), .key(.character("j"))])
    }

    @Test("a paste may come apart anywhere")
    func splitPaste() {
        let bytes = Array("\u{1B}[200~ab\u{1B}[20c\u{1B}[201~".utf8)
        for cut in 0...bytes.count {
            var decoder = KeyDecoder()
            let events = decoder.feed(bytes[..<cut]) + decoder.feed(bytes[cut...])
            #expect(events == [.paste("ab[20c")])
        }
    }

    @Test("a paste has a bound, and ends all the same")
    func longPaste() throws {
        var decoder = KeyDecoder()
        let text = [UInt8](repeating: 0x61, count: (1 << 20) + 5000)
        let events = decoder.feed(Array("\u{1B}[200~".utf8) + text + Array("\u{1B}[201~j".utf8))
        try #require(events.count == 2)
        #expect(events[0] == .paste(String(repeating: "a", count: 1 << 20)))
        #expect(events[1] == .key(.character("j")))
    }

    @Test("focus comes and goes")
    func focus() {
        #expect(decode("\u{1B}[I\u{1B}[O") == [.focus(true), .focus(false)])
    }

    /// Whatever the noise was, after its time is over keys work again, and no control character
    /// was ever typed.
    @Test("no bytes can wedge it or type a control character", arguments: 0..<200)
    func noise(seed: Int) {
        var dice = Dice(seed)
        let alphabet: [UInt8] =
            Array("\u{1B}[]OPM;?<~0129$uqA".utf8) + [0x07, 0x9B, 0xE6, 0x9D, 0xFF]
        var decoder = KeyDecoder()
        var events: [TerminalEvent] = []
        for _ in 0..<300 { events += decoder.feed([dice.pick(alphabet)]) }
        events += decoder.timeOut()
        events += decoder.feed("\u{1B}[201~".utf8)
        #expect(decoder.feed("j".utf8) == [.key(.character("j"))])
        for case .key(.character(let scalar)) in events {
            #expect(scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value))
        }
    }
}
