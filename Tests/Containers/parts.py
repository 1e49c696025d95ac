"""The services of compose.yaml as containers: crun runs each image as docker and podman would, with the default seccomp profile of containers.

Only what compose.yaml uses is understood; a key that is not is an error, so that nothing of it goes unnoticed.
"""

import json
import os
import shutil
import subprocess
import time

PROFILE = "/usr/share/containers/seccomp.json"
KNOWN = {"image", "build", "restart", "read_only", "cap_drop", "security_opt", "ulimits", "pids_limit", "tmpfs", "environment", "secrets", "depends_on",
         "command", "entrypoint", "mem_limit", "stop_grace_period", "volumes", "ports"}


def default_profile():
    """The default profile in the runtime's own form, for a process without capabilities."""
    with open(PROFILE) as file:
        profile = json.load(file)
    calls = []
    for rule in profile["syscalls"]:
        includes, excludes = rule.get("includes") or {}, rule.get("excludes") or {}
        if includes.get("caps") or (includes.get("arches") and "amd64" not in includes["arches"]) or "amd64" in excludes.get("arches", []):
            continue
        one = {"names": rule["names"], "action": rule["action"]}
        if rule.get("args"):
            one["args"] = [{key: value for key, value in arg.items() if key in ("index", "value", "valueTwo", "op")} for arg in rule["args"]]
        if rule.get("errnoRet") is not None:
            one["errnoRet"] = rule["errnoRet"]
        calls.append(one)
    return {"defaultAction": profile["defaultAction"], "defaultErrnoRet": profile["defaultErrnoRet"],
            "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"], "syscalls": calls}


def allowed_calls():
    """Names the default profile allows, some of them (`clone`, `socket`) with certain arguments only."""
    return {name for rule in default_profile()["syscalls"] if rule["action"] == "SCMP_ACT_ALLOW" for name in rule["names"]}


