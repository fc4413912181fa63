import Glibc

/// The environment of the process, without Foundation.
package enum Environment {
    /// Nil when it is not set, or empty: both mean "not chosen" for every variable read here.
    package static func value(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
