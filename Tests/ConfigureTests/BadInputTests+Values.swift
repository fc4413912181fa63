extension BadInputTests {
    /// An estate that is right, of 9 lines.
    private static let estate = """
        estate:
          layers: [data]
          regions: {tokyo: {code: ap-northeast-1, zones: [1a, 1c]}}
          resources:
            orders-a: {at: tokyo/1a, layer: data}
            orders-b: {at: tokyo/1c, layer: data}
          services:
            orders: {members: [orders-a, orders-b], rto: 60s}

        """

    static let values = [
        BadInput(
            "places that are not there",
            """
            estate:
              layers: [data, queue]
              regions: {tokyo: {zones: [1a, 1c]}}
              resources:
                a: {at: tokio/1a, layer: dta}
                b: {at: tokyo/1d, layer: data}
                c: {at: osaka, layer: frontend}
            """,
            "5:13 'at' of resource 'a': there is no place 'tokio/1a'"
                + " / did you mean 'tokyo/1a'?",
            "5:30 'layer' of resource 'a': there is no layer 'dta' / did you mean 'data'?",
            "6:13 'at' of resource 'b': there is no place 'tokyo/1d'"
                + " / did you mean 'tokyo/1a'?",
            "7:13 'at' of resource 'c': there is no place 'osaka'"
                + " / use one of: tokyo, tokyo/1a, tokyo/1c",
            "7:27 'layer' of resource 'c': there is no layer 'frontend'"
                + " / use one of: data, queue"
        ),
        BadInput(
            "names that are there twice",
            """
            estate:
              layers: [data, data]
              regions: {tokyo: {zones: [1a, 1a]}, "a/b": {}}
              sites: {tokyo: {}}
              resources: {a: {at: tokyo, layer: data}}
              services: {s: {members: [a, a]}}
            """,
            "2:18 the layer 'data' is there twice"
                + " / keep one of the two, or give it another name",
            "3:33 the zone '1a' of region 'tokyo' is there twice"
                + " / keep one of the two, or give it another name",
            "3:39 region 'a/b' holds a '/'"
                + " / places are written AREA/ZONE: choose another name",
            "4:11 the name 'tokyo' of a region or a site is there twice"
                + " / keep one of the two, or give it another name",
            "6:31 the member 'a' of service 's' is there twice"
                + " / keep one of the two, or give it another name"
        ),
        BadInput(
            "links and services that lead nowhere",
            """
            estate:
              layers: [data]
              sites: {s: {}}
              resources: {orders-a: {at: s, layer: data}}
              links:
                x: {from: orders-a, to: orders-a}
                y: {from: order-a, to: zzz, rpo: 30}
              services: {orders: {members: [orders-a, ordersa]}}
            """,
            "6:29 link 'x' leads from 'orders-a' to itself"
                + " / name the resource that receives the data",
            "7:15 'from' of link 'y': there is no resource 'order-a'"
                + " / did you mean 'orders-a'?",
            "7:28 'to' of link 'y': there is no resource 'zzz' / use one of: orders-a",
            "7:38 'rpo' of link 'y' is '30', which is no length of time without a"
                + " unit"
                + " / write 30s or 30ms",
            "8:43 a member of service 'orders': there is no resource 'ordersa'"
                + " / did you mean 'orders-a'?"
        ),
        BadInput(
            "bad durations",
            """
            estate:
              services: {a: {rto: 1 minute}, b: {rto: -5s}, c: {rto: 60d}, d: {rto: [1s]}}
            """,
            "2:14 service 'a' has no 'members' / add members: [RESOURCE]",
            "2:23 'rto' of service 'a' is '1 minute', which is no length of time"
                + " / write a number and a unit, such as 500ms, 2s or 15m",
            "2:34 service 'b' has no 'members' / add members: [RESOURCE]",
            "2:43 'rto' of service 'b' is '-5s', which is no length of time"
                + " / write a number and a unit, such as 500ms, 2s or 15m",
            "2:49 service 'c' has no 'members' / add members: [RESOURCE]",
            "2:58 'rto' of service 'c' is 60d, outside of 0s to 30d"
                + " / choose a length of time between them",
            "2:64 service 'd' has no 'members' / add members: [RESOURCE]",
            "2:73 'rto' of service 'd' is a list, where a length of time is needed"
                + " / write one value"
        ),
        BadInput(
            "sources",
            estate + """
                sources:
                  - {file: /a.log, format: postgres, resource: orders-c, start: begin}
                  - {name: x, file: /b.log, format: plain}
                  - {name: x, file: /c.log, format: plain}
                  - {file: /b.log, format: plain}
                  - {file: "/var/log/*.log", format: plain, line_limit: 3, exclude: a}
                  - {file: /e.log, format: plain, multiline: {first: "(", indent: true}}
                  - {file: /f.log, format: plain, multiline: {}, bytes_per_second: 2 m}
                  - {file: /g.log, format: plain, encoding: "a b", ignore_older: 3}
                  - {file: "-", format: plain, encoding: EUC-JP}
                """,
            "10:28 'format' of source 1: there is no format 'postgres'"
                + " / did you mean 'postgresql'?",
            "10:48 'resource' of source 1: there is no resource 'orders-c'"
                + " / did you mean 'orders-a'?",
            "10:65 'start' of source 1 is 'begin' / use one of: end, beginning",
            "12:12 the source 'x' is there twice"
                + " / keep one of the two, or give it another name",
            "13:12 the file '/b.log' of the sources is there twice"
                + " / keep one of the two, or give it another name",
            "14:57 'line_limit' of source 5 is 3, outside of 16 to 16777216 bytes"
                + " / choose a size between them",
            "14:69 'exclude' of source 5 is a single value, where a list is needed"
                + " / write [A, B], or one '- ' line for each item",
            "15:46 'multiline' of source 6 has several rules"
                + " / write one of first: PATTERN, continuation: PATTERN, indent: true",
            "16:46 'multiline' of source 7 has no rule"
                + " / write one of first: PATTERN, continuation: PATTERN, indent: true",
            "16:68 'bytes_per_second' of source 7 is '2 m', which is no size"
                + " / write a number of bytes, such as 65536, 64KiB or 1MiB",
            "17:45 'encoding' of source 8 is 'a b', which cannot be read here"
                + " / use a name that `iconv -l` lists, such as SHIFT_JIS, EUC-JP or UTF-16LE",
            "17:66 'ignore_older' of source 8 is '3', which is no length of time without a unit"
                + " / write 3s or 3ms",
            "18:32 'encoding' of source 9 is about files, and this source is standard input"
                + " / leave it out"
        ),
        BadInput(
            "probes",
            estate + """
                probes:
                  - {probe: postgres, resource: orders-a, address: "host=a password=hunter2"}
                  - {probe: postgresql, resource: orders-a, address: "postgresql://u:p@h/db", every: 1}
                  - {probe: postgresql, resource: orders-b, address: "host=a", every: 10ms, timeout: 1h}
                  - {probe: postgresql, resource: orders-b, address: "host=b"}
                """,
            "10:13 'probe' of probe 1: there is no probe 'postgres'"
                + " / did you mean 'postgresql'?",
            "10:52 'address' of probe 1 holds a password"
                + " / leave it out here and put it where the client looks: ~/.pgpass for"
                + " PostgreSQL",
            "11:54 'address' of probe 2 holds a password"
                + " / leave it out here and put it where the client looks: ~/.pgpass for"
                + " PostgreSQL",
            "11:86 'every' of probe 2 is '1', which is no length of time without a"
                + " unit"
                + " / write 1s or 1ms",
            "12:71 'every' of probe 3 is 10ms, outside of 100ms to 1h"
                + " / choose a length of time between them",
            "12:86 'timeout' of probe 3 is 1h, outside of 10ms to 5m"
                + " / choose a length of time between them",
            "13:5 the probe 'postgresql' of resource 'orders-b' is there twice"
                + " / keep one of the two, or give it another name"
        ),
        BadInput(
            "canaries",
            estate + """
                canaries:
                  - {service: orders, probe: postgresql, mode: write, targets: {orders-a: "host=a"}}
                  - {service: order, probe: postgresql, table: t, targets: {orders-c: "host=a"}}
                  - service: orders
                    probe: postgresql
                    mode: write
                    table: "canary; drop table orders"
                    every: 2s
                    timeout: 300ms
                    targets: {}
                  - {service: orders, probe: postgresql, mode: raed, targets: {orders-a: "password = x"}}
                  - {service: orders, probe: postgresql, targets: {orders-a: "host=a"}}
                  - {service: orders, probe: postgresql, targets: {orders-a: "host=a"}}
                """,
            "10:5 canary 1 has no 'table' / add table: azimuth_canary",
            "11:15 'service' of canary 2: there is no service 'order'"
                + " / did you mean 'orders'?",
            "11:41 'table' is only for a canary that writes"
                + " / add mode: write, or remove the table",
            "11:61 'targets' of canary 2: there is no resource 'orders-c'"
                + " / did you mean 'orders-a'?",
            "15:12 'table' of canary 3 is 'canary; drop table orders', which is no"
                + " name of a table"
                + " / use letters, digits and '_', such as azimuth_canary or"
                + " public.azimuth_canary",
            "16:12 'every' of canary 3 is 2s, outside of 100ms to 1s"
                + " / choose a length of time between them",
            "17:14 'timeout' of canary 3 is 300ms, less than two periods"
                + " / write timeout: 1s or more",
            "18:14 canary 3 has no targets / add targets: {orders-a: \"host=127.0.0.1\"}",
            "19:48 'mode' of canary 4 is 'raed' / did you mean 'read'?",
            "19:74 target 'orders-a' holds a password"
                + " / leave it out here and put it where the client looks: ~/.pgpass for"
                + " PostgreSQL",
            "21:5 the canary 'orders-read' is there twice"
                + " / keep one of the two, or give it another name"
        ),
        BadInput(
            "theme and history",
            "theme: meridan\nhistory: \"postgres://h/db\"\n",
            "1:8 'theme': there is no theme 'meridan' / did you mean 'meridian'?",
            "2:10 'history' is no path / write a path such as /var/lib/azimuth/history.db"
        ),
    ]
}
