"""A small subset of JSON Schema 2020-12: enough for docs/report.schema.json, and what it does not
know it refuses, so that no word of a schema stands there unread.

Used by tests/report/contract.py and tests/cases/run.py."""

import json
import pathlib
import re

PATH = pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "report.schema.json"
WORDS_ONLY = {"$schema", "$id", "title", "description", "$defs"}
KNOWN = WORDS_ONLY | {"$ref", "type", "enum", "const", "anyOf", "properties", "required", "additionalProperties",
                      "propertyNames", "items", "minItems", "maxItems", "minLength", "pattern", "minimum", "maximum"}


class Refused(Exception):
    """The value is not what the schema says, or the schema is not one of ours."""


def is_type(value, name):
    kinds = {"null": lambda: value is None, "boolean": lambda: isinstance(value, bool),
             "integer": lambda: isinstance(value, int) and not isinstance(value, bool),
             "number": lambda: isinstance(value, (int, float)) and not isinstance(value, bool),
             "string": lambda: isinstance(value, str), "array": lambda: isinstance(value, list),
             "object": lambda: isinstance(value, dict)}
    if name not in kinds:
        raise Refused(f"a type nobody knows: {name}")
    return kinds[name]()


def same(value, other):
    return type(value) is type(other) and value == other


class Schema:
    def __init__(self, root):
        self.root = root
        self.check_words(root, "schema")

    def check_words(self, schema, where):
        """Refuses a keyword that this reader does not act upon, wherever it stands."""
        if not isinstance(schema, dict):
            raise Refused(f"{where}: no schema")
        unknown = set(schema) - KNOWN
        if unknown:
            raise Refused(f"{where}: keywords nobody reads: {sorted(unknown)}")
        if schema.get("type") == "object" and "additionalProperties" not in schema:
            raise Refused(f"{where}: an object that anything may be added to")
        if not set(schema.get("required", [])) <= set(schema.get("properties", {})):
            raise Refused(f"{where}: something is required that is not described")
        for key in ("properties", "$defs"):
            for name, child in schema.get(key, {}).items():
                self.check_words(child, f"{where}.{name}")
        for key in ("items", "propertyNames"):
            if key in schema:
                self.check_words(schema[key], f"{where}.{key}")
        if isinstance(schema.get("additionalProperties"), dict):
            self.check_words(schema["additionalProperties"], f"{where}.*")
        for child in schema.get("anyOf", []):
            self.check_words(child, f"{where}.anyOf")
        if "$ref" in schema:
            self.find(schema["$ref"])

    def find(self, reference):
        if not reference.startswith("#/$defs/") or reference[8:] not in self.root["$defs"]:
            raise Refused(f"a reference to nothing: {reference}")
        return self.root["$defs"][reference[8:]]

    def check(self, value, schema=None, where="report"):
        schema = self.root if schema is None else schema
        if "$ref" in schema:
            self.check(value, self.find(schema["$ref"]), where)
        if "type" in schema and not is_type(value, schema["type"]):
            raise Refused(f"{where}: not of type {schema['type']}: {value!r:.80}")
        if "const" in schema and not same(value, schema["const"]):
            raise Refused(f"{where}: not {schema['const']!r}: {value!r:.80}")
        if "enum" in schema and not any(same(value, word) for word in schema["enum"]):
            raise Refused(f"{where}: none of {schema['enum']}: {value!r:.80}")
        if "anyOf" in schema:
            self.check_any(value, schema["anyOf"], where)
        if isinstance(value, str):
            self.check_text(value, schema, where)
        elif isinstance(value, dict):
            self.check_object(value, schema, where)
        elif isinstance(value, list):
            self.check_list(value, schema, where)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            if value < schema.get("minimum", value) or value > schema.get("maximum", value):
                raise Refused(f"{where}: out of range: {value}")

    def check_any(self, value, schemas, where):
        for schema in schemas:
            try:
                self.check(value, schema, where)
                return
            except Refused:
                pass
        raise Refused(f"{where}: none of what it may be: {value!r:.80}")

    def check_text(self, value, schema, where):
        if len(value) < schema.get("minLength", 0):
            raise Refused(f"{where}: too short")
        # "$" is the very end there, not before a last line break as in Python.
        if "pattern" in schema and not re.search(re.sub(r"\$$", r"\\Z", schema["pattern"]), value):
            raise Refused(f"{where}: not of the form {schema['pattern']}: {value!r:.80}")

    def check_object(self, value, schema, where):
        missing = set(schema.get("required", [])) - set(value)
        if missing:
            raise Refused(f"{where}: missing: {sorted(missing)}")
        described = schema.get("properties", {})
        others = schema.get("additionalProperties", True)
        for name, child in value.items():
            if "propertyNames" in schema:
                self.check(name, schema["propertyNames"], f"{where}: the name {name!r:.40}")
            if name in described:
                self.check(child, described[name], f"{where}.{name}")
            elif others is False:
                raise Refused(f"{where}: not described: {name!r:.40}")
            elif others is not True:
                self.check(child, others, f"{where}.{name}")

    def check_list(self, value, schema, where):
        if len(value) < schema.get("minItems", 0):
            raise Refused(f"{where}: too few")
        if len(value) > schema.get("maxItems", len(value)):
            raise Refused(f"{where}: too many")
        for index, child in enumerate(value):
            if "items" in schema:
                self.check(child, schema["items"], f"{where}[{index}]")


def report_schema():
    return Schema(json.loads(PATH.read_text()))
