import Glibc
import Synchronization
import Testing

@testable import Collect

@Suite("A worker thread")
struct WorkerThreadTests {
    @Test("runs its body under its name, cut to what the system takes, and can be joined")
    func runs() throws {
        let name = Mutex("")
        let box = Box(name: name)
        let thread = try WorkerThread(name: "a-name-that-is-too-long") {
            box.name.withLock { $0 = Self.threadName() }
        }
        thread.join()
        thread.join()
        #expect(box.name.withLock(\.self) == "a-name-that-is-")
    }

    @Test("meets a broken pipe as an error, not as a signal")
    func survivesBrokenPipe() throws {
        let box = Box(name: Mutex(""))
        let thread = try WorkerThread(name: "pipe") {
            guard let ends = try? makePipe() else { return }
            let writer = Descriptor(ends.write)
            _ = Descriptor(ends.read)
            let result = write(writer.number, "x", 1)
            let text = result < 0 ? words(of: errno) : "written"
            box.name.withLock { $0 = text }
        }
        thread.join()
        #expect(box.name.withLock(\.self) == "Broken pipe")
    }

    private final class Box: Sendable {
        let name: Mutex<String>

        init(name: consuming Mutex<String>) { self.name = name }
    }

    private static func threadName() -> String {
        var buffer = [UInt8](repeating: 0, count: 64)
        let file = Descriptor(open("/proc/thread-self/comm", O_RDONLY))
        let count = read(file.number, &buffer, buffer.count)
        return String(decoding: buffer[..<max(0, count - 1)], as: UTF8.self)
    }
}
