import ArgumentParser
import Atlas
import Collect
import Configure
import Decode
import Glibc
import Redact
import Screens
import Terminal
import Unpack

struct TailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Follow files, or standard input, on the Logs screen.",
        discussion: """
            Needs no configuration and keeps nothing; the newest 20,000 lines are in memory. The \
            format of a file is guessed from its beginning and shown; standard input is read line \
            by line as what it looks like. Where standard output is no terminal the lines are \
            printed as they came, as tail(1) does. A packed file (gzip, zstd, xz, bzip2) is read \
            from its beginning. With --config what the configuration redacts is hidden, here as \
            well.

            Examples:
              azimuth tail /var/log/syslog /var/log/auth.log
              journalctl -f -o short-iso | azimuth tail
              azimuth tail --from-beginning --no-follow old.log
              azimuth tail -n 100 app.log | grep -i timeout
            """
    )

    @Argument(help: "Files; - is standard input, as is none.")
    var files: [String] = []

    @Option(
        name: [.customShort("n", allowingJoined: true), .long],
        help: "Begin so many lines before the end: 1000 on the screen, 10 printed."
    )
    var lines: Int?

    @Flag(help: "Begin at the beginning.")
    var fromBeginning = false

    @Flag(help: "Read what there is, and no more.")
    var noFollow = false

    /// A habit of tail(1): it follows anyway, by name.
    @Flag(name: [.customShort("f"), .customShort("F")], help: .hidden)
    var follow = false

    @Option(help: "The format of all of them; `azimuth formats` lists them.")
    var format: String?

    @Flag(help: "Print the lines, also to a terminal.")
    var print = false

    @Option(
        name: [.short, .long],
        help: "Hide what this configuration redacts; without it nothing is hidden.",
        completion: .file(extensions: ["yaml"])
    )
    var config: String?

    @OptionGroup var look: LookOptions

    func run() throws {
        if let lines, !(0...Self.mostLines).contains(lines) {
            throw ProgramError.badValue(
                option: "-n",
                value: "\(lines)",
                wanted: "0 to \(Self.mostLines); --from-beginning reads all"
            )
        }
        if let format, FormatCatalog.format(named: format) == nil {
            let names = FormatCatalog.all.map(\.name)
            throw ProgramError.unknownFormat(format, nearest: nearestName(to: format, among: names))
        }
        let (sources, left) = try sources()
        if print || isatty(STDOUT_FILENO) != 1 {
            for error in left { StandardError.write(Explain.text(error)) }
            let backlog = fromBeginning ? 0 : lines ?? 10
            let redactor = try Redactor(try redaction(of: sources), sources: sources)
            try LinePrinter(sources, redactor: redactor).run(backlog: backlog, follows: !noFollow)
        } else {
            ProcessSignals.block()
            try MainActor.assumeIsolated { try show(sources, left) }
        }
    }

    /// What is held in memory is held of one file, too.
    private static let mostLines = 20_000

    @MainActor
    private func show(_ sources: [LogSource], _ left: [ProgramError]) throws {
        let wake = try WakeSignal()
        var look = try Look(self.look, screen: .logs)
        look.purpose = .lines(sources.map { "\($0.name) (\($0.format))" })
        look.takesKeysFromTerminal = sources.contains { $0.origin == .standardInput }
        if let first = left.first {
            let more = left.count > 1 ? ", and \(left.count - 1) more" : ""
            look.notice = Notice("left out: \(Explain.printable(first.what))\(more)", isError: true)
        }
        let name = sources.count == 1 ? sources[0].name : "\(sources.count) files"
        try DashboardSession.watch(
            WatchPlan(estate: Estate(name: name), sources: sources),
            redaction: try redaction(of: sources),
            backlog: lines ?? 1_000,
            follows: !noFollow,
            wake: wake,
            look: look,
            options: self.look
        )
    }

    /// What the configuration hides in files: everywhere, and in its own sources of the same path.
    private func redaction(of sources: [LogSource]) throws -> RedactionPlan {
        guard let config else { return RedactionPlan() }
        let configured = try Configuration.load(path: config, catalogue: Setup.catalogue)
        var redaction = RedactionPlan(everywhere: configured.redaction.everywhere)
        for source in sources {
            let known = configured.plan.sources.first {
                $0.place == source.place
                    || FilePath.absolute($0.place) == FilePath.absolute(source.place)
            }
            if let known {
                redaction.sources[source.name] = configured.redaction.sources[known.name]
            }
        }
        return redaction
    }

    /// The files that can be read, and what is wrong with the others; throws when there is none.
    private func sources() throws(ProgramError) -> ([LogSource], left: [ProgramError]) {
        let isPiped = isatty(STDIN_FILENO) != 1
        guard !files.isEmpty || isPiped else { throw .nothingToRead }
        var paths: [String] = []
        // By their bytes: names that are one to the eye may be of two files.
        for path in files.isEmpty ? ["-"] : files.map({ $0 == "/dev/stdin" ? "-" : $0 })
        where !paths.contains(where: { FileName($0) == FileName(path) }) {
            paths.append(path)
        }
        if paths.contains("-"), !isPiped { throw .nothingToRead }
        var sources: [LogSource] = []
        var left: [ProgramError] = []
        for (path, name) in zip(paths, Self.names(of: paths)) {
            do throws(ProgramError) {
                let sample = path == "-" ? nil : try LogSample(path: path)
                sources.append(
                    LogSource(
                        name: name,
                        path: path,
                        format: format ?? sample?.format ?? "auto",
                        // What is packed ended before it was: nothing is to come.
                        start: fromBeginning || sample?.isPacked == true ? .beginning : .end
                    )
                )
            } catch {
                left.append(error)
            }
        }
        if sources.isEmpty, let first = left.first { throw first }
        return (sources, left)
    }

    /// Of each file the name, where others have it the path, and where that is one to the eye a
    /// number as well.
    private static func names(of paths: [String]) -> [String] {
        let bases = paths.map { FileName($0).name.text }
        var names: [String] = []
        for (path, base) in zip(paths, bases) {
            let isSingle = bases.count { $0 == base } == 1
            let name = path == "-" ? "stdin" : isSingle ? base : path
            let same = names.count { $0 == name }
            names.append(same > 0 ? "\(name) (\(same + 1))" : name)
        }
        return names
    }
}

