import Glibc

extension Mailbox {
    /// Blocks until there is room again after a refused offer, or the mailbox is closed.
    ///
    /// For threads that have nothing else to wait for; a reader polls `spaceDescriptor` itself.
    package func waitForSpace() {
        var descriptors = [pollFor(POLLIN, spaceDescriptor)]
        _ = wait(for: &descriptors, until: nil)
    }
}
