internal import CTerminal
internal import Glibc

/// The way from ncurses to the terminal.
///
/// ncurses writes to a descriptor of its own. That stands for the terminal, whose modes ncurses
/// asks and sets, and during a frame for a file in memory: so a frame goes out in one write, after
/// `SGRFilter` has made it short.
@MainActor
final class FrameOutput {
    /// For ncurses, which closes it.
    let descriptor: Int32
    private let terminal: Int32
    private let memory: Int32
    private var filter = SGRFilter()

    /// Owns `terminal` until `close`.
    init(terminal: Int32) throws(TerminalError) {
        self.terminal = terminal
        descriptor = fcntl(terminal, F_DUPFD_CLOEXEC, 10)
        memory = ct_memory_file()
        guard descriptor >= 0, memory >= 0 else {
            throw .system("memfd_create", reason: String(cString: strerror(errno)))
        }
    }

    /// Sends what ncurses writes while `draw` runs.
    func send(_ draw: () -> Void) {
        guard ct_redirect(descriptor, memory) == 0 else { return standAside(draw) }
        draw()
        _ = ct_redirect(descriptor, terminal)
        write(filter.take(written()))
    }

    /// Lets ncurses speak to the terminal itself while `body` runs.
    ///
    /// The terminal may have been put to silence meanwhile (`ct_guard_restore_stalled`); then
    /// ncurses' descriptor is, too.
    func standAside(_ body: () -> Void) {
        _ = ct_redirect(descriptor, terminal)
        body()
        filter.forget()
    }

    func close() {
        Glibc.close(memory)
        Glibc.close(terminal)
    }

    /// What lies in memory, which is empty afterwards.
    private func written() -> [UInt8] {
        let count = max(0, lseek(memory, 0, SEEK_CUR))
        var bytes = [UInt8](repeating: 0, count: count)
        let read = bytes.withUnsafeMutableBytes { pread(memory, $0.baseAddress, $0.count, 0) }
        lseek(memory, 0, SEEK_SET)
        return Array(bytes.prefix(max(0, read)))
    }

    private func write(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.write(terminal, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return filter.forget() }
            sent += count
        }
    }
}
