#!/bin/sh
# Makes a slim, CPU-only libtorch for the feature `torch`, out of the torch wheel on PyPI.
#
#   scripts/setup-libtorch.sh [DEST]      DEST: .libtorch in the checkout
#
# TORCH_WHEEL=path      use this wheel instead of downloading it
# LIBTORCH, LIBTORCH_USE_PYTORCH
#                       you have a libtorch of your own (CUDA, say): nothing is done
#
# Needs x86_64 Linux, python3 with pip, a C and C++ compiler, binutils, and 1.7 GB of
# disk for a moment, of which 0.45 GB stay. A second run returns at once.
# docs/libtorch.md says more.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# shellcheck source=scripts/lib.sh
. "$root/scripts/lib.sh"

version=2.4.1
wheel_size="797 MB"
wheel_sha256=0b5f88afdfa05a335d80351e3cea57d38e578c8689f751d35e0ff36bce872113
stamp=.ok-$version
dest=${1:-$root/.libtorch}
given=${TORCH_WHEEL:-}

# torch-sys goes by whether these are set, so this does too.
if [ -n "${LIBTORCH_USE_PYTORCH+set}" ]; then
    say "LIBTORCH_USE_PYTORCH is set: the build uses the torch of your python; nothing to do"
    exit 0
fi
if [ -n "${LIBTORCH+set}" ]; then
    [ -n "$LIBTORCH" ] || die "LIBTORCH is set, but empty" "unset it, or give it the path of a libtorch folder"
    say "LIBTORCH=$LIBTORCH is set: the build uses that one; nothing to do"
    case $LIBTORCH in /*) ;; *) say "warning: the build needs an absolute path there" ;; esac
    [ -d "$LIBTORCH/lib" ] || say "warning: $LIBTORCH has no folder lib: the build will not find libtorch there"
    exit 0
fi

made_already "$dest" "$stamp" && exit 0

platform="$(uname -s) $(uname -m)"
[ "$platform" = "Linux x86_64" ] || die "this makes libtorch for Linux x86_64 only; here is $platform" \
    "set LIBTORCH to a libtorch 2.4 folder of your own (docs/libtorch.md), or build without the feature torch"
need_python "$given" TORCH_WHEEL
for tool in cc c++; do
    need $tool "install a C and C++ compiler (Debian, Ubuntu: apt-get install build-essential)"
done
for tool in readelf nm strip; do
    need $tool "install binutils (Debian, Ubuntu: apt-get install binutils)"
done

open_work "$dest"
if [ -n "$given" ]; then need_disk "$tmp" 950; else need_disk "$tmp" 1700; fi
get_wheel "torch==$version" "$wheel_size" "$wheel_sha256" TORCH_WHEEL "$given" \
    --python-version 3.11 --implementation cp --abi cp311 --platform manylinux1_x86_64

t=$(date +%s)
say "unpacking the CPU libraries and the headers"
unpack torch/ torch/lib/libtorch_cpu.so torch/lib/libc10.so 'torch/lib/libgomp-*' 'torch/include/*'
unpack "torch-$version.dist-info/" "torch-$version.dist-info/LICENSE" "torch-$version.dist-info/NOTICE"
rm -rf "$tmp/wheel"

lib=$tmp/new/lib
# libtorch_cpu.so of the CUDA wheel names CUDA's runtime and profiler libraries, for
# profiling only. In their place stand stubs with the same soname, symbols and symbol
# version, whose functions all report failure (999 is "unknown error" in both).
for so in $(readelf -d "$lib/libtorch_cpu.so" | sed -n 's/.*NEEDED.*\[\(libcu[a-z]*\.so\.[0-9]*\)\].*/\1/p'); do
    nm -D --undefined-only "$lib/libtorch_cpu.so" |
        sed -n "s/^ *U \([A-Za-z0-9_]*\)@$so\$/int \1(void) { return 999; }/p" >"$tmp/stub.c"
    echo "$so { global: *; };" >"$tmp/stub.map"
    cc -shared -fPIC -O1 -Wl,-soname,"$so" -Wl,--version-script="$tmp/stub.map" -o "$lib/$so" "$tmp/stub.c" ||
        die "cc could not make the stub of $so" "check that the C compiler links: the reason is above"
done
# The wheel's libtorch.so is an empty shell that also wants libtorch_cuda.so; this one does not.
: >"$tmp/shell.c"
# shellcheck disable=SC2016  # $ORIGIN is the dynamic loader's
cc -shared -fPIC -Wl,-soname,libtorch.so -Wl,--no-as-needed -Wl,-rpath,'$ORIGIN' -Wl,--disable-new-dtags \
    -Wl,--allow-shlib-undefined -L"$lib" -l:libtorch_cpu.so -l:libc10.so -o "$lib/libtorch.so" "$tmp/shell.c" ||
    die "cc could not link libtorch.so" "check that the C compiler links: the reason is above"
strip --strip-unneeded "$lib/libtorch_cpu.so" "$lib/libc10.so"
# No file build-version: torch-sys would insist on 2.4.0 by name, and 2.4.1 serves as well.
say "made the libraries in $(seconds_since "$t")"

python3 - "$lib" <<'EOP' || die "the new libtorch does not load" "this wheel needs glibc (not musl): the reason is above"
import ctypes, sys
threads = getattr(ctypes.CDLL(sys.argv[1] + "/libtorch.so"), "_ZN2at15get_num_threadsEv")()
sys.exit(None if threads > 0 else f"at::get_num_threads() gives {threads}")
EOP
publish "$dest" "$stamp"
say "libtorch $version is in $dest ($(du -sm "$dest" | cut -f1) MB, $(seconds_since) in all)"
