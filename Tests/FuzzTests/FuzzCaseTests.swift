import Foundation
import FuzzTargets
import Testing

@Suite("Whatever takes bytes from outside holds its promises")
struct FuzzCaseTests {
    @Test("for real inputs and for those that once broke it", arguments: FuzzTarget.all.map(\.name))
    func cases(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let own = ["Seeds", "Found"].map { "Tests/Fuzz/\($0)/\(name)" }
        let files = (own + target.seeds).flatMap(Project.files)
        try #require(!files.isEmpty, "each target has an input to begin with")
        let (status, words) = try Project.run("FuzzTool", [name] + files)
        #expect(status == 0, "\(words)")
    }

    @Test("each folder of inputs is that of a target", arguments: ["Seeds", "Found"])
    func folders(kind: String) {
        let names = Set(FuzzTarget.all.map(\.name))
        #expect(names.count == FuzzTarget.all.count, "names are there once")
        for folder in Project.names(in: "Tests/Fuzz/\(kind)") {
            #expect(names.contains(folder), "no target is called \(folder)")
        }
    }
}
