"""The hosts that run the handlers, and the one with nginx and the relay: supervisord on each, as `make run` has it."""

import os
import shutil
import subprocess

from machine import eventually

PROGRAMS = ("auto-generate-thumbnail", "retry-stuck-thumbnails", "scheduled", "webhook-relay")
# Beside the first; programs from before it decode themselves.
DECODER = "thumbnail-decoder"
PORTS = {"auto-generate-thumbnail": 9001, "retry-stuck-thumbnails": 9002, "scheduled": 9003}


class Supervised:
    """A host whose programs supervisord keeps alive."""

    def __init__(self, machine, name, bin_folder):
        self.machine, self.name = machine, name
        self.folder = machine.make_folder(name)
        self.address = machine.network.address[name]
        # Small, so that a test can fill it.
        self.tmp = machine.make_folder(name, "tmp")
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=1777", "tmpfs", self.tmp], check=True)
        self.environment = {}
        #: Further programs to be kept alive: commands by their names.
        self.beside = {}
        self.install(bin_folder)
        self.process = None

    def install(self, bin_folder):
        """Puts the programs of a folder in the place of those there are, as a package does: a new file, not the old one's content."""
        self.machine.make_folder(self.name, "bin")
        for program in (*PROGRAMS, DECODER):
            target = os.path.join(self.folder, "bin", program)
            if program == DECODER and not os.path.exists(os.path.join(bin_folder, program)):
                continue
            shutil.copy(os.path.join(bin_folder, program), target + ".new")
            os.rename(target + ".new", target)

    def start(self):
        with open(os.path.join(self.folder, "supervisord.conf"), "w") as file:
            file.write(f"""[supervisord]
nodaemon=true
logfile={self.folder}/supervisord.log
pidfile={self.folder}/supervisord.pid
[unix_http_server]
file={self.folder}/supervisor.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://{self.folder}/supervisor.sock
""" + self.programs() + "".join(f"""[program:{name}]
command={command}
startsecs=0
startretries=1000000
""" for name, command in self.beside.items()))
        # What a host finds after its power failed: nothing, for /run is empty then.
        if os.path.exists(self.folder + "/supervisor.sock"):
            os.remove(self.folder + "/supervisor.sock")
        self.process = self.machine.start(self.name, self.name, "supervisord", "-c", self.folder + "/supervisord.conf",
                                          environment={"TMPDIR": self.tmp, **self.environment})

    def control(self, *arguments):
        subprocess.run(["supervisorctl", "-c", self.folder + "/supervisord.conf", *arguments], text=True, capture_output=True, check=True)

    def restart(self, *programs):
        """Programs of supervisord's, at once. Not `all`: a worker that has a result to write needs the wire to the database."""
        self.control("restart", *programs)

    def kill_all(self):
        """As if the power had failed."""
        for _ in range(2):
            for process in self.machine.network.processes(self.name):
                try:
                    os.kill(process, 9)
                except ProcessLookupError:
                    pass
        self.process.wait(10)


class HandlerHost(Supervised):
    """The three handlers, each on one TCP port shared by its workers."""

    ports = tuple(PORTS.values())

    def __init__(self, machine, name, bin_folder, workers, environment):
        super().__init__(machine, name, bin_folder)
        self.workers, self.environment = workers, environment

    def programs(self):
        text = ""
        for program, port in PORTS.items():
            count = self.workers if program == "auto-generate-thumbnail" else 1
            text += f"""[fcgi-program:{program}]
command={self.folder}/bin/{program}
socket=tcp://{self.address}:{port}
process_name=%(program_name)s-%(process_num)d
numprocs={count}
startsecs=0
startretries=1000000
stopwaitsecs=140
redirect_stderr=true
stdout_logfile={self.machine.path('log', self.name + '.jsonl')}
stdout_logfile_maxbytes=0
"""
        return text


class FrontHost(Supervised):
    """nginx with the shipped configuration, and the relay where there is one."""

    ports = (8080,)

    def __init__(self, machine, name, bin_folder, handler_hosts, store, environment, has_relay=True):
        super().__init__(machine, name, bin_folder)
        self.environment, self.has_relay = environment, has_relay
        shipped = os.path.join(self.folder, "thumbnail-handlers")
        shutil.copytree(os.path.join(machine.root, "nginx"), shipped)
        with open(shipped + "/http.conf") as file:
            lines = file.readlines()
        with open(shipped + "/http.conf", "w") as file:
            file.writelines(self.adapted(line, handler_hosts) for line in lines)
        temporary = " ".join(f"{kind}_temp_path {self.tmp}/{kind};" for kind in ("client_body", "fastcgi", "proxy", "uwsgi", "scgi"))
        with open(self.folder + "/nginx.conf", "w") as file:
            file.write(f"""daemon off; worker_processes 1; pid {self.folder}/nginx.pid; error_log {machine.path('log', 'nginx.error')};
events {{ worker_connections 512; }}
http {{
  access_log off; {temporary}
  include thumbnail-handlers/http.conf;
  server {{
    listen {self.address}:8080;
    include thumbnail-handlers/handlers.conf;
    location /thumbnails/ {{ root {getattr(store, 'folder', self.folder)}; }}
  }}
}}
""")

    @staticmethod
    def adapted(line, handler_hosts):
        """A line of the shipped configuration, for these hosts and for callers that come over this network."""
        if line.startswith("upstream "):
            name = line.split()[1]
            port = PORTS[name.removeprefix("thumbnail_").replace("_", "-")]
            return f"upstream {name} {{ " + " ".join(f"server {host.address}:{port} max_fails=3 fail_timeout=5s;" for host in handler_hosts) + " }\n"
        return line.replace("  ::1 1;", "  ::1 1;\n  10.99.0.0/24 1;")

    def programs(self):
        return f"""[program:nginx]
command=/usr/sbin/nginx -p {self.folder} -c {self.folder}/nginx.conf -e {self.machine.path('log', 'nginx.error')}
stopsignal=QUIT
startsecs=0
startretries=1000000
""" + (f"""[program:webhook-relay]
command={self.folder}/bin/webhook-relay
startsecs=0
startretries=1000000
redirect_stderr=true
stdout_logfile={self.machine.path('log', 'relay.jsonl')}
stdout_logfile_maxbytes=0
""" if self.has_relay else "")


def wait_for_port(address, port):
    """Until somebody listens there."""
    def listens():
        return subprocess.run(["bash", "-c", f"exec 3<>/dev/tcp/{address}/{port}"], capture_output=True).returncode == 0
    eventually(f"{address}:{port} answers", listens, 60)
