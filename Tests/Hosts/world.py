"""The whole topology: one nginx with the relay, three hosts of handlers, a primary and its synchronous standby, an object store, an origin."""

import glob
import http.client
import json
import os
import secrets
import shutil
import subprocess
import time
import urllib.request

import psycopg2

from database import Database
from hosts import DECODER, PROGRAMS, FrontHost, HandlerHost, wait_for_port
from load import Load
from local_store import LocalStore
from logs import Logs
from machine import Machine, eventually
from network import Network
from store import Store

ADDRESSES = {"front": 10, "handlers1": 21, "handlers2": 22, "handlers3": 23, "db1": 31, "db2": 32, "store": 41, "origin": 51}
FAKETIME = next(iter(glob.glob("/usr/lib/*/faketime/libfaketime.so.1")), None)
#: The delays before a second and a third attempt are minutes in life; here they are this many times shorter.
SHORTER = 60
CLIPS = (("one.mp4", "320x180", 10), ("two.mp4", "426x240", 25), ("three.mkv", "320x240", 15))
#: Who wakes the workers. There are always sweeps: by HTTP, or where there is pg_cron within the database; with both they take turns.
DELIVERIES = {"relay": {"relay", "cron"}, "pg-net": {"pg_net", "cron"}, "sweep": {"cron"}, "pg-cron": {"pg_net", "pg_cron"},
              "all": {"relay", "pg_net", "cron", "pg_cron"}}
WIRES = {"db1": 6431, "db2": 6432}


