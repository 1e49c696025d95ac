"""A network, a mount table and process ids of a program's own, all of which end with it."""

import os
import subprocess
import sys

#: What the tests take for "could not be seen here", as automake does.
SKIPPED = 77


def enter(program):
    """Starts `program` again in namespaces of its own (NAMESPACES_ENTERED is set there) and gives its status; says why where that cannot be."""
    name = os.path.basename(program)
    if os.geteuid() != 0:
        print(f"{name}: skipped: network namespaces with several hosts need root", file=sys.stderr)
        return SKIPPED
    command = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    probe = subprocess.run([*command, "true"], capture_output=True, text=True)
    with open("/proc/self/mountinfo") as file:
        is_shared = any(" shared:" in line for line in file)
    if probe.returncode != 0 and not is_shared:
        # In a chroot there is no root mount that could be made private; where nothing is shared there is no need to.
        command[5:5] = ["--propagation", "unchanged"]
        probe = subprocess.run([*command, "true"], capture_output=True, text=True)
    if probe.returncode != 0:
        print(f"{name}: skipped: network namespaces are not permitted here ({probe.stderr.strip()})", file=sys.stderr)
        return SKIPPED
    os.makedirs("/run/netns", exist_ok=True)
    entered = {**os.environ, "NAMESPACES_ENTERED": "1"}
    return subprocess.run([*command, sys.executable, os.path.abspath(program), *sys.argv[1:]], env=entered).returncode
