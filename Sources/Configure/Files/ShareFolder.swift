import Glibc

/// Where the files lie that belong to the program: themes, signature packs, samples.
///
/// Installed they lie together under share/azimuth; in a checkout each beside what it belongs to.
package struct ShareFolder: Hashable, Sendable {
    package var themes: String
    package var packs: String
    package var samples: String

    /// Looks in `$AZIMUTH_SHARE`, then `../share/azimuth` beside the executable, then in the
    /// checkout that the executable was built in; nil when none of them is there.
    ///
    /// `chosen` is the value of the variable; when it is set, nothing else is tried.
    package static func find(
        executable: String? = runningExecutable,
        chosen: String? = Environment.value("AZIMUTH_SHARE")
    ) -> ShareFolder? {
        if let chosen { return isFolder(chosen) ? installed(chosen) : nil }
        guard let executable else { return nil }
        let folder = PathText.parent(executable)
        let share = "\(PathText.parent(folder))/share/azimuth"
        if isFolder(share) { return installed(share) }
        var checkout = folder
        while checkout != "/" {
            if exists("\(checkout)/Package.swift"), isFolder("\(checkout)/Themes") {
                return ShareFolder(
                    themes: "\(checkout)/Themes",
                    packs: "\(checkout)/Sources/Evaluate/Failovers/Packs",
                    samples: "\(checkout)/SampleData"
                )
            }
            checkout = PathText.parent(checkout)
        }
        return nil
    }

    private static func installed(_ folder: String) -> ShareFolder {
        ShareFolder(
            themes: "\(folder)/themes",
            packs: "\(folder)/packs",
            samples: "\(folder)/samples"
        )
    }

    /// The folder of a bundled recording, by its name; nil when there is none of that name.
    package func sample(named name: String) -> String? {
        let folder = "\(samples)/\(name)"
        guard !name.contains("/"), Self.exists("\(folder)/recording.yaml") else { return nil }
        return folder
    }

    /// The program's own file, whatever links led to it; nil when /proc is not mounted.
    package static var runningExecutable: String? {
        guard let path = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }

    /// Paths of the YAML files of a folder, sorted by name; empty when it cannot be read.
    package static func yamlFiles(in folder: String) -> [String] {
        (fileNames(in: folder) ?? []).filter { $0.hasSuffix(".yaml") }.map { "\(folder)/\($0)" }
    }

    /// Names in a folder, sorted, without hidden ones; nil when it cannot be read (errno says why).
    static func fileNames(in folder: String) -> [String]? {
        guard let stream = opendir(folder) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
