"""The folder, the unprivileged user and the processes of one run."""

import os
import pwd
import signal
import subprocess
import time


class Machine:
    def __init__(self, folder, network):
        self.folder, self.network = folder, network
        self.root = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
        self.children = []
        os.makedirs(self.path("log"))
        self.own(self.path("log"))

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def own(self, path):
        nobody = pwd.getpwnam("nobody")
        os.chown(path, nobody.pw_uid, nobody.pw_gid)

    def make_folder(self, *names):
        path = self.path(*names)
        os.makedirs(path, exist_ok=True)
        self.own(path)
        return path

    @staticmethod
    def unprivileged():
        return ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]

    def run(self, host, *command, **options):
        """A command on a host, as nobody, to its end; its output."""
        return subprocess.run([*self.network.enter(host), *self.unprivileged(), *command], check=True, text=True, cwd="/",
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options).stdout

    def start(self, host, log, *command, as_root=False, environment=None):
        """A command on a host, as nobody, in the background; what it says goes to log/<log>."""
        # What is preloaded must not be before the user is changed: it would make things that are root's.
        environment = {"PATH": os.environ["PATH"], "TMPDIR": self.folder, **(environment or {})}
        preload = environment.pop("LD_PRELOAD", None)
        words = ["env", "LD_PRELOAD=" + preload] if preload else []
        with open(self.path("log", log), "ab") as output:
            process = subprocess.Popen([*self.network.enter(host), *([] if as_root else self.unprivileged()), *words, *command], cwd="/",
                                       stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment)
        self.children.append(process)
        return process

    def stop_all(self):
        for process in reversed(self.children):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        end = time.monotonic() + 15
        for process in self.children:
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()


def eventually(what, condition, seconds=30, pause=0.05):
    """What `condition` gives as soon as it is true."""
    end = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(pause)
