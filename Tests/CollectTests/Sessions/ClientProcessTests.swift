import Atlas
import Glibc
import Testing

@testable import Collect

@Suite("A client process")
struct ClientProcessTests {
    private static let environment = ["PATH=/usr/bin:/bin"]

    /// What it writes until the text is as long as that, or until it ends.
    private func hear(_ process: borrowing ClientProcess, atMost count: Int = .max) throws -> String
    {
        let deadline = Monotonic.now() + .seconds(30)
        var heard: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while heard.count < count {
            var descriptors = [pollFor(POLLIN, process.descriptor)]
            try #require(wait(for: &descriptors, until: deadline), "nothing came")
            switch process.receive(into: &buffer) {
            case .bytes(let more): heard += buffer[..<more]
            case .nothingYet: continue
            case .ended: return String(decoding: heard, as: UTF8.self)
            }
        }
        return String(decoding: heard, as: UTF8.self)
    }

    private func exitStatus(of pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status >> 8 & 0xFF
    }

    @Test("hears and is heard through one socket, its errors included")
    func oneSocket() throws {
        let script = "read -r line; echo \"$line\"; echo \"$line\" >&2; cat"
        let process = try ClientProcess.startSession(
            ["sh", "-c", script],
            environment: Self.environment
        )
        var status = stat()
        #expect(fstat(process.descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK)
        process.send("one\n")
        #expect(try hear(process, atMost: 8) == "one\none\n")
        process.send("two\n")
        #expect(try hear(process, atMost: 4) == "two\n")
        let pid = process.pid
        _ = consume process
        #expect(exitStatus(of: pid) == 0)
    }

    @Test("reads the end of its input as soon as a session is let go")
    func hearsTheEnd() throws {
        let process = try ClientProcess.startSession(
            ["sh", "-c", "cat >/dev/null; exit 7"],
            environment: Self.environment
        )
        let pid = process.pid
        _ = consume process
        #expect(exitStatus(of: pid) == 7)
    }

    @Test("that has gone makes no signal of what is said to it")
    func deafEar() throws {
        let process = try ClientProcess.startSession(["true"], environment: Self.environment)
        #expect(try hear(process) == "")
        process.send("anybody?\n")
        #expect(exitStatus(of: process.pid) == 0)
    }

    @Test("that is a command reads of nothing, and may open its output by name")
    func command() throws {
        let script = "cat; echo out >/dev/stdout; echo err >/dev/stderr; exit 3"
        let process = try ClientProcess.startCommand(
            ["sh", "-c", script],
            environment: Self.environment
        )
        #expect(try hear(process) == "out\nerr\n")
        #expect(exitStatus(of: process.pid) == 3)
    }
}
