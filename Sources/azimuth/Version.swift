/// The program's own version; CHANGELOG.md lists what came with each.
let version = "0.1.0"
