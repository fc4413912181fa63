extension BadInputTests {
    static let syntax = [
        BadInput(
            "nothing at all",
            "",
            "1:1 the file says nothing"
                + " / begin with the line 'estate:'; Docs/configuration.md shows every key"
        ),
        BadInput(
            "only a comment",
            "# to be written\n",
            "1:1 the file says nothing"
                + " / begin with the line 'estate:'; Docs/configuration.md shows every key"
        ),
        BadInput(
            "a tab as indentation",
            "estate:\n\tname: acme\n",
            "2:1 a tab indents this line; YAML allows only spaces / replace the tab by spaces"
        ),
        BadInput(
            "a tab after spaces",
            "estate:\n  name: acme\n \tlayers: [a]\n",
            "3:2 a tab indents this line; YAML allows only spaces / replace the tab by spaces"
        ),
        BadInput(
            "a duplicate key",
            "theme: mono\nhistory: a.db\ntheme: meridian\n",
            "3:1 the key 'theme' is written twice (first in line 1) / keep one of the two"
        ),
        BadInput(
            "two duplicate keys, one of them nested, and an unknown one",
            """
            estate:
              name: a
              layers: [data]
              name: b
            theme: mono
            thme: mono
            theme: meridian
            """,
            "4:3 the key 'name' is written twice (first in line 2) / keep one of the two",
            "6:1 unknown key 'thme' in the file / did you mean 'theme'?",
            "7:1 the key 'theme' is written twice (first in line 5) / keep one of the two"
        ),
        BadInput(
            "a key three times in a flow map",
            "estate:\n  regions: {a: {code: x, zones: [1], code: y, \"code\": z}}\n",
            "2:38 the key 'code' is written twice (first in line 2) / keep one of the two",
            "2:47 the key 'code' is written twice (first in line 2) / keep one of the two"
        ),
        BadInput(
            "bad indentation",
            "estate:\n    name: acme\n  layers: [data]\n",
            "3:3 this line is indented like no key above it"
                + " / indent it by 0 spaces like line 1, or like the line before it"
        ),
        BadInput(
            "an unclosed quote",
            "theme: \"mono\nhistory: x\n",
            "1:8 the quote that opens here is never closed / close it"
        ),
        BadInput(
            "an unclosed list",
            "estate:\n  layers: [data, queue\n  name: acme\n",
            "3:7 the list that opens in line 2 with '[' goes wrong here"
                + " / put a comma between its items and ']' at its end"
        ),
        BadInput(
            "a line without a colon",
            "estate:\n  name: acme\ntheme\nhistory: x\n",
            "3:1 this line is no 'KEY: VALUE'"
                + " / put a colon and a space after the key, or quotes around the text"
        ),
        BadInput(
            "two colons in a line",
            "theme: mono: light\n",
            "1:12 a key is not expected here"
                + " / put the value in quotes if it holds ': ', or correct the indentation"
                + " of this line"
        ),
        BadInput(
            "a value that begins with @",
            "theme: @mono\n",
            "1:8 a value cannot begin with '@' / put the value in quotes"
        ),
        BadInput(
            "an unknown escape",
            "theme: \"a\\qb\"\n",
            "1:10 '\\q' is no escape inside double quotes"
                + " / write '\\\\' for a backslash, or use single quotes"
        ),
        BadInput(
            "a second document",
            "theme: mono\n---\ntheme: meridian\n",
            "2:1 a second YAML document begins here / keep one document in a file"
        ),
        BadInput(
            "a list item under a value",
            "theme: mono\n- name: x\n",
            "2:1 a list item is not expected here"
                + " / begin the list on a line of its own, below its key"
        ),
        BadInput(
            "an alias without its anchor",
            "theme: *dark\n",
            "1:8 no value is named '&dark' before this line"
                + " / name one with &dark, or put the text '*dark' in quotes"
        ),
        BadInput(
            "a value that begins with a star",
            "theme: *dark*\n",
            "1:8 a value that begins with '*' needs quotes / write it between single quotes"
        ),
        BadInput(
            "a control character",
            "theme: mono\nhistory: a\u{1B}[31m\n",
            "2:11 the character U+001B may not stand in a YAML text"
                + " / remove it, or write it as an escape inside double quotes"
        ),
        BadInput(
            "the root is a list",
            "- estate\n",
            "1:1 the file is a list, where a map is needed / write KEY: VALUE lines"
        ),
        BadInput(
            "a merge key",
            "estate: &e\n  name: x\ncanaries:\n  - <<: *e\n",
            "4:5 merge keys ('<<') are not read / write the keys out",
            "4:5 canary 1 has no 'service' / add service: SERVICE",
            "4:5 canary 1 has no 'probe' / add probe: postgresql",
            "4:5 canary 1 has no 'targets' / add targets: {RESOURCE: \"host=127.0.0.1\"}"
        ),
        BadInput(
            "deep flow nesting",
            "estate: " + String(repeating: "[", count: 30) + String(repeating: "]", count: 30),
            "1:9 the estate is a list, where a map is needed / write KEY: VALUE lines",
            "1:32 lists and maps are nested deeper than 24 levels"
                + " / no file of azimuth needs more than six"
        ),
        BadInput(
            "nesting deeper than the parser goes",
            String(repeating: "[", count: 100_000),
            "1:1 lists and maps are nested deeper than 24 levels"
                + " / no file of azimuth needs more than six"
        ),
        BadInput(
            "text after a quoted value",
            "theme: \"mono\" dark\n",
            "1:15 this does not belong to the value before it / put the whole value in quotes"
        ),
        BadInput(
            "block nesting",
            (0..<40).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n"),
            "1:1 unknown key 'a' in the file"
                + " / use one of: estate, sources, probes, canaries, rules, redact, formats, packs, theme,"
                + " history",
            "25:25 lists and maps are nested deeper than 24 levels"
                + " / no file of azimuth needs more than six"
        ),
    ]
}
