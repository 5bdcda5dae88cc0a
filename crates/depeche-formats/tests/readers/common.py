"""What the readers share: the folder of an export, and the records that it was made of."""
import hashlib
import json
import pathlib
import sys

FOLDER = pathlib.Path(sys.argv[1])
RECORDS = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]


def items(layer):
    """Every item of a layer with its record."""
    return [(record, item) for record in RECORDS for item in record[layer]]


def package():
    """The description of the export, after each file was compared with it."""
    described = json.loads((FOLDER / "datapackage.json").read_text(encoding="utf-8"))
    for resource in described["resources"]:
        content = (FOLDER / resource["path"]).read_bytes()
        assert len(content) == resource["bytes"], resource["path"]
        assert "sha256:" + hashlib.sha256(content).hexdigest() == resource["hash"], resource["path"]
    named = {resource["path"] for resource in described["resources"]}
    there = {str(p.relative_to(FOLDER)) for p in FOLDER.rglob("*") if p.is_file()}
    there = {p for p in there if p != "datapackage.json" and not p.startswith("schemas/")}
    assert named == there, (named ^ there)
    assert described["depeche"]["counts"]["articles"] == len(RECORDS)
    assert described["depeche"]["runs"], "the run is told"
    return described


def certain(event):
    return event["factuality"] == "CT+" and not set(event["aux"]) & {"future", "hypothetical", "negation"}
