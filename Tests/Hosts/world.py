"""The whole topology: one nginx with the relay, three hosts of handlers, a primary and its synchronous standby, an object store, an origin."""

import contextlib
import glob
import json
import os
import secrets
import statistics
import subprocess
import time
import urllib.error
import urllib.request

import psycopg2

from database import Database
from hosts import FrontHost, HandlerHost, wait_for_port
from load import Load
from local_store import LocalStore
from machine import Machine, eventually
from network import Network
from store import Store

ADDRESSES = {"front": 10, "handlers1": 21, "handlers2": 22, "handlers3": 23, "db1": 31, "db2": 32, "store": 41, "origin": 51}
FAKETIME = next(iter(glob.glob("/usr/lib/*/faketime/libfaketime.so.1")), None)
#: The delays before a second and a third attempt are minutes in life; here they are this many times shorter.
SHORTER = 60


class World:
    def __init__(self, folder, bin_folder, old_bin=None, workers=2, lease_seconds=3, is_long=False, delay=0.02, local_store=None, steps_clocks=True):
        """`local_store`: the size of a shared folder instead of the object store. `steps_clocks`: with clocks that can be moved, which cost
        each process a little."""
        self.lease_seconds, self.is_long, self.bin, self.old_bin = lease_seconds, is_long, bin_folder, old_bin
        self.notes, self.failures = {}, []
        self.network = Network(ADDRESSES)
        self.machine = machine = Machine(folder, self.network)
        machine.make_folder("control")
        self.address = self.network.address
        self.database = Database(machine, "db1", "db2", FAKETIME if steps_clocks else None)
        self.start_origin(delay)
        self.store = LocalStore(machine, local_store) if local_store else Store(machine, "store")
        self.secret = {name: secrets.token_hex(16) for name in ("SERVICE_ROLE_KEY", "CRON_SECRET", "WEBHOOK_SECRET")}
        self.url = f"http://{self.address['front']}:8080"
        self.migrate()
        environment = {**self.secret, "SUPABASE_URL": self.url, "LEASE_SECONDS": str(lease_seconds), "LOG_LEVEL": "info", "OBJECT_KEEP_SECONDS": "0",
                       "SOURCE_PRIVATE_HOSTS": f"{self.address['origin']}:8000", "GC_SECONDS": "0", "DELIVERY_LEASE": str(max(5, lease_seconds)), "SOURCE_SLOW_SECONDS": str(max(1, int(lease_seconds / 3))), "SOURCE_CONNECT_TIMEOUT": str(lease_seconds / 3), "MEDIA_THREADS": "1",
                       "DATABASE_URL": self.database.url("handlers"), **self.store.environment()}
        self.worker_clock = machine.path("control", "worker-clock")
        self.set_clock(self.worker_clock, "+0")
        self.wire_control = machine.path("control", "wire-cuts")
        self.cut_wire(0)
        self.hosts = [HandlerHost(machine, name, bin_folder, workers, dict(environment)) for name in ("handlers1", "handlers2", "handlers3")]
        # The second host's clock can be moved; the third reaches its database over wires that can be cut.
        if steps_clocks:
            self.hosts[1].environment |= {"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": self.worker_clock, "FAKETIME_CACHE_DURATION": "1",
                                          "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}
        for port, host in ((6431, "db1"), (6432, "db2")):
            machine.start("handlers3", "wire", "/usr/bin/python3", os.path.join(os.path.dirname(os.path.abspath(__file__)), "wire.py"), str(port), self.address[host], self.wire_control)
        self.hosts[2].environment["DATABASE_URL"] = "postgresql://handlers@127.0.0.1:6431,127.0.0.1:6432/postgres"
        self.front = FrontHost(machine, "front", bin_folder, self.hosts, self.store, {**environment, "DELIVERY_CONCURRENCY": str(4 * workers)})
        for host in [*self.hosts, self.front]:
            self.start(host)

    def start_origin(self, delay):
        videos = self.machine.make_folder("videos")
        for name, size, rate in (("one.mp4", "320x180", 10), ("two.mp4", "426x240", 25), ("three.mkv", "320x240", 15)):
            subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"mandelbrot=s={size}:r={rate}", "-t", "4", "-pix_fmt", "yuv420p", "-g", str(rate),
                            os.path.join(videos, name)], check=True)
        self.origin_control = self.machine.path("control", "origin-control")
        self.control_origin("ok")
        self.origin = f"http://{self.address['origin']}:8000"
        self.origin_process = None
        self.restart_origin(delay)

    def restart_origin(self, delay):
        """Also for videos that have come since."""
        if self.origin_process:
            self.origin_process.terminate()
            self.origin_process.wait()
        self.origin_process = self.machine.start(
            "origin", "origin", "/usr/bin/python3", os.path.join(os.path.dirname(os.path.abspath(__file__)), "origin.py"), self.address["origin"], "8000",
            self.machine.path("videos"), self.origin_control, str(delay))
        wait_for_port(self.machine, self.address["origin"], 8000)

    def migrate(self):
        subprocess.run([os.path.join(self.machine.root, "scripts/migrate")], check=True, capture_output=True, env={**os.environ, "DATABASE_URL": self.database.url()})
        connection = self.database.connect()
        cursor = connection.cursor()
        cursor.execute("CREATE ROLE handlers LOGIN")
        cursor.execute("GRANT thumbnail_handlers TO handlers")
        cursor.execute("INSERT INTO system_config (key, value) VALUES ('supabase_url', %s), ('webhook_secret', %s)", (self.url, self.secret["WEBHOOK_SECRET"]))
        cursor.execute("SELECT pg_get_functiondef('thumbnails.retry_delay'::regproc)")
        definition = cursor.fetchone()[0]
        cursor.execute(definition.replace("thumbnails.retry_delay(", "thumbnails.retry_delay_of_life("))
        cursor.execute(f"""CREATE OR REPLACE FUNCTION thumbnails.retry_delay(attempt integer, retry_after_seconds double precision, jitter double precision)
            RETURNS interval LANGUAGE sql IMMUTABLE AS 'SELECT thumbnails.retry_delay_of_life(attempt, retry_after_seconds, jitter) / {SHORTER}'""")
        connection.close()

    def start(self, host):
        host.start()
        ports = (8080,) if host is getattr(self, "front", None) else (9001, 9002, 9003)
        for port in ports:
            wait_for_port(self.machine, host.address, port)

    # What faults need ---------------------------------------------------------------------------------------------------------------

    def control_origin(self, word):
        self.write(self.origin_control, word)

    def set_clock(self, file, step):
        self.write(file, step)

    def cut_wire(self, times):
        self.write(self.wire_control, str(times))

    def wire_cuts_left(self):
        with open(self.wire_control) as file:
            return int(file.read())

    def write(self, path, text):
        with open(path + ".new", "w") as file:
            file.write(text)
        self.machine.own(path + ".new")
        os.rename(path + ".new", path)

    @contextlib.contextmanager
    def a_result_that_waits(self):
        """A worker that has made its picture and waits for the database to take it: the row is locked."""
        connection = self.database.connect(self.database.primary)
        connection.autocommit = False
        cursor = connection.cursor()
        cursor.execute("INSERT INTO videos (title, status, video_url) VALUES ('held', 'completed', %s) RETURNING id", (self.origin + "/one.mp4?held",))
        video = cursor.fetchone()[0]
        connection.commit()
        end = time.monotonic() + 10
        while time.monotonic() < end:
            cursor.execute("SELECT id FROM videos WHERE id = %s AND thumbnail_generation_status = 'processing' FOR UPDATE SKIP LOCKED", (video,))
            if cursor.fetchone():
                break
            connection.rollback()
            time.sleep(0.005)
        time.sleep(0.3)
        try:
            yield
        finally:
            # The server may have ended it: it had been silent for long.
            connection.close()

    def lines(self, service=None):
        for path in glob.glob(self.machine.path("log", "*.jsonl")):
            with open(path, errors="replace") as file:
                for line in file:
                    if service is None or f'"service":"{service}"' in line:
                        yield line

    def logged(self, service, text, since=0):
        """When a service said something, in seconds since 1970."""
        moments = []
        for line in self.lines(service):
            if text in line:
                try:
                    said = json.loads(line)
                except ValueError:
                    # Cut short by a SIGKILL.
                    continue
                moment = time.mktime(time.strptime(said["time"][:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone + float("0" + said["time"][19:-1])
                if moment >= since:
                    moments.append(moment)
        return sorted(moments)

    def wait_for(self, what, read, suffices, seconds=20):
        """What `read` gives once it suffices, or when the time is over."""
        end = time.monotonic() + seconds
        while not suffices(result := read()) and time.monotonic() < end:
            time.sleep(0.2)
        return result

    def first_claim(self, since):
        """When the first claim since then was made, by the database's clock."""
        sql = f"SELECT extract(epoch FROM min(at))::float8 FROM thumbnails.events WHERE to_status = 'processing' AND at > to_timestamp({since})"
        return eventually("a claim after the promotion", lambda: self.try_to_ask(sql), 60)

    def try_to_ask(self, sql):
        try:
            return self.database.ask(sql)
        except psycopg2.Error:
            return None

    def after_promotion(self, moment):
        seconds = self.first_claim(moment) - moment
        self.note("promotion to the first claim, s", seconds)
        self.check("the first write comes within 0.5 s of the promotion", seconds <= 0.5)

    # The sweep, and the end of a run -------------------------------------------------------------------------------------------------

    def sweep(self):
        """As cron does it. True when it was answered with success and did sweep."""
        request = urllib.request.Request(self.url + "/scheduled", b"", {"Authorization": "Bearer " + self.secret["CRON_SECRET"]})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                reply = json.load(answer)
        except (OSError, ValueError):
            return False
        return reply.get("success") is True and not reply["result"]["data"].get("skipped")

    def collect_garbage(self):
        host = self.hosts[0]
        environment = {"PATH": os.environ["PATH"], **host.environment, "GC_ORPHAN_SECONDS": "0", "GC_MAX_DELETIONS": "100000"}
        return subprocess.run([*self.network.enter(host.name), *self.machine.unprivileged(), host.folder + "/bin/auto-generate-thumbnail", "gc"], env=environment, cwd="/",
                              text=True, capture_output=True)

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

    def note(self, what, seconds):
        self.notes.setdefault(what, []).append(seconds)

    def check(self, what, holds):
        if not holds:
            self.failures.append(what)
            print(f"FAIL {what}", flush=True)

    def new_load(self, rate, seed):
        return Load(self.database, self.origin, rate, seed)


def percentiles(values):
    """Median and 99th percentile."""
    ordered = sorted(values)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
