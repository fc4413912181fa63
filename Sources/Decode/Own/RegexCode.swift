internal import CPcre2

/// A compiled regular expression over bytes (PCRE2), just in time where the system allows it.
///
/// `@unchecked Sendable`: the pointer is set once, and what it points to is never changed after
/// `compile` (pcre2api(3), "Multithreading"). What a match writes to belongs to its thread alone
/// (`RegexScratch`).
final class RegexCode: @unchecked Sendable {
    /// More groups than that need a larger scratch; nobody needs them.
    static let groupLimit = 63
    private static let patternLimit = 8_192

    private let code: OpaquePointer

    enum Compilation {
        case code(RegexCode)
        /// In PCRE2's own words, and where in the pattern, in bytes.
        case refused(words: String, offset: Int)
    }

    private init(_ code: OpaquePointer) {
        self.code = code
    }

    deinit {
        pcre2_code_free_8(code)
    }

    /// Compiles a pattern that has to match from the beginning of a line.
    ///
    /// Bytes, not letters: a log may hold anything, and in PCRE2's UTF mode an invalid byte ends
    /// what `.*` can reach. A dot takes every byte, `$` is the end of the line.
    static func compile(_ pattern: String) -> Compilation {
        let bytes = Array(pattern.utf8)
        guard bytes.count <= patternLimit else {
            return .refused(words: "longer than \(patternLimit) bytes", offset: 0)
        }
        let options =
            PCRE2_ANCHORED | PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF
            | PCRE2_NEVER_BACKSLASH_C
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

    var groupCount: Int {
        var count: UInt32 = 0
        return pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &count) == 0
            ? Int(count) : 0
    }

    enum Group: Equatable {
        case none
        case number(Int)
        /// Several groups have the name (`(?J)` allows that).
        case ambiguous
    }

    func group(named name: StaticString) -> Group {
        switch pcre2_substring_number_from_name_8(code, name.utf8Start) {
        case PCRE2_ERROR_NOUNIQUESUBSTRING: .ambiguous
        case let number where number > 0: .number(Int(number))
        default: .none
        }
    }

    /// What the groups of a match hold; valid inside `match` alone.
    struct Groups {
        fileprivate let ends: UnsafeMutablePointer<Int>
        fileprivate let count: Int

        /// The bytes of the line that a group took; nil when it took no part.
        subscript(group: Int) -> Range<Int>? {
            guard group < count else { return nil }
            let (start, end) = (ends[2 * group], ends[2 * group + 1])
            // PCRE2_UNSET has all bits set; `\K` in a lookahead can put the start behind the end.
            guard start >= 0, start <= end else { return nil }
            return start..<end
        }
    }

    /// Matches one line; nil when it does not match, or only beyond the limits of `RegexScratch`.
    ///
    /// No lock, and no allocation but a thread's first.
    func match<Reading>(
        _ line: UnsafeRawBufferPointer,
        _ read: (Groups) -> Reading
    ) -> Reading? {
        guard let scratch = RegexScratch.ofThread else { return nil }
        let subject = line.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? Self.nothing
        let found = pcre2_match_8(
            code,
            subject,
            line.count,
            0,
            0,
            scratch.data,
            scratch.context
        )
        guard found > 0, let ends = pcre2_get_ovector_pointer_8(scratch.data) else { return nil }
        return read(Groups(ends: ends, count: Int(found)))
    }

    private static var nothing: UnsafePointer<UInt8> { ("" as StaticString).utf8Start }

    private static func words(of error: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = pcre2_get_error_message_8(error, &buffer, buffer.count)
        return length > 0
            ? String(decoding: buffer[..<Int(length)], as: UTF8.self) : "error \(error)"
    }
}
