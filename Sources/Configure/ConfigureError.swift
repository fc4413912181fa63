package import Atlas

/// Why a file gives no values.
package enum ConfigureError: Explained, Hashable {
    /// It cannot be opened or read; `reason` is what the system said.
    case unreadable(path: String, reason: String)
    /// All that is wrong in it, in the order of the file; never empty.
    case invalid([ConfigureProblem])

    /// Empty for a file that cannot be read.
    package var problems: [ConfigureProblem] {
        if case .invalid(let problems) = self { problems } else { [] }
    }

    package var what: String {
        switch self {
        case .unreadable(let path, let reason):
            "cannot read \(path): \(reason)"
        case .invalid(let problems):
            switch problems.count {
            case 0: "the configuration cannot be used"
            case 1: problems[0].description
            default: "\(problems[0]) (and \(problems.count - 1) more)"
            }
        }
    }

    package var remedy: String {
        switch self {
        case .unreadable: "check the path and the rights of the user that runs azimuth"
        case .invalid(let problems): problems.first?.remedy ?? ""
        }
    }

    package var exit: ExitStatus {
        switch self {
        case .unreadable: .unavailable
        case .invalid: .badConfiguration
        }
    }
}
