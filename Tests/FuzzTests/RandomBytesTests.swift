import Decode
import Testing

@Suite("A million random bytes, through lines and fold")
struct RandomBytesTests {
    @Test(
        "what a format does not match is counted exactly",
        arguments: FormatCatalog.all.map(\.name)
    )
    func counts(format: String) throws {
        let samples = Project.files(in: "Tests/Fuzz/Seeds/\(format)")
        let (status, words) = try Project.run("RandomTool", [format, "mixed", "1"] + samples)
        #expect(status == 0, "\(words)")
    }
}
