/// One line of `azimuth doctor`.
struct Verdict: Hashable {
    enum Grade: String {
        case ok
        /// It works, with less than there could be.
        case warn
        /// It does not work.
        case bad
    }

    var grade: Grade
    var subject: String
    var what: String
    /// What to do; empty when all is well.
    var remedy: String

    static func ok(_ subject: String, _ what: String) -> Verdict {
        Verdict(grade: .ok, subject: subject, what: what, remedy: "")
    }

    static func warn(_ subject: String, _ what: String, _ remedy: String) -> Verdict {
        Verdict(grade: .warn, subject: subject, what: what, remedy: remedy)
    }

    static func bad(_ subject: String, _ what: String, _ remedy: String) -> Verdict {
        Verdict(grade: .bad, subject: subject, what: what, remedy: remedy)
    }
}
