"""`make install` into a folder, copied to a clean root without Swift: there it has to work.

Run as root on Debian after `make release`: the root is assembled from Debian's packages, and booted
with systemd-nspawn, so that a real systemd applies the unit. AZIMUTH_BIN names another program.
"""
import json
import os
import pathlib
import re
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import clean_root

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
BINARY = os.environ.get("AZIMUTH_BIN", str(ROOT / ".build" / "release" / "azimuth"))
PREFIX = "/usr/local"
REDIS = 31378
# Of a root that can run a script and open a manual page; the program's own come from install.md.
BASE = ["base-files", "base-passwd", "bash", "bash-completion", "bsdutils", "coreutils", "dash",
        "grep", "libc-bin", "man-db", "ncurses-base", "redis-tools", "sed", "systemd",
        "util-linux"]
# In every Debian, since bash and libstdc++6 need them.
ALWAYS = {"libc6", "libgcc-s1", "libtinfo6"}


def runtime_packages():
    """What the apt line of Docs/install.md tells people to install."""
    text = (ROOT / "Docs" / "install.md").read_text()
    return re.search(r"apt-get install (lib[^\n]+)", text)[1].split()


def missing():
    """Why nothing can be tested here; None when it can."""
    if os.getuid() != 0:
        return "a clean root needs root"
    if not shutil.which("apt-get"):
        return "a clean root is assembled from Debian's packages, and there is no apt-get"
    for program in ("systemd-nspawn", "man", "groff", "zsh", "fish", "redis-server"):
        if not shutil.which(program):
            return f"'{program}' is not installed (.ci/setup test installs it)"
    return None


def install(verb, prefix, destination, binary=BINARY):
    return subprocess.run(
        [ROOT / "Packaging" / "install", verb, f"PREFIX={prefix}", f"DESTDIR={destination}",
         f"BINARY={binary}"], capture_output=True, text=True, timeout=120)


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in pathlib.Path(folder).rglob("*"))


def run(*words, **options):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True,
                          timeout=120, stdin=subprocess.DEVNULL, **options)


