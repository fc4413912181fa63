package import Atlas
import Probes

/// What can go wrong with what comes in from outside, and with recordings.
package enum CollectError: Explained, Hashable {
    /// A system call said no; `reason` is the system's words.
    case system(operation: String, reason: String)
    /// No probe has this name.
    case unknownProbe(String)
    /// The probe of this name has no canary of this mode.
    case noCanary(String, Canary.Mode)
    /// A recording cannot be read at all.
    case cannotRead(path: String, reason: String)
    /// A recording cannot be written on.
    case cannotWrite(path: String, reason: String)

    package var what: String {
        switch self {
        case .system(let operation, let reason): "\(operation) failed: \(reason)"
        case .unknownProbe(let name): "there is no probe named '\(name)'"
        case .noCanary(let name, let mode):
            "the probe '\(name)' has no canary that can \(mode.rawValue)"
        case .cannotRead(let path, let reason): "cannot read \(path): \(reason)"
        case .cannotWrite(let path, let reason): "cannot write \(path): \(reason)"
        }
    }

    package var remedy: String {
        switch self {
        case .system: "look at the limits of the process (ulimit -a) and the free memory"
        case .unknownProbe(let name):
            nearestName(to: name, among: ProbeCatalog.all.map(\.name)).map {
                "did you mean '\($0)'?"
            }
                ?? "`azimuth probes` lists them all"
        case .noCanary: "`azimuth probes` lists what each probe can do"
        case .cannotRead: "name the folder of a recording, with its inputs-*.jsonl inside"
        case .cannotWrite: "make room or choose another place, then start the recording anew"
        }
    }

    package var exit: ExitStatus {
        switch self {
        case .unknownProbe, .noCanary: .badConfiguration
        case .system, .cannotRead, .cannotWrite: .unavailable
        }
    }
}
