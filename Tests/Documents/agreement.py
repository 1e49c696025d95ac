"""What the checks share: the files of the tree and their words, whether these are the same in all places, and what is said at the end."""

import os
import re
import subprocess
import sys

os.chdir(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
faults = []


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def tracked(*patterns):
    """Files that are there, and not ignored, new ones included."""
    listing = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", *patterns], capture_output=True, text=True, check=True)
    return [path for path in listing.stdout.split("\n") if path and os.path.exists(path)]


everything = [path for path in tracked() if not path.endswith(".png")]


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


def finish(name, looked_at=""):
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{name}: {looked_at}{len(faults)} faults")
    sys.exit(1 if faults else 0)
