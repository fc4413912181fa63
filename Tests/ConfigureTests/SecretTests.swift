import Testing

@testable import Configure

@Suite("An address with a secret in it is refused")
struct SecretTests {
    @Test(
        "secrets, however they are written",
        arguments: [
            "host=db password=hunter2", "PASSWORD = 'x y'", "host=a sslpassword=k", "pwd=x",
            "postgresql://user:secret@db/app", "redis://:secret@cache:6379",
            "postgresql://db/app?password=x",
        ]
    )
    func refused(_ address: String) {
        #expect(Secret.isInside(address))
        let text = """
            estate: {layers: [l], sites: {s: }, resources: {a: {at: s, layer: l}}}
            probes: [{probe: postgresql, resource: a, address: "\(address)"}]
            """
        let found = problems(text)
        #expect(found.map(\.what) == ["'address' of probe 1 holds a password"])
        #expect(!"\(found)".contains("secret") && !"\(found)".contains("hunter2"))
    }

    @Test(
        "addresses without one",
        arguments: [
            "host=127.0.0.1 port=5432 user=postgres dbname=postgres", "passfile=/home/op/.pgpass",
            "postgresql://user@db:5432/app", "http://[::1]:8008/patroni", "/var/run/x.sock",
            "http://h:80/a@b", "host=pwd.example",
        ]
    )
    func accepted(_ address: String) {
        #expect(!Secret.isInside(address))
    }
}
