import Glibc

/// The type of the file system on a device, such as `ext4` or `nfs4`; nil when it is not listed.
///
/// Read from /proc/self/mountinfo, proc(5): `ID PARENT MAJOR:MINOR ... - TYPE SOURCE OPTIONS`.
func fileSystemType(ofDevice device: UInt64) -> String? {
    // gnu_dev_major and gnu_dev_minor of glibc, which are macros.
    let major = (device >> 8 & 0xFFF) | (device >> 32 & 0xFFFF_F000)
    let minor = (device & 0xFF) | (device >> 12 & 0xFFFF_FF00)
    let table = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)
    guard table >= 0 else { return nil }
    let file = Descriptor(table)
    var text: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 16_384)
    while true {
        let count = read(file.number, &block, block.count)
        guard count > 0 else { break }
        text += block[..<count]
    }
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
        let fields = line.split(separator: " ")
        guard fields.count > 2, fields[2] == "\(major):\(minor)",
            let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count
        else { continue }
        return String(fields[dash + 1])
    }
    return nil
}
