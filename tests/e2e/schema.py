#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""schema.py FOLDER [SCHEMA]: is standard input one JSON object of the shape that it names, as
share/schema describes it? SCHEMA is the name it must have; without it, all schemas are checked
themselves. Exit status 77: no validator."""
import json
import pathlib
import re
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: the Python module jsonschema is missing (Debian package python3-jsonschema)")
    sys.exit(77)

WORD = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")


def schemas(folder):
    every = [json.loads(path.read_text()) for path in sorted(pathlib.Path(folder).glob("*.json"))]
    for schema in every if len(sys.argv) < 3 else []:
        jsonschema.Draft202012Validator.check_schema(schema)
    return {schema["$id"]: schema for schema in every}


def validator(schema, known):
    try:
        from referencing import Registry, Resource
    except ImportError: # releases before 4.18
        resolver = jsonschema.RefResolver.from_schema(schema, store=known)
        return jsonschema.Draft202012Validator(schema, resolver=resolver)
    registry = Registry().with_resources((name, Resource.from_contents(one)) for name, one in known.items())
    return jsonschema.Draft202012Validator(schema, registry=registry)


def check_words(value, path):
    if isinstance(value, list):
        for one in value:
            check_words(one, path)
    elif isinstance(value, dict):
        for name, one in value.items():
            if not WORD.match(name):
                sys.exit(f"{path}/{name}: no word")
            check_words(one, f"{path}/{name}")


def main():
    known = schemas(sys.argv[1])
    value = json.load(sys.stdin)
    if not isinstance(value, dict) or next(iter(value), None) != "schema":
        sys.exit("this is no object that begins with its schema")
    name = value["schema"]
    if len(sys.argv) > 2 and name != sys.argv[2]:
        sys.exit(f"the schema is {name}, not {sys.argv[2]}")
    identity = "urn:" + name.replace("/", ":")
    if identity not in known:
        sys.exit(f"there is no schema {name}")
    check_words(value, "")
    errors = list(validator(known[identity], known).iter_errors(value))
    for error in errors:
        print(f"{name}: /{'/'.join(map(str, error.absolute_path))}: {error.message[:500]}")
    sys.exit(1 if errors else 0)


main()
