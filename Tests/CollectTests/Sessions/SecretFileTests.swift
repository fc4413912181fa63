import Foundation
import Testing

@testable import Collect

@Suite("A password in a file of the operator")
struct SecretFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func file(_ text: String, mode: Int = 0o600) throws -> String {
        try folder.write(text.utf8, to: "auth")
        let path = folder.file("auth")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    @Test("is its first line", arguments: ["hunter2", "hunter2\n", "hunter2\r\nmore\n"])
    func firstLine(text: String) throws {
        #expect(try SecretFile.line(of: file(text)) == "hunter2\n")
    }

    @Test("is refused where others may use the file, too", arguments: [0o640, 0o604, 0o622])
    func othersMayUse(mode: Int) throws {
        let path = try file("hunter2", mode: mode)
        #expect {
            try SecretFile.line(of: path)
        } throws: { error in
            let words = (error as? CollectError)?.what ?? ""
            return words.contains("chmod 600") && !words.contains("hunter2")
        }
    }

    @Test("is refused when it is none", arguments: ["", "\nhunter2"])
    func none(text: String) throws {
        let path = try file(text)
        #expect(throws: CollectError.self) { try SecretFile.line(of: path) }
    }

    @Test("is not waited for: a folder and a missing file are refused at once")
    func noFile() {
        #expect(throws: CollectError.self) { try SecretFile.line(of: folder.path) }
        #expect(throws: CollectError.self) { try SecretFile.line(of: folder.file("missing")) }
    }
}
