import Glibc

/// A level one can wait for with poll(2): raised or lowered, whoever looks.
///
/// One byte lies in the pipe while it is raised. Raise and lower it under the lock of the state
/// that it mirrors; then it never disagrees with that state.
package final class WakePipe: Sendable {
    private let readEnd: Descriptor
    private let writeEnd: Descriptor

    package init() throws(CollectError) {
        let ends = try makePipe()
        makeNonBlocking(ends.read)
        makeNonBlocking(ends.write)
        readEnd = Descriptor(ends.read)
        writeEnd = Descriptor(ends.write)
    }

    /// Readable while raised.
    package var descriptor: Int32 { readEnd.number }

    package func raise() {
        var byte: UInt8 = 1
        _ = write(writeEnd.number, &byte, 1)
    }

    package func lower() {
        var bytes = (0 as UInt64, 0 as UInt64)
        while read(readEnd.number, &bytes, 16) > 0 {}
    }
}
