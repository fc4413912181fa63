internal import CPcre2
internal import Glibc

/// What a match writes to, and how far it may go: one for each thread, made at its first match and
/// freed with the thread.
///
/// A pattern such as `(a+)+$` can try without end: it is stopped, and the line counts as one of
/// another shape.
final class RegexScratch {
    /// Tries of one match: below 2 ms of JIT code, thousands of times what a good pattern needs.
    private static let matchLimit: UInt32 = 100_000
    /// Of the interpreter, where there is no JIT.
    private static let depthLimit: UInt32 = 10_000
    /// In KiB; of the interpreter, too.
    private static let heapLimit: UInt32 = 1_024
    /// Of the stack of JIT code, in bytes.
    private static let stackSizes = (first: 32 << 10, most: 512 << 10)

    let data: OpaquePointer
    let context: OpaquePointer
    private let stack: OpaquePointer?

    private init?() {
        guard let data = pcre2_match_data_create_8(UInt32(RegexCode.groupLimit + 1), nil) else {
            return nil
        }
        guard let context = pcre2_match_context_create_8(nil) else {
            pcre2_match_data_free_8(data)
            return nil
        }
        pcre2_set_match_limit_8(context, Self.matchLimit)
        pcre2_set_depth_limit_8(context, Self.depthLimit)
        pcre2_set_heap_limit_8(context, Self.heapLimit)
        stack = pcre2_jit_stack_create_8(Self.stackSizes.first, Self.stackSizes.most, nil)
        if let stack { pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack)) }
        self.data = data
        self.context = context
    }

    deinit {
        pcre2_match_data_free_8(data)
        pcre2_match_context_free_8(context)
        pcre2_jit_stack_free_8(stack)
    }

    private static let key: pthread_key_t? = {
        var key = pthread_key_t()
        let failed = pthread_key_create(&key) { scratch in
            if let scratch { Unmanaged<RegexScratch>.fromOpaque(scratch).release() }
        }
        return failed == 0 ? key : nil
    }()

    /// That of the calling thread; nil when there is no memory for one.
    static var ofThread: RegexScratch? {
        guard let key else { return RegexScratch() }
        if let made = pthread_getspecific(key) {
            return Unmanaged<RegexScratch>.fromOpaque(made).takeUnretainedValue()
        }
        guard let scratch = RegexScratch() else { return nil }
        pthread_setspecific(key, Unmanaged.passRetained(scratch).toOpaque())
        return scratch
    }
}
