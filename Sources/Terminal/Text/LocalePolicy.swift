internal import CTerminal

/// Which characters the terminal may be sent.
///
/// ncurses draws nothing for what the C library's locale cannot say, so the locale is set before
/// it starts, and where that is not UTF-8 the program folds to ASCII by itself.
package enum LocalePolicy {
    /// What the environment asks for.
    package enum Wish: Equatable, Sendable {
        /// LC_ALL, LC_CTYPE or LANG, the first that is set and not empty (setlocale(3)).
        case named(String)
        case unsaid

        package init(environment: (String) -> String?) {
            for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
                if let value = environment(name), !value.isEmpty {
                    self = .named(value)
                    return
                }
            }
            self = .unsaid
        }

        /// The user chose the plain locale, so means it.
        package var isPlain: Bool {
            self == .named("C") || self == .named("POSIX")
        }
    }

    enum Outcome {
        case utf8
        case asciiOnly
    }

    /// Sets the locale.
    ///
    /// Where nothing was asked for, or a locale that this machine lacks, UTF-8 is taken: terminals
    /// of today speak it, and a minimal machine has no locale set up.
    static func apply(environment: (String) -> String?) -> Outcome {
        let wish = Wish(environment: environment)
        let exists = ct_set_locale("") != 0
        if ct_locale_is_utf8() != 0 { return .utf8 }
        if wish == .unsaid || (!exists && !wish.isPlain) {
            _ = ct_set_locale("C.UTF-8")
        }
        return ct_locale_is_utf8() != 0 ? .utf8 : .asciiOnly
    }
}
