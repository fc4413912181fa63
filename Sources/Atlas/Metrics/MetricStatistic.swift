/// One number of many values.
package enum MetricStatistic: Hashable, Sendable {
    case count
    case sum
    case average
    case least
    case most
    /// 0 to 100.
    case percentile(Double)

    package func value(of set: StatisticSet) -> Double {
        switch self {
        case .count: Double(set.count)
        case .sum: set.sum
        case .average: set.average
        case .least: set.least
        case .most: set.most
        case .percentile(let percent): set.quantile(percent / 100)
        }
    }
}

extension MetricStatistic: CustomStringConvertible {
    /// `n`, `sum`, `avg`, `min`, `max`, `p99`, `p99.9`; nil for anything else.
    package init?(_ text: some StringProtocol) {
        switch text {
        case "n": self = .count
        case "sum": self = .sum
        case "avg": self = .average
        case "min": self = .least
        case "max": self = .most
        default:
            guard text.first == "p", text.dropFirst().allSatisfy({ "0123456789.".contains($0) }),
                let percent = Double(String(text.dropFirst())), percent <= 100
            else { return nil }
            self = .percentile(percent)
        }
    }

    package var description: String {
        switch self {
        case .count: return "n"
        case .sum: return "sum"
        case .average: return "avg"
        case .least: return "min"
        case .most: return "max"
        case .percentile(let percent):
            let text = "\(percent)"
            return "p" + (text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
        }
    }
}
