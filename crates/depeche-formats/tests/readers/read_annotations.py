"""Against the model's own rules as a schema: https://www.w3.org/TR/annotation-model/ (23 February 2017)."""
import json

from jsonschema import Draft202012Validator

from common import FOLDER, RECORDS, items, package

SELECTOR = {
    "oneOf": [
        {"required": ["type", "start", "end"],
         "properties": {"type": {"const": "TextPositionSelector"},
                        "start": {"type": "integer", "minimum": 0}, "end": {"type": "integer", "minimum": 0}}},
        {"required": ["type", "exact"],
         "properties": {"type": {"const": "TextQuoteSelector"}, "exact": {"type": "string"},
                        "prefix": {"type": "string"}, "suffix": {"type": "string"}}},
    ]
}
IRI = {"type": "string", "pattern": r"^[a-z][a-z0-9+.-]*:[^\s]+$"}
PAGE = {
    "type": "object",
    "required": ["@context", "id", "type", "items"],
    "properties": {
        "@context": {"type": "array", "contains": {"const": "http://www.w3.org/ns/anno.jsonld"}},
        "id": IRI,
        "type": {"const": "AnnotationPage"},
        "items": {"type": "array", "items": {
            "type": "object",
            "required": ["id", "type", "target"],
            "properties": {
                "id": IRI,
                "type": {"const": "Annotation"},
                "motivation": {"enum": ["identifying"]},
                "body": {"type": "object"},
                "target": {"type": "array", "minItems": 1, "items": {
                    "type": "object",
                    "required": ["type", "source", "selector"],
                    "properties": {
                        "type": {"const": "SpecificResource"},
                        "source": IRI,
                        "styleClass": {"type": "string"},
                        "selector": {"type": "array", "minItems": 2, "maxItems": 2, "items": SELECTOR},
                    },
                }},
            },
        }},
    },
}
package()
page = json.loads((FOLDER / "annotations.jsonld").read_text(encoding="utf-8"))
Draft202012Validator(PAGE).validate(page)
assert len(page["items"]) == sum(len(items(layer)) for layer in ("statements", "events", "positions"))
assert len({item["id"] for item in page["items"]}) == len(page["items"])
texts = {f"urn:{r['article']['id']}": r["article"]["text"] for r in RECORDS}
texts.update({r["article"]["url"]: r["article"]["text"] for r in RECORDS if r["article"]["url"]})
for item in page["items"]:
    for target in item["target"]:
        position, quote = target["selector"]
        text = texts[target["source"]]
        assert text[position["start"]:position["end"]] == quote["exact"]
        assert (quote["prefix"] + quote["exact"] + quote["suffix"]) in text
