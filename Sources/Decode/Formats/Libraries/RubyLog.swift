internal import Atlas

/// Ruby's Logger, and so Rails in production.
///
///     I, [2026-11-23T06:58:17.081234 #123]  INFO -- app: Started GET "/" for 10.0.0.9 at …
///     └ level └ local time           └ pid  └ level └ program └ message
///
/// The trace of an exception goes on with the line before.
/// Source: lib/logger/formatter.rb of Ruby.
package struct RubyLog: LogFormat {
    package let name = "rails"
    package let summary = "Ruby's Logger, and so Rails"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        guard line.hasPrefix(", [", at: 1), let stamp = line.stamp(at: 4),
            line.hasPrefix(" #", at: stamp.next)
        else { return ParsedLine(shape: isTrace(line) ? .continuation : .unknown) }
        let pid = stamp.next + 2
        let pidEnd = line.endOfDigits(from: pid)
        guard line.hasPrefix("] ", at: pidEnd), pidEnd > pid else {
            return ParsedLine(shape: .unknown)
        }
        let word = line.skipBlanks(from: pidEnd + 1)
        let wordEnd = line.lettersEnd(from: word)
        guard line.hasPrefix(" -- ", at: wordEnd) else { return ParsedLine(shape: .unknown) }
        // `ANY` is what has no level; a program's name may be missing.
        let level = line.level(named: word..<wordEnd)
        let program = wordEnd + 4
        let colon = line.next(0x3A, from: program)
        guard line.has(" ", at: colon + 1) || colon + 1 == line.byteCount else {
            return ParsedLine(shape: .unknown)
        }
        if fields.isWanted {
            fields.add(.pid, pid..<pidEnd, .number)
            if colon > program { fields.add(.program, program..<colon) }
        }
        return ParsedLine(
            shape: .record,
            time: stamp.time,
            level: level,
            messageStart: min(colon + 2, line.byteCount),
            step: stamp.step
        )
    }

    /// `app/models/user.rb:12:in 'save'`.
    private func isTrace(_ line: RawSpan) -> Bool {
        if line.has("\t", at: 0) { return true }
        guard let file = line.find(".rb:", from: 0) else { return false }
        let end = line.endOfDigits(from: file + 4)
        return end > file + 4 && line.hasPrefix(":in ", at: end)
    }
}
