package import Atlas
import Glibc

/// What an azimuth.yaml says.
package struct Configuration: Hashable, Sendable {
    /// Without signature packs: those are files of their own.
    package var plan: WatchPlan
    package var lines: PlanLines
    /// Nil when the file names none.
    package var theme: String?
    /// Absolute, or relative to the working folder; nil when the file names none.
    package var historyPath: String?

    private static let keys = PlanReader.keys + ["theme", "history"]

    /// Throws `.unreadable`, or `.invalid` with all problems of the file.
    package static func load(
        path: String,
        catalogue: Catalogue
    ) throws(ConfigureError) -> Configuration {
        let text = try TextFile.read(path)
        return try parse(text, file: path, catalogue: catalogue)
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

    /// Reads the text of an azimuth.yaml; throws `.invalid` with all problems.
    ///
    /// `file` is how problems name the text, and its folder is where relative paths begin;
    /// `home` is what `~/` stands for.
    package static func parse(
        _ text: String,
        file: String,
        catalogue: Catalogue,
        home: String? = Environment.value("HOME")
    ) throws(ConfigureError) -> Configuration {
        let (root, problems) = YamlText.parse(text, file: file)
        let reader = Reader(file: file, problems: problems)
        let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
        let resolve = { (path: String) in
            PathText.resolved(path, folder: folder, home: home)
        }
        var plans = PlanReader(reader: reader, catalogue: catalogue, resolve: resolve)
        var theme: String?
        var history: String?
        if let root {
            if root.isNull {
                let remedy = "begin with the line 'estate:'; Docs/configuration.md shows every key"
                reader.note(.start, "the file says nothing", remedy)
            } else if let fields = reader.fields(of: root, subject: "the file", allowed: keys) {
                plans.read(fields)
                theme = reader.reference(
                    fields,
                    "theme",
                    kind: "theme",
                    known: Names(catalogue.themes)
                )
                history = historyPath(fields, reader).map(resolve)
            }
        } else if problems.isEmpty {
            let remedy = "begin with the line 'estate:'; Docs/configuration.md shows every key"
            reader.note(.start, "the file says nothing", remedy)
        }
        guard reader.problems.isEmpty else { throw .invalid(reader.sortedProblems) }
        return Configuration(
            plan: plans.plan,
            lines: plans.lines,
            theme: theme,
            historyPath: history
        )
    }

    private static func historyPath(_ fields: Fields, _ reader: Reader) -> String? {
        guard let path = reader.text(fields, "history") else { return nil }
        guard !path.contains("://"), !path.unicodeScalars.contains(where: { $0.value < 0x20 })
        else {
            let remedy = "write a path such as /var/lib/azimuth/history.db"
            reader.note(fields.position(of: "history"), "'history' is no path", remedy)
            return nil
        }
        return path
    }
}
