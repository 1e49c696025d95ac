"""A cluster for a habit that the shared one cannot serve."""

import contextlib
import os
import shlex
import shutil
import subprocess
import tempfile

from expectations import Unexpected
from session import HANDLERS, ROLES, SUPERUSER, Session

ROOT = os.path.abspath(os.path.dirname(__file__) + "/../../..")
PROGRAMS = subprocess.run([ROOT + "/scripts/database/postgresql"], check=True, capture_output=True, text=True).stdout.strip() + "/"


class Server:
    """A cluster of a habit's own; `copy_of`: a standby of the one whose sockets are there; `tiny`: the size, as mount takes it, of a disk that it
    finds in its folder `tiny`. It is mounted as root here and until the server stops; for others in a namespace of the server's own."""

    def __init__(self, settings, copy_of=None, tiny=None):
        self.folder = tempfile.mkdtemp(prefix="thumbnail-habit-")
        self.user = ()
        if os.geteuid() == 0:
            shutil.chown(self.folder, "nobody", "nogroup")
            self.user = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups")
        if copy_of:
            self.program("pg_basebackup", "-h", copy_of, "-U", SUPERUSER, "-D", self.folder + "/data", "-c", "fast", "-X", "stream", "-R")
        else:
            self.program("initdb", "-D", self.folder + "/data", "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8", "-N")
        settings = {"listen_addresses": "", "fsync": "off", "autovacuum_naptime": "1s", **settings}
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        beyond = ()
        self.disk = tiny and self.folder + "/tiny"
        if tiny:
            os.mkdir(self.disk)
            mount = ("mount", "-t", "tmpfs", "-o", f"size={tiny},uid={os.stat(self.folder).st_uid},mode=700", "tmpfs", self.disk)
            if os.geteuid() == 0:
                # A namespace of its own would want a root folder that is a mount itself, which that of a chroot is not.
                subprocess.run(mount, check=True)
            else:
                beyond = ("unshare", "--mount", "--user", "--map-current-user", "--keep-caps", "sh", "-c", f'{shlex.join(mount)} && exec "$@"', "sh")
        self.program("pg_ctl", "-D", self.folder + "/data", "-o", f"-k {self.folder} {options}", "-l", self.folder + "/log", "-w", "start",
                     beyond=beyond)

    def program(self, name, *arguments, beyond=()):
        # What it starts inherits no pipe that somebody reads to its end.
        with open(self.folder + "/said", "w+", encoding="utf-8") as said:
            done = subprocess.run([*beyond, *self.user, PROGRAMS + name, *arguments], cwd="/", stdout=said, stderr=said, check=False)
            said.seek(0)
            text = said.read()
        if done.returncode:
            raise Unexpected(f"{name}: {text}")

    def stop(self):
        with contextlib.suppress(Unexpected):
            self.program("pg_ctl", "-D", self.folder + "/data", "-m", "immediate", "stop")
        if self.disk and os.path.ismount(self.disk):
            subprocess.run(("umount", "--lazy", self.disk), check=True)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def server(settings=None, copy_of=None, roles=ROLES + HANDLERS, tiny=None):
    own = Server(settings or {}, copy_of, tiny)
    try:
        if not copy_of:
            with contextlib.closing(Session(own.folder, "postgres", SUPERUSER)) as session:
                session(roles)
        yield own
    finally:
        own.stop()
