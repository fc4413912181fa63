import Atlas
import Testing

@testable import Decode

@Suite("The syslog format")
struct SyslogLogTests {
    private func parse(_ text: String, _ format: any LogFormat = SyslogLog()) -> ParsedLine {
        let bytes = Array(text.utf8)
        return format.parse(bytes.span.bytes)
    }

    @Test(
        "the level is in the words of the message, where they are said in the usual way",
        arguments: [
            ("kernel: [12.3] eth0: link up", nil),
            ("app[7]: error: no route to host", Level.error),
            ("app[7]: ERROR no route to host", .error), ("app: [error] x", .error),
            ("app: level=error msg=x", .error), ("app: <err> x", .error),
            ("kernel: blk_update_request: I/O error, dev sda", .error),
            ("kernel: x[3]: segfault at 0 ip 7f", .error), ("kernel: Kernel panic - x", nil),
            ("kernel: panic: x", .fatal), ("app: WARNING: x", .warn), ("app: warn: x", .warn),
            ("systemd[1]: a.service: Failed with result 'exit-code'.", .warn),
            ("sshd[1]: Failed password for root", .warn),
            ("sshd[1]: authentication failure; rhost=x", .warn),
            ("app: 0 errors, 3 warnings", nil), ("app: no error found", nil),
            ("app: errors: 0", nil), ("app: failover done", nil),
            ("app: warning: then error: x", .error), ("app: ", nil), ("app:", nil),
        ]
    )
    func levels(line: String, level: Level?) {
        for head in ["Nov 23 07:00:25 lb-1 ", "2026-11-23T07:00:25.586123+00:00 lb-1 "] {
            let parsed = parse(head + line)
            #expect(parsed.shape == .record)
            #expect(parsed.level == level, "\(line)")
            #expect(parsed.messageStart == head.utf8.count)
        }
    }

    @Test("other lines are unknown, and indented ones go on with the one before")
    func others() {
        #expect(parse("no head at all").shape == .unknown)
        #expect(parse("").shape == .unknown)
        #expect(parse("\tat org.example.Main").shape == .continuation)
    }

    @Test("any line of the kept ones is read as what it looks like")
    func auto() {
        #expect(parse("Nov 23 07:00:25 a b: c", AutoLog()).time != .none)
        #expect(
            parse("2026-11-23 07:00:00.123 UTC [1] LOG:  x", AutoLog()).messageStart
                == parse("2026-11-23 07:00:00.123 UTC [1] LOG:  x", PostgreSQLLog()).messageStart
        )
        #expect(parse("anything", AutoLog()) == ParsedLine(shape: .record))
    }
}

@Suite("Guessing the format of a file")
struct FormatGuessTests {
    private func guess(_ text: String) -> String {
        FormatGuess.format(of: Array(text.utf8).split(separator: 10)).name
    }

    @Test(
        "the format that takes most of the lines",
        arguments: [
            ("", "plain"), ("hello\nworld\n", "plain"),
            ("Nov 23 07:00:25 a b[1]: c\nNov  3 07:00:26 a kernel: d\n", "syslog"),
            ("2026-11-23T07:00:25.586123+00:00 a b: c\n", "syslog"),
            ("2026-11-23 07:00:00.123 UTC [1] LOG:  x\n\tgoes on\n", "postgresql"),
            ("2026-11-23 07:00:00 UTC [1] LOG:  x\n", "postgresql"),
            ("2026-11-23  6:57:59 0 [Note] InnoDB: x\n", "mariadb"),
            ("21934:X 23 Nov 2026 06:58:17.081 # +odown master\n", "redis"),
            ("words\nwords\nwords\nNov 23 07:00:25 a b[1]: c\n", "plain"),
        ]
    )
    func guesses(text: String, name: String) {
        #expect(guess(text) == name)
    }

    @Test("bytes of any kind are guessed, too")
    func hostile() {
        var bytes: [UInt8] = []
        for byte in UInt8.min...UInt8.max { bytes += [byte, 10, 32, byte] }
        #expect(FormatGuess.format(of: [bytes[...], [], [0], [9]]).name == "plain")
    }
}
