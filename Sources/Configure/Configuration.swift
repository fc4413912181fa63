package import Atlas
import Glibc

/// What an azimuth.yaml says.
package struct Configuration: Hashable, Sendable {
    /// Without signature packs, which are files of their own.
    ///
    /// Of the operator's own formats it has those that its sources use.
    package var plan: WatchPlan
    package var lines: PlanLines
    /// What is hidden in lines as they come in.
    package var redaction = RedactionPlan()
    /// Nil when the file names none.
    package var theme: String?
    /// Absolute, or relative to the working folder; nil when the file names none.
    package var historyPath: String?
    package var retention = RetentionSettings()
    /// How long lines wait while the history can keep none; nil when the file does not say.
    package var hold: Span?
    /// The operator's own formats and signature packs, all of them.
    package var own = OwnFiles()

    private static let keys =
        PlanReader.keys + [
            "redact", "formats", "packs", "theme", "history",
        ]

    /// Throws `.unreadable`, or `.invalid` with all problems of the file.
    package static func load(
        path: String,
        catalogue: Catalogue
    ) throws(ConfigureError) -> Configuration {
        let text = try TextFile.read(path)
        return try parse(text, file: path, catalogue: catalogue, readsFolders: true)
    }

    /// All that a start with this file would trip over; empty when it can be used.
    ///
    /// Throws `.unreadable`.
    package static func problems(
        path: String,
        catalogue: Catalogue
    ) throws(ConfigureError) -> [ConfigureProblem] {
        do {
            _ = try load(path: path, catalogue: catalogue)
            return []
        } catch .invalid(let problems) {
            return problems
        } catch {
            throw error
        }
    }

    /// Reads the text of an azimuth.yaml; throws `.invalid` with all problems, those of the
    /// operator's own files behind its own.
    ///
    /// `file` is how problems name the text, and its folder is where relative paths begin;
    /// `home` is what `~/` stands for. The folders with the operator's own files are looked into
    /// when `readsFolders` is set.
    package static func parse(
        _ text: String,
        file: String,
        catalogue: Catalogue,
        home: String? = Environment.value("HOME"),
        readsFolders: Bool = false
    ) throws(ConfigureError) -> Configuration {
        let (root, problems) = YamlText.parse(text, file: file)
        let reader = Reader(file: file, problems: problems)
        let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
        let resolve = { (path: String) in
            PathText.resolved(path, folder: folder, home: home)
        }
        var own = OwnFilesReader(catalogue: catalogue)
        var plans = PlanReader(
            reader: reader,
            catalogue: catalogue,
            source: ScalarPlaces(text),
            resolve: resolve
        )
        var theme: String?
        var history: HistorySettings?
        if let root {
            if root.isNull {
                let remedy = "begin with the line 'estate:'; Docs/configuration.md shows every key"
                reader.note(.start, "the file says nothing", remedy)
            } else if let fields = reader.fields(of: root, subject: "the file", allowed: keys) {
                let folders = OwnFolders(
                    formats: Self.folder(fields, "formats", reader, resolve),
                    packs: Self.folder(fields, "packs", reader, resolve)
                )
                if readsFolders { own.read(folders, reader) }
                plans.read(fields, formats: own.formatNames)
                plans.useFormats(own.files.formats.map(\.format))
                theme = reader.reference(
                    fields,
                    "theme",
                    kind: "theme",
                    known: Names(catalogue.themes)
                )
                history = HistorySettings(fields, reader)
            }
        } else if problems.isEmpty {
            let remedy = "begin with the line 'estate:'; Docs/configuration.md shows every key"
            reader.note(.start, "the file says nothing", remedy)
        }
        let all = reader.sortedProblems + own.problems
        guard all.isEmpty else { throw .invalid(all) }
        return Configuration(
            plan: plans.plan,
            lines: plans.lines,
            redaction: plans.redaction,
            theme: theme,
            historyPath: history?.path.map(resolve),
            retention: history?.retention ?? RetentionSettings(),
            hold: history?.hold,
            own: own.files
        )
    }

    /// The folder that a key names, else that of the key's name beside the file.
    private static func folder(
        _ fields: Fields,
        _ key: String,
        _ reader: Reader,
        _ resolve: (String) -> String
    ) -> OwnFolders.Folder {
        let named = reader.path(fields, key, example: "/etc/azimuth/\(key)")
        return OwnFolders.Folder(
            path: resolve(named ?? key),
            namedAt: named.map { _ in fields.position(of: key) }
        )
    }
}
