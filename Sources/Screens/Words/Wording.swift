package import Atlas

/// Figures as people read them, as coarse as they may be: what does not change is not drawn.
package enum Wording {
    /// How long ago: seconds under a minute, then minutes, hours, days.
    package static func age(_ span: Span) -> String {
        let seconds = max(0, span.nanoseconds / 1_000_000_000)
        return switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3_600: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) d"
        }
    }

    /// How long something took that was measured: milliseconds below 1 s, tenths up to 100 s.
    package static func took(_ span: Span) -> String {
        if span < .zero { return "-" + took(Span(nanoseconds: -span.nanoseconds)) }
        let milliseconds = (span.nanoseconds + 500_000) / 1_000_000
        let tenths = (span.nanoseconds + 50_000_000) / 100_000_000
        return switch tenths {
        case 0 where milliseconds == 0: "0 s"
        case _ where milliseconds < 1_000: "\(milliseconds) ms"
        case ..<1_000: "\(tenths / 10).\(tenths % 10) s"
        case ..<6_000: "\(tenths / 10) s"
        default: "\(tenths / 600) min"
        }
    }

    /// How far something is behind; what does not matter for the objective is `<1 s`, or less for
    /// a strict one, so that a healthy link does not flicker.
    package static func lag(_ span: Span, rpo: Span?) -> String {
        let least = min(.seconds(1), (rpo ?? .seconds(60)) / 20)
        return span < least ? "<\(aim(least))" : span.description
    }

    /// An objective or a width, as it was set: `1 s`, `120 s`, `15 min`.
    package static func aim(_ span: Span) -> String {
        let whole = span.nanoseconds / 1_000_000_000
        return span == .seconds(whole) && (1..<600).contains(whole)
            ? "\(whole) s" : span.description
    }

    /// How long something takes that is not over: whole seconds.
    package static func soFar(_ span: Span) -> String {
        let seconds = span.nanoseconds / 1_000_000_000
        return seconds < 600 ? "\(seconds) s" : "\(seconds / 60) min"
    }

    /// `2,014`.
    package static func count(_ number: Int) -> String {
        guard number >= 1_000 else { return String(number) }
        return count(number / 1_000) + "," + padded(number % 1_000, 3)
    }

    /// Two digits and a letter from a thousand on: `940`, `1.9k`, `23M`.
    package static func compact(_ number: Double) -> String {
        let units: [(Double, String)] = [(1e9, "G"), (1e6, "M"), (1e3, "k")]
        for (size, letter) in units where number >= size {
            return digits(number / size) + letter
        }
        return number < 10 && number > 0 ? digits(number) : String(whole(number))
    }

    /// Two digits, cut, not rounded, so that a steady flow seldom changes it: `94`, `940`, `1.9k`.
    package static func coarse(_ number: Int) -> String {
        guard number >= 100 else { return String(number) }
        var size = 1
        while number / size >= 100 { size *= 10 }
        return compact(Double(number / size * size))
    }

    /// `3.4 MiB`.
    package static func bytes(_ number: Int64) -> String {
        let units: [(Double, String)] = [
            (1_099_511_627_776, "TiB"), (1_073_741_824, "GiB"), (1_048_576, "MiB"), (1_024, "KiB"),
        ]
        for (size, unit) in units where Double(number) >= size {
            return digits(Double(number) / size) + " " + unit
        }
        return "\(number) B"
    }

    /// The nearest whole number, however large the figure that somebody sent.
    static func whole(_ value: Double) -> Int64 {
        Int64(exactly: max(-9e18, min(9e18, value.isFinite ? value : 0)).rounded()) ?? 0
    }

    /// How much of the log a link's target has not: `3.4 MiB`, `12 transactions`.
    package static func amount(_ loss: LossEstimate) -> String {
        switch loss.unit {
        case .bytes: bytes(loss.amount)
        case .transactions:
            loss.amount == 1 ? "1 transaction" : "\(count(Int(loss.amount))) transactions"
        }
    }

    /// Of a budget: less is drawn as nothing.
    package static let little = 0.05

    /// `31%`; from ten times on as a multiple; a little is `<5%`, so that it does not flicker.
    package static func percent(_ part: Double) -> String {
        part < little
            ? "<5%" : part < 10 ? "\(Int((part * 100).rounded(.down)))%" : "\(compact(part))x"
    }

    private static func digits(_ value: Double) -> String {
        guard value < 9.95 else { return String(whole(value)) }
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? String(tenths / 10) : "\(tenths / 10).\(tenths % 10)"
    }
}
