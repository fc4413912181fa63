import Chance
import Testing

@testable import Probes

@Suite("JSON as it is read")
struct JSONTests {
    @Test(
        "is read as RFC 8259 writes it",
        arguments: [
            ("null", JSON.null), (" true ", .bool(true)), ("false", .bool(false)),
            ("0", .number(0)), ("-0.5e+1", .number(-5)), ("1E2", .number(100)),
            ("\"\"", .string("")), (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")),
            (#""\u00e9\uD83D\uDEA8é🚨""#, .string("é🚨é🚨")),
            ("[]", .array([])), ("[1, [ ] ,{}]", .array([.number(1), .array([]), .object([])])),
            (
                "{\"a\":1,\"b\" : null}",
                .object([
                    JSON.Member(name: "a", value: .number(1)),
                    JSON.Member(name: "b", value: .null),
                ])
            ),
        ]
    )
    func reads(text: String, value: JSON) throws {
        #expect(try JSON(text) == value)
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", " ", "nul", "nulL", "True", "NaN", "Infinity", "+1", "01", "1.", ".5", "1e", "-",
            "0x10", "1e999", "-1e999", "'a'", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"",
            "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"a\nb\"", "\"\0\"", "[", "[1",
            "[1,",
            "[1,]", "[,1]", "[1 2]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{a:1}",
            "{1:1}", "{\"a\" 1}", "1 2", "[] []", "}", "]", "//", "{}x", "\u{FEFF}1",
            "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}",
        ]
    )
    func refuses(text: String) {
        #expect(throws: JSON.Problem.self) { try JSON(text) }
    }

    @Test("is read 32 levels deep, and no deeper")
    func bounds() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[{\"a\":", count: depth / 2) + "1"
                + String(repeating: "}]", count: depth / 2)
        }
        _ = try JSON(nested(32))
        #expect(throws: JSON.Problem.tooDeep) { try JSON(nested(34)) }
        #expect(throws: JSON.Problem.tooDeep) { try JSON(String(repeating: "[", count: 60_000)) }
        #expect(throws: JSON.Problem.tooLong) { try JSON(String(repeating: " ", count: 65_537)) }
    }

    @Test("any value, written, is read as it was")
    func roundTrips() throws {
        var dice = Dice(7)
        for _ in 0..<3_000 {
            let value = Self.value(depth: 4, &dice)
            #expect(try JSON(Self.text(value, &dice)) == value)
        }
    }

    @Test("survives any text, and any damage to a good one")
    func survives() {
        var dice = Dice(11)
        for _ in 0..<3_000 {
            var bytes = Array(Self.text(Self.value(depth: 3, &dice), &dice).utf8)
            for _ in 0..<dice.roll(0...3) where !bytes.isEmpty {
                bytes[dice.roll(bytes.indices)] = dice.byte()
            }
            _ = try? JSON(String(decoding: bytes.prefix(dice.roll(0...200)), as: UTF8.self))
        }
    }

    private static func value(depth: Int, _ dice: inout Dice) -> JSON {
        switch dice.roll(0..<(depth > 0 ? 6 : 4)) {
        case 0: return .null
        case 1: return .bool(dice.isLucky(50))
        case 2:
            let value = Double(bitPattern: dice.next())
            return .number(value.isFinite ? value : 1)
        case 3: return .string(string(&dice))
        case 4:
            let count = dice.roll(0...3)
            return .array((0..<count).map { _ in value(depth: depth - 1, &dice) })
        default:
            let count = dice.roll(0...3)
            return .object(
                (0..<count).map { index in
                    JSON.Member(
                        name: "\(index)" + string(&dice),
                        value: value(depth: depth - 1, &dice)
                    )
                }
            )
        }
    }

    private static func string(_ dice: inout Dice) -> String {
        let scalars: [Unicode.Scalar] = [
            "a", "\"", "\\", "/", "\u{0}", "\u{1F}", "\u{7F}", "é", "🚨", "\n",
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<dice.roll(0...5) { text.append(dice.pick(scalars)) }
        return String(text)
    }

    private static func text(_ value: JSON, _ dice: inout Dice) -> String {
        let blank = dice.pick(["", " ", "\n\t"])
        switch value {
        case .null: return "null" + blank
        case .bool(let bool): return "\(bool)" + blank
        case .number(let number): return "\(number)" + blank
        case .string(let string): return quoted(string, &dice) + blank
        case .array(let values):
            return "[" + blank + values.map { text($0, &dice) }.joined(separator: ",") + "]"
        case .object(let members):
            let inner = members.map {
                quoted($0.name, &dice) + blank + ":" + text($0.value, &dice)
            }
            return "{" + inner.joined(separator: "," + blank) + "}"
        }
    }

    private static func quoted(_ string: String, _ dice: inout Dice) -> String {
        var text = "\""
        for unit in string.unicodeScalars {
            if unit.value < 0x20 || unit == "\"" || unit == "\\" || dice.isLucky(50) {
                for half in String(unit).utf16 {
                    let digits = String(half, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else {
                text.unicodeScalars.append(unit)
            }
        }
        return text + "\""
    }
}