def faked(clock):
    """The environment of a process whose clock is moved by what is in a file; its monotonic one stays."""
    return {"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": clock, "FAKETIME_CACHE_DURATION": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


class World:
    def __init__(self, folder, bin_folder, old_bin=None, workers=2, lease_seconds=3, is_long=False, delay=0.02, local_store=None,
                 steps_clocks=True, delivery="relay"):
        """`workers`: on each host. `delay`: the origin's, in seconds. `local_store`: the size of a shared folder instead of the object store.
        `steps_clocks`: with clocks that can be moved, which cost each process a little. `delivery`: of `DELIVERIES`."""
        self.lease_seconds, self.is_long, self.steps_clocks = lease_seconds, is_long, steps_clocks
        self.notes, self.failures = {}, []
        self.wakes_by, self.sweeps = DELIVERIES[delivery], 0
        #: Whether a fault may measure itself, since nothing else goes wrong; when it was mended, where it says so itself.
        self.is_alone, self.mended_at, self.load = True, None, None
        #: Ids of videos whose hints a fault has taken away.
        self.lost_hints = set()
        #: In life a sweep comes once an hour: what has to go without one is seen while this is set.
        self.sweeps_rest = False
        self.network = Network(ADDRESSES)
        self.address = self.network.address
        self.machine = Machine(folder, self.network)
        self.logs = Logs(self.machine)
        self.machine.make_folder("control")
        # Of its own: what is built meanwhile is not what this run is about.
        self.bin, self.old_bin = self.keep(bin_folder, "programs"), old_bin and self.keep(old_bin, "old-programs")
        self.worker_clock, self.wire_control, self.origin_control, database_clock = (
            self.machine.path("control", name) for name in ("worker-clock", "wire-cuts", "origin-control", "database-clock"))
        for path, word in ((self.worker_clock, "+0"), (database_clock, "+0"), (self.wire_control, "0"), (self.origin_control, "ok")):
            self.write(path, word)
        self.secret = {name: secrets.token_hex(16) for name in ("SERVICE_ROLE_KEY", "CRON_SECRET", "WEBHOOK_SECRET")}
        self.url = f"http://{self.address['front']}:8080"
        self.database = Database(self.machine, "db1", "db2", database_clock, faked(database_clock) if steps_clocks else {})
        self.make_clips()
        self.origin, self.origin_process = f"http://{self.address['origin']}:8000", None
        self.restart_origin(delay)
        self.store = LocalStore(self.machine, local_store) if local_store else Store(self.machine, "store")
        self.migrate()
        self.start_hosts(workers)

    def keep(self, folder, name):
        kept = self.machine.path(name)
        os.mkdir(kept)
        for program in (*PROGRAMS, DECODER):
            if program != DECODER or os.path.exists(os.path.join(folder, program)):
                shutil.copy(os.path.join(folder, program), kept)
        return kept

    def start_hosts(self, workers):
        """The second host's clock can be moved; the third reaches its database over wires that can be cut."""
        slow = max(1, int(self.lease_seconds / 3))
        environment = {
            **self.secret, "SUPABASE_URL": self.url, "DATABASE_URL": self.database.servers("handlers"), "LEASE_SECONDS": str(self.lease_seconds),
            "DELIVERY_LEASE": "5", "OBJECT_KEEP_SECONDS": "0", "GC_SECONDS": "0", "MEDIA_THREADS": "1",
            "SOURCE_PRIVATE_HOSTS": f"{self.address['origin']}:8000", "SOURCE_SLOW_SECONDS": str(slow), "SOURCE_CONNECT_TIMEOUT": str(slow),
            **self.store.environment()}
        wired = "postgresql://handlers@" + ",".join(f"127.0.0.1:{port}" for port in WIRES.values()) + "/postgres"
        own = {"handlers1": {}, "handlers2": faked(self.worker_clock) if self.steps_clocks else {}, "handlers3": {"DATABASE_URL": wired}}
        # They are one machine, and would all have its name.
        self.hosts = [HandlerHost(self.machine, name, self.bin, workers, {**environment, "WORKER_HOST": name, **added})
                      for name, added in own.items()]
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "wire.py")
        self.hosts[2].beside = {f"wire-{host}": f"/usr/bin/python3 {script} {port} {self.address[host]} {self.wire_control}"
                                for host, port in WIRES.items()}
        self.front = FrontHost(self.machine, "front", self.bin, self.hosts, self.store, {**environment, "DELIVERY_CONCURRENCY": str(4 * workers)},
                               "relay" in self.wakes_by)
        if "pg_net" in self.wakes_by:
            self.front.beside = {"pg-net": f"/usr/bin/python3 {self.machine.root}/Tests/Support/pg-net {self.database.url()}"}
        for host in [*self.hosts, self.front]:
            self.start(host)

    def start(self, host):
        host.start()
        for port in host.ports:
            wait_for_port(host.address, port)

    def make_clips(self):
        videos = self.machine.make_folder("videos")
        for name, size, rate in CLIPS:
            subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"mandelbrot=s={size}:r={rate}", "-t", "4", "-pix_fmt", "yuv420p",
                            "-g", str(rate), os.path.join(videos, name)], check=True)

    def restart_origin(self, delay):
        """Also for videos that have come since."""
        if self.origin_process:
            self.origin_process.terminate()
            self.origin_process.wait()
        script = os.path.join(self.machine.root, "Tests/Support/origin.py")
        self.origin_process = self.machine.start("origin", "origin", "/usr/bin/python3", script, "--address", self.address["origin"], "--port", "8000",
                                                 "--control", self.origin_control, "--delay", str(delay), self.machine.path("videos"))
        wait_for_port(self.address["origin"], 8000)

    def migrate(self):
        subprocess.run([os.path.join(self.machine.root, "scripts/migrate")], check=True, capture_output=True,
                       env={**os.environ, "DATABASE_URL": self.database.url()})
        connection = self.database.connect()
        cursor = connection.cursor()
        cursor.execute("CREATE ROLE handlers LOGIN")
        cursor.execute("GRANT thumbnail_handlers TO handlers")
        cursor.execute("INSERT INTO system_config (key, value) VALUES ('supabase_url', %s), ('webhook_secret', %s)",
                       (self.url, self.secret["WEBHOOK_SECRET"]))
        if "pg_net" in self.wakes_by:
            with open(os.path.join(self.machine.root, "Tests/Support/pg_net.sql")) as file:
                cursor.execute(file.read())
            cursor.execute("INSERT INTO system_config (key, value) VALUES ('thumbnail_handlers_url', %s)", (self.url,))
        cursor.execute("SELECT pg_get_functiondef('thumbnails.retry_delay'::regproc)")
        definition = cursor.fetchone()[0]
        cursor.execute(definition.replace("thumbnails.retry_delay(", "thumbnails.retry_delay_of_life("))
        cursor.execute(f"""CREATE OR REPLACE FUNCTION thumbnails.retry_delay(attempt integer, retry_after_seconds double precision,
            jitter double precision) RETURNS interval LANGUAGE sql IMMUTABLE AS
            'SELECT thumbnails.retry_delay_of_life(attempt, retry_after_seconds, jitter) / {SHORTER}'""")
        connection.close()

    # What faults need ---------------------------------------------------------------------------------------------------------------

    def write(self, path, text):
        with open(path + ".new", "w") as file:
            file.write(text)
        self.machine.own(path + ".new")
        os.rename(path + ".new", path)

    def control_origin(self, word):
        self.write(self.origin_control, word)

    def set_clock(self, file, step):
        self.write(file, step)

    def cut_wire(self, times):
        self.write(self.wire_control, str(times))

    def wire_cuts_left(self):
        with open(self.wire_control) as file:
            return int(file.read())

    @staticmethod
    def wait_for(read, suffices, seconds=20):
        """What `read` gives once it suffices, or when the time is over."""
        end = time.monotonic() + seconds
        while not suffices(result := read()) and time.monotonic() < end:
            time.sleep(0.2)
        return result

    def after_promotion(self, moment, lost_at):
        """`moment`: from when the new primary took writes; `lost_at`: from when the old one did not."""
        self.is_mended()
        if not self.is_alone:
            return
        sql = f"SELECT extract(epoch FROM min(at))::float8 FROM thumbnails.events WHERE to_status = 'processing' AND at > to_timestamp({moment})"

        def first():
            try:
                return self.database.ask(sql)
            except psycopg2.Error:
                return None
        claimed = eventually("a claim after the promotion", first, 60)
        self.note("promotion to the first claim, s", claimed - moment)
        self.note("loss of the primary to the first claim, s", claimed - lost_at)
        # A bar of `make chaos`; the short cut is a test and holds no time against a busy machine.
        if self.is_long:
            self.check(f"the first claim comes within 0.5 s of the promotion, not {claimed - moment:.2f}", claimed - moment <= 0.5)

    def check_rate(self, what, begin, seconds):
        """At least 98 % of the videos that are due to come do come, and are finished, from `begin` on."""
        time.sleep(max(0, begin + seconds + 0.5 - time.time()))
        came, went = self.load.share(begin, begin + seconds)
        # One video is more than a hundredth of so short a time.
        slack = 1.5 / (self.load.rate * seconds)
        self.note(f"share of the rate {what}: inserted", came)
        self.note(f"share of the rate {what}: finished", went)
        self.check(f"98 % of the rate {what}: {came:.3f} inserted, {went:.3f} finished", came >= 0.98 - slack and went >= 0.98 - slack)

    # The sweep, and the end of a run -------------------------------------------------------------------------------------------------

    def sweep(self):
        """As cron does it, or pg_cron. True when it was answered with success and did sweep."""
        self.sweeps += 1
        if "pg_cron" in self.wakes_by and ("cron" not in self.wakes_by or self.sweeps % 2):
            try:
                return not self.database.ask("SELECT auto_retry_stuck_thumbnails()").get("skipped")
            except psycopg2.Error:
                return False
        request = urllib.request.Request(self.url + "/scheduled", b"", {"Authorization": "Bearer " + self.secret["CRON_SECRET"]})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                reply = json.load(answer)
        except (OSError, ValueError, http.client.HTTPException):
            return False
        return reply.get("success") is True and not reply.get("result", {}).get("data", {}).get("skipped")

    def collect_garbage(self):
        """All that is left behind, at once; what it says, and its status."""
        host = self.hosts[0]
        environment = {"PATH": os.environ["PATH"], **host.environment, "GC_ORPHAN_SECONDS": "0", "GC_MAX_DELETIONS": "100000"}
        return subprocess.run([*self.network.enter(host.name), *self.machine.unprivileged(), host.folder + "/bin/auto-generate-thumbnail", "gc"],
                              env=environment, cwd="/", text=True, capture_output=True)

    # What is found -------------------------------------------------------------------------------------------------------------------

    def worker_sizes(self):
        """Megabytes each worker has in memory (RSS)."""
        sizes = []
        for host in self.hosts:
            for process in self.network.processes(host.name, "auto-generate-thumbnail"):
                try:
                    with open(f"/proc/{process}/statm") as file:
                        sizes.append(int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") >> 20)
                except OSError:
                    # It has just ended.
                    pass
        return sizes

    def is_mended(self):
        """What follows is not the fault any more, but what is seen of its end."""
        self.mended_at = self.mended_at or time.time()

    def note(self, what, value):
        self.notes.setdefault(what, []).append(value)

    def check(self, what, holds):
        if not holds:
            self.failures.append(what)
            print(f"FAIL {what}", flush=True)

    def start_load(self, rate, seed):
        self.load = Load(self.database, self.origin, rate, seed)
        return self.load
