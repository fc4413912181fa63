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
    private static let text = """
        estate: {layers: [l], sites: {s: }, resources: {r: {at: s, layer: l}}}
        sources:
          - {file: /a.log, format: orders-failover, resource: r}
        """

    /// A configuration with both folders of a path beside it.
    private func load(formats: String, packs: String) throws -> Configuration {
        let folder = FileManager.default.temporaryDirectory.path + "/azimuth-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/azimuth.yaml"
        let text = Self.text + "\nformats: \(formats)\npacks: \(packs)\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return try Configuration.load(path: path, catalogue: Setup.catalogue)
    }

    @Test("the examples are right: every sample reads as it says")
    func examples() throws {
        let examples = Self.root + "/Docs/examples"
        let own = try load(formats: examples + "/formats", packs: examples + "/packs").own
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
                for piece in signature.match.split(separator: "*") {
                    let range = rest.range(of: piece)
                    #expect(range != nil, "\(path): '\(signature.name)' matches before the message")
                    rest = range.map { rest[$0.upperBound...] } ?? rest
                }
            }
        }
    }

    @Test("a trial ranks the formats by the lines that they take, plain last")
    func trial() throws {
        let examples = Self.root + "/Docs/examples"
        let own = try load(formats: examples + "/formats", packs: examples + "/packs").own
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
