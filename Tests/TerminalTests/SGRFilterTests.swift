import Terminal
import Testing

@Suite("Changes of style on their way to the terminal")
struct SGRFilterTests {
    /// `E` stands for ESC.
    private func sent(_ frames: String..., filter: SGRFilter = SGRFilter()) -> [String] {
        var filter = filter
        return frames.map { frame in
            let bytes = frame.replacing("E", with: "\u{1B}").utf8
            return String(decoding: filter.take(Array(bytes)), as: UTF8.self)
                .replacing("\u{1B}", with: "E")
        }
    }

    @Test("name only the colour that is another")
    func oneColor() {
        let frame = "E[38;5;245mE[48;5;233maE[38;5;188mE[48;5;233mbE[38;5;188mE[48;5;236mc"
        #expect(
            sent(frame) == ["E[0;38;5;245;48;5;233maE[38;5;188mbE[48;5;236mc"]
        )
    }

    @Test("take one attribute back without naming the colours again")
    func attributeBack() {
        let frame = "E[mE[1mE[38;5;2mE[48;5;3mtitleE(BE[mE[38;5;2mE[48;5;3mrule"
        #expect(sent(frame) == ["E[0;38;5;2;48;5;3;1mtitleE(BE[22mrule"])
    }

    @Test("keep dim when bold goes, since both are taken back together")
    func boldAndDim() {
        let frame = "E[0;1;2;31mabE[0;2;31mc"
        #expect(sent(frame) == ["E[0;31;1;2mabE[22;2mc"])
    }

    @Test("reset where the terminal's own colours return, or where there are none")
    func resets() {
        #expect(sent("E[31;42maE[0;31mb") == ["E[0;31;42maE[0;31mb"])
        #expect(sent("E[1;7maE[0;7mbE[mc") == ["E[0;1;7maE[0;7mbE[mc"])
        #expect(sent("E[31maE[39mb") == ["E[0;31maE[mb"])
    }

    @Test("are not sent where nothing is drawn in them, nor twice")
    func heldBack() {
        #expect(sent("E[31mE[32mE[31ma", "E[0mE[31mb") == ["E[0;31ma", "b"])
        #expect(sent("aE[31mE[m", "E[m") == ["E[ma", ""])
        #expect(sent("E[31m", "E[2;3H") == ["E[0;31m", "E[2;3H"])
    }

    @Test("know the three forms of a colour, and both separators")
    func forms() {
        let frame = "E[97;100maE[38:2::1:2:3mbE[48;2;1;2;3mc"
        #expect(sent(frame) == ["E[0;97;100maE[38:2::1:2:3mbE[48;2;1;2;3mc"])
    }

    @Test("come before whatever is drawn or erased in them")
    func order() {
        let frame = "E[41mE[KE[42mE[5XE[43m\r\nE[44mE[1;9Hx"
        #expect(sent(frame) == ["E[0;41mE[KE[42mE[5XE[43m\r\nE[44mE[1;9Hx"])
    }

    @Test(
        "that are not known pass as they are, and a reset takes them back",
        arguments: ["E[5m", "E[38;5m", "E[38;7;1m", "E[4:3m", "E[58;5;1m"]
    )
    func unknown(_ sequence: String) {
        #expect(sent("E[31ma\(sequence)bE[31mc") == ["E[0;31ma\(sequence)bc"])
        #expect(sent("E[ma\(sequence)bE[mc") == ["E[ma\(sequence)bE[mc"])
    }

    @Test(
        "are no private sequences, and no letters",
        arguments: ["E[?25m", "E[>4;1m", "E=m", "x[1m", "m"]
    )
    func others(_ text: String) {
        #expect(sent("E[ma\(text)", "E[mb") == ["E[ma\(text)", "b"])
    }

    @Test("are said whole after somebody else has written")
    func forgets() {
        var filter = SGRFilter()
        let red = Array("\u{1B}[31ma\u{1B}(B".utf8)
        let first = filter.take(red)
        #expect(filter.take(red) == Array("a".utf8))
        filter.forget()
        #expect(filter.take(red) == first)
    }

    @Test("of a torn sequence nothing is lost", arguments: ["E", "E[", "E[38;5", "E("])
    func torn(_ end: String) {
        #expect(sent("E[ma\(end)") == ["E[ma\(end)"])
    }
}
