"""Who connects to a habit's database, and one connection."""

import contextlib

import psycopg2

from expectations import Unexpected

# The platform owns the database and `videos`, and has no other right; the worker is a member of thumbnail_handlers and owns nothing.
PLATFORM, WORKER, SUPERUSER = "platform", "handlers", "postgres"
ROLES = """CREATE ROLE platform LOGIN; CREATE ROLE anon; CREATE ROLE authenticated; CREATE ROLE service_role BYPASSRLS;
           CREATE ROLE row_owner BYPASSRLS; CREATE ROLE backup LOGIN IN ROLE pg_read_all_data; GRANT anon, authenticated, service_role TO platform;"""
HANDLERS = "CREATE ROLE thumbnail_handlers; CREATE ROLE handlers LOGIN IN ROLE thumbnail_handlers;"


class Session:
    """One connection. Called with a statement, it gives the first row: its only column, or all of them."""

    def __init__(self, host, database, user, **settings):
        self.connection = psycopg2.connect(host=host, dbname=database, user=user, **settings)
        self.connection.autocommit = True
        self.process = self.connection.info.backend_pid

    def all(self, sql, *values):
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            rows = cursor.fetchall() if cursor.description else []
        return [row[0] if len(row) == 1 else row for row in rows]

    def __call__(self, sql, *values):
        return next(iter(self.all(sql, *values)), None)

    def error(self, sql, *values):
        """The SQLSTATE it ends with; None when it works."""
        try:
            self(sql, *values)
        except psycopg2.Error as problem:
            return problem.pgcode or str(problem)

    def until_done(self, sql, *values):
        """As a client does that repeats what collides with others: (result, how often it was said again)."""
        for again in range(200):
            try:
                return self(sql, *values), again
            except psycopg2.Error as problem:
                if problem.pgcode not in ("40001", "40P01", "55P03", "57014"):
                    raise
        raise Unexpected(f"collides for ever: {sql}")

    @contextlib.contextmanager
    def transaction(self):
        self("BEGIN")
        try:
            yield self
        except BaseException:
            self("ROLLBACK")
            raise
        self("COMMIT")

    def close(self):
        self.connection.close()
