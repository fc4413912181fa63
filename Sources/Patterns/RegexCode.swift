internal import CPcre2

/// A compiled regular expression over bytes (PCRE2), just in time where the system allows it.
///
/// `@unchecked Sendable`: the pointer is set once, and what it points to is never changed after
/// `compile` (pcre2api(3), "Multithreading"). What a match writes to belongs to its thread alone
/// (`RegexScratch`).
package final class RegexCode: @unchecked Sendable {
    /// More groups than that need a larger scratch; nobody needs them.
    package static let groupLimit = 63
    private static let patternLimit = 8_192
    /// Bytes that a pattern may be tried from anywhere in.
    ///
    /// PCRE2 limits what one start costs, not how many there are: `[a-z]+[0-9]` takes half a minute
    /// on a mebibyte of letters.
    package static let reach = 4_096

    private let code: OpaquePointer
    /// A byte that every match holds; nil when none is certain.
    package let neededByte: UInt8?

    package enum Compilation {
        case code(RegexCode)
        /// In PCRE2's own words, and where in the pattern, in bytes.
        case refused(words: String, offset: Int)
    }

    private init(_ code: OpaquePointer) {
        self.code = code
        neededByte = Self.neededByte(of: code)
    }

    deinit {
        pcre2_code_free_8(code)
    }

    /// Compiles a pattern that has to match from the beginning of a line, or anywhere in it.
    ///
    /// Bytes, not letters: a log may hold anything, and in PCRE2's UTF mode an invalid byte ends
    /// what `.*` can reach. A dot takes every byte, `$` is the end of the line.
    package static func compile(_ pattern: String, isAnchored: Bool = true) -> Compilation {
        let bytes = Array(pattern.utf8)
        guard bytes.count <= patternLimit else {
            return .refused(words: "longer than \(patternLimit) bytes", offset: 0)
        }
        let options =
            PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C
            | (isAnchored ? PCRE2_ANCHORED : 0)
        var error: Int32 = 0
        var offset = 0
        guard
            let code = pcre2_compile_8(bytes, bytes.count, UInt32(options), &error, &offset, nil)
        else { return .refused(words: words(of: error), offset: min(offset, bytes.count)) }
        let compiled = RegexCode(code)
        guard compiled.groupCount <= groupLimit else {
            let words = "\(compiled.groupCount) groups, where \(groupLimit) are allowed"
            return .refused(words: words, offset: 0)
        }
        // Where memory may not be made executable the interpreter does it, slower.
        _ = pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE))
        return .code(compiled)
    }

    package var groupCount: Int {
        var count: UInt32 = 0
        return pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &count) == 0
            ? Int(count) : 0
    }

    package enum Group: Equatable {
        case none
        case number(Int)
        /// Several groups have the name (`(?J)` allows that).
        case ambiguous
    }

    package func group(named name: String) -> Group {
        switch pcre2_substring_number_from_name_8(code, Array(name.utf8) + [0]) {
        case PCRE2_ERROR_NOUNIQUESUBSTRING: .ambiguous
        case let number where number > 0: .number(Int(number))
        default: .none
        }
    }

    /// The groups that have a name, by their number; one name may have several.
    package var namedGroups: [(name: String, number: Int)] {
        var count: UInt32 = 0
        var size: UInt32 = 0
        var table: UnsafePointer<UInt8>?
        guard pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count) == 0,
            pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &size) == 0,
            pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table) == 0, let table
        else { return [] }
        // Each entry: the number in two bytes, high one first, then the name and a zero.
        let groups = (0..<Int(count)).map { index in
            let entry = table + index * Int(size)
            let name = UnsafeBufferPointer(start: entry + 2, count: Int(size) - 2)
            return (
                String(decoding: name.prefix { $0 != 0 }, as: UTF8.self),
                Int(entry[0]) << 8 | Int(entry[1])
            )
        }
        return groups.sorted { $0.1 < $1.1 }
    }

    /// What the groups of a match hold; group 0 is the whole match.
    ///
    /// Valid until the next match of the same thread, and no longer.
    package struct Groups {
        fileprivate let ends: UnsafeMutablePointer<Int>
        fileprivate let count: Int

        /// The bytes of the line that a group took; nil when it took no part.
        package subscript(group: Int) -> Range<Int>? {
            guard group < count else { return nil }
            let (start, end) = (ends[2 * group], ends[2 * group + 1])
            // PCRE2_UNSET has all bits set; `\K` in a lookahead can put the start behind the end.
            guard start >= 0, start <= end else { return nil }
            return start..<end
        }
    }

    package enum Outcome {
        case matched(Groups)
        case none
        /// Whether it matches is not known: it reached a limit of `RegexScratch`, or there was no
        /// memory.
        case gaveUp
    }

    /// Matches anywhere in the first `reach` bytes of a text.
    package func search(_ text: UnsafeRawBufferPointer) -> Outcome {
        guard text.count > Self.reach else { return match(text) }
        return match(UnsafeRawBufferPointer(rebasing: text.prefix(Self.reach)), isEnd: false)
    }

    /// Matches one line, from an offset on.
    ///
    /// No lock, and no allocation but a thread's first. Of a part of a line `isBeginning` and
    /// `isEnd` tell whether `^` and `$` may match at its ends.
    package func match(
        _ line: UnsafeRawBufferPointer,
        from start: Int = 0,
        isBeginning: Bool = true,
        isEnd: Bool = true
    ) -> Outcome {
        guard let scratch = RegexScratch.ofThread else { return .gaveUp }
        let subject = line.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? Self.nothing
        let found = pcre2_match_8(
            code,
            subject,
            line.count,
            start,
            UInt32((isBeginning ? 0 : PCRE2_NOTBOL) | (isEnd ? 0 : PCRE2_NOTEOL)),
            scratch.data,
            scratch.context
        )
        if found == PCRE2_ERROR_NOMATCH { return .none }
        guard found > 0, let ends = pcre2_get_ovector_pointer_8(scratch.data) else {
            return .gaveUp
        }
        return .matched(Groups(ends: ends, count: Int(found)))
    }

    private static var nothing: UnsafePointer<UInt8> { ("" as StaticString).utf8Start }

    /// PCRE2 knows one letter that has to come first, or last, of the literal ones.
    private static func neededByte(of code: OpaquePointer) -> UInt8? {
        let questions = [
            (PCRE2_INFO_LASTCODETYPE, PCRE2_INFO_LASTCODEUNIT),
            (PCRE2_INFO_FIRSTCODETYPE, PCRE2_INFO_FIRSTCODEUNIT),
        ]
        for (type, unit) in questions {
            var kind: UInt32 = 0
            var byte: UInt32 = 0
            guard pcre2_pattern_info_8(code, UInt32(type), &kind) == 0, kind == 1,
                pcre2_pattern_info_8(code, UInt32(unit), &byte) == 0, byte < 256
            else { continue }
            let isLetter = (0x61...0x7A).contains(byte | 0x20)
            // It may stand for either case.
            if !isLetter { return UInt8(byte) }
        }
        return nil
    }

    private static func words(of error: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = pcre2_get_error_message_8(error, &buffer, buffer.count)
        return length > 0
            ? String(decoding: buffer[..<Int(length)], as: UTF8.self) : "error \(error)"
    }
}
