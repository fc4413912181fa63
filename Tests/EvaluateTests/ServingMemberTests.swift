import Atlas
import Testing

@testable import Evaluate

@Suite("The member that serves")
struct ServingMemberTests {
    @Test("is who a probe says while nobody is known, and stays so whoever else says so")
    func first() {
        var member = ServingMember(hasWriteCanary: false)
        member.claim(by: "a", whileRunning: true)
        member.claim(by: "b", whileRunning: false)
        #expect(member.name == "a")
    }

    @Test(
        "that gives way is followed by who is primary, but neither in a run nor against a canary",
        arguments: [(false, false, "b"), (false, true, "a"), (true, false, "a")]
    )
    func vacated(hasWriteCanary: Bool, whileRunning: Bool, expected: String) {
        var member = ServingMember(hasWriteCanary: hasWriteCanary)
        member.become("a")
        member.giveWay("a")
        member.claim(by: "b", whileRunning: whileRunning)
        #expect(member.name == expected)
    }

    @Test("is kept when another than it gives way, and when it is found to serve again")
    func kept() {
        var member = ServingMember(hasWriteCanary: false)
        member.become("a")
        member.giveWay("b")
        member.claim(by: "b", whileRunning: false)
        #expect(member.name == "a")
        member.giveWay("a")
        member.become("a")
        member.claim(by: "b", whileRunning: false)
        #expect(member.name == "a")
    }
}
