#!/usr/bin/env bash
# Does every answer agree with the OpenAPI description, whatever is sent?
# bench/schemathesis.sh ST DEPECHE ARCHIVE: the command of schemathesis, that of depeche, an archive, of which a copy is used.
set -euo pipefail
st=$1 depeche=$2 archive=$3
folder=$(mktemp -d)
cp "$archive" "$folder/a.depeche"
"$depeche" serve "$folder/a.depeche" --port 0 --quiet > "$folder/address" &
server=$!
trap 'kill "$server" 2> /dev/null; rm -rf "$folder"' EXIT
until [ -s "$folder/address" ]; do sleep 0.1; kill -0 "$server"; done
"$st" run "$(head -1 "$folder/address")/openapi.json" --phases coverage,fuzzing --max-examples "${EXAMPLES:-25}" \
    --generation-deterministic --exclude-checks positive_data_acceptance
