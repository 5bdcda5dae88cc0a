import json

import cassis

from common import FOLDER, RECORDS, package

package()
files = sorted((FOLDER / "cas").glob("*.json"))
assert len(files) == len(RECORDS)
by_text = {record["article"]["text"]: record for record in RECORDS}
for path in files:
    with open(path, "rb") as file:
        cas = cassis.load_cas_from_json(file)
    record = by_text[cas.sofa_string]
    for layer, spans in {
        "Statement": [c for s in record["statements"] for c in s["content"]],
        "Event": [m for e in record["events"] for m in e["mentions"]],
        "Time": record["times"],
        "Actor": [m for a in record["actors"] for m in a["mentions"]],
        "Cue": [s["cue"] for s in record["statements"] if s["cue"]],
    }.items():
        found = sorted(a.get_covered_text() for a in cas.select(f"webanno.custom.Depeche{layer}")) if spans else []
        assert found == sorted(span["text"] for span in spans), (path.name, layer)
    # Offsets in the file itself count UTF-16 code units.
    raw = json.loads(path.read_text(encoding="utf-8"))
    units = record["article"]["text"].encode("utf-16-le")
    times = [f for f in raw["%FEATURE_STRUCTURES"] if f["%TYPE"] == "webanno.custom.DepecheTime"]
    covered = [units[2 * t["begin"]:2 * t["end"]].decode("utf-16-le") for t in times]
    assert covered == [t["text"] for t in record["times"]]
