import Atlas
import Testing

@testable import Receive

@Suite("The Forward protocol: JSON")
struct ForwardJSONTests {
    @Test("F04 objects with line ends, glued, with blanks, and with a key twice")
    func json() throws {
        let receiver = try Receiver.forward()
        let client = try receiver.client()
        let text = #"""
            ["a.b", 1700000000, {"log": "x \" ]} y", "n": [1, {"m": null}]}]
            ["a.b",1700000000.5,{"log":"two","log":"2"}]["a.b",0,{}]
            [ "a.b" , [ [1, {"a": 1}] , [2,{"b":2} ] ] ]{"free": "standing"}

            """#
        client.send(Array(text.utf8))
        try receiver.wait(lines: 6)
        #expect(
            receiver.lines == [
                #"{"@tag":"a.b","@time":1700000000,"log":"x \" ]} y","n":[1,{"m":null}]}"#,
                #"{"@tag":"a.b","@time":1700000000.5,"log":"two","log":"2"}"#,
                #"{"@tag":"a.b"}"#,
                #"{"@tag":"a.b","@time":1,"a":1}"#,
                #"{"@tag":"a.b","@time":2,"b":2}"#,
                #"{"free":"standing"}"#,
            ]
        )
    }

    @Test("F05 single bytes of JSON decode to the same events")
    func fragments() throws {
        let receiver = try Receiver.forward()
        let client = try receiver.client()
        client.drip(Array("[\"t\", 1, {\"a\": \"\\\"]\"}]\n[\"t\",2,{\"b\":[]}]".utf8))
        try receiver.wait(lines: 2)
        #expect(
            receiver.lines == [
                #"{"@tag":"t","@time":1,"a":"\"]"}"#, #"{"@tag":"t","@time":2,"b":[]}"#,
            ]
        )
    }

    @Test("F06 the chunk of a JSON message is acknowledged in JSON")
    func acknowledged() throws {
        let receiver = try Receiver.forward()
        let client = try receiver.client()
        client.send(Array(#"["t", [[1, {"a": 1}]], {"size": 1, "chunk": "a\/b=\n"}]"#.utf8))
        try receiver.wait(lines: 1)
        receiver.keepAll()
        #expect(String(decoding: client.receive(), as: UTF8.self) == #"{"ack":"a\/b=\n"}"#)
    }

    @Test("F08 broken messages and events are counted, the others kept")
    func broken() throws {
        let receiver = try Receiver.forward()
        let client = try receiver.client()
        let text =
            #"[] [1] ["t"] ["t",1] [7,1,{}] ["t","x",{}] ["t",[[1],2,[1,{}],[1,{}]]] ["t",,] ["#
            + #"[}] ["t",1,{"a":1}]"#
        client.send(Array(text.utf8))
        try receiver.wait(lines: 3)
        #expect(receiver.lines.last == #"{"@tag":"t","@time":1,"a":1}"#)
        let later = try receiver.client()
        later.send(Array(#"["t",1,{}] nonsense"#.utf8))
        #expect(later.isClosed())
        try receiver.wait(for: "the last count") { $0.dropped["messages that are no JSON"] == 1 }
    }
}
