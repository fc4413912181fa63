package import Atlas
import Glibc

/// The operator's own formats and signature packs: files in two folders beside an azimuth.yaml.
package struct OwnFiles: Hashable, Sendable {
    package struct Format: Hashable, Sendable {
        package var path: String
        package var format: UserFormat
    }

    package struct Pack: Hashable, Sendable {
        package var path: String
        package var pack: SignaturePack
    }

    /// By the names of their files.
    package var formats: [Format] = []
    package var packs: [Pack] = []
    /// Files called `.yml`: only `.yaml` is read, and somebody may wait for them.
    package var passedOver: [String] = []
}

/// Where they are.
struct OwnFolders {
    struct Folder {
        var path: String
        /// Where it was named; nil for the default one, which need not be there.
        var namedAt: Position?
    }

    var formats: Folder
    var packs: Folder
}

/// Reads all files of both folders, and gathers what is wrong in any of them.
struct OwnFilesReader {
    let catalogue: Catalogue
    private(set) var files = OwnFiles()
    /// Of the files, in their order; of the folders themselves nothing.
    private(set) var problems: [ConfigureProblem] = []
    /// Names of all formats, of those that are broken, too.
    private(set) var formatNames: [String] = []

    init(catalogue: Catalogue) {
        self.catalogue = catalogue
    }

    /// `reader` is that of azimuth.yaml, for folders that cannot be read.
    mutating func read(_ folders: OwnFolders, _ reader: Reader) {
        for path in paths(folders.formats, "formats", reader) { readFormat(path) }
        for path in paths(folders.packs, "packs", reader) { readPack(path) }
    }

    /// The YAML files of a folder.
    private mutating func paths(
        _ folder: OwnFolders.Folder,
        _ key: String,
        _ reader: Reader
    ) -> [String] {
        guard let names = ShareFolder.fileNames(in: folder.path) else {
            let code = errno
            if code != ENOENT || folder.namedAt != nil {
                let reason = String(cString: strerror(code))
                reader.note(
                    folder.namedAt ?? .start,
                    "'\(key)': cannot read the folder \(reader.shown(folder.path)): \(reason)",
                    "check the path and the rights of the user that runs azimuth"
                )
            }
            return []
        }
        let paths = names.map { "\(folder.path)/\($0)" }
        files.passedOver += paths.filter { $0.hasSuffix(".yml") }
        return paths.filter { $0.hasSuffix(".yaml") }
    }

    private mutating func readFormat(_ path: String) {
        let catalogue = catalogue
        var name: String?
        let format = load(path, "name: NAME") { root, reader, text in
            FormatReader(
                reader: reader,
                source: ScalarPlaces(text),
                mistakes: catalogue.mistakes,
                taken: catalogue.formats
            )
            .format(root, subject: "the format", name: &name)
        }
        if let name {
            if let other = files.formats.first(where: { $0.format.name == name }) {
                note(path, "the format '\(name)' is in \(other.path), too", "rename one of the two")
            }
            formatNames.append(name)
        }
        if let format { files.formats.append(OwnFiles.Format(path: path, format: format)) }
    }

    private mutating func readPack(_ path: String) {
        let catalogue = catalogue
        let formats = files.formats.map(\.format)
        let known = catalogue.formats + formatNames
        let pack = load(path, "system: NAME") { root, reader, _ in
            let own = SignatureReader.Own(systems: Names(known)) { line, system in
                // A format that is broken reads nothing; that was told already.
                formats.contains { $0.name == system } || catalogue.formats.contains(system)
                    ? catalogue.read(line, system, formats) : nil
            }
            return SignatureReader(reader: reader, own: own).pack(root, subject: "the pack")
        }
        guard let pack else { return }
        for other in files.packs where other.pack.system == pack.system {
            let names = Set(other.pack.signatures.map(\.name))
            for signature in pack.signatures where names.contains(signature.name) {
                note(
                    path,
                    "the signature '\(signature.name)' of \(pack.system) is in \(other.path), too",
                    "rename one of the two"
                )
            }
        }
        files.packs.append(OwnFiles.Pack(path: path, pack: pack))
    }

    private mutating func note(_ path: String, _ what: String, _ remedy: String) {
        problems.append(
            ConfigureProblem(file: path, line: 1, column: 1, what: what, remedy: remedy)
        )
    }

    /// What a file holds; nil when anything is wrong with it.
    private mutating func load<Value>(
        _ path: String,
        _ beginning: String,
        _ take: (YamlNode, Reader, String) -> Value?
    ) -> Value? {
        do throws(ConfigureError) {
            let text = try TextFile.read(path)
            let (root, syntax) = YamlText.parse(text, file: path)
            let reader = Reader(file: path, problems: syntax)
            if let root, !root.isNull {
                let value = take(root, reader, text)
                problems += reader.sortedProblems
                return reader.problems.isEmpty ? value : nil
            }
            if syntax.isEmpty {
                note(path, "the file says nothing", "begin with the line '\(beginning)'")
            }
            problems += syntax
        } catch .invalid(let found) {
            problems += found
        } catch {
            note(path, error.what, error.remedy)
        }
        return nil
    }
}
