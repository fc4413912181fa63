"""Makes a root of Debian with named packages, what they depend on, and nothing else.

It is assembled from the packages that apt would fetch, not configured: that takes seconds. The
fetched packages and the assembled roots are kept in .build/clean-root.
"""
import hashlib
import pathlib
import shutil
import subprocess
import tempfile

CACHE = pathlib.Path(__file__).resolve().parents[2] / ".build" / "clean-root"
MERGED = ("bin", "sbin", "lib", "lib64")


def make(packages):
    """The folder of a root with these packages; not to be changed."""
    archives = CACHE / "archives"
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    debs = fetched(packages, archives)
    key = hashlib.sha256("\n".join(sorted(deb.name for deb in debs)).encode()).hexdigest()[:16]
    root = CACHE / f"root-{key}"
    if not root.exists():
        for old in CACHE.glob("root-*"):
            shutil.rmtree(old)
        assemble(debs, root)
    return root


def fetched(packages, archives):
    """The packages and all that they depend on, as apt resolves it where nothing is installed."""
    with tempfile.NamedTemporaryFile() as nothing:
        apt = ["apt-get", "-q", "-y", "--no-install-recommends",
               "-o", f"Dir::State::status={nothing.name}", "-o", f"Dir::Cache::archives={archives}",
               "-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User=root"]
        try:
            run(*apt, "--download-only", "install", *packages)
        except RuntimeError:
            # The lists may be absent or old: then the second try has fresh ones.
            run("apt-get", "-q", "update")
            run(*apt, "--download-only", "install", *packages)
        plan = run(*apt, "--simulate", "install", *packages)
    wanted = [line.split()[1:] for line in plan.splitlines() if line.startswith("Inst ")]
    debs = []
    for name, version, *_ in wanted:
        stem = f"{name}_{version.strip('(').replace(':', '%3a')}_"
        debs += sorted(archives.glob(stem + "*.deb"))[:1]
    if len(debs) != len(wanted):
        raise RuntimeError(f"apt fetched {len(debs)} of {len(wanted)} packages")
    return debs


def assemble(debs, root):
    draft = root.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    for name in MERGED:
        (draft / "usr" / name).mkdir(parents=True)
        (draft / name).symlink_to(f"usr/{name}")
    for deb in debs:
        unpack = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE)
        subprocess.run(["tar", "-x", "--keep-directory-symlink", "-C", draft],
                       stdin=unpack.stdout, check=True)
        if unpack.wait() != 0:
            raise RuntimeError(f"{deb} is no package")
    # What the packages' own scripts would have done, as far as it is needed here.
    for name in ("passwd", "group"):
        shutil.copy(draft / "usr/share/base-passwd" / f"{name}.master", draft / "etc" / name)
    (draft / "etc/machine-id").write_text("uninitialized\n")
    if not (draft / "usr/bin/sh").exists():
        (draft / "usr/bin/sh").symlink_to("dash")
    run("chroot", draft, "/sbin/ldconfig")
    draft.rename(root)


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{words[0]} failed: {done.stderr.strip()[-800:]}")
    return done.stdout


if __name__ == "__main__":
    import sys
    print(make(sys.argv[1:]))
