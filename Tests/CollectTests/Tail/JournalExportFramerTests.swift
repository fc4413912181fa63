import Atlas
import Chance
import Testing

@testable import Collect

@Suite("Framing the journal's export format")
struct JournalExportFramerTests {
    /// The records of a stream that comes in pieces of so many bytes, and the cuts.
    private func records(
        _ bytes: [UInt8],
        piece: Int = 1 << 20,
        limit: Int = 1_024
    ) -> (records: [[UInt8]], cuts: Int) {
        var framer = JournalExportFramer(limit: limit)
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        for start in stride(from: 0, to: bytes.count, by: piece) {
            bytes[start..<min(start + piece, bytes.count)].withUnsafeBytes {
                framer.take($0, into: &batch)
            }
        }
        framer.finish(into: &batch)
        return ((0..<batch.count).map { Array(batch.line($0)) }, framer.takeCuts())
    }

    private func binary(_ name: String, _ value: [UInt8], declared: UInt64? = nil) -> [UInt8] {
        let length = declared ?? UInt64(value.count)
        return Array("\(name)\n".utf8)
            + (0..<8).map { UInt8(truncatingIfNeeded: length >> UInt64(8 * $0)) } + value + [10]
    }

    private var stream: [UInt8] {
        Array("__CURSOR=a\nPRIORITY=6\nMESSAGE=one=1\n\n".utf8)
            + Array("__CURSOR=b\n".utf8)
            + binary("MESSAGE", Array("two\n\nlines=\n".utf8) + [0, 255])
            + Array("_PID=7\n\n\n".utf8) + binary("EMPTY", []) + [10]
    }

    @Test(
        "records are kept byte for byte, however the stream is cut",
        arguments: [1, 2, 3, 7, 1_000]
    )
    func pieces(_ piece: Int) {
        let (records, cuts) = records(stream, piece: piece)
        #expect(
            records == [
                Array("__CURSOR=a\nPRIORITY=6\nMESSAGE=one=1".utf8),
                Array("__CURSOR=b\n".utf8)
                    + binary("MESSAGE", Array("two\n\nlines=\n".utf8) + [0, 255])
                    + Array("_PID=7".utf8),
                binary("EMPTY", []).dropLast(),
            ]
        )
        #expect(cuts == 0)
    }

    /// Written by journalctl 252 of what logger(1) and a client of the native socket had sent.
    private var recorded: [UInt8] {
        Array(
            """
            __CURSOR=s=be17c466228d46f4aceb7b7842c84179;i=807;b=1fc9a6aa1cdb4c8a95dcc351471546af
            __REALTIME_TIMESTAMP=1795650706464405
            _HOSTNAME=vm
            PRIORITY=3
            SYSLOG_IDENTIFIER=myapp
            SYSLOG_TIMESTAMP=Nov 25 23:51:46\u{20}
            MESSAGE=disk is full
            _PID=16973

            __REALTIME_TIMESTAMP=1795650706867157
            PRIORITY=4
            SYSLOG_IDENTIFIER=py

            """.utf8
        ) + binary("MESSAGE", Array("two\nlines=".utf8) + [0xFF])
            + Array("X_Y=1\n_PID=16974\n\n".utf8)
    }

    @Test("what a real journal wrote comes as two records")
    func real() {
        let (records, cuts) = records(recorded, piece: 11)
        #expect(records.count == 2 && cuts == 0)
        #expect(records.first?.ends(with: "MESSAGE=disk is full\n_PID=16973".utf8) == true)
        #expect(records.last?.ends(with: "X_Y=1\n_PID=16974".utf8) == true)
        #expect(records.map(\.count).reduce(4, +) == recorded.count)
    }

    @Test("a message over the limit is cut to what has room, another field is left out; both count")
    func limit() {
        let long = [UInt8](repeating: 0x61, count: 5_000)
        let bytes =
            Array("A=b\nLONG=".utf8) + long + Array("\nMESSAGE=".utf8) + long + Array("\n\n".utf8)
            + Array("A=b\n".utf8) + binary("MESSAGE", long) + Array("C=d\n\nA=c\n\n".utf8)
        for piece in [1, 100, 100_000] {
            let (records, cuts) = records(bytes, piece: piece, limit: 100)
            #expect(cuts == 2)
            #expect(
                records == [
                    Array("A=b\nMESSAGE=".utf8) + [UInt8](repeating: 0x61, count: 87),
                    Array("A=b\n".utf8)
                        + binary("MESSAGE", [UInt8](repeating: 0x61, count: 79))
                        .dropLast(), Array("A=c".utf8),
                ]
            )
        }
    }

    @Test("a length that is not true costs no memory, and ends with the stream")
    func declared() {
        let bytes =
            Array("A=b\n".utf8) + binary("X", [UInt8](repeating: 1, count: 9_000), declared: .max)
        let (records, cuts) = records(bytes, limit: 100)
        #expect(records == [Array("A=b".utf8)])
        #expect(cuts == 1)
    }

    @Test("a value that goes on behind its length is taken to have ended")
    func unterminated() {
        let bytes = binary("X", Array("abc=d".utf8), declared: 2)
        #expect(
            records(bytes + [10]).records == [binary("X", Array("ab".utf8)) + Array("c=d".utf8)]
        )
        #expect(records(Array("\n\n\n".utf8)).records.isEmpty)
    }

    @Test("a record that has not ended is given out as far as it came")
    func unfinished() {
        #expect(records(Array("A=b\nMESSAGE=c".utf8)).records == [Array("A=b\nMESSAGE=c".utf8)])
        #expect(records(Array("A=b\nMESS".utf8)).records == [Array("A=b\nMESS".utf8)])
    }

    @Test("any bytes give records within the limit")
    func anyBytes() {
        var dice = Dice(5)
        let marks: [UInt8] = [0x0A, 0x3D, 0, 1, 0x4D, 0xFF]
        for _ in 0..<300 {
            let bytes = (0..<200).map { _ in dice.pick(marks) }
            for record in records(bytes, piece: 3, limit: 40).records {
                #expect(record.count <= 40 && !record.isEmpty)
            }
        }
    }
}

extension [UInt8] {
    fileprivate func ends(with text: some Collection<UInt8>) -> Bool {
        suffix(text.count).elementsEqual(text)
    }
}
