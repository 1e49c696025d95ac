"""Hosts of their own: network namespaces with one interface each, behind a switch that can cut any of them off."""

import os
import subprocess

PREFIX = "10.99.0."
#: The switch itself, from where the test looks at everything.
SELF = PREFIX + "1"


def run(*command, **options):
    return subprocess.run(command, check=True, text=True, capture_output=True, **options).stdout


def hardware(address):
    return "02:00:0a:63:00:%02x" % int(address.rsplit(".", 1)[1])


class Network:
    """A switch (a bridge) and the hosts on it. To be made inside a network, mount and process namespace of the test's own, which take
    everything away when the test ends, however it ends."""

    def __init__(self, addresses):
        """`addresses`: the last byte of each host's address, by its name."""
        run("mount", "-t", "tmpfs", "tmpfs", "/run/netns")
        # Of this run alone, and for unprivileged users, whatever the machine's is.
        run("mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", "/dev/shm")
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "switch", "address", hardware(SELF), "type", "bridge")
        run("ip", "address", "add", SELF + "/24", "dev", "switch")
        run("ip", "link", "set", "switch", "up")
        self.address = {name: PREFIX + str(last) for name, last in addresses.items()}
        for name, address in self.address.items():
            run("ip", "netns", "add", name)
            run("ip", "link", "add", "to-" + name, "type", "veth", "peer", "name", "eth0", "address", hardware(address), "netns", name)
            run("ip", "link", "set", "to-" + name, "master", "switch", "up")
            for arguments in (("link", "set", "lo", "up"), ("address", "add", address + "/24", "dev", "eth0"), ("link", "set", "eth0", "up")):
                run("ip", "-n", name, *arguments)
        # Everybody knows everybody: a host that is cut off is silence, as behind a router, and not "no route to host" after a second.
        everybody = [SELF, *self.address.values()]
        for name, own in self.address.items():
            for other in everybody:
                if other != own:
                    run("ip", "-n", name, "neighbour", "replace", other, "lladdr", hardware(other), "dev", "eth0", "nud", "permanent")
        for other in self.address.values():
            run("ip", "neighbour", "replace", other, "lladdr", hardware(other), "dev", "switch", "nud", "permanent")

    def cut(self, name):
        """From now on every packet from and to the host is lost, without a word to anybody."""
        run("bridge", "link", "set", "dev", "to-" + name, "state", "disabled")

    def join(self, name):
        run("bridge", "link", "set", "dev", "to-" + name, "state", "forwarding")

    def enter(self, name):
        """What to put before a command to run it on that host."""
        return ["nsenter", "--net=/run/netns/" + name, "--"]

    def processes(self, name, program=None):
        """Ids of the processes on a host, of one program or all."""
        found = []
        for line in run("ip", "netns", "pids", name).split():
            try:
                with open(f"/proc/{line}/cmdline", "rb") as file:
                    words = file.read().split(b"\0")
            except OSError:
                continue
            names = [os.path.basename(word.decode(errors="replace").split(":")[0]) for word in words[:2]]
            if program is None or program in names:
                found.append(int(line))
        return found
