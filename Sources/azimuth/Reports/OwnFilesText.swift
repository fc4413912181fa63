import Atlas
import Configure

/// What `azimuth check` says of formats and signature packs that it tested.
enum OwnFilesText {
    static func text(_ own: OwnFiles) -> String {
        let bundled = (try? Setup.packs()) ?? []
        return packs(own, bundled) + formats(own)
    }

    private static func packs(_ own: OwnFiles, _ bundled: [SignaturePack]) -> String {
        var text = ""
        for file in own.packs {
            let known = bundled.filter { $0.system == file.pack.system }.flatMap(\.signatures)
            for signature in file.pack.signatures
            where known.contains(where: { $0.name == signature.name }) {
                text += "\(file.path): '\(signature.name)' takes the place of the one that comes"
                text += " with azimuth for \(file.pack.system)\n"
            }
        }
        let all = bundled + own.packs.map(\.pack)
        let signatures = all.reduce(0) { $0 + $1.signatures.count }
        return text + "signature packs: \(bundled.count) bundled, \(own.packs.count) own:"
            + " \(signatures) signatures, \(signatures) samples hold theirs\n"
    }

    private static func formats(_ own: OwnFiles) -> String {
        guard !own.formats.isEmpty else { return "" }
        let samples = own.formats.reduce(0) { $0 + $1.format.samples.count }
        return "formats: \(own.formats.count) own: \(samples) samples read as they say\n"
    }
}
