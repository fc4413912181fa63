import Glibc

/// Turns the lines of a file into UTF-8, by iconv(3).
///
/// Each line begins in the initial state of its encoding. Bytes that mean nothing in it are kept as
/// they are; half a character of UTF-16 or UTF-32 becomes U+FFFD.
final class TextConverter {
    private let descriptor: iconv_t
    private let isWide: Bool
    private var output = [CChar](repeating: 0, count: 16_384)

    /// Nil where the system does not know the encoding.
    init?(from encoding: String) {
        guard let opened = iconv_open("UTF-8", encoding), Int(bitPattern: opened) != -1 else {
            return nil
        }
        descriptor = opened
        isWide = Self.unit(of: encoding).width > 1
    }

    deinit { iconv_close(descriptor) }

    /// The form of a line end; UTF-16 and UTF-32 without an order of bytes are little-endian.
    static func unit(of encoding: String) -> LineSplitter.Unit {
        let name = encoding.uppercased().filter { $0 != "-" && $0 != "_" }
        let isBig = name.hasSuffix("BE")
        if name.hasPrefix("UTF16") || name.hasPrefix("UCS2") {
            return LineSplitter.Unit(width: 2, isBigEndian: isBig)
        }
        if name.hasPrefix("UTF32") || name.hasPrefix("UCS4") {
            return LineSplitter.Unit(width: 4, isBigEndian: isBig)
        }
        return LineSplitter.Unit()
    }

    func append(_ line: ArraySlice<UInt8>, to text: inout [UInt8]) {
        _ = iconv(descriptor, nil, nil, nil, nil)
        var rest = line.map { CChar(bitPattern: $0) }
        rest.withUnsafeMutableBufferPointer { input in
            var next = input.baseAddress
            var left = input.count
            while left > 0, let here = next {
                let error = convert(&next, &left, &text)
                guard left > 0, error != E2BIG else { continue }
                if isWide {
                    text += [0xEF, 0xBF, 0xBD]
                    let step = min(left, 2)
                    next = next.map { $0 + step }
                    left -= step
                } else if let place = next ?? Optional(here) {
                    text.append(UInt8(bitPattern: place.pointee))
                    next = place + 1
                    left -= 1
                }
            }
        }
    }

    /// Appends what one call makes of the rest: the error that stopped it, 0 for none.
    private func convert(
        _ next: inout UnsafeMutablePointer<CChar>?,
        _ left: inout Int,
        _ text: inout [UInt8]
    ) -> Int32 {
        output.withUnsafeMutableBufferPointer { buffer in
            var out = buffer.baseAddress
            var room = buffer.count
            let result = iconv(descriptor, &next, &left, &out, &room)
            let error = errno
            let made = buffer[..<(buffer.count - room)]
            text.append(contentsOf: made.lazy.map { UInt8(bitPattern: $0) })
            return result == -1 ? error : 0
        }
    }
}
