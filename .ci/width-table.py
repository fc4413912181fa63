"""Writes Sources/Canvas/Text/WidthTable.swift from the Unicode data of this Python.

Run with Python 3.11 (Unicode 14.0, the version of glibc 2.36, so that the canvas and libc agree).
"""

import sys
import unicodedata

MARK, NARROW, WIDE, ABSENT, DROPPED, CONTROL = range(6)


def width_class(code):
    character = chr(code)
    category = unicodedata.category(character)
    if code < 0x20 or 0x7F <= code < 0xA0 or category in ("Zl", "Zp"):
        return CONTROL
    if category in ("Cs", "Cn", "Co"):
        return ABSENT
    if category == "Cf" or 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF:
        return DROPPED
    # Jamo that join the one before them; glibc says 0 as well.
    if category in ("Mn", "Me") or 0x1160 <= code <= 0x11FF or 0xD7B0 <= code <= 0xD7FF:
        return MARK
    # Wide in glibc, ambiguous or neutral in EastAsianWidth.txt.
    if 0x3248 <= code <= 0x324F or 0x4DC0 <= code <= 0x4DFF:
        return WIDE
    return WIDE if unicodedata.east_asian_width(character) in "WF" else NARROW


def main():
    assert unicodedata.unidata_version == "14.0.0", unicodedata.unidata_version
    changes, last = [], None
    for code in range(0x110000):
        new = width_class(code)
        if new != last:
            changes.append(code << 3 | new)
            last = new
    out = [
        "// A data table, longer than a file of code may be. Made by .ci/width-table.py from the",
        "// Unicode 14.0 character data (UnicodeData.txt, EastAsianWidth.txt); do not edit.",
        "",
        "/// Where the width class of scalars changes: `first scalar << 3 | class`, rising.",
        "///",
        "/// Classes are the raw values of `WidthClass`.",
        "let widthChanges: [UInt32] = [",
    ]
    line = "   "
    for value in changes:
        word = f" {hex(value)},"
        if len(line) + len(word) > 100:
            out.append(line)
            line = "   "
        line += word
    out += [line, "]", ""]
    sys.stdout.write("\n".join(out).replace("let widthChanges", "// swift-format-ignore\nlet widthChanges"))


main()
