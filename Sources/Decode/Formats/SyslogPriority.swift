package import Atlas

/// The number at the head of a syslog message: facility times eight plus severity.
///
///     <133>  16 * 8 + 5: local0, notice
///
/// Sources: RFC 3164 section 4.1.1, RFC 5424 section 6.2.1; the names are those of syslog(3).
package enum SyslogPriority {
    /// What a message without a valid one counts as: user.notice (RFC 3164 section 4.3.3).
    package static let standard = 13

    /// `<0>` to `<191>`: the number, where its digits are, and what is behind it.
    ///
    /// Nil for anything else, such as `<>` and `<192>`: then it is a part of the message.
    static func read(_ line: borrowing RawSpan) -> (number: Int, digits: Range<Int>, next: Int)? {
        guard line.has("<", at: 0) else { return nil }
        for end in 2...4 where line.has(">", at: end) {
            guard let number = line.number(at: 1, digits: end - 1), number < 192 else { return nil }
            return (number, 1..<end, end + 1)
        }
        return nil
    }

    /// The severity on our scale: what is worse than an error is fatal.
    package static func level(_ number: Int) -> Level {
        switch number & 7 {
        case 0, 1, 2: .fatal
        case 3: .error
        case 4: .warn
        case 5: .notice
        case 6: .info
        default: .debug
        }
    }

    /// `kern` to `local7`; nil beyond 191.
    package static func facility(_ number: Int) -> StaticString? {
        switch number >> 3 {
        case 0: "kern"
        case 1: "user"
        case 2: "mail"
        case 3: "daemon"
        case 4: "auth"
        case 5: "syslog"
        case 6: "lpr"
        case 7: "news"
        case 8: "uucp"
        case 9: "cron"
        case 10: "authpriv"
        case 11: "ftp"
        case 12: "ntp"
        case 13: "audit"
        case 14: "alert"
        case 15: "at"
        case 16: "local0"
        case 17: "local1"
        case 18: "local2"
        case 19: "local3"
        case 20: "local4"
        case 21: "local5"
        case 22: "local6"
        case 23: "local7"
        default: nil
        }
    }

    /// `emerg` to `debug`.
    package static func severity(_ number: Int) -> StaticString {
        switch number & 7 {
        case 0: "emerg"
        case 1: "alert"
        case 2: "crit"
        case 3: "err"
        case 4: "warn"
        case 5: "notice"
        case 6: "info"
        default: "debug"
        }
    }
}
