import Atlas
import Foundation

/// Renders errors as a person reads them: what happened, to what, what to do.
enum Explain {
    /// `azimuth: WHAT` and, where there is one, a second line with the remedy.
    static func text(_ error: any Error) -> String {
        guard let explained = error as? any Explained else { return "azimuth: \(error)\n" }
        let remedy = explained.remedy
        return "azimuth: \(printable(explained.what))\n"
            + (remedy.isEmpty ? "" : "         \(printable(remedy))\n")
    }

    /// Prints the error to standard error and ends with its exit status.
    static func end(_ error: any Error) -> Never {
        StandardError.write(text(error))
        let status = (error as? any Explained)?.exit ?? .failure
        exit(status.rawValue)
    }

    /// Text from outside without control characters, so that it cannot steer a terminal.
    static func printable(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl =
                (scalar.value < 0x20 && scalar != "\n") || (0x7F...0x9F).contains(scalar.value)
            out.append(isControl ? "\u{FFFD}" : scalar)
        }
        return String(out)
    }
}

/// Standard error as a place to write to; whole pieces, no buffer.
enum StandardError {
    static func write(_ text: String) {
        FileDescriptorOutput.write(Array(text.utf8), to: STDERR_FILENO)
    }
}

/// Standard output as a place to write to.
enum StandardOutput {
    static func write(_ text: String) {
        FileDescriptorOutput.write(Array(text.utf8), to: STDOUT_FILENO)
    }

    static func write(_ bytes: [UInt8]) {
        FileDescriptorOutput.write(bytes, to: STDOUT_FILENO)
    }
}

private enum FileDescriptorOutput {
    /// Writes all; ends the program quietly when the reader has gone (as `head` does).
    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count > 0 {
                done += count
            } else if errno == EPIPE {
                exit(ExitStatus.success.rawValue)
            } else if errno != EINTR, errno != EAGAIN {
                return
            }
        }
    }
}