@unittest.skipIf(missing(), f"SKIPPED: {missing()}")
class InstallTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-install-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.folder.chmod(0o755)
        cls.tree = cls.folder / "tree"
        done = install("install", PREFIX, cls.tree)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        cls.root = cls.folder / "root"
        run("cp", "-a", clean_root.make(BASE + runtime_packages()), cls.root, check=True)
        run("cp", "-a", f"{cls.tree}/.", cls.root, check=True)

    def inside(self, *words, boot=False, variables=None):
        """A command in the clean root, or its systemd."""
        nspawn = ["systemd-nspawn", "--quiet", "--register=no", "--console=pipe", "-D", self.root]
        if not os.path.exists("/run/systemd/system"):
            nspawn.append("--keep-unit")
        nspawn += [f"--setenv={name}={value}" for name, value in (variables or {}).items()]
        return run(*nspawn, "--boot" if boot else "--as-pid2", "--", *words)

    def good(self, *words, **options):
        done = self.inside(*words, **options)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_the_program_starts_without_a_toolchain(self):
        self.assertRegex(self.good("azimuth", "--version"), r"^\d+\.\d+\.\d+")
        libraries = self.good("ldd", f"{PREFIX}/bin/azimuth")
        self.assertNotIn("not found", libraries)
        self.assertNotIn("swift", libraries)

    def test_the_apt_line_of_the_documents_is_what_the_program_needs(self):
        needed = set()
        for path in re.findall(r"=> (/\S+)", run("ldd", BINARY).stdout):
            # The paths of the packages, which may be from before /lib became a link.
            for name in (path, os.path.realpath(path), path.removeprefix("/usr"), f"/usr{path}"):
                owner = run("dpkg", "-S", name)
                if owner.returncode == 0:
                    needed.add(owner.stdout.split(":")[0])
                    break
            else:
                self.fail(f"no package has {path}")
        self.assertEqual(needed - ALWAYS, set(runtime_packages()), "correct Docs/install.md")

    def test_a_sample_replays_to_the_report_of_the_checkout(self):
        here = run(BINARY, "replay", ROOT / "SampleData" / "postgresql-kill", "--headless")
        self.assertEqual(self.good("azimuth", "replay", "postgresql-kill", "--headless"),
                         here.stdout)

    def test_themes_and_packs_are_found_also_through_a_link(self):
        (self.root / "usr/bin/az").symlink_to(f"{PREFIX}/bin/azimuth")
        packs = len(list((ROOT / "Sources/Evaluate/Failovers/Packs").glob("*.yaml")))
        words = f"signature packs: {packs}, in {PREFIX}/share/azimuth/themes"
        for name in ("azimuth", "az"):
            self.assertIn(words, self.inside(name, "doctor").stdout)
        self.assertEqual(len(self.good("az", "themes").splitlines()),
                         len(list((ROOT / "Themes").glob("*.yaml"))))

    def test_the_manual_has_a_page_for_each_command(self):
        wide = {"MANWIDTH": "200", "LC_ALL": "C.UTF-8"}
        page = self.good("man", "azimuth", variables=wide)
        for title in ("NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "EXIT STATUS", "ENVIRONMENT",
                      "FILES", "EXAMPLES", "SEE ALSO"):
            self.assertRegex(page, rf"(?m)^{title}$")
        declared = json.loads(run(BINARY, "--experimental-dump-help").stdout)["command"]
        commands = {one["commandName"] for one in declared["subcommands"]} - {"help"}
        self.assertIn("replay", commands)
        for command in commands:
            help_text = run(BINARY, "help", command).stdout
            page = self.good("man", f"azimuth-{command}", variables=wide)
            for option in set(re.findall(r"--[a-z-]+", help_text)) - {"--help", "--version"}:
                self.assertIn(option, page)

    def test_the_manual_is_well_formed(self):
        for page in (self.tree / PREFIX[1:] / "share/man/man1").iterdir():
            said = run("groff", "-mdoc", "-Tutf8", "-ww", "-z", page)
            self.assertEqual(said.stderr, "", page.name)

    def test_the_manual_names_every_variable_that_is_read(self):
        page = (self.tree / PREFIX[1:] / "share/man/man1/azimuth.1").read_text()
        read = set()
        for path in (ROOT / "Sources").rglob("*.swift"):
            read |= set(re.findall(r'(?:Environment\.value|environment|getenv)\("([A-Z_]+)"',
                                   path.read_text()))
        self.assertIn("AZIMUTH_SHARE", read)
        self.assertEqual([name for name in sorted(read) if name not in page], [])

    def test_bash_completes(self):
        script = f"""
            . /usr/share/bash-completion/bash_completion
            _completion_loader azimuth
            complete_words() {{
                COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_TYPE=9
                COMP_POINT=${{#COMP_LINE}} COMPREPLY=()
                "$(complete -p azimuth | sed 's/.*-F \\([^ ]*\\).*/\\1/')" azimuth "${{@: -1}}" \
                    "${{@: -2:1}}"
                echo "${{COMPREPLY[@]}}"
            }}
            complete_words azimuth re
            complete_words azimuth replay --he
            complete_words azimuth logs --level fa
            complete_words azimuth replay x --theme day
        """
        lines = self.good("bash", "-c", script).splitlines()
        self.assertEqual([sorted(line.split()) for line in lines],
                         [["record", "replay"], ["--headless", "--help"], ["fatal"], ["daylight"]])

    def test_fish_and_zsh_complete(self):
        share = self.tree / PREFIX[1:] / "share"
        asked = run("fish", "--no-config", "-c",
                    f"source {share}/fish/vendor_completions.d/azimuth.fish;"
                    "complete -C 'azimuth re'")
        self.assertEqual(sorted(line.split("\t")[0] for line in asked.stdout.splitlines()),
                         ["record", "replay"], asked.stderr)
        script = share / "zsh/site-functions/_azimuth"
        self.assertEqual(run("zsh", "-n", script).stderr, "")
        self.assertTrue(script.read_text().startswith("#compdef azimuth"))

    def start_redis(self, password):
        configuration = self.folder / "redis.conf"
        configuration.write_text(f"port {REDIS}\nbind 127.0.0.1\nsave \"\"\nrequirepass {password}\n")
        process = subprocess.Popen(["redis-server", configuration], stdout=subprocess.DEVNULL)
        self.addCleanup(process.wait, 20)
        self.addCleanup(process.terminate)

    def test_the_unit_watches_and_can_do_nothing_else(self):
        server = socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.start_redis("of-the-cache")
        etc = self.root / "etc/azimuth"
        etc.mkdir()
        configuration = (HERE / "unit.yaml").read_text()
        (etc / "azimuth.yaml").write_text(
            configuration.replace("@PORT@", str(server.server_address[1]))
            .replace("@REDIS@", str(REDIS)))
        (self.root / "redis.auth").write_text("of-the-cache\n")
        shutil.copy(HERE / "try-everything", etc)
        shutil.copy(HERE / "drive-unit", self.root / "drive-unit")
        shutil.copy(HERE / "drive.service", self.root / "etc/systemd/system")
        self.inside("--unit=drive.service", boot=True)
        said = (self.root / "driven").read_text()
        self.assertRegex(said, r"(?m)^all is as it should be$", said)


