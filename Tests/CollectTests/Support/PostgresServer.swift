import Collect
import Foundation
import Testing

/// A real PostgreSQL server in a temporary folder, gone with its owner.
///
/// As root it runs as the user postgres.
final class PostgresServer {
    /// The newest installed binaries; nil, said loudly, where there are none.
    static let binaries: String? = {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let newest = versions.compactMap { Int($0) }.max()
        if newest == nil {
            print("SKIPPED: no PostgreSQL server in \(root); install the package postgresql")
        }
        return newest.map { "\(root)/\($0)/bin" }
    }()

    let port: Int
    private let folder: TemporaryFolder
    private var data: String { folder.file("data") }

    var address: String { "host=127.0.0.1 port=\(port) user=postgres dbname=postgres" }

    private init(port: Int) throws {
        self.port = port
        folder = try TemporaryFolder()
        if getuid() == 0 { try Self.run(["chown", "postgres", folder.path]) }
    }

    deinit {
        _ = try? control("stop", "-m", "immediate")
    }

    static func primary() throws -> PostgresServer {
        let server = try PostgresServer(port: freePort())
        try server.tool(
            "initdb",
            "-D",
            server.data,
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync"
        )
        try server.configure()
        try server.start()
        return server
    }

    func standby() throws -> PostgresServer {
        let server = try PostgresServer(port: Self.freePort())
        try server.tool(
            "pg_basebackup",
            "-h",
            "127.0.0.1",
            "-p",
            "\(port)",
            "-U",
            "postgres",
            "-D",
            server.data,
            "-R",
            "-X",
            "stream",
            "-c",
            "fast",
            "--no-sync"
        )
        try server.configure()
        try server.start()
        return server
    }

    func start() throws { try control("-l", folder.file("log"), "-w", "start") }

    func promote() throws { try control("-w", "promote") }

    /// Kills the postmaster and all its children, as a machine dies.
    func killAll() throws {
        let file = try String(contentsOfFile: "\(data)/postmaster.pid", encoding: .utf8)
        let pid = try #require(file.split(separator: "\n").first.map(String.init))
        _ = try? Self.run(["sh", "-c", "kill -9 \(pid) $(pgrep -P \(pid))"])
        try FileManager.default.removeItem(atPath: "\(data)/postmaster.pid")
    }

    @discardableResult
    func sql(_ statement: String) throws -> String {
        try tool("psql", "-X", "-A", "-t", "-q", "--dbname=\(address)", "-c", statement)
    }

    private func configure() throws {
        try tool(
            "sh",
            "-c",
            """
            printf "port = %s\\nlisten_addresses = '127.0.0.1'\\nunix_socket_directories = ''\\n\
            fsync = off\\nshared_buffers = 16MB\\n" \(port) >> \(data)/postgresql.auto.conf
            """
        )
    }

    private func control(_ arguments: String...) throws {
        try tool(["pg_ctl", "-s", "-D", data] + arguments)
    }

    @discardableResult
    private func tool(_ arguments: String...) throws -> String { try tool(arguments) }

    @discardableResult
    private func tool(_ arguments: [String]) throws -> String {
        let drop = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups"]
        let path = "PATH=\(Self.binaries ?? ""):/usr/bin:/bin"
        return try Self.run((getuid() == 0 ? drop : []) + ["env", path, "LC_ALL=C"] + arguments)
    }

    struct ToolFailure: Error {
        var command: [String]
        var output: String
    }

    /// By hand: Process of Foundation waits for whoever inherits its socket, a server included.
    @discardableResult
    private static func run(_ command: [String]) throws -> String {
        let folder = try TemporaryFolder()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, folder.file("out"), O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let argv = command.map { strdup($0) } + [nil]
        defer { for pointer in argv { free(pointer) } }
        var pid = pid_t()
        let error = posix_spawnp(&pid, command[0], &actions, nil, argv, environ)
        var status: Int32 = -1
        if error == 0 { while waitpid(pid, &status, 0) < 0, errno == EINTR {} }
        let text = try String(decoding: folder.read("out"), as: UTF8.self)
        guard status == 0 else { throw ToolFailure(command: command, output: text) }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        #expect(result == 0)
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
