/// Numbers of network byte order, at any offset; the caller has looked that they are inside.
extension RawSpan {
    @inline(__always)
    package func byte(_ offset: Int) -> UInt8 { unsafeLoad(fromByteOffset: offset, as: UInt8.self) }

    @inline(__always)
    func big<Value: FixedWidthInteger & BitwiseCopyable>(
        _ offset: Int,
        as: Value.Type = Value.self
    ) -> Value {
        Value(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self))
    }

    package func array(_ range: Range<Int>) -> [UInt8] {
        extracting(range).withUnsafeBytes { Array($0) }
    }

    func isEqual(_ text: StaticString, _ range: Range<Int>) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: range.count)
        return extracting(range).withUnsafeBytes { $0.elementsEqual(wanted) }
    }
}
