#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Hold what kntsctl prints with --json, on standard input, to its schema.

usage: schema.py COMMAND [--lines]

COMMAND names helper/kntsctl/schema/COMMAND.json; with --lines each line of the
input is an object of its own. Ends with 1 and says what is wrong and where."""

import json
import os
import sys
import warnings

import jsonschema

# Newer releases have another way, which Debian 12's does not have.
warnings.filterwarnings('ignore', category=DeprecationWarning)
FOLDER = os.path.join(os.path.dirname(os.path.realpath(__file__)),
                      '../../helper/kntsctl/schema')


def load(name):
    with open(os.path.join(FOLDER, name)) as file:
        return json.load(file)


def validator(command):
    schema, objects = load(command + '.json'), load('objects.json')
    kind = jsonschema.Draft202012Validator
    kind.check_schema(schema)
    kind.check_schema(objects)
    resolver = jsonschema.RefResolver(schema['$id'], schema,
                                      store={objects['$id']: objects})
    return kind(schema, resolver=resolver)


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ['--lines']):
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    check = validator(sys.argv[1])
    text = sys.stdin.read()
    values = [json.loads(line) for line in
              (text.splitlines() if sys.argv[2:] else [text])]
    if not values:
        sys.exit('there is no line')
    failed = False
    for value in values:
        for error in check.iter_errors(value):
            print(f'{sys.argv[1]}: at {error.json_path}: {error.message}')
            failed = True
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
