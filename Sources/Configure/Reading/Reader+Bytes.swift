import Atlas

extension Reader {
    /// A number of bytes, such as `65536`, `64KiB` or `2MB`.
    func bytes(_ fields: Fields, _ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = fields[key],
            let text = text(of: node, subject: fields.name(of: key), needed: "a size")
        else { return nil }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        let units = [
            "": 1, "B": 1, "kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000, "KiB": 1 << 10,
            "MiB": 1 << 20, "GiB": 1 << 30,
        ]
        guard let number = Int(digits), let factor = units[String(unit)] else {
            note(
                node.at,
                "\(fields.name(of: key)) is '\(shown(text))', which is no size",
                "write a number of bytes, such as 65536, 64KiB or 1MiB"
            )
            return nil
        }
        let (size, isOver) = number.multipliedReportingOverflow(by: factor)
        guard !isOver, range.contains(size) else {
            note(
                node.at,
                "\(fields.name(of: key)) is \(shown(text)), outside of"
                    + " \(range.lowerBound) to \(range.upperBound) bytes",
                "choose a size between them"
            )
            return nil
        }
        return size
    }
}
