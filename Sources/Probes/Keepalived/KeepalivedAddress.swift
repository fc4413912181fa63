import Atlas

/// `ADDRESS [dev=INTERFACE] [netns=NAME]`.
struct KeepalivedAddress {
    let address: IPAddress
    /// As it was written.
    let text: String
    private(set) var interface: String?
    private var namespace: String?

    init(_ whole: String, words: [String]) throws(ProbeError) {
        guard let first = words.first, let address = IPAddress(first) else {
            throw Self.unusable(
                "'\(whole.shortened(toBytes: 80))' does not begin with an address",
                "write the virtual address alone, without a prefix length, such as 10.0.1.100"
            )
        }
        self.address = address
        text = first
        for word in words.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count == 2 ? String(parts[1]) : ""
            guard Self.isName(value) else {
                throw Self.unusable(
                    "'\(word.shortened(toBytes: 40))' is no NAME=VALUE",
                    "only dev=INTERFACE and netns=NAME go after the address"
                )
            }
            switch parts[0] {
            case "dev" where interface == nil && value.utf8.count <= 15: interface = value
            case "netns" where namespace == nil: namespace = value
            default:
                throw Self.unusable(
                    "'\(word.shortened(toBytes: 40))' is not known, or there twice",
                    "only dev=INTERFACE and netns=NAME go after the address"
                )
            }
        }
    }

    /// Reads its own `expects`; nil for anything else.
    init?(expects: String) {
        let words = expects.split(separator: " ").map { String($0) }
        guard (1...2).contains(words.count), let address = IPAddress(words[0]) else { return nil }
        self.address = address
        text = words[0]
        guard words.count == 2 else { return }
        guard words[1].hasPrefix("dev=") else { return nil }
        interface = String(words[1].dropFirst("dev=".count))
    }

    var expects: String { interface.map { "\(text) dev=\($0)" } ?? text }

    /// One family or one interface only: a host of many containers has many of both.
    var arguments: [String] {
        let place = namespace.map { ["-netns", $0] } ?? []
        let family = interface == nil ? [address.isSix ? "-6" : "-4"] : []
        let device = interface.map { ["dev", $0] } ?? []
        return ["ip"] + place + family + ["-json", "address", "show"] + device
    }

    /// What names of interfaces and namespaces are made of, as far as they are usual.
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 255 && !text.hasPrefix("-")
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
                    || "-._@:".utf8.contains(byte)
            }
    }

    private static func unusable(_ reason: String, _ remedy: String) -> ProbeError {
        .unusableAddress(probe: "keepalived", reason: reason, remedy: remedy)
    }
}
