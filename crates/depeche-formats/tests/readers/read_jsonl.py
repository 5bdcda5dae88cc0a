import json

from common import FOLDER, RECORDS, package

package()
with open(FOLDER / "records.jsonl", encoding="utf-8") as file:
    assert [json.loads(line) for line in file] == RECORDS