@unittest.skipUnless(os.access(BINARY, os.X_OK), f"SKIPPED: there is no {BINARY}")
class UninstallTests(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-uninstall-"))
        self.addCleanup(shutil.rmtree, self.folder, True)

    def done(self, verb, prefix=PREFIX, **options):
        done = install(verb, prefix, self.folder, **options)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_uninstall_leaves_nothing_of_ours_and_all_of_others(self):
        others = ["usr/local/bin/other", "usr/local/share/man/man1/other.1",
                  "etc/azimuth/azimuth.yaml", "var/lib/azimuth/history.db"]
        for name in others:
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text("")
        (self.folder / "usr/local/lib").mkdir()
        before = files(self.folder)
        self.done("install")
        self.assertIn("usr/local/bin/azimuth", files(self.folder))
        self.done("uninstall")
        self.assertEqual(files(self.folder), before)

    def test_a_prefix_that_was_made_goes_too(self):
        (self.folder / "opt").mkdir()
        self.done("install", prefix="/opt/azimuth")
        self.done("uninstall", prefix="/opt/azimuth")
        self.assertEqual(files(self.folder), ["opt"])

    def test_a_later_version_removes_what_it_no_longer_has(self):
        self.done("install")
        share = self.folder / "usr/local/share/azimuth"
        for name in ("gone/gone.yaml", "kept.yaml"):
            (share / name).parent.mkdir(exist_ok=True)
            (share / name).write_text("")
        with open(share / "installed", "a") as entries:
            entries.write("share/azimuth/gone/\nshare/azimuth/gone/gone.yaml\n")
        self.done("install")
        self.assertFalse((share / "gone").exists())
        self.assertTrue((share / "kept.yaml").exists(), "a file of somebody else was removed")

    def test_a_list_that_leads_outside_is_refused(self):
        self.done("install")
        victim = self.folder / "usr/victim"
        victim.write_text("")
        for entry in ("../victim", "share/../../victim", "/etc/passwd"):
            (self.folder / "usr/local/share/azimuth/installed").write_text(entry + "\n")
            done = install("uninstall", PREFIX, self.folder)
            self.assertEqual(done.returncode, 1)
            self.assertIn("damaged", done.stderr)
            self.assertTrue(victim.exists())

    def test_a_prefix_that_a_unit_cannot_hold_is_refused(self):
        for prefix in ("relative", "/with blank", "/a/../b", "/50%"):
            self.assertEqual(install("install", prefix, self.folder).returncode, 1, prefix)
        self.assertEqual(files(self.folder), [])

    def test_what_is_not_installed_is_not_removed(self):
        done = install("uninstall", PREFIX, self.folder)
        self.assertEqual(done.returncode, 1)
        self.assertIn("nothing is installed", done.stderr)


if __name__ == "__main__":
    unittest.main()
