internal import Glibc

enum ProcessEnvironment {
    /// A variable of the environment; nil when it is not set.
    static func value(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
