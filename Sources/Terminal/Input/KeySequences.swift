/// What the sequences of `KeyDecoder` stand for.
enum KeySequences {
    /// A control character.
    static func control(_ byte: UInt8) -> Key {
        switch byte {
        case 0x08, 0x7F: .backspace
        case 0x09: .tab
        case 0x0A, 0x0D: .enter
        case 0x1B: .escape
        case 0x01...0x1A: .control(Unicode.Scalar(byte + 0x60))
        default: .control(Unicode.Scalar(byte + 0x40))
        }
    }

    /// The byte after `ESC O`: application cursor keys, F1 to F4, and the numeric keypad.
    static func singleShift(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x4D: .enter
        case 0x50...0x53: .function(Int(byte) - 0x4F)
        case 0x6A...0x79: .character(Unicode.Scalar(byte - 0x40))
        default: letter(byte)
        }
    }

    /// `ESC [`, parameters and a final byte; nil when it is no key.
    static func sequence(_ parameters: [UInt8], final: UInt8) -> Key? {
        guard let numbers = numbers(parameters) else { return nil }
        switch final {
        case 0x5A: return .backTab
        case 0x50...0x53 where numbers.count != 1: return .function(Int(final) - 0x4F)
        // The shifted forms of rxvt end with $, ^ or @.
        case 0x7E, 0x24, 0x5E, 0x40: return numbers.first.flatMap(numbered)
        default: return letter(final)
        }
    }

    static func isNumber(_ parameters: [UInt8]) -> Bool {
        !parameters.isEmpty && parameters.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Pasted bytes as text: line ends as line feeds, tabs kept, other control characters dropped.
    static func plainText(_ bytes: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        var lastWasReturn = false
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar.value {
            case 0x0D: text.append("\n")
            case 0x0A where lastWasReturn: break
            case 0x0A, 0x09: text.append(scalar)
            case 0x00...0x1F, 0x7F...0x9F: break
            default: text.append(scalar)
            }
            lastWasReturn = scalar.value == 0x0D
        }
        return String(text)
    }

    private static func letter(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x41, 0x61: .up
        case 0x42, 0x62: .down
        case 0x43, 0x63: .right
        case 0x44, 0x64: .left
        case 0x46: .end
        case 0x48: .home
        default: nil
        }
    }

    private static func numbered(_ number: Int) -> Key? {
        switch number {
        case 1, 7: .home
        case 2: .insert
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        case 11...15: .function(number - 10)
        case 17...21: .function(number - 11)
        case 23...26: .function(number - 12)
        case 28, 29: .function(number - 13)
        case 31...34: .function(number - 14)
        default: nil
        }
    }

    /// Numbers between semicolons, an empty one as 0; nil with private marks such as `<` or `?`.
    private static func numbers(_ parameters: [UInt8]) -> [Int]? {
        if parameters.isEmpty { return [] }
        var numbers = [0]
        for byte in parameters {
            switch byte {
            case 0x30...0x39:
                numbers[numbers.count - 1] = min(numbers[numbers.count - 1] * 10, 9999)
                numbers[numbers.count - 1] += Int(byte) - 0x30
            case 0x3B:
                numbers.append(0)
            default:
                return nil
            }
        }
        return numbers
    }
}
