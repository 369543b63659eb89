#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Computes the fingerprints that test_tree.c expects, from the encoding in tree.h alone."""
import hashlib
import struct

SECTION, ENTRY, LEAF, MEMBER, SET, BLOCK = range(1, 7)


def u32(number):
    return struct.pack(">I", number)


def text(value):
    return u32(len(value)) + value


class Node:
    def __init__(self, kind, name, keys=(), value=b"", ranges=(), ordered=False, children=()):
        self.kind, self.name, self.keys, self.value = kind, name, keys, value
        self.ranges, self.ordered, self.children = ranges, ordered, children

    def digest(self):
        data = bytes([1, self.kind, int(self.ordered)]) + text(self.name)
        data += u32(len(self.keys)) + b"".join(map(text, self.keys))
        data += text(self.value)
        data += u32(len(self.ranges)) + b"".join(u32(a) + u32(b) for a, b in self.ranges)
        loose = sorted(c.digest() for c in self.children if not c.ordered)
        fixed = sorted((c for c in self.children if c.ordered), key=lambda c: c.name)
        data += u32(len(self.children)) + b"".join(loose + [c.digest() for c in fixed])
        return hashlib.sha256(data).digest()


def root(*children):
    return Node(SECTION, b"", children=children)


def rule(name, key):
    return Node(MEMBER, name, (key,), ordered=True)


port = Node(ENTRY, b"port", (b"eth1",), children=(
    Node(LEAF, b"tag", value=b"10"),
    Node(SET, b"trunks", ranges=((10, 10), (20, 29), (4294967295, 4294967295))),
    Node(MEMBER, b"shutdown"),
))
VECTORS = {
    "empty": root(),
    "every_kind": root(
        Node(ENTRY, b"bridge", (b"br0",), children=(port,)),
        Node(BLOCK, b"banner", value=b"hello\0\n\xff"),
        Node(MEMBER, b"route", (b"10.0.0.0/8", b"Null0")),
        Node(SECTION, b"system"),
        Node(SET, b"none"),
    ),
    "ordered": root(
        rule(b"seq", b"2"), Node(LEAF, b"x", value=b""), rule(b"acl", b"b"), rule(b"seq", b"1"),
        rule(b"acl", b"a"),
    ),
}

for name, tree in VECTORS.items():
    print(name, tree.digest().hex())
