import Foundation
import Testing

@Suite("What the documents point at is there")
struct DocumentsTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test("links to files", arguments: ["README.md", "ARCHITECTURE.md"])
    func links(_ name: String) throws {
        let text = try String(contentsOf: Self.root.appendingPathComponent(name), encoding: .utf8)
        let missing = text.matches(of: /\]\(([^)#:]+)\)/).map { String($0.1) }.filter { path in
            !FileManager.default.fileExists(atPath: Self.root.path + "/" + path)
        }
        #expect(missing == [])
    }

    @Test("the README lists every exit status")
    func exitStatuses() throws {
        let readme = try String(
            contentsOf: Self.root.appendingPathComponent("README.md"),
            encoding: .utf8
        )
        let source = try String(
            contentsOf: Self.root.appendingPathComponent("Sources/Atlas/Knowledge/Explained.swift"),
            encoding: .utf8
        )
        let documented = readme.matches(of: /(?m)^\| (\d+) \|/).map { String($0.1) }
        let defined = source.matches(of: /case \w+ = (\d+)/).map { String($0.1) }
        #expect(documented == defined)
    }
}
