import Glibc
import NIOCore

/// The system's own words for what went wrong.
enum SystemWords {
    /// Why a file cannot be read; nil when it can be.
    static func unreadable(_ path: String) -> String? {
        access(path, R_OK) == 0 ? nil : String(cString: strerror(errno))
    }

    static func of(_ error: any Error) -> String {
        if let error = error as? IOError { return String(cString: strerror(error.errnoCode)) }
        if case .unknown(let host, _)? = error as? SocketAddressError {
            return "no address is known for '\(host)'"
        }
        return "\(error)"
    }
}
