#!/usr/bin/env python3
"""Times veracity beside the engines that a user would otherwise pick: `make bench-peers`.

Needs nothing but Python: it makes its own environment in .peers (pinned in
requirements.txt), builds the Rust peers with cargo, and then runs `bench` in there.
A second run finds all that done. `--help` lists the options; README.md says what is timed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
HOME = ROOT / ".peers"
NEED_GB = 9


def say(text):
    print(f"bench-peers: {text}", file=sys.stderr, flush=True)


def die(text, *hints):
    say(f"error: {text}")
    for hint in hints:
        print(f"  hint: {hint}", file=sys.stderr)
    sys.exit(2)


def environment():
    """The virtual environment's python; made, or made again, when the pins have changed."""
    requirements = HERE / "requirements.txt"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    venv, stamp = HOME / "venv", HOME / "venv" / ".requirements"
    python = venv / "bin" / "python"
    if stamp.is_file() and stamp.read_text() == wanted and python.exists():
        return python
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        die(f"the pinned peers want Python 3.11 to 3.13; this is {sys.version.split()[0]}",
            "run it with another: python3.12 benches/peers/run.py")
    HOME.mkdir(exist_ok=True)
    free = shutil.disk_usage(HOME).free / 1e9
    if free < NEED_GB:
        die(f"{HOME} has {free:.1f} GB of free disk space; about {NEED_GB} GB are needed",
            "free some space, or let pip use an index with torch for the CPU alone (see requirements.txt)")
    say(f"making the peers' environment in {venv} (once; a download of up to 4 GB)")
    shutil.rmtree(venv, ignore_errors=True)
    if subprocess.run([sys.executable, "-m", "venv", str(venv)]).returncode:
        die("python could not make a virtual environment with pip",
            "install it (Debian, Ubuntu: apt-get install python3-venv python3-pip)")
    pip = [python, "-m", "pip", "install", "--no-cache-dir", "--disable-pip-version-check", "-q", "-r", requirements]
    if subprocess.run([str(a) for a in pip]).returncode:
        die("pip could not install the peers", "the reason is above: check the network, and pip's own settings (proxy, index)",
            "with veracity alone, `veracity bench` needs none of this")
    stamp.write_text(wanted)
    return python


def rust_peers():
    """Builds candle and rten for this processor; the folder of the programs, or None."""
    if not shutil.which("cargo"):
        say("no cargo here: candle and rten are left out")
        return None
    target = Path(os.environ.get("CARGO_TARGET_DIR") or HOME / "target").absolute()
    say("building the Rust peers")
    env = os.environ | {"RUSTFLAGS": "-C target-cpu=native", "CARGO_TARGET_DIR": str(target)}
    command = ["cargo", "build", "--release", "--locked", "--quiet", "--manifest-path", str(HERE / "rust" / "Cargo.toml")]
    if subprocess.run(command, env=env).returncode:
        say("candle and rten did not build (the reason is above): they are left out")
        return None
    return target / "release"


def main():
    if {"-h", "--help"} & set(sys.argv[1:]):
        sys.path.insert(0, str(HERE))
        from bench.options import parse
        parse(sys.argv[1:], ROOT)
    python = environment()
    programs = rust_peers()
    env = os.environ | {"PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1",
                        "PEERS_RUST": str(programs or ""), "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1",
                        "TRANSFORMERS_VERBOSITY": "error"}
    sys.stdout.flush()
    os.execve(python, [str(python), "-m", "bench", *sys.argv[1:]], env)


if __name__ == "__main__":
    main()
