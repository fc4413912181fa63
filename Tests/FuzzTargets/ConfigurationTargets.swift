internal import Atlas
internal import Canvas
internal import Collect
internal import Configure
internal import Decode
internal import Patterns
internal import Probes

extension FuzzTarget {
    static let configurations = [
        FuzzTarget("azimuth-yaml", seeds: ["Docs/examples"]) { bytes in
            let read = problems(of: bytes.text) { text throws(ConfigureError) in
                try Configuration.parse(text, file: "f", catalogue: catalogue, home: "/home/a")
            }
            guard let read else { return }
            let recording = RecordingFile(made: Instant(seconds: 0), by: "fuzz", plan: read.plan)
            let again = problems(of: recording.yaml) { text throws(ConfigureError) in
                try RecordingFile.load(yaml: text, file: "f", catalogue: catalogue)
            }
            hold(again != nil, "a recording of a plan can be read")
        },
        FuzzTarget("recording-yaml") { bytes in
            let read = problems(of: bytes.text) { text throws(ConfigureError) in
                try RecordingFile.load(yaml: text, file: "f", catalogue: catalogue)
            }
            guard let read else { return }
            let again = problems(of: read.yaml) { text throws(ConfigureError) in
                try RecordingFile.load(yaml: text, file: "f", catalogue: catalogue)
            }
            hold(again != nil, "a recording that was written can be read")
        },
        FuzzTarget("theme-yaml", seeds: ["Themes"]) { bytes in
            _ = problems(of: bytes.text) { text throws(ConfigureError) in
                try ThemeFile.load(yaml: text, file: "f", roles: Role.allCases.map(\.rawValue))
            }
        },
        FuzzTarget("pack-yaml", seeds: ["Sources/Evaluate/Failovers/Packs"]) { bytes in
            _ = problems(of: bytes.text) { text throws(ConfigureError) in
                try SignaturePack.load(yaml: text, file: "f")
            }
        },
    ]

    /// What was read; where it cannot be, each problem has a place and a remedy.
    private static func problems<Value>(
        of text: String,
        _ read: (String) throws(ConfigureError) -> Value
    ) -> Value? {
        do throws(ConfigureError) {
            return try read(text)
        } catch .invalid(let problems) {
            hold(!problems.isEmpty, "what is refused has a problem")
            for problem in problems {
                hold(problem.line >= 1 && problem.column >= 1, "a problem has a place")
                hold(!problem.what.isEmpty && !problem.remedy.isEmpty, "a problem has words")
            }
            return nil
        } catch {
            return nil
        }
    }

    /// As the program's own, where no file is read.
    static let catalogue = Catalogue(
        probes: ProbeCatalog.all.map(\.name),
        formats: FormatCatalog.all.map(\.name),
        themes: ["meridian"],
        repeatable: Set(ProbeCatalog.all.filter { $0 is any OneShotProbe }.map(\.name)),
        judge: { pattern in
            switch RegexCode.compile(pattern, isAnchored: false) {
            case .code(let code): .groups(code.namedGroups.map(\.name))
            case .refused(let words, let offset): .mistake(what: words, offset: offset)
            }
        },
        mistakes: RegexFormat.mistakes(in:),
        patternMistake: LinePattern.mistake,
        knowsEncoding: FileTail.knows
    )
}
