internal import Glibc

/// A part of the program that takes bytes from outside, with what has to hold for any of them.
package struct FuzzTarget: Sendable {
    package let name: String
    /// Files of the project, and folders of them, that hold inputs as they really come.
    package let seeds: [String]
    /// Ends the process where something does not hold.
    package let run: @Sendable (UnsafeRawBufferPointer) -> Void

    init(
        _ name: String,
        seeds: [String] = [],
        _ run: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
    ) {
        self.name = name
        self.seeds = seeds
        self.run = run
    }

    package static let all =
        formats + ownFormats + wire + files + recordings + probes + configurations + screens
        + secrets + queries + rules + history
}

/// A broken promise ends the process with its words: the fuzzer keeps the input then.
func hold(_ isTrue: Bool, _ promise: StaticString) {
    // A precondition has no words in a release build.
    if !isTrue { fatalError("\(promise)") }
}

extension UnsafeRawBufferPointer {
    /// Hands the bytes over in pieces, where to cut follows from them; each is memory of its own,
    /// so that address sanitizer sees a step beyond it.
    ///
    /// All but the last are of a multiple of `width` bytes.
    func cut(width: Int = 1, _ take: (UnsafeRawBufferPointer) -> Void) {
        // FNV-1a for the seed, and the generator of Knuth's MMIX.
        var state = reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        var start = 0
        while start < count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let random = Int(state >> 33)
            let length = (random & 7 == 0 ? random >> 3 & 255 : random >> 3 & 7) + 1
            let end = Swift.min(count, start + length * width)
            Array(self[start..<end]).withUnsafeBytes(take)
            start = end
        }
    }

    /// The lines, without their ends, each in memory of its own.
    var lines: [[UInt8]] {
        var lines: [[UInt8]] = []
        var start = 0
        // By the library: a loop of ours would be watched as closely as what is fuzzed.
        while let base = baseAddress, let found = memchr(base + start, 10, count - start) {
            let end = UnsafeRawPointer(found) - base
            lines.append(Array(self[start..<end]))
            start = end + 1
        }
        return lines + [Array(self[start...])]
    }

    var text: String { String(decoding: self, as: UTF8.self) }
}
