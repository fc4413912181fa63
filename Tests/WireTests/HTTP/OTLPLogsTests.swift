import Testing

@testable import Wire

@Suite("OTLP's log records become lines")
struct OTLPLogsTests {
    private func lines(_ logs: OTLPLogs) -> [String] {
        var start = 0
        return logs.lines.ends.map { end in
            defer { start = Int(end) }
            return String(decoding: logs.lines.bytes[start..<Int(end)], as: UTF8.self)
        }
    }

    private func read(_ text: String) throws -> OTLPLogs { try OTLPLogs(Array(text.utf8)) }

    private func record(_ text: String) throws -> String {
        try lines(read("{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[\(text)]}]}]}"))
            .joined(separator: "\n")
    }

    @Test("a request has the attributes of record, scope and resource in each line")
    func whole() throws {
        let logs = try read(
            """
            {"resourceLogs": [{
              "scopeLogs": [{
                "logRecords": [
                  {"timeUnixNano": "1764111600123456789", "observedTimeUnixNano": "1", "severityNumber": 17,
                   "severityText": "Error", "body": {"stringValue": "no \\"route\\""},
                   "attributes": [{"key": "http.status", "value": {"intValue": "503"}}],
                   "traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174", "flags": 1},
                  {"observedTimeUnixNano": 1764111600000000000, "severityNumber": 9,
                   "body": {"stringValue": "second"}}],
                "scope": {"name": "my.library", "version": "1.0", "attributes":
                  [{"key": "host.name", "value": {"stringValue": "scope wins"}}]}
              }],
              "resource": {"attributes": [
                {"key": "service.name", "value": {"stringValue": "shop"}},
                {"key": "host.name", "value": {"stringValue": "web-1"}}]},
              "schemaUrl": "x"
            }]}
            """
        )
        let shared =
            #""scope.name":"my.library","scope.version":"1.0","host.name":"scope wins","service.name":"shop"}"#
        #expect(
            lines(logs) == [
                #"{"time":"2025-11-25T23:00:00.123456789Z","level":"error","severity_text":"Error","message":"no \"route\"","trace_id":"5b8efff798038103d269b633813fc60c","span_id":"eee19b7ec3c1b174","http.status":503,"#
                    + shared,
                #"{"time":"2025-11-25T23:00:00.000Z","level":"info","message":"second","# + shared,
            ]
        )
        #expect(logs.rejected == 0)
    }

    @Test("every kind of value becomes the JSON that it stands for")
    func values() throws {
        #expect(
            try record(
                #"{"attributes":[{"key":"s","value":{"stringValue":"x\ny"}},{"key":"b","value":{"boolValue":false}},{"key":"i","value":{"intValue":"-9223372036854775808"}},{"key":"j","value":{"intValue":7}},{"key":"odd","value":{"intValue":"007"}},{"key":"d","value":{"doubleValue":1.5e3}},{"key":"nan","value":{"doubleValue":"NaN"}},{"key":"y","value":{"bytesValue":"aGk="}},{"key":"a","value":{"arrayValue":{"values":[{"intValue":"1"},{"stringValue":"z"},{}]}}},{"key":"m","value":{"kvlistValue":{"values":[{"key":"k","value":{"boolValue":true}}]}}},{"key":"none","value":{}},{"key":"e","value":{"arrayValue":{}}}]}"#
            )
                == #"{"s":"x\ny","b":false,"i":-9223372036854775808,"j":7,"odd":"007","d":1.5e3,"nan":"NaN","y":"aGk=","a":[1,"z",null],"m":{"k":true},"none":null,"e":[]}"#
        )
        #expect(
            try record(#"{"body":{"kvlistValue":{"values":[{"key":"a","value":{"intValue":1}}]}}}"#)
                == #"{"body":{"a":1}}"#
        )
        #expect(try record("{}") == "{}")
    }

    @Test("an attribute does not take the place of the time, the level or the message")
    func collision() throws {
        #expect(
            try record(
                #"{"timeUnixNano":"1000000000","severityText":"loud","body":{"stringValue":"m"},"attributes":[{"key":"time","value":{"stringValue":"x"}},{"key":"level","value":{"stringValue":"x"}},{"key":"message","value":{"stringValue":"x"}}]}"#
            ) == #"{"time":"1970-01-01T00:00:01.000Z","level":"loud","message":"m"}"#
        )
    }

    @Test(
        "the severity numbers are four steps of six levels",
        arguments: [
            (1, "trace"), (4, "trace"), (5, "debug"), (8, "debug"), (9, "info"), (12, "info"),
            (13, "warn"),
            (16, "warn"), (17, "error"), (20, "error"), (21, "fatal"), (24, "fatal"),
        ]
    )
    func levels(number: Int, level: String) throws {
        #expect(try record("{\"severityNumber\":\(number)}") == "{\"level\":\"\(level)\"}")
    }

    @Test("a record that is none is counted with its reason, and the others are kept")
    func rejected() throws {
        let logs = try read(
            #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[7,{"body":{"stringValue":"kept"}},{"timeUnixNano":"soon"},{"body":"text"}]}]}]}"#
        )
        #expect(lines(logs) == [#"{"message":"kept"}"#])
        #expect(logs.rejected == 3)
        #expect(logs.reason.contains("an object has to stand here"))
    }

    @Test("null and missing parts are empty ones")
    func empty() throws {
        for text in [
            #"{"resourceLogs":[]}"#, #"{"resourceLogs":[{}]}"#,
            #"{"resourceLogs":[{"resource":null,"scopeLogs":[{"scope":null,"logRecords":null}]}]}"#,
        ] {
            #expect(try read(text).lines.count == 0)
        }
    }

    @Test(
        "what is no request is refused with words",
        arguments: [
            ("[]", "{\"resourceLogs\": [...]} has to stand here"),
            ("{}", "only logs are taken here"),
            (#"{"resourceSpans":[]}"#, "only logs are taken here"),
            (#"{"resourceLogs":{}}"#, "an array has to stand here"),
            (#"{"resourceLogs":[{"scopeLogs":"x"}]}"#, "an array has to stand here"),
            (#"{"resourceLogs":[]} {}"#, "more than one request"),
            (#"{"resourceLogs":[}"#, "no value of JSON begins so"),
        ]
    )
    func mistakes(text: String, words: String) {
        let mistake = #expect(throws: BodyMistake.self) { try read(text) }
        #expect(mistake?.words.contains(words) == true, "\(mistake?.words ?? "")")
    }

    @Test("a value of another type than it says stays on the line")
    func objectAsText() throws {
        let line = try record(
            "{\"attributes\":[{\"key\":\"k\",\"value\":{\"stringValue\":{\n\"a\" :\r\n[1]}}}]}"
        )
        #expect(line == #"{"k":{"a":[1]}}"#)
    }
}
