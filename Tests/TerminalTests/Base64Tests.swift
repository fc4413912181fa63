import Testing

@testable import Terminal

@Suite("Base64 for the clipboard")
struct Base64Tests {
    @Test(
        "encodes the examples of RFC 4648, section 10",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ]
    )
    func examples(text: String, encoded: String) {
        #expect(Base64.encoded(Array(text.utf8)) == encoded)
    }
}