class Part:
    """One service: its image unpacked, its settings, and the container while it runs."""

    def __init__(self, name, service, images, work, secrets, variables):
        unknown = set(service) - KNOWN
        if unknown:
            raise SystemExit(f"compose.yaml, {name}: this test does not know {', '.join(sorted(unknown))}")
        self.name, self.service, self.work = name, service, work
        self.folder = os.path.join(work, name)
        os.mkdir(self.folder)
        self.root, self.image = images.unpacked(name, variables(service["image"]))
        self.process, self.started = None, None
        self.log = os.path.join(self.folder, "log")
        with open(os.path.join(self.folder, "config.json"), "w") as file:
            json.dump(self.config(secrets, variables), file)

    def arguments(self):
        entrypoint = self.service.get("entrypoint", self.image.get("Entrypoint") or [])
        command = self.service.get("command", [] if "entrypoint" in self.service else self.image.get("Cmd") or [])
        return entrypoint + command

    def user(self):
        uid, gid = self.image["User"].split(":")
        return int(uid), int(gid)

    def config(self, secrets, variables):
        uid, gid = self.user()
        environment = list(self.image["Env"])
        for key, value in (self.service.get("environment") or {}).items():
            environment.append(f"{key}={variables(value)}")
        mounts = [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
            {"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]},
            {"destination": "/etc/hosts", "type": "bind", "source": os.path.join(self.work, "hosts"), "options": ["bind", "ro"]},
        ]
        for path in self.service.get("tmpfs", []):
            mounts.append({"destination": path, "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "nodev", "noexec", "mode=1777"]})
        for volume in self.service.get("volumes", []):
            source, target, *mode = volume.split(":")
            folder = os.path.join(self.work, "volumes", source)
            if not os.path.isdir(folder):
                # As the engines do it: a new volume takes after the folder of the image.
                shutil.copytree(self.root + target, folder, symlinks=True)
                status = os.stat(self.root + target)
                os.chown(folder, status.st_uid, status.st_gid)
            mounts.append({"destination": target, "type": "bind", "source": folder, "options": ["bind"] + (["ro"] if "ro" in mode else [])})
        for secret in self.service.get("secrets", []):
            mounts.append({"destination": f"/run/secrets/{secret}", "type": "bind", "source": secrets[secret], "options": ["bind", "ro"]})
        none = {kind: [] for kind in ("bounding", "effective", "permitted", "inheritable", "ambient")}
        return {
            "ociVersion": "1.0.2",
            "process": {"user": {"uid": uid, "gid": gid}, "args": self.arguments(), "env": environment, "cwd": "/", "capabilities": none,
                        "noNewPrivileges": True, "rlimits": [{"type": "RLIMIT_CORE", "hard": 0, "soft": 0}]},
            "root": {"path": self.root, "readonly": True},
            "hostname": self.name,
            "mounts": mounts,
            "linux": {
                "namespaces": [{"type": kind} for kind in ("pid", "ipc", "uts", "mount")],
                "seccomp": default_profile(),
                "maskedPaths": ["/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
                                "/proc/sched_debug", "/proc/scsi"],
                "readonlyPaths": ["/proc/asound", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
            },
        }

    def runtime(self, *arguments):
        return ["crun", "--root", os.path.join(self.work, "crun"), "--cgroup-manager=disabled", *arguments]

    def start(self):
        self.started = time.monotonic()
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(self.runtime("run", "--bundle", self.folder, self.name), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return self

    def run(self):
        """Runs it to its end; returns its status."""
        return self.start().process.wait(timeout=120)

    def execute(self, *command):
        """Runs a command inside; returns what it says and its status."""
        done = subprocess.run(self.runtime("exec", "--user", ":".join(map(str, self.user())), self.name, *command), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        return done.stdout + done.stderr, done.returncode

    def processes(self):
        """The numbers of its processes, as seen from outside; the first is its number 1."""
        state = subprocess.run(self.runtime("state", self.name), capture_output=True, text=True)
        if state.returncode != 0:
            return []
        first = json.loads(state.stdout)["pid"]
        space = os.stat(f"/proc/{first}/ns/pid").st_ino
        found = []
        for entry in os.listdir("/proc"):
            try:
                if entry.isdigit() and os.stat(f"/proc/{entry}/ns/pid").st_ino == space:
                    found.append(int(entry))
            except OSError:
                pass  # It has just ended.
        return sorted(found, key=lambda pid: (pid != first, pid))

    def stop(self):
        """As `docker stop` does; returns the status, or None where it had to be killed."""
        signal = {"SIGQUIT": "QUIT"}.get(self.image.get("StopSignal"), "TERM")
        subprocess.run(self.runtime("kill", self.name, signal), capture_output=True)
        try:
            return self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.kill()
            return None

    def kill(self):
        if self.process is not None and self.process.poll() is None:
            subprocess.run(self.runtime("kill", self.name, "KILL"), capture_output=True)
            self.process.wait()

    def said(self):
        with open(self.log) as file:
            return file.read()


class Images:
    """The images of `scripts/images`, unpacked for each service."""

    def __init__(self, store):
        self.command = ["buildah", "--storage-driver", "vfs", "--root", f"{store}/layers", "--runroot", f"{store}/run"]
        self.containers = {}

    def ask(self, *arguments):
        return subprocess.run([*self.command, *arguments], check=True, capture_output=True, text=True).stdout.strip()

    def unpacked(self, service, image):
        container = self.containers[service] = self.ask("from", "--pull-never", f"localhost/{image}")
        config = json.loads(self.ask("inspect", "--type", "image", f"localhost/{image}"))["OCIv1"]["config"]
        return self.ask("mount", container), config

    def sizes(self):
        return {one["names"][0].rsplit("/", 1)[-1].split(":")[0]: one["size"] for one in json.loads(self.ask("images", "--json"))
                if one.get("names") and "/thumbnail-handlers/" in one["names"][0]}

    def close(self):
        for container in self.containers.values():
            self.ask("rm", container)
