import Atlas
import Chance
import Foundation
import Probes
import Testing

@Suite("Every probe in the catalogue")
struct ProbeCatalogTests {
    @Test("has a name of its own, a summary, an example of an address, and fixtures")
    func isComplete() {
        let names = ProbeCatalog.all.map(\.name)
        #expect(Set(names).count == names.count)
        for probe in ProbeCatalog.all {
            #expect(!probe.summary.isEmpty && !probe.addressHelp.isEmpty)
            #expect(!Fixture.of(probe).isEmpty, "\(probe.name) has no fixture")
            #expect(ProbeCatalog.probe(named: probe.name)?.name == probe.name)
        }
    }

    @Test("means what its recorded sessions mean", arguments: Fixture.all)
    func decodes(fixture: Fixture) throws {
        #expect(try fixture.meaning() == fixture.expected())
    }

    @Test("frames each request by a line that names its number")
    func frames() {
        for probe in ProbeCatalog.all where !(probe is any OneShotProbe) {
            let seven = probe.status(number: 7)
            #expect(seven.end.contains("7"))
            #expect(seven.text.contains(seven.end))
            #expect(seven.text.hasSuffix("\n"))
            #expect(seven.text.utf8.count < 32_768)
            #expect(!probe.status(number: 71).end.hasPrefix(seven.end))
        }
    }

    @Test("survives a reply cut at any byte, and one with bytes changed")
    func survivesDamage() throws {
        var dice = Dice(1)
        for fixture in Fixture.all {
            let bytes = Array(try fixture.session().utf8)
            // Of a long one not each, since reading it takes as long as it is.
            let isLong = bytes.count > 1_500
            for length in stride(from: 0, through: bytes.count, by: isLong ? 13 : 1) {
                endure(fixture.probe, String(decoding: bytes[..<length], as: UTF8.self))
            }
            for _ in 0..<(isLong ? 40 : 200) where !bytes.isEmpty {
                var damaged = bytes
                damaged[dice.roll(bytes.indices)] = dice.byte()
                endure(fixture.probe, String(decoding: damaged, as: UTF8.self))
            }
        }
    }

    private func endure(_ probe: any Probe, _ text: String) {
        _ = try? probe.decode(text)
        _ = probe.refusal(in: SessionReply(text: text))
        _ = try? probe.canary?.decodeWrites(text)
        _ = probe.remarks(on: text)
        let failure = probe.classify(output: text, wasConnected: text.utf8.count.isMultiple(of: 2))
        #expect(failure.detail.utf8.count <= 300)
    }
}
