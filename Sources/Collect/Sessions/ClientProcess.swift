import Glibc
import Probes

/// A client program with a pipe to it and one from it (standard output and error together).
///
/// It leads a process group of its own: a ^C on our terminal does not reach it, and killing it
/// takes its children along. Should we die, its standard input ends, and so does it.
struct ClientProcess: ~Copyable {
    let pid: pid_t
    /// Non-blocking, as is `output`; two descriptors are all that a session costs.
    private var input: Descriptor?
    /// Of `input`; -1 once that is closed.
    private var inputNumber: Int32
    private let output: Descriptor

    var outputDescriptor: Int32 { output.number }

    private init(pid: pid_t, input: consuming Descriptor, output: consuming Descriptor) {
        self.pid = pid
        inputNumber = input.number
        self.input = consume input
        self.output = output
    }

    /// Throws the system's words, such as for a program that is not installed.
    static func start(
        _ arguments: [String],
        environment: [String]
    ) throws(CollectError) -> ClientProcess {
        let toClient = try makePipe()
        let theirInput = Descriptor(toClient.read)
        let input = Descriptor(toClient.write)
        let fromClient = try makePipe()
        let output = Descriptor(fromClient.read)
        let theirOutput = Descriptor(fromClient.write)
        makeNonBlocking(input.number)
        makeNonBlocking(output.number)
        let pid = try spawn(
            arguments,
            environment,
            input: theirInput.number,
            output: theirOutput.number
        )
        return ClientProcess(pid: pid, input: input, output: output)
    }

    /// Hands it the text.
    ///
    /// What it does not take is not retried: the missing reply will tell.
    func send(_ text: String) {
        var text = text
        text.withUTF8 { _ = write(inputNumber, $0.baseAddress, $0.count) }
    }

    /// Lets it read the end of its standard input.
    mutating func endInput() {
        input = nil
        inputNumber = -1
    }

    enum Chunk {
        case bytes(Int)
        case nothingYet
        case ended
    }

    /// Reads what there is into the buffer, which is as long as it may be.
    func receive(into buffer: inout [UInt8]) -> Chunk {
        let count = buffer.withUnsafeMutableBytes { read(output.number, $0.baseAddress, $0.count) }
        if count > 0 { return .bytes(count) }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothingYet : .ended
    }

    private static func spawn(
        _ arguments: [String],
        _ environment: [String],
        input: Int32,
        output: Int32
    ) throws(CollectError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
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
