import Atlas
import Foundation
import Testing

@testable import Configure

@Suite("Reading a small text file")
struct TextFileTests {
    private func failure(_ path: String) -> ConfigureError? {
        #expect(throws: ConfigureError.self) { try TextFile.read(path) }
    }

    @Test("gives the text as it is")
    func reads() throws {
        try inTemporaryFolder { folder in
            let text = "estate:\r\n  name: 東京 \u{1F5FC}\n"
            let path = try folder.write("a.yaml", text)
            #expect(try TextFile.read(path) == text)
            let empty = try folder.write("empty.yaml", "")
            #expect(try TextFile.read(empty) == "")
        }
    }

    @Test("a file that is not there is unavailable, with what the system said")
    func missing() throws {
        let path = "/nonexistent/azimuth.yaml"
        let error = failure(path)
        #expect(error == .unreadable(path: path, reason: "No such file or directory"))
        #expect(error?.exit == .unavailable)
    }

    @Test("a folder and a FIFO nobody writes to are refused at once")
    func special() throws {
        try inTemporaryFolder { folder in
            #expect(
                failure(folder.path) == .unreadable(path: folder.path, reason: "it is a folder")
            )
            let fifo = folder.path + "/fifo"
            #expect(mkfifo(fifo, 0o600) == 0)
            #expect(failure(fifo) == .unreadable(path: fifo, reason: "it is no file"))
        }
    }

    @Test("a file of 10 MB is refused; one of exactly 1 MiB is read")
    func large() throws {
        try inTemporaryFolder { folder in
            let path = try folder.write(
                "big.yaml",
                repeatElement(UInt8(ascii: "#"), count: 10_000_000)
            )
            let expected = ConfigureProblem(
                file: path,
                line: 1,
                column: 1,
                what: "the file is larger than 1 MiB",
                remedy: "check that it is the right file"
            )
            #expect(failure(path) == .invalid([expected]))
            let fits = try folder.write(
                "fits.yaml",
                repeatElement(UInt8(ascii: "#"), count: 1 << 20)
            )
            #expect(try TextFile.read(fits).utf8.count == 1 << 20)
        }
    }

    @Test(
        "bytes that are no UTF-8 are told with line and column",
        arguments: [
            ([0xFF], 1, 1, "0xFF"),
            (Array("theme: caf".utf8) + [0xE9, 0x0A], 1, 11, "0xE9"),
            (Array("a: é\nb: ".utf8) + [0xC3], 2, 4, "0xC3"),
            (Array("a: é\nb: x".utf8) + [0xED, 0xA0, 0x80], 2, 5, "0xED"),
        ] as [([UInt8], Int, Int, String)]
    )
    func invalid(_ bytes: [UInt8], line: Int, column: Int, byte: String) throws {
        try inTemporaryFolder { folder in
            let path = try folder.write("bad.yaml", bytes)
            let expected = ConfigureProblem(
                file: path,
                line: line,
                column: column,
                what: "the byte \(byte) is no UTF-8 text",
                remedy: "save the file as UTF-8"
            )
            #expect(failure(path) == .invalid([expected]))
        }
    }
}
