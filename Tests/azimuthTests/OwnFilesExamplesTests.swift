import Atlas
import Configure
import Decode
import Foundation
import Testing

@testable import azimuth

@Suite("Formats and signature packs, as they are shipped and shown")
struct OwnFilesExamplesTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// The worked example, as an operator would load it.
    private func example() throws -> Configuration {
        let path = Self.root + "/Docs/examples/own/azimuth.yaml"
        return try Configuration.load(path: path, catalogue: Setup.catalogue)
    }

    @Test("the worked example is right: every sample reads as it says")
    func examples() throws {
        let own = try example().own
        #expect(
            own.formats.map(\.format.name) == ["edge-proxy", "orders-failover", "payments-batch"]
        )
        #expect(own.packs.map(\.pack.system) == ["orders-failover", "postgresql"])
        for format in own.formats.map(\.format) {
            #expect(RegexFormat.mistakes(in: format) == [])
            #expect(format.samples.count >= 1)
        }
    }

    @Test("of the bundled packs, too, every sample is a line whose message holds its text")
    func bundled() throws {
        let share = try #require(ShareFolder.find(executable: #filePath, chosen: nil))
        for path in ShareFolder.yamlFiles(in: share.packs) {
            let pack = try SignaturePack.load(path: path)
            for signature in pack.signatures {
                guard
                    case .message(let message) = Setup.catalogue.read(
                        signature.sample,
                        pack.system,
                        []
                    )
                else {
                    Issue.record("\(path): '\(signature.name)' has no line as its sample")
                    continue
                }
                var rest = message[...]
                for piece in Signature.pieces(of: signature.match).texts {
                    let range = rest.range(of: piece)
                    #expect(range != nil, "\(path): '\(signature.name)' matches before the message")
                    rest = range.map { rest[$0.upperBound...] } ?? rest
                }
            }
        }
    }

    @Test("a trial ranks the formats by the lines that they take, plain last")
    func trial() throws {
        let own = try example().own
        let formats = FormatCatalog.all + own.formats.compactMap { RegexFormat($0.format) }
        var trial = FormatTrial(formats)
        for line in [
            "2026-11-23 16:20:31,180 WARN  [db-2] health: no answer", "  goes on",
            "2026-11-23 16:20:31,181 PURPLE [db-2] x", "something else",
        ] {
            trial.take(Array(line.utf8)[...])
        }
        let ranking = trial.ranking
        #expect(
            ranking.first
                == FormatTrial.Score(
                    format: "orders-failover",
                    records: 2,
                    continuations: 1,
                    unknown: 1,
                    timed: 2,
                    levelled: 1
                )
        )
        #expect(ranking.filter { $0.taken > 0 }.last?.format == "plain")
        #expect(trial.lines == 4)
    }
}
