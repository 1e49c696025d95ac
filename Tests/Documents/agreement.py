"""What facts and limits are compared with: words of files, and whether they are the same in all places."""

import os
import re
import subprocess
import sys

os.chdir(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
faults = []


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


everything = [path for path in subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout.split("\n")
              if os.path.exists(path) and path and not path.endswith(".png")]


def words(path, place, word=r"[\w-]+", without=()):
    """The set of words in the first group of `place`, an expression that has to be found in a file."""
    found = re.search(place, read(path), re.M)
    if not found:
        faults.append(f"{path} has nothing like {place}")
        return set()
    return set(re.findall(word, found[1])) - set(without)


def agree(what, *places):
    """Each place: a path and its words; the first is where the fact is decided."""
    (source, expected), *others = places
    for path, found in others:
        if found != expected:
            faults.append(f"{what}: {path} and {source} differ in {', '.join(sorted(found ^ expected))}")


def finish(name):
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{name}: {len(faults)} faults")
    sys.exit(1 if faults else 0)
