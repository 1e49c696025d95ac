"""A PostgreSQL primary with a synchronous standby, and what a failover manager does with them."""

import os
import shutil
import signal
import subprocess
import time

import psycopg2

from machine import eventually

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAMS = subprocess.run([ROOT + "/scripts/database/postgresql"], check=True, capture_output=True, text=True).stdout.strip() + "/"
SETTINGS = {"listen_addresses": "*", "max_connections": "450", "shared_buffers": "64MB", "wal_keep_size": "256MB", "max_wal_size": "1GB",
            "log_lock_waits": "on", "deadlock_timeout": "200ms",
            # Workers and their database notice each other's end by the same means.
            "tcp_keepalives_idle": "5", "tcp_keepalives_interval": "2", "tcp_keepalives_count": "3", "tcp_user_timeout": "6000",
            "wal_receiver_timeout": "5s", "wal_retrieve_retry_interval": "200ms", "wal_sender_timeout": "5s"}


class Database:
    """Two hosts, one of them the primary. `clock`: the file that moves the clock of both, where `environment` says so."""

    def __init__(self, machine, first, second, clock, environment):
        self.machine, self.primary, self.standby, self.clock, self.environment = machine, first, second, clock, environment
        self.postmasters = {}
        for host in (first, second):
            machine.make_folder(host)
        machine.run(first, PROGRAMS + "initdb", "-D", self.data(first), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8")
        with open(self.data(first) + "/pg_hba.conf", "a") as file:
            file.write("host all all 10.99.0.0/24 trust\nhost replication all 10.99.0.0/24 trust\n")
        with open(self.data(first) + "/postgresql.conf", "a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
        self.start(first)
        self.wait_until_writable()
        self.rejoin(second)

    def data(self, host):
        return self.machine.path(host, "data")

    def address(self, host):
        return self.machine.network.address[host]

    def url(self, user="postgres", name="postgres"):
        """For libpq: both hosts, the one that can be written to."""
        return self.servers(user, name) + "&target_session_attrs=read-write"

    def servers(self, user, name="postgres"):
        """For programs that find by themselves the one that can be written to."""
        return f"postgresql://{user}@{self.address('db1')},{self.address('db2')}/{name}?connect_timeout=3"

    def connect(self, host=None, name="postgres", user="postgres"):
        url = f"postgresql://{user}@{self.address(host)}/{name}?connect_timeout=3" if host else self.url(user, name)
        connection = psycopg2.connect(url + "&tcp_user_timeout=6000&keepalives_idle=5&keepalives_interval=2&keepalives_count=3")
        connection.autocommit = True
        return connection

    def start(self, host):
        self.postmasters[host] = self.machine.start(
            host, host, PROGRAMS + "postgres", "-D", self.data(host), "-k", self.machine.path(host), environment=self.environment)

    def ask(self, sql, host=None):
        """The first value of the first row, from a connection of its own."""
        connection = self.connect(host)
        try:
            cursor = connection.cursor()
            cursor.execute(sql)
            return cursor.fetchone()[0] if cursor.description else None
        finally:
            connection.close()

    def answers(self, sql, want, host=None):
        try:
            return self.ask(sql, host) == want
        except psycopg2.Error:
            return False

    def wait_until_writable(self):
        eventually("the primary takes writes", lambda: self.answers("SELECT pg_is_in_recovery()", False, self.primary))

    def stop(self, host, how):
        """`how`: SIGINT (fast), SIGQUIT (immediate), SIGKILL of the postmaster alone, as a person does it, or of the whole host."""
        self.postmasters[host].send_signal(how)
        self.postmasters[host].wait(60)
        # Its children notice that their postmaster is gone; the next one may not start before they have.
        eventually(f"{host} has stopped", lambda: not self.machine.network.processes(host, "postgres"), 60)

    def restart(self, how):
        self.stop(self.primary, how)
        self.start(self.primary)
        self.wait_until_writable()

    def promote(self):
        """What a failover manager does when the primary is lost. Gives the moment from which the other takes writes."""
        new = self.standby
        # It can commit alone: nobody is synchronous with it yet.
        self.set(new, "synchronous_standby_names", "")
        self.machine.run(new, PROGRAMS + "pg_ctl", "-D", self.data(new), "-w", "promote")
        moment = time.time()
        self.primary, self.standby = new, self.primary
        return moment

    def set(self, host, name, value):
        connection = self.connect(host)
        cursor = connection.cursor()
        cursor.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        cursor.execute("SELECT pg_reload_conf()")
        connection.close()

    def rejoin(self, host):
        """Makes a host a fresh standby of the primary, and synchronous once it has caught up."""
        if self.postmasters.get(host) and self.postmasters[host].poll() is None:
            self.stop(host, signal.SIGQUIT)
        shutil.rmtree(self.data(host), ignore_errors=True)
        source = f"postgresql://postgres@{self.address(self.primary)}?application_name={host}"
        self.machine.run(host, PROGRAMS + "pg_basebackup", "-D", self.data(host), "-d", source, "-R", "-X", "stream", "-c", "fast")
        with open(os.path.join(self.data(host), "postgresql.auto.conf"), "a") as file:
            file.write("synchronous_standby_names = ''\ndefault_transaction_read_only = off\n")
        self.standby = host
        self.start(host)
        self.set_synchronous()

    def set_synchronous(self):
        streaming = f"SELECT count(*) FROM pg_stat_replication WHERE application_name = '{self.standby}' AND state = 'streaming'"
        eventually("the standby streams", lambda: self.answers(streaming, 1, self.primary), 60)
        self.set(self.primary, "synchronous_standby_names", self.standby)
        is_synchronous = streaming + " AND sync_state = 'sync'"
        eventually("the standby is synchronous", lambda: self.answers(is_synchronous, 1, self.primary), 60)
