internal import Atlas

/// The usual layouts of Python's logging module and of servers that use it.
///
///     2026-11-23 07:11:18,423 - app.db - INFO - text        (the manual's own example)
///     2026-11-23 07:11:18,423 INFO app.db: text             and `… INFO: text`, `… INFO text`
///     2026-11-23 07:11:18.423 123 INFO nova.compute [req-1] text        (oslo.log)
///     [2026-11-23 07:11:18 +0000] [123] [INFO] text                     (gunicorn)
///     [2026-11-23 07:11:18,423: INFO/MainProcess] text                  (Celery)
///     [2026-11-23 07:11:18,423] INFO in app: text                       (Flask)
///     [2026-11-23 07:11:18,423] {file.py:12} INFO - text                (Airflow)
///     INFO:app.db:text          `INFO:     text`                        (basicConfig, uvicorn)
///
/// Tracebacks go on with the line before. Source: Python 3 manual, "logging", and the default
/// formats of these projects.
package struct PythonLog: LogFormat {
    package let name = "python"
    package let summary = "the usual layouts of Python's logging module"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        let isBracketed = line.has("[", at: 0)
        guard let stamp = line.stamp(at: isBracketed ? 1 : 0) else {
            if let parsed = timeless(line, into: &fields) { return parsed }
            return ParsedLine(shape: StackTrace.isPython(line) ? .continuation : .unknown)
        }
        var origin = Origin()
        let found =
            isBracketed
            ? bracketed(line, from: stamp.next, &origin) : bare(line, from: stamp.next, &origin)
        guard let (level, message) = found else { return ParsedLine(shape: .unknown) }
        if fields.isWanted { origin.add(to: &fields) }
        return ParsedLine(
            shape: .record,
            time: stamp.time,
            level: level,
            messageStart: min(message, line.byteCount),
            step: stamp.step
        )
    }

    private struct Origin {
        var logger: Range<Int>?
        var process: Range<Int>?
        var pid: Range<Int>?
        var file: Range<Int>?
        var line: Range<Int>?
        var thread: Range<Int>?

        func add(to fields: inout FieldList) {
            if let pid { fields.add(.pid, pid, .number) }
            if let process { fields.add(.process, process) }
            if let thread { fields.add(.thread, thread) }
            if let file { fields.add(.file, file) }
            if let line { fields.add(.line, line, .number) }
            if let logger { fields.add(.logger, logger) }
        }
    }

    private typealias Found = (Level, message: Int)

    /// `INFO:app.db:text`; a name behind the first colon, or blanks.
    private func timeless(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine? {
        let end = line.lettersEnd(from: 0)
        guard end > 3, line.has(":", at: end), line.byte(0) < 0x61, line.byte(end - 1) < 0x61,
            let level = line.level(named: 0..<end)
        else { return nil }
        let name = end + 1
        if line.has(" ", at: name) {
            let message = line.skipBlanks(from: name)
            return ParsedLine(shape: .record, level: level, messageStart: message)
        }
        let nameEnd = nameEnd(line, from: name)
        guard nameEnd > name, line.has(":", at: nameEnd) else { return nil }
        fields.add(.logger, name..<nameEnd)
        return ParsedLine(shape: .record, level: level, messageStart: nameEnd + 1)
    }

    /// Behind a time without brackets.
    private func bare(_ line: RawSpan, from start: Int, _ origin: inout Origin) -> Found? {
        if line.hasPrefix(" - ", at: start) { return dashed(line, from: start + 3, &origin) }
        guard line.has(" ", at: start) else { return nil }
        var word = line.skipBlanks(from: start)
        let pidEnd = line.endOfDigits(from: word)
        if pidEnd > word, line.has(" ", at: pidEnd) {
            origin.pid = word..<pidEnd
            word = pidEnd + 1
        }
        let isBracketed = line.has("[", at: word)
        if isBracketed { word += 1 }
        let end = line.lettersEnd(from: word)
        guard let level = line.level(named: word..<end), line.byte(word) < 0x61 else { return nil }
        if isBracketed {
            let close = line.skipBlanks(from: end)
            guard line.has("]", at: close) else { return nil }
            return (level, named(line, from: line.skipBlanks(from: close + 1), &origin))
        }
        if line.hasPrefix(": ", at: end) { return (level, line.skipBlanks(from: end + 2)) }
        guard line.has(" ", at: end) else { return nil }
        return (level, named(line, from: line.skipBlanks(from: end), &origin))
    }

    /// `NAME - LEVEL - text`, `LEVEL - text`, with further parts between, at most four.
    private func dashed(_ line: RawSpan, from start: Int, _ origin: inout Origin) -> Found? {
        var index = start
        for _ in 0..<5 {
            let limit = min(line.byteCount, index + 200)
            guard let end = dash(line, from: index, to: limit) else { return nil }
            let part = line.trimmed(index..<end)
            index = end + 3
            if let level = line.level(named: part) { return (level, index) }
            if line.isNumber(part) {
                origin.pid = origin.pid ?? part
            } else if origin.logger == nil {
                origin.logger = part
            } else if origin.thread == nil {
                origin.thread = part
            }
        }
        return nil
    }

    private func dash(_ line: RawSpan, from start: Int, to end: Int) -> Int? {
        var index = start
        while index < end {
            index = line.next(0x2D, from: index + 1, to: end)
            if index < end, line.byte(index - 1) == 0x20, line.has(" ", at: index + 1) {
                return index - 1
            }
        }
        return nil
    }

    /// Behind a time that began with a bracket.
    private func bracketed(_ line: RawSpan, from start: Int, _ origin: inout Origin) -> Found? {
        if line.hasPrefix(": ", at: start) { return celery(line, from: start + 2, &origin) }
        guard line.hasPrefix("] ", at: start) else { return nil }
        var index = line.skipBlanks(from: start + 1)
        if line.has("[", at: index) {
            let pidEnd = line.endOfDigits(from: index + 1)
            if pidEnd > index + 1, line.hasPrefix("] [", at: pidEnd) {
                origin.pid = index + 1..<pidEnd
                index = pidEnd + 2
            }
            let end = line.lettersEnd(from: index + 1)
            let close = line.skipBlanks(from: end)
            guard line.has("]", at: close), let level = line.level(named: index + 1..<end) else {
                return nil
            }
            return (level, named(line, from: line.skipBlanks(from: close + 1), &origin))
        }
        if line.has("{", at: index) {
            let close = line.next(0x7D, from: index)
            guard close < line.byteCount else { return nil }
            let colon = line.next(0x3A, from: index, to: close)
            origin.file = index + 1..<colon
            if line.isNumber(min(colon + 1, close)..<close) { origin.line = colon + 1..<close }
            index = line.skipBlanks(from: close + 1)
        }
        let end = line.lettersEnd(from: index)
        guard let level = line.level(named: index..<end) else { return nil }
        if line.hasPrefix(" - ", at: end) { return (level, end + 3) }
        if line.hasPrefix(" in ", at: end) {
            let name = end + 4
            let nameEnd = nameEnd(line, from: name)
            guard nameEnd > name, line.hasPrefix(": ", at: nameEnd) else { return nil }
            origin.logger = name..<nameEnd
            return (level, nameEnd + 2)
        }
        return nil
    }

    /// `INFO/MainProcess] text`.
    private func celery(_ line: RawSpan, from start: Int, _ origin: inout Origin) -> Found? {
        let end = line.lettersEnd(from: start)
        guard let level = line.level(named: start..<end), line.has("/", at: end) else { return nil }
        let close = line.next(0x5D, from: end)
        guard close < line.byteCount else { return nil }
        origin.process = end + 1..<close
        return (level, close + 2)
    }

    /// Behind `app.db: `, `app.db - `, or before `nova.compute [req-1] `; where there is no name,
    /// the message begins at once.
    private func named(_ line: RawSpan, from start: Int, _ origin: inout Origin) -> Int {
        let end = nameEnd(line, from: start)
        guard end > start else { return start }
        if line.hasPrefix(" - ", at: end) {
            origin.logger = start..<end
            return end + 3
        }
        // Words such as `error: …` are part of the message.
        let isDotted = line.index(of: 0x2E, in: start..<end) != nil
        if line.hasPrefix(": ", at: end), isDotted || line.level(named: start..<end) == nil {
            origin.logger = start..<end
            return end + 2
        }
        if isDotted, line.hasPrefix(" [", at: end) {
            origin.logger = start..<end
            return end + 1
        }
        return start
    }

    private func nameEnd(_ line: RawSpan, from start: Int) -> Int {
        var index = start
        while index < line.byteCount {
            let byte = line.byte(index)
            guard
                (0x61...0x7A).contains(byte | 0x20) || byte &- 48 < 10 || byte == 0x2E
                    || byte == 0x5F
            else { break }
            index += 1
        }
        return index
    }
}
