/// The checks: each gives the places of a file that break a rule.
enum Offences {
    static func imports(_ file: SourceFile) -> [String] {
        guard let module = file.module else { return [] }
        guard let rule = Modules.rules[module] else {
            return ["\(file.path): the target \(module) is not in the table of Modules.swift"]
        }
        let allowed = rule.own.union(rule.outside).union(Modules.system)
        let pattern =
            /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:\w+\s+)?import\s+(?:(?:struct|class|enum|func|protocol|typealias|var|let)\s+)?(\w+)/
        return file.code.indices.filter { index in
            guard let name = file.code[index].firstMatch(of: pattern)?.1 else { return false }
            return !allowed.contains(String(name))
        }.map(file.place)
    }

    /// Time is an input: results may not depend on when they are computed.
    static func clocks(_ file: SourceFile) -> [String] {
        guard Exceptions.clocks[file.path] == nil else { return [] }
        return file.places(
            /\bDate\s*\(|\bDate\.now|\bclock_gettime|\bgettimeofday|\btimespec_get|\btime\s*\(\s*(nil|&)|\bclock\s*\(\s*\)|\b(Continuous|Suspending|UTC)Clock\b|\bDispatch(Wall)?Time\b|\bsystemUptime\b|\bCFAbsoluteTime|\b(u|nano)?sleep\s*\(|\bclock_nanosleep|\bsleepUntil\b/
        )
    }

    /// What ends the program instead of an error that says what to do.
    static func traps(_ file: SourceFile) -> [String] {
        file.places(/[\w\)\]\}\?"]!(?!=)|\bfatalError\s*\(\s*\)|\bpreconditionFailure\s*\(\s*\)/)
    }

    static func unchecked(_ file: SourceFile) -> [String] {
        guard Exceptions.unchecked[file.path] == nil else { return [] }
        return file.places(
            /@unchecked\s+Sendable|nonisolated\s*\(\s*unsafe\s*\)|\bTask\.detached\b/
        )
    }

    static func access(_ file: SourceFile) -> [String] {
        guard Exceptions.public[file.path] == nil else { return [] }
        return file.places(
            /^\s*(@\w+\s+)*(public|open)\s+(\w+\s+)*(class|enum|extension|func|init|let|protocol|static|struct|typealias|var)\b/
        )
    }

    /// A file longer than this wants to be two.
    static func size(_ file: SourceFile) -> [String] {
        let isTable = file.lines.first?.hasPrefix("// Data table") == true
        return file.lines.count > 600 && !isTable ? ["\(file.path): \(file.lines.count) lines"] : []
    }

    static func folders(_ files: [SourceFile]) -> [String] {
        Dictionary(grouping: files, by: \.folder).filter { $1.count > 20 }
            .map { "\($0): \($1.count) files" }.sorted()
    }

    /// Protocols and errors are contracts between modules: they say what they promise.
    static func undocumented(_ file: SourceFile) -> [String] {
        let pattern = /^\s*package\s+(protocol\s|enum\s+\w*Error\b|struct\s+\w*Error\b)/
        return file.code.indices.filter { index in
            guard file.code[index].contains(pattern) else { return false }
            let above = file.lines[..<index].last {
                let line = $0.drop(while: \.isWhitespace)
                return !line.hasPrefix("@") && !line.isEmpty
            }
            return above?.drop(while: \.isWhitespace).hasPrefix("///") != true
        }.map(file.place)
    }

    /// Every error can be shown to an operator.
    static func unexplained(_ file: SourceFile) -> [String] {
        file.code.indices.filter { index in
            guard file.code[index].contains(/\b(enum|struct)\s+\w*Error\b/) else { return false }
            let head = file.code[index...].prefix(4).joined(separator: " ").prefix { $0 != "{" }
            return head.contains(":") && !head.contains("Explained")
        }.map(file.place)
    }
}
