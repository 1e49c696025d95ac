"""A folder that all hosts share, as by NFS, and that nginx serves: the local store. It is a small file system of its own, so that it can be full."""

import os
import subprocess


class LocalStore:
    def __init__(self, machine, size):
        """`size`: as mount's tmpfs takes it; None for a folder of the disk."""
        self.machine, self.address = machine, machine.network.address["front"]
        self.folder = machine.make_folder("local-store")
        if size:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=1777", "tmpfs", self.folder], check=True)

    def environment(self):
        return {"THUMBNAILS_DIRECTORY": self.folder, "PUBLIC_BASE_URL": f"http://{self.address}:8080"}

    def fill(self):
        """Leaves no room for another object."""
        subprocess.run(["dd", "if=/dev/zero", "of=" + os.path.join(self.folder, "filler"), "bs=4k"], capture_output=True)

    def make_room(self):
        os.remove(os.path.join(self.folder, "filler"))

    def request(self, method, path, body=b""):
        """As the other store's, without its network."""
        target = self.folder + path
        if method == "PUT":
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as file:
                file.write(body)
            os.chmod(target, 0o644)
        elif method == "DELETE":
            os.remove(target)
        else:
            with open(target, "rb") as file:
                return 200, file.read()
        return 200, b""

    def keys(self):
        return [os.path.relpath(os.path.join(folder, name), self.folder) for folder, _, names in os.walk(self.folder) for name in names]
