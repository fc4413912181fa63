import Glibc

/// Where Azimuth looks for its configuration and keeps its history.
///
/// The XDG Base Directory Specification 0.8 says which folders; a relative one is ignored.
package struct Places {
    private let environment: (String) -> String?

    package init(environment: @escaping (String) -> String? = Environment.value) {
        self.environment = environment
    }

    /// Where an azimuth.yaml is looked for, first come first served.
    package var configurations: [String] {
        [
            "azimuth.yaml",
            folder("XDG_CONFIG_HOME", ".config").map { "\($0)/azimuth/azimuth.yaml" },
            "/etc/azimuth/azimuth.yaml",
        ].compactMap(\.self)
    }

    /// Where the history is when nobody chose a place.
    package var history: String {
        (folder("XDG_STATE_HOME", ".local/state") ?? "/var/lib") + "/azimuth/history.db"
    }

    private func folder(_ variable: String, _ fallback: String) -> String? {
        if let chosen = environment(variable), chosen.hasPrefix("/") { return chosen }
        return environment("HOME").map { "\($0)/\(fallback)" }
    }
}

extension Configuration {
    /// The path of the first azimuth.yaml that is there; nil when there is none.
    ///
    /// One that is there and may not be read counts: it must not be passed over silently.
    package static func find(in places: Places = Places()) -> String? {
        places.configurations.first { path in
            access(path, F_OK) == 0 || errno == EACCES
        }
    }
}
