/// Lines below a message that tell where it came from: they go on with it.
///
/// Sources: java.lang.Throwable.printStackTrace; Python's traceback module; Go's
/// runtime/traceback.go and runtime/panic.go.
enum StackTrace {
    /// `\tat org.example.Main.run(Main.java:7)`, `Caused by: …`, `\t... 12 more`, `\tSuppressed: …`,
    /// and the exception itself: `java.io.EOFException: null`.
    static func isJava(_ line: RawSpan) -> Bool {
        guard line.byteCount > 0 else { return false }
        switch line.byte(0) {
        case 0x09: return true
        case 0x20:
            let start = line.skipBlanks(from: 0)
            return line.hasPrefix("at ", at: start) || line.hasPrefix("... ", at: start)
        case 0x43: return line.hasPrefix("Caused by: ", at: 0)
        case 0x45: return line.hasPrefix("Exception in thread ", at: 0)
        case 0x53: return line.hasPrefix("Suppressed: ", at: 0)
        default: return isThrowable(line)
        }
    }

    /// A class with its package whose name ends as those of throwables do, with or without a text.
    static func isThrowable(_ line: RawSpan) -> Bool {
        var index = 0
        var dot = -1
        while index < line.byteCount {
            let byte = line.byte(index)
            if byte == 0x2E { dot = index }
            guard
                byte == 0x2E || byte == 0x24 || byte == 0x5F || byte &- 48 < 10
                    || (0x61...0x7A).contains(byte | 0x20)
            else { break }
            index += 1
        }
        guard dot > 0, index == line.byteCount || line.has(":", at: index) else { return false }
        return line.hasPrefix("Exception", at: index - 9) || line.hasPrefix("Error", at: index - 5)
            || line.hasPrefix("Throwable", at: index - 9)
    }

    /// `Traceback (most recent call last):`, its indented lines, and the exception that ends it.
    static func isPython(_ line: RawSpan) -> Bool {
        guard line.byteCount > 0 else { return false }
        switch line.byte(0) {
        case 0x20: return line.has(" ", at: 1)
        case 0x09: return true
        case 0x54 where line.hasPrefix("Traceback (most recent call last)", at: 0): return true
        case 0x44 where line.hasPrefix("During handling of the above exception", at: 0):
            return true
        case 0x54 where line.hasPrefix("The above exception was the direct cause", at: 0):
            return true
        default: return isPythonException(line)
        }
    }

    /// `ValueError: text`, `requests.exceptions.ReadTimeout: text`, `KeyboardInterrupt`.
    private static func isPythonException(_ line: RawSpan) -> Bool {
        var end = 0
        var word = 0
        while end < line.byteCount {
            let byte = line.byte(end)
            if byte == 0x2E { word = end + 1 }
            guard
                byte == 0x2E || byte == 0x5F || byte &- 48 < 10
                    || (0x61...0x7A).contains(byte | 0x20)
            else { break }
            end += 1
        }
        guard end > word, (0x41...0x5A).contains(line.byte(word)),
            end == line.byteCount || line.hasPrefix(": ", at: end)
        else { return false }
        return line.hasPrefix("Error", at: end - 5) || line.hasPrefix("Exception", at: end - 9)
            || line.hasPrefix("Warning", at: end - 7) || line.hasPrefix("Interrupt", at: end - 9)
            || (word > 0 && line.hasPrefix(": ", at: end))
    }

    /// `panic: …`, `goroutine 1 [running]:`, `\t/src/main.go:7 +0x1d`, `main.main()`,
    /// `created by …`, `[signal SIGSEGV: …`, `exit status 2`.
    static func isGo(_ line: RawSpan) -> Bool {
        guard line.byteCount > 0 else { return false }
        switch line.byte(0) {
        case 0x09: return true
        case 0x70 where line.hasPrefix("panic: ", at: 0): return true
        case 0x67 where line.hasPrefix("goroutine ", at: 0):
            return line.has(":", at: line.byteCount - 1)
        case 0x63 where line.hasPrefix("created by ", at: 0): return true
        case 0x5B where line.hasPrefix("[signal ", at: 0): return true
        case 0x65 where line.hasPrefix("exit status ", at: 0): return true
        case 0x66 where line.hasPrefix("fatal error: ", at: 0): return true
        default: return isGoCall(line)
        }
    }

    /// `k8s.io/klog/v2.stacks(0x1)`: a package, a point and a function with its arguments.
    private static func isGoCall(_ line: RawSpan) -> Bool {
        guard line.byteCount > 4, line.has(")", at: line.byteCount - 1) else { return false }
        let open = line.next(0x28, from: 0)
        guard open < line.byteCount, line.index(of: 0x20, in: 0..<open) == nil else { return false }
        return line.index(of: 0x2E, in: 0..<open) != nil
    }
}
