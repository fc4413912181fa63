/// The themes that cannot be missing; a test holds them to Themes/meridian.yaml and mono.yaml.
enum BuiltInThemes {
    static let meridian = Theme(
        name: "meridian",
        isDark: true,
        styles: meridianStyles,
        heat: meridianHeat
    )

    static let mono = Theme(
        name: "mono",
        isDark: true,
        styles: [
            .text: plain(),
            .dim: plain(),
            .faint: plain(.dim),
            .strong: plain(.bold),
            .title: plain(.bold),
            .rule: plain(.dim),
            .track: plain(.dim),
            .raised: plain(),
            .cursor: plain(.reverse),
            .prompt: plain(.bold),
            .hint: plain(),
            .hintKey: plain(.bold),
            .hit: plain(.reverse),
            .paused: plain([.reverse, .bold]),
            .ok: plain(),
            .warn: plain(.bold),
            .down: plain([.bold, .underline]),
            .moving: plain(.bold),
            .maintenance: plain(),
            .noData: plain(.underline),
            .graph: plain(),
            .graph2: plain(),
        ],
        heat: [.terminal]
    )

    static let meridianHeat: [Color] = [
        Color(rgb: 0x2F6F8F, ansi: 4), Color(rgb: 0x3B8FB0, ansi: 6),
        Color(rgb: 0x4FB0C6, ansi: 14), Color(rgb: 0x7FC8A9, ansi: 10),
        Color(rgb: 0xC9CF6B, ansi: 11), Color(rgb: 0xE6C34A, ansi: 3),
        Color(rgb: 0xF0964B, ansi: 9), Color(rgb: 0xFF6B5E, ansi: 9),
    ]

    static let meridianStyles: [Role: Style] = [
        .text: on(ink, 0xCFD4DC, 7),
        .dim: on(ink, 0x868E99, 7),
        .faint: on(ink, 0x626A76, 8),
        .strong: on(ink, 0xFFFFFF, 15, .bold),
        .title: on(ink, 0x9DB8D6, 12, .bold),
        .rule: on(ink, 0x343B46, 8),
        .track: on(ink, 0x3E4652, 8),
        .raised: on(raised, 0xCFD4DC, 7),
        .cursor: on(row, 0xFFFFFF, 15),
        .prompt: on(raised, 0xFFFFFF, 15),
        .hint: on(raised, 0x8D95A0, 7),
        .hintKey: on(raised, 0xFFFFFF, 15, .bold),
        .hit: on(amber, 0x14171C, 0),
        .paused: on(amber, 0x14171C, 0, .bold),
        .ok: on(ink, 0x6FB28A, 2),
        .warn: on(ink, 0xE6C34A, 11, .bold),
        .down: on(ink, 0xFF6B5E, 9, .bold),
        .moving: on(ink, 0x5FB3E6, 14, .bold),
        .maintenance: on(ink, 0xA7A0D8, 13),
        .noData: on(ink, 0x868E99, 7),
        .graph: on(ink, 0x5FB3E6, 12),
        .graph2: on(ink, 0xC79BD2, 13),
    ]

    private static let ink = Color(rgb: 0x14171C, ansi: 0)
    private static let raised = Color(rgb: 0x1C2027, ansi: 0)
    private static let row = Color(rgb: 0x263040, ansi: 4)
    private static let amber = Color(rgb: 0xE6C34A, ansi: 11)

    private static func on(
        _ ground: Color,
        _ rgb: UInt32,
        _ ansi: UInt8,
        _ attributes: Attributes = []
    ) -> Style {
        Style(
            foreground: Color(rgb: rgb, ansi: ansi),
            background: ground,
            attributes: attributes
        )
    }

    private static func plain(_ attributes: Attributes = []) -> Style {
        Style(attributes: attributes)
    }
}
