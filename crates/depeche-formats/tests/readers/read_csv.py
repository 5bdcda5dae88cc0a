import csv
import json
import sys

from frictionless import Package

from common import FOLDER, RECORDS, items, package

csv.field_size_limit(sys.maxsize)
package()
report = Package(str(FOLDER / "datapackage.json")).validate()
assert report.valid, report.flatten(["rowNumber", "fieldNumber", "type", "message"])[:5]
for layer in ("statements", "events", "positions", "times", "places", "actors"):
    with open(FOLDER / f"{layer}.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(items(layer)), layer
with open(FOLDER / "articles.csv", encoding="utf-8", newline="") as file:
    texts = [row["text"] for row in csv.DictReader(file)]
assert texts == [record["article"]["text"] for record in RECORDS]
with open(FOLDER / "statements.csv", encoding="utf-8", newline="") as file:
    contents = [json.loads(row["content"]) for row in csv.DictReader(file)]
assert contents == [statement["content"] for _, statement in items("statements")]
