/// What `ip -json address show` prints: the interfaces with their addresses.
///
/// Source: ip/ipaddress.c of iproute2 6.1; `tentative` and `dadfailed` are those of RFC 4862.
struct AddressTable {
    struct Interface {
        var name: String
        var isUp: Bool
        var addresses: [Entry]

        struct Entry {
            var address: IPAddress
            /// Length of the prefix of its network.
            var bits: Int
            /// Another host answered for it, so the kernel does not use it.
            var isRefused: Bool
            /// Whether another host has it is being found out.
            var isTentative: Bool
        }

        func holds(_ address: IPAddress) -> Bool {
            addresses.contains { $0.address == address && !$0.isTentative }
        }

        func isRefused(_ address: IPAddress) -> Bool {
            addresses.contains { $0.address == address && $0.isRefused }
        }

        /// One of its own networks has the address.
        func reaches(_ address: IPAddress) -> Bool {
            addresses.contains { $0.address.shares($0.bits, with: address) }
        }
    }

    let interfaces: [Interface]

    /// Nil for anything else than a JSON list of interfaces.
    init?(_ text: String) {
        // Nothing at all is printed where no interface fits.
        guard !text.allSatisfy(\.isWhitespace) else {
            interfaces = []
            return
        }
        guard let json = try? JSON(text), case .array(let items) = json else { return nil }
        var interfaces: [Interface] = []
        for item in items {
            guard case .object(let members) = item else { return nil }
            // Interfaces that the question does not mean may come as {}.
            guard !members.isEmpty else { continue }
            guard let interface = Interface(members) else { return nil }
            interfaces.append(interface)
        }
        self.interfaces = interfaces
    }
}

extension AddressTable.Interface {
    fileprivate init?(_ members: [JSON.Member]) {
        guard case .string(let name) = members["ifname"], !name.isEmpty,
            case .array(let flags) = members["flags"],
            case .array(let items) = members["addr_info"] ?? .array([])
        else { return nil }
        self.name = name.shortened(toBytes: 40)
        // Interfaces without a state of their own, such as lo and dummies, are UNKNOWN.
        let hasLink = [.string("UP"), .string("UNKNOWN"), nil].contains(members["operstate"])
        isUp = flags.contains(.string("UP")) && flags.contains(.string("LOWER_UP")) && hasLink
        addresses = []
        for item in items {
            guard case .object(let members) = item else { return nil }
            guard case .string(let local) = members["local"], let address = IPAddress(local),
                case .number(let bits) = members["prefixlen"], let bits = Int(exactly: bits)
            else { continue }
            let isRefused = members["dadfailed"] == .bool(true)
            addresses.append(
                Entry(
                    address: address,
                    bits: bits,
                    isRefused: isRefused,
                    isTentative: members["tentative"] == .bool(true) && !isRefused
                )
            )
        }
    }
}

extension [JSON.Member] {
    fileprivate subscript(_ name: String) -> JSON? { first { $0.name == name }?.value }
}
