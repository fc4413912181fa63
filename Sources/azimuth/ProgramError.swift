import Atlas
import Unpack

/// What the program itself can trip over; the modules bring their own.
enum ProgramError: Explained, Hashable {
    case noConfiguration(looked: [String])
    case unknownCommand(String, nearest: String?)
    case unknownTheme(String, nearest: String?)
    case unknownProbe(String, nearest: String?)
    case badTime(String)
    case badValue(option: String, value: String, wanted: String)
    case noHistory(path: String)
    case cannotWrite(path: String, detail: String)
    case cannotRead(path: String, detail: String)
    case cannotUnpack(path: String, UnpackError)
    case alreadyThere(path: String)
    case noRecording(path: String)
    case noExport(path: String)
    case newerExport(path: String)
    case folderInUse(path: String)
    case noShare
    case nothingToRead
    case nothingToParse
    case unknownFormat(String, nearest: String?)
    case cannotTail(path: String, reason: String, remedy: String)
    case noSeries(String, nearest: String?)
    case notWell(String)

    var what: String {
        switch self {
        case .noConfiguration(let looked):
            "no azimuth.yaml (looked for \(looked.joined(separator: ", ")))"
        case .unknownCommand(let name, _): "there is no command '\(name)'"
        case .unknownTheme(let name, _): "no theme is called '\(name)'"
        case .unknownProbe(let name, _): "no probe is called '\(name)'"
        case .badTime(let text): "'\(text)' is no time"
        case .badValue(let option, let value, _): "\(option) cannot be '\(value)'"
        case .noHistory(let path): "the history '\(path)' holds no picture so far"
        case .cannotWrite(let path, let detail): "cannot write '\(path)': \(detail)"
        case .cannotRead(let path, let detail): "cannot read '\(path)': \(detail)"
        case .cannotUnpack(let path, let error): "cannot read '\(path)': \(error.what)"
        case .alreadyThere(let path): "'\(path)' is there already"
        case .noRecording(let path): "'\(path)' is no recording: it has no recording.yaml"
        case .noExport(let path): "'\(path)' is no export of a history"
        case .newerExport(let path): "a newer azimuth exported '\(path)'"
        case .folderInUse(let path): "'\(path)' already holds a recording"
        case .noShare: "the program's themes and signature packs are not found"
        case .nothingToRead, .nothingToParse: "no file is named, and standard input is a terminal"
        case .unknownFormat(let name, _): "no format is called '\(name)'"
        case .cannotTail(let path, let reason, _): "'\(path)' \(reason)"
        case .noSeries(let words, _): "no series has all of '\(words)'"
        case .notWell(let what): what
        }
    }

    var remedy: String {
        switch self {
        case .noConfiguration:
            "see one work with 'azimuth replay hybrid'; "
                + "'azimuth init' writes one to start from, --config names it"
        case .unknownCommand(_, let nearest):
            nearest.map { "did you mean 'azimuth \($0)'?" } ?? "'azimuth --help' lists them"
        case .unknownTheme(_, let nearest):
            nearest.map { "did you mean '\($0)'?" } ?? "choose meridian, daylight or mono"
        case .unknownProbe(_, let nearest):
            nearest.map { "did you mean '\($0)'?" } ?? "'azimuth probes' lists them"
        case .badTime:
            "write a time like 2026-11-23T07:20:31Z, or how long ago, like 15m or 2h"
        case .badValue(_, _, let wanted): "wanted: \(wanted)"
        case .noHistory: "start 'azimuth ingest' and look again"
        case .cannotWrite: "check the path, its rights and the room on the disk"
        case .cannotUnpack(_, let error): error.remedy
        case .cannotRead: "check the path and the rights of the user that runs azimuth"
        case .alreadyThere: "choose another file, or move that one away; it was not changed"
        case .noRecording: "name the folder that 'azimuth record --out' made"
        case .noExport:
            "'azimuth history export' writes one; a log itself is read by 'azimuth ingest'"
        case .newerExport: "import it with that version"
        case .folderInUse: "choose another folder, or remove that one"
        case .noShare: "set AZIMUTH_SHARE to the folder share/azimuth of the installation"
        case .nothingToRead: "azimuth tail FILE..., or COMMAND | azimuth tail"
        case .nothingToParse: "azimuth parse FILE..., or COMMAND | azimuth parse"
        case .unknownFormat(_, let nearest):
            nearest.map { "did you mean '\($0)'?" } ?? "'azimuth formats' lists them"
        case .cannotTail(_, _, let remedy): remedy
        case .noSeries(_, let nearest):
            (nearest.map { "did you mean '\($0)'? " } ?? "") + "'azimuth metrics' lists all"
        case .notWell: ""
        }
    }

    var exit: ExitStatus {
        switch self {
        case .noConfiguration, .noHistory, .cannotWrite, .cannotRead, .cannotUnpack, .noShare,
            .noRecording,
            .folderInUse, .alreadyThere, .cannotTail:
            .unavailable
        case .noExport, .newerExport: .badConfiguration
        case .unknownCommand, .unknownTheme, .unknownProbe, .badTime, .badValue,
            .nothingToRead, .nothingToParse, .unknownFormat:
            .usage
        case .noSeries: .failure
        case .notWell: .notWell
        }
    }
}
