extension BadInputTests {
    static let structure = [
        BadInput(
            "unknown keys at each level",
            """
            estate:
              regionz:
                tokyo: {cod: x}
              sites: {s: {zone: [a]}}
              colour: red
            prboes: []
            """,
            "2:3 unknown key 'regionz' in the estate / did you mean 'regions'?",
            "4:15 unknown key 'zone' in site 's' / did you mean 'zones'?",
            "5:3 unknown key 'colour' in the estate"
                + " / use one of: name, layers, regions, sites, resources, links, services",
            "6:1 unknown key 'prboes' in the file / did you mean 'probes'?"
        ),
        BadInput(
            "a map where a list is needed",
            "sources: {name: x}\nprobes: 5\n",
            "1:10 'sources' is a map, where a list is needed"
                + " / write [A, B], or one '- ' line for each item",
            "2:9 'probes' is a single value, where a list is needed"
                + " / write [A, B], or one '- ' line for each item"
        ),
        BadInput(
            "a list where a map is needed",
            "estate: []\ncanaries:\n  - [a]\n",
            "1:9 the estate is a list, where a map is needed / write KEY: VALUE lines",
            "3:5 canary 1 is a list, where a map is needed / write KEY: VALUE lines"
        ),
        BadInput(
            "a list where a text is needed",
            "theme: [mono]\nhistory: {a: b}\n",
            "1:8 'theme' is a list, where a text is needed / write one value",
            "2:11 unknown key 'a' in 'history' / use one of: file, lines, inputs, states, metrics, "
                + "hold"
        ),
        BadInput(
            "empty values",
            "theme:\nhistory: ~\nestate:\n  name: \"\"\n",
            "1:7 'theme' is empty / write a value, or leave the key out",
            "2:10 'history' is empty / write a value, or leave the key out",
            "4:9 'name' of the estate is empty / write a value, or leave the key out"
        ),
        BadInput(
            "what must be there and is not",
            """
            estate:
              layers: [data]
              regions: {tokyo: {zones: [1a]}}
              resources:
                a: {layer: data}
                b: {at: tokyo/1a}
                c:
              links:
                l: {from: a}
              services:
                s: {}
                t: {members: []}
            sources:
              - {}
            probes:
              - {}
            canaries:
              - {}
            """,
            "5:5 resource 'a' has no 'at' / add at: tokyo/1a",
            "6:5 resource 'b' has no 'layer' / add layer: data",
            "7:5 resource 'c' has no 'at' / add at: tokyo/1a",
            "7:5 resource 'c' has no 'layer' / add layer: data",
            "9:5 link 'l' has no 'to' / add to: a",
            "11:5 service 's' has no 'members' / add members: [a, b]",
            "12:18 service 't' has no members / add members: [a, b]",
            "14:5 source 1 has no 'format' / add format: postgresql",
            "14:5 source 1 has no 'file' / add file: /var/log/NAME.log",
            "16:5 probe 1 has no 'probe' / add probe: postgresql",
            "16:5 probe 1 has no 'resource' / add resource: a",
            "16:5 probe 1 has no 'address' / add address: \"host=127.0.0.1 port=5432\"",
            "18:5 canary 1 has no 'service' / add service: s",
            "18:5 canary 1 has no 'probe' / add probe: postgresql",
            "18:5 canary 1 has no 'targets' / add targets: {a: \"host=127.0.0.1\"}"
        ),
        BadInput(
            "a file with a byte order mark and CRLF",
            "\u{FEFF}theme: mono\r\nhistry: a\r\n",
            "2:1 unknown key 'histry' in the file / did you mean 'history'?"
        ),
        BadInput(
            "a value that aliases a bad one is told where it is written",
            "theme: &t mono\nhistory: &h [a]\nsources: *h\n",
            "2:10 'history' is a list, where a text is needed / write one value",
            "2:14 source 1 is a single value, where a map is needed / write KEY: VALUE lines"
        ),
        BadInput(
            "a complex key",
            "estate:\n  ? [a, b]\n  : c\n",
            "2:5 a key must be a single word / write NAME: VALUE"
        ),
    ]
}