/// The beginning of a file: whether it is a log at all, and which format it has.
struct LogSample {
    private static let size = 65_536
    private static let lines = 200

    let format: String
    let isPacked: Bool

    init(path: String) throws(ProgramError) {
        func refuse(_ reason: String, _ remedy: String) -> ProgramError {
            .cannotTail(path: path, reason: reason, remedy: remedy)
        }
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw refuse(
                "cannot be read: \(TextOutput.systemWords())",
                errno == EACCES ? "read it as a user who may" : "check the path"
            )
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw refuse("is a folder", "name the files in it, such as \(path)/*.log")
        default: throw refuse("is no regular file", "pipe it in: azimuth tail - < \(path)")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw refuse(
                "cannot be read: \(TextOutput.systemWords())",
                errno == EACCES
                    ? "read it as a user who may; on Debian the group adm can" : "check the path"
            )
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Self.size)
        var plain = PlainBytes(descriptor)
        var count = 0
        do throws(UnpackError) {
            while count < bytes.count {
                let read = try plain.read(into: &bytes, from: count)
                if read == 0 { break }
                count += read
            }
        } catch {
            if case .foreign(let packing) = error {
                throw refuse(
                    "is packed by \(packing.name)",
                    "\(packing.tool) \(path) | azimuth tail"
                )
            }
            // What it begins with may do.
            guard count > 0 else { throw refuse("cannot be read: \(error.what)", "check the file") }
        }
        isPacked = plain.form != nil
        bytes.removeLast(bytes.count - count)
        // The last one may be cut.
        let isWhole = count < Self.size || !bytes.contains(10)
        let lines = LineFile.lines(of: bytes, isWhole: isWhole).filter { !$0.isEmpty }
        if let (reason, remedy) = Self.complaint(bytes, lines, path, isPacked: isPacked) {
            throw refuse(reason, remedy)
        }
        format = FormatGuess.format(of: Array(lines.prefix(Self.lines))).name
    }

    private static func complaint(
        _ bytes: [UInt8],
        _ lines: [ArraySlice<UInt8>],
        _ path: String,
        isPacked: Bool
    ) -> (String, String)? {
        if isPacked, bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return ("is UTF-16, packed", "unpack it: azimuth tail reads what is in it then")
        }
        if bytes.starts(with: Array("LPKSHHRH".utf8)) {
            return ("is a journal of systemd", "journalctl --file \(path) -f | azimuth tail")
        }
        return lines.contains { $0.contains(0) }
            ? ("is binary", "name a file of lines; azimuth tail - < \(path) reads it all the same")
            : nil
    }
}
