import Terminal
import Testing

@Suite("The pace of frames")
struct FramePacerTests {
    @Test("the first frame is due at once, the next after the interval")
    func interval() {
        var pacer = FramePacer(interval: 100)
        #expect(pacer.deadline == nil)
        pacer.want()
        #expect(pacer.isDue(at: 0))
        pacer.drew(at: 1000)
        #expect(!pacer.isDue(at: 5000))
        pacer.want()
        #expect(pacer.deadline == 1100)
        #expect(!pacer.isDue(at: 1099))
        #expect(pacer.isDue(at: 1100))
    }

    @Test("however often data comes, frames keep their distance")
    func storm() {
        var pacer = FramePacer(interval: 100)
        var frames = 0
        for now in UInt64(0)..<1000 {
            pacer.want()
            if pacer.isDue(at: now) {
                frames += 1
                pacer.drew(at: now)
            }
        }
        #expect(frames == 10)
    }
}
