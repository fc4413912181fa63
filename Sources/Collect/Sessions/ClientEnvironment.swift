import FoundationEssentials
import Probes

/// What a client process gets of our environment: as little as it needs.
struct ClientEnvironment: Sendable {
    private let ours: [String: String]

    init(_ ours: [String: String] = ProcessInfo.processInfo.environment) {
        self.ours = ours
    }

    /// The entries for a command, sorted: `PATH` and `HOME`, the C locale so that errors come in
    /// English, what the command inherits, and what it sets.
    func entries(for command: SessionCommand) -> [String] {
        var entries = ["LANG": "C", "LC_ALL": "C"]
        for (name, value) in ours where name == "PATH" || name == "HOME" {
            entries[name] = value
        }
        for (name, value) in ours
        where command.inherited.contains(where: { Self.matches(name, $0) })
            && !command.withheld.contains(name)
        {
            entries[name] = value
        }
        for entry in command.environment {
            let name = entry.prefix { $0 != "=" }
            entries[String(name)] = String(entry.dropFirst(name.count + 1))
        }
        return entries.map { "\($0.key)=\($0.value)" }.sorted()
    }

    private static func matches(_ name: String, _ pattern: String) -> Bool {
        pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
    }
}
