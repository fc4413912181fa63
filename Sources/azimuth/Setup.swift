import Atlas
import Canvas
import Collect
import Configure
import Decode
import Glibc
import Patterns
import Probes

/// What a command needs before it can start: configuration, packs, themes, paths.
enum Setup {
    /// The names that azimuth.yaml may use.
    static var catalogue: Catalogue {
        Catalogue(
            probes: ProbeCatalog.all.map(\.name),
            formats: FormatCatalog.all.map(\.name),
            themes: themeNames,
            repeatable: Set(ProbeCatalog.all.filter { $0 is any OneShotProbe }.map(\.name)),
            judge: judge,
            mistakes: RegexFormat.mistakes(in:),
            read: read,
            patternMistake: LinePattern.mistake,
            knowsEncoding: FileTail.knows
        )
    }

    private static func judge(_ pattern: String) -> PatternReading {
        switch RegexCode.compile(pattern, isAnchored: false) {
        case .code(let code): .groups(code.namedGroups.map(\.name))
        case .refused(let words, let offset): .mistake(what: words, offset: offset)
        }
    }

    /// Reads a line as `LogStage` would.
    private static func read(
        _ line: String,
        format name: String,
        own: [UserFormat]
    ) -> Catalogue.LineReading {
        let own = own.filter { $0.name == name }.compactMap(RegexFormat.init)
        guard let format = FormatCatalog.format(named: name, own: own) else { return .unknown }
        let bytes = Array(line.utf8)
        let parsed = format.parse(bytes.span.bytes)
        guard parsed.shape != .unknown else { return .unknown }
        return .message(String(decoding: bytes[parsed.messageStart...], as: UTF8.self))
    }

    /// The configuration's path: the one asked for, else the first that is there.
    static func configurationPath(_ options: ConfigOptions) throws(ProgramError) -> String {
        if let chosen = options.config { return chosen }
        guard let found = Configuration.find() else {
            throw .noConfiguration(looked: Places().configurations)
        }
        return found
    }

    /// The configuration with the signature packs of the program and the operator in its plan.
    static func configuration(_ options: ConfigOptions) throws -> Configuration {
        let path = try configurationPath(options)
        var configuration = try Configuration.load(path: path, catalogue: catalogue)
        let own = configuration.own.packs.map(\.pack)
        configuration.plan.packs = SignaturePack.merged(try packs(), with: own)
        return configuration
    }

    /// The bundled signature packs, by the names of their files.
    static func packs() throws -> [SignaturePack] {
        guard let share = ShareFolder.find() else { throw ProgramError.noShare }
        return try ShareFolder.yamlFiles(in: share.packs).map { path in
            try SignaturePack.load(path: path)
        }
    }

    /// Where the history is: as asked for, as configured, else the default place.
    static func historyPath(_ chosen: String?, _ options: ConfigOptions) throws -> String {
        if let chosen {
            guard !chosen.contains("://") else {
                throw ProgramError.badValue(
                    option: "--history",
                    value: chosen,
                    wanted: "the path of a file; this version knows no remote history"
                )
            }
            return chosen
        }
        if options.config != nil || Configuration.find() != nil,
            let configured = try configuration(options).historyPath
        {
            return configured
        }
        return Places().history
    }

    /// Makes the folder of a file, where it is missing.
    static func makeFolder(of path: String) throws(ProgramError) {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
        try makeFolder(String(path[..<slash]))
    }

    static func makeFolder(_ folder: String) throws(ProgramError) {
        var made = folder.hasPrefix("/") ? "" : "."
        for part in folder.split(separator: "/") {
            made += "/" + part
            if mkdir(made, 0o755) != 0, errno != EEXIST {
                throw .cannotWrite(path: folder, detail: String(cString: strerror(errno)))
            }
        }
    }

    // MARK: how it looks

    static var themeNames: [String] {
        guard let share = ShareFolder.find() else { return ["meridian", "mono"] }
        return ShareFolder.yamlFiles(in: share.themes).compactMap { path in
            path.split(separator: "/").last.map { String($0.dropLast(".yaml".count)) }
        }
    }

    /// The theme of a name, from its file; `mono` and `meridian` also without one.
    static func theme(named name: String) throws -> Theme {
        guard let share = ShareFolder.find(), themeNames.contains(name) else {
            switch name {
            case "mono": return .mono
            case "meridian": return .builtIn
            default:
                throw ProgramError.unknownTheme(
                    name,
                    nearest: nearestName(to: name, among: themeNames)
                )
            }
        }
        return try ThemeFile.load(
            path: "\(share.themes)/\(name).yaml",
            roles: Role.allCases.map(\.rawValue)
        ).theme
    }

    /// The zone of the machine at a moment, for the times on screen.
    static func localTime(at instant: Instant) -> (offset: Span, name: String) {
        var seconds = time_t(instant.nanoseconds / 1_000_000_000)
        var local = tm()
        tzset()
        guard localtime_r(&seconds, &local) != nil else { return (.zero, "UTC") }
        let name = local.tm_zone.map { String(cString: $0) } ?? ""
        return (.seconds(Int64(local.tm_gmtoff)), name.isEmpty ? "UTC" : name)
    }
}

extension ThemeFile {
    /// The theme for drawing; roles that this program does not know were refused before.
    var theme: Theme {
        Theme(name: name, isDark: isDark, named: styles, heat: heat)
    }
}
