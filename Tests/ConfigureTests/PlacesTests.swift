import Testing

@testable import Configure

@Suite("Where files are looked for")
struct PlacesTests {
    private func places(_ environment: [String: String]) -> Places {
        Places { environment[$0] }
    }

    @Test("the configuration: here, then the user's, then the machine's")
    func configurations() {
        #expect(
            places(["HOME": "/home/op"]).configurations == [
                "azimuth.yaml", "/home/op/.config/azimuth/azimuth.yaml",
                "/etc/azimuth/azimuth.yaml",
            ]
        )
        #expect(
            places(["HOME": "/home/op", "XDG_CONFIG_HOME": "/cfg"]).configurations[1]
                == "/cfg/azimuth/azimuth.yaml"
        )
        #expect(
            places(["XDG_CONFIG_HOME": "relative"]).configurations == [
                "azimuth.yaml", "/etc/azimuth/azimuth.yaml",
            ]
        )
    }

    @Test("the first configuration that is there wins")
    func find() throws {
        try inTemporaryFolder { folder in
            let environment = ["HOME": folder.path + "/home", "XDG_CONFIG_HOME": folder.path]
            let path = try folder.write("azimuth/azimuth.yaml", "theme: mono\n")
            #expect(Configuration.find(in: places(environment)) == path)
        }
    }

    @Test("the history: in the user's state folder")
    func history() {
        #expect(places(["HOME": "/home/op"]).history == "/home/op/.local/state/azimuth/history.db")
        #expect(places(["XDG_STATE_HOME": "/state"]).history == "/state/azimuth/history.db")
        #expect(places([:]).history == "/var/lib/azimuth/history.db")
    }

    @Test("shared files: the chosen folder, then beside the program, then the checkout")
    func share() throws {
        try inTemporaryFolder { folder in
            try folder.write("checkout/Package.swift", "")
            try folder.write("checkout/Themes/b.yaml", "")
            try folder.write("checkout/Themes/a.yaml", "")
            try folder.write("checkout/Themes/notes.txt", "")
            try folder.write("prefix/share/azimuth/x", "")
            let built = folder.path + "/checkout/.build/debug/azimuth"
            let found = ShareFolder.find(executable: built, chosen: nil)
            let checkout = folder.path + "/checkout"
            #expect(found?.themes == checkout + "/Themes")
            #expect(found?.packs == checkout + "/Sources/Evaluate/Failovers/Packs")
            #expect(found?.samples == checkout + "/SampleData")
            #expect(
                ShareFolder.yamlFiles(in: checkout + "/Themes")
                    == [checkout + "/Themes/a.yaml", checkout + "/Themes/b.yaml"]
            )
            let installed = folder.path + "/prefix/bin/azimuth"
            let share = folder.path + "/prefix/share/azimuth"
            #expect(
                ShareFolder.find(executable: installed, chosen: nil)?.packs == share + "/packs"
            )
            #expect(ShareFolder.find(executable: built, chosen: share)?.themes == share + "/themes")
            #expect(ShareFolder.find(executable: built, chosen: "/nonexistent") == nil)
            #expect(ShareFolder.find(executable: "/nonexistent/bin/azimuth", chosen: nil) == nil)
        }
    }

    @Test("a bundled recording is found by its name, and by nothing else")
    func sample() throws {
        try inTemporaryFolder { folder in
            let path = try folder.write("share/samples/kill/recording.yaml", "")
            try folder.write("recording.yaml", "")
            let share = try #require(
                ShareFolder.find(executable: nil, chosen: folder.path + "/share")
            )
            #expect(share.sample(named: "kill").map { $0 + "/recording.yaml" } == path)
            #expect(share.sample(named: "none") == nil)
            #expect(share.sample(named: "../..") == nil)
        }
    }

    @Test("the running program is found")
    func executable() {
        #expect(ShareFolder.runningExecutable?.hasPrefix("/") == true)
    }
}
