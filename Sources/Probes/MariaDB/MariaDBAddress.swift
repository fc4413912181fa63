/// The words of an address as options of the client.
///
/// Only these words: others could make the client write files or run programs.
struct MariaDBAddress {
    private static let words = [
        "host", "port", "user", "socket", "database", "ssl-ca", "ssl-cert", "ssl-key",
        "ssl-verify-server-cert",
    ]

    /// A defaults-file stands first.
    let options: [String]

    init(_ address: String) throws(ProbeError) {
        var options: [String] = []
        var defaultsFile: String?
        for word in address.split(whereSeparator: \.isWhitespace) {
            let parts = word.split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let key = parts[0].lowercased()
            guard !key.hasPrefix("pass"), !key.hasPrefix("pwd"), !Self.holdsUserInfo(key) else {
                throw .secretInAddress(
                    probe: MariaDB().name,
                    remedy: "take it out of the address and put it into ~/.my.cnf (mode 0600), or "
                        + "into a file of its own, named by defaults-file=PATH"
                )
            }
            guard parts.count == 2, !parts[1].isEmpty else {
                throw .badAddress(
                    probe: MariaDB().name,
                    problem: "holds a word that is not NAME=VALUE",
                    remedy: "write it like 'host=db-1 port=3306 user=azimuth'"
                )
            }
            if key == "defaults-file" {
                defaultsFile = String(parts[1])
            } else if Self.words.contains(key) {
                options.append("--\(key)=\(parts[1])")
            } else {
                throw .badAddress(
                    probe: MariaDB().name,
                    problem: "holds the unknown word '\(key.shortened(toBytes: 40))'",
                    remedy: "use " + Self.words.joined(separator: ", ") + ", defaults-file"
                )
            }
        }
        self.options = (defaultsFile.map { ["--defaults-file=\($0)"] } ?? []) + options
    }

    /// `scheme://user:secret@host`, as other clients have it.
    private static func holdsUserInfo(_ word: String) -> Bool {
        guard let at = word.lastIndex(of: "@") else { return false }
        let before = word[..<at]
        return before.contains("://") && before.split(separator: ":").count > 2
    }
}
