internal import Atlas

/// One JSON object a line, as structured loggers and collectors write it (`KeyRole` has their keys).
///
/// Its members are the fields, in their order, twice where a key is there twice; objects and arrays
/// inside are fields as a whole. A line that ends inside the object, has something behind it, or
/// nests too deep is unknown, with what could be read of it. So are arrays and single values.
/// A BOM in front and a CR behind are passed over.
package struct JSONLog: LogFormat {
    package let name = "json"
    package let summary = "a JSON object a line, with the keys of the usual loggers"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        let start = line.hasPrefix("\u{FEFF}", at: 0) ? 3 : 0
        return Self.parse(line, from: start, into: &fields)
    }

    /// The object that reaches from `start` to the end of a line.
    @inline(__always)
    static func parse(
        _ line: borrowing RawSpan,
        from start: Int,
        into fields: inout FieldList
    ) -> ParsedLine {
        guard var members = JSONMembers(line, at: start) else { return ParsedLine(shape: .unknown) }
        var roles = RoleReading()
        fields.keys.begin(.json)
        let isWanted = fields.isWanted
        while true {
            switch members.next(line, &fields.keys) {
            case .member:
                if isWanted { fields.add(named: members.key, members.value, members.kind) }
                roles.take(members.role, line, members.value, members.kind, &fields.times)
            case .end:
                let isWhole = isBlank(line, from: members.index)
                return finish(roles, isWhole ? .record : .unknown, line, &fields.times)
            case .broken:
                return finish(roles, .unknown, line, &fields.times)
            }
        }
    }

    private static func isBlank(_ line: borrowing RawSpan, from start: Int) -> Bool {
        var index = start
        while index < line.byteCount {
            guard JSONMembers.isBlank(line.byte(index)) else { return false }
            index &+= 1
        }
        return true
    }

    /// Elastic's agents nest what its loggers write as `log.level`.
    @inline(__always)
    private static func finish(
        _ roles: RoleReading,
        _ shape: ParsedLine.Shape,
        _ line: borrowing RawSpan,
        _ times: inout TimeReader
    ) -> ParsedLine {
        guard let object = roles.logObject, !roles.hasLevel else { return roles.parsed(shape) }
        return nested(roles, object, shape, line, &times)
    }

    private static func nested(
        _ roles: RoleReading,
        _ object: Range<Int>,
        _ shape: ParsedLine.Shape,
        _ line: borrowing RawSpan,
        _ times: inout TimeReader
    ) -> ParsedLine {
        var roles = roles
        guard var members = JSONMembers(line, at: object.lowerBound) else {
            return roles.parsed(shape)
        }
        var keys = KnownKeys()
        while members.next(line, &keys) == .member {
            guard case .level = members.role else { continue }
            roles.take(members.role, line, members.value, members.kind, &times)
        }
        return roles.parsed(shape)
    }
}
