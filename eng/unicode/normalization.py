#!/usr/bin/env python3
"""Writes src/FunctionsAuth.Protocol/Text/normalization.txt: what Unicode says of normal forms, as Python's unicodedata has it.

Run it only to take over a newer version of Unicode. Characters that had been assigned before keep their normal forms (Unicode's
stability policy), and characters that were not assigned were refused, so that names in the tables keep their keys.
"""
import sys
import unicodedata

HANGUL = range(0xAC00, 0xD7A4)


def code_points():
    return (c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF)


def assigned_ranges():
    start = previous = None
    for c in code_points():
        if unicodedata.category(chr(c)) == "Cn":
            continue
        if previous is not None and c == previous + 1:
            previous = c
            continue
        if start is not None:
            yield start, previous
        start = previous = c
    yield start, previous


def lines():
    yield f"# Unicode {unicodedata.unidata_version}, by eng/unicode/normalization.py"
    yield "# A range of assigned code points; C code point, combining class; D canonical decomposition that is composed again;"
    yield "# X canonical decomposition that is not; K compatibility decomposition."
    for start, end in assigned_ranges():
        yield f"A {start:X} {end:X}"
    for c in code_points():
        if unicodedata.combining(chr(c)):
            yield f"C {c:X} {unicodedata.combining(chr(c))}"
    for c in code_points():
        mapping = unicodedata.decomposition(chr(c))
        if not mapping or c in HANGUL:
            continue
        if mapping.startswith("<"):
            yield f"K {c:X} {mapping.split('> ')[1]}"
        else:
            composes = unicodedata.normalize("NFC", chr(c)) == chr(c)
            yield f"{'D' if composes else 'X'} {c:X} {mapping}"


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()) + "\n")
