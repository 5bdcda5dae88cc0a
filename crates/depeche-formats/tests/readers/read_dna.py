import csv

from frictionless import Package

from common import FOLDER, RECORDS, items, package

package()
report = Package(str(FOLDER / "datapackage.json")).validate()
assert report.valid, report.flatten(["rowNumber", "fieldNumber", "type", "message"])[:5]
with open(FOLDER / "statements.dna.csv", encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))
said = [p for _, p in items("positions") if p["stance"] not in ("doubt", "open", "condition")]
assert len(rows) == len(said)
texts = {r["article"]["key"]: r["article"]["text"] for r in RECORDS}
for row in rows:
    assert bool(row["person"]) != bool(row["organization"])
    assert row["agreement"] in ("0", "1") and row["concept"]
    assert texts[row["document_id"]][int(row["start"]):int(row["stop"])] == row["text"]
