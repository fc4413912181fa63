package import Atlas

extension RegexFormat {
    /// All that is wrong with a format: its parts, and samples that it reads otherwise.
    package static func mistakes(in format: UserFormat) -> [FormatMistake] {
        var mistakes: [FormatMistake] = []
        guard let reader = RegexFormat(format, &mistakes) else { return mistakes }
        return format.samples.indices.flatMap { index in
            SampleCheck(sample: format.samples[index], index: index).mistakes(of: reader)
        }
    }
}

/// A sample beside what a format reads out of it.
private struct SampleCheck {
    let sample: UserFormat.Sample
    let index: Int

    func mistakes(of format: RegexFormat) -> [FormatMistake] {
        let bytes = Array(sample.line.utf8)
        let parsed = format.parse(bytes.span.bytes)
        guard shape(parsed) == sample.shape else { return [wrongShape(parsed)] }
        guard sample.shape != .unknown else { return [] }
        var mistakes: [FormatMistake] = []
        if let wanted = sample.time, !isSame(wanted, parsed.time) {
            mistakes.append(differs("time", wanted.description, words(parsed.time, wanted)))
        }
        if let wanted = sample.level, parsed.level != wanted {
            let read = parsed.level?.name ?? "none"
            let remedy = "correct the sample, or add the word to 'levels'"
            mistakes.append(differs("level", wanted.name, read, remedy: remedy))
        }
        let message = String(decoding: bytes[parsed.messageStart...], as: UTF8.self)
        if let wanted = sample.message, message != wanted {
            mistakes.append(differs("message", "'\(wanted)'", "'\(message)'"))
        }
        return mistakes
    }

    private func shape(_ parsed: ParsedLine) -> UserFormat.Sample.Shape {
        switch parsed.shape {
        case .record: .record
        case .continuation: .continuation
        case .unknown: .unknown
        }
    }

    private func wrongShape(_ parsed: ParsedLine) -> FormatMistake {
        let isTimeBad = parsed.shape == .unknown && parsed.messageStart > 0
        let read =
            switch parsed.shape {
            case .record: "reads as a line of its own"
            case .continuation: "reads as a continuation"
            case .unknown:
                isTimeBad
                    ? "matches 'pattern', but its time has not the form of 'time'"
                    : "does not match 'pattern'"
            }
        return FormatMistake(
            .sample(index, "line"),
            what: "sample \(index + 1) \(read)",
            remedy: parsed.shape == .unknown
                ? "correct the sample or \(isTimeBad ? "'time'" : "'pattern'"),"
                    + " or say of the sample: is: unknown"
                : "correct the sample or 'pattern', or say of the sample: is: \(shape(parsed).rawValue)"
        )
    }

    private func differs(
        _ key: String,
        _ wanted: String,
        _ read: String,
        remedy: String = "correct the sample, or what reads it"
    ) -> FormatMistake {
        FormatMistake(
            .sample(index, key),
            what: "the \(key) of sample \(index + 1) reads as \(read), not \(wanted)",
            remedy: remedy
        )
    }

    private func isSame(_ wanted: Instant, _ time: ParsedLine.Time) -> Bool {
        instant(time, wanted) == wanted
    }

    /// As `Sample.time` is written: an unknown zone is read as UTC, an unknown year is the sample's.
    private func instant(_ time: ParsedLine.Time, _ wanted: Instant) -> Instant? {
        switch time {
        case .none: return nil
        case .exact(let instant), .zoneUnknown(let instant): return instant
        case .yearUnknown(var civil, let offset):
            civil.year = wanted.civil(offset: offset ?? .zero).year
            return Instant(civil, offset: offset ?? .zero)
        }
    }

    private func words(_ time: ParsedLine.Time, _ wanted: Instant) -> String {
        guard let instant = instant(time, wanted) else { return "none" }
        if case .zoneUnknown = time {
            return "\(instant) (its zone is unknown: write it as if UTC)"
        }
        return "\(instant)"
    }
}
