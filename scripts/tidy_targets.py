#!/usr/bin/env python3
"""Reads file names and prints those that the given compile_commands.json compiles: what clang-tidy can look at."""
import json
import os
import sys


def main():
    with open(sys.argv[1], encoding="utf-8") as database:
        compiled = {os.path.realpath(os.path.join(entry["directory"], entry["file"])) for entry in json.load(database)}
    for name in sys.stdin.read().split():
        if os.path.realpath(name) in compiled:
            print(name)


if __name__ == "__main__":
    main()
