/// The ASCII scalar that stands for one of width 1, where the terminal takes no other.
///
/// The one call site of folding; `AsciiFold` of Canvas takes its place when it is there.
package func foldToASCII(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0x20...0x7E: scalar
    case 0xA0: " "
    case 0xB0: "o"
    case 0xB7, 0x2022, 0x22C5: "."
    case 0xD7: "x"
    case 0x2010...0x2015, 0x2212: "-"
    case 0x2018, 0x2019: "'"
    case 0x201C, 0x201D: "\""
    case 0x2026: "."
    case 0x2190: "<"
    case 0x2191: "^"
    case 0x2192: ">"
    case 0x2193: "v"
    case 0x2500, 0x2501, 0x2504, 0x2505, 0x2508, 0x2509, 0x254C, 0x254D, 0x2550: "-"
    case 0x2502, 0x2503, 0x2506, 0x2507, 0x250A, 0x250B, 0x254E, 0x254F, 0x2551: "|"
    case 0x2500...0x257F: "+"
    case 0x2581: "."
    case 0x2582: ":"
    case 0x2583: "-"
    case 0x2584: "="
    case 0x2585: "+"
    case 0x2586: "*"
    case 0x2580, 0x2587...0x2590, 0x2594...0x259F: "#"
    case 0x2591: "."
    case 0x2592: ":"
    case 0x2593: "#"
    case 0x25B2, 0x25B4: "^"
    case 0x25BC, 0x25BE: "v"
    case 0x25B6, 0x25B8, 0x25BA: ">"
    case 0x25C0, 0x25C2, 0x25C4: "<"
    case 0x25CF, 0x25C9, 0x25A0, 0x25C6: "*"
    case 0x25CB, 0x25A1, 0x25C7: "o"
    case 0x2713, 0x2714: "v"
    case 0x2717, 0x2718: "x"
    case 0x2801...0x28FF: braille(scalar.value)
    case 0x2800: " "
    default: "?"
    }
}

private func braille(_ value: UInt32) -> Unicode.Scalar {
    switch (value & 0xFF).nonzeroBitCount {
    case 1...2: "."
    case 3...4: ":"
    case 5...6: "*"
    default: "#"
    }
}
