import Glibc
import Probes

/// A client program that we hear, and speak to if it is a session; either costs one descriptor.
///
/// It leads a process group of its own: a ^C on our terminal does not reach it, and killing it
/// takes its children along. Should we die, a session's standard input ends, and so does it.
struct ClientProcess: ~Copyable {
    let pid: pid_t
    /// Non-blocking: the one end of a socket pair or of a pipe.
    private let channel: Descriptor

    var descriptor: Int32 { channel.number }

    private init(pid: pid_t, channel: consuming Descriptor) {
        self.pid = pid
        self.channel = channel
    }

    /// Starts a client whose standard input, output and error are one socket to us.
    ///
    /// Throws the system's words, such as for a program that is not installed.
    static func startSession(
        _ arguments: [String],
        environment: [String]
    ) throws(CollectError) -> ClientProcess {
        let ends = try makeSocketPair()
        let ours = Descriptor(ends.ours)
        let theirs = Descriptor(ends.theirs)
        makeNonBlocking(ours.number)
        let pid = try spawn(arguments, environment, input: theirs.number, output: theirs.number)
        return ClientProcess(pid: pid, channel: ours)
    }

    /// Starts a client that is told nothing and writes into a pipe.
    ///
    /// A pipe, as scripts open `/dev/stdout`, which cannot be done with a socket; its standard error
    /// goes there, too, unless there is a descriptor for it. Throws as `startSession` does.
    static func startCommand(
        _ arguments: [String],
        environment: [String],
        errors: Int32? = nil
    ) throws(CollectError) -> ClientProcess {
        let pipe = try makePipe()
        let ours = Descriptor(pipe.read)
        let theirs = Descriptor(pipe.write)
        makeNonBlocking(ours.number)
        let pid = try spawn(
            arguments,
            environment,
            input: nil,
            output: theirs.number,
            errors: errors
        )
        return ClientProcess(pid: pid, channel: ours)
    }

    /// Hands a session the text.
    ///
    /// What it does not take is not retried: the missing reply will tell.
    func send(_ text: String) {
        var text = text
        text.withUTF8 {
            _ = Glibc.send(channel.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
    }

    enum Chunk {
        case bytes(Int)
        case nothingYet
        case ended
    }

    /// Reads what there is into the buffer, which is as long as it may be.
    func receive(into buffer: inout [UInt8]) -> Chunk {
        let count = buffer.withUnsafeMutableBytes { read(channel.number, $0.baseAddress, $0.count) }
        if count > 0 { return .bytes(count) }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothingYet : .ended
    }

    /// Without an input it reads of nothing (`/dev/null`).
    private static func spawn(
        _ arguments: [String],
        _ environment: [String],
        input: Int32?,
        output: Int32,
        errors: Int32? = nil
    ) throws(CollectError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors ?? output, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Our threads block signals, and a blocked or ignored signal would be inherited.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))
        let argv = arguments.map { strdup($0) } + [nil]
        let envp = environment.map { strdup($0) } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        let program = arguments.first ?? ""
        var pid = pid_t()
        let error = posix_spawnp(&pid, program, &actions, &attributes, argv, envp)
        guard error == 0 else {
            throw .system(operation: "starting \(program)", reason: words(of: error))
        }
        return pid
    }
}
