"""The auditor shown to fail: violations of each rule are planted, one at a time, in a world that has none, and taken back."""

import audit
from evidence import Evidence, fetch
from watch import Watch

#: The token of the claim that was planted last.
LAST = "currval('thumbnails.tokens')"


def event(after, token="nextval('thumbnails.tokens')", attempt=1, before="'processing'", kind="NULL"):
    return ("INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class) "
            f"VALUES (%(good)s, {before}, '{after}', {token}, {attempt}, {kind})")


def row(change, which="good"):
    return f"UPDATE videos SET {change} WHERE id = %({which})s"


def failed(code):
    return row(f"thumbnail_generation_status = 'failed', thumbnail_generation_error_code = '{code}', thumbnail_generation_error = 'planted'")


def job(column, value, which="good", lane=0, due="now() - interval '1 s'"):
    return f"INSERT INTO thumbnails.jobs (video_id, lane, due_at, {column}) VALUES (%({which})s, {lane}, {due}, {value})"


def hint(reason, which="good"):
    return f"INSERT INTO thumbnails.inbox (video_id, reason) VALUES (%({which})s, '{reason}')"


def found(by):
    return f"UPDATE thumbnails.events SET text = 'found by {by}' WHERE video_id = %(good)s AND to_status = 'pending' AND token IS NULL"


CLAIM = event("processing", before="'pending'")
REFUSED = event("pending", LAST, kind="'platform'")
REFUSED_AGAIN = event("pending", LAST, before="'pending'", kind="'platform'")
KEPT = event("completed", LAST, before="'pending'", kind="'kept'")
JOB = job("token", "1")
BREAKER = ("INSERT INTO thumbnails.breakers (class, host, consecutive, video_ids, open_until) "
           "VALUES ('storage', 'planted', 5, '{}', now() + interval '10 s')")
COLUMNS = "video_id, from_status, to_status, token, attempt"
RESULT_AGAIN = (f"INSERT INTO thumbnails.events ({COLUMNS}) SELECT {COLUMNS} FROM thumbnails.events "
                "WHERE video_id = %(good)s AND to_status = 'completed'")
WITHOUT_HISTORY = "DELETE FROM thumbnails.events WHERE video_id = %(good)s"

#: By the rule that has to see it: statements about a completed video (`good`) and a failed one (`bad`), without triggers and undone.
PLANTED = {
    "no_row_is_lost": [["DELETE FROM videos WHERE id = %(good)s"]],
    "every_video_has_ended": [
        [row("thumbnail_generation_error = NULL", "bad")], [row("thumbnail_generation_error_code = NULL", "bad")],
        [job("attempts", "1", "bad")], [row("thumbnail_generation_status = 'pending'")], [row("thumbnail_generation_status = 'processing'")],
        [row("thumbnail_generation_status = NULL")], [row("thumbnail_url = NULL")], [row("thumbnail_generation_error = 'of an attempt before'")]],
    "each_video_ends_as_it_should": [
        [failed("storage")],
        [row("thumbnail_generation_status = 'completed'", "bad")]],
    "the_history_ends_where_the_row_is": [
        [row("thumbnail_generation_status = 'failed'")], [event("failed")], [WITHOUT_HISTORY]],
    "nobody_starts_a_video_anew": [
        [event("pending", "NULL", 0, "'completed'")],
        # As if a refusal had forgotten whose result it was.
        [CLAIM, REFUSED, event("pending", "NULL", kind="'platform'")]],
    # Of a video whose hint was not lost. The other way round in `Planter.hints`.
    "only_lost_hints_are_found": [[found("a claim")], [found("the sweep")]],
    # The last: what the platform refuses is not given back, whatever the history says.
    "attempts_are_counted": [[CLAIM] * 4, [row("thumbnail_generation_attempts = 4")],
                             [CLAIM, event("pending", LAST, 0, kind="'platform'")] * 4],
    "nobody_is_given_up_early": [
        [WITHOUT_HISTORY, CLAIM, event("failed", LAST), failed("source")],
        # Three claims, one of which was given back.
        [WITHOUT_HISTORY, CLAIM, CLAIM, event("pending", LAST, 0), CLAIM, event("failed", LAST), failed("lost")]],
    "the_result_is_the_rows": [
        [row("thumbnail_url = regexp_replace(thumbnail_url, '-[0-9]+\\.', '-0.')")],
        [row("thumbnail_url = replace(thumbnail_url, %(good)s, %(bad)s)")],
        ["DELETE FROM thumbnails.events WHERE video_id = %(good)s AND to_status = 'completed'"]],
    "no_stale_write_is_accepted": [
        # Of the claim before the last; of nobody's claim; after its own end; a claim with an older token.
        [CLAIM, CLAIM, event("failed", LAST + " - 1")], [event("completed", "1")],
        [CLAIM, event("pending", LAST), event("failed", LAST)],
        [event("processing", "1")],
        # Kept for a claim that had ended, and for one that had been overtaken; written twice; written for another claim than the one kept.
        [CLAIM, event("failed", LAST), REFUSED], [CLAIM, CLAIM, event("pending", LAST + " - 1", kind="'platform'")],
        [CLAIM, REFUSED, KEPT, KEPT], [CLAIM, CLAIM, REFUSED, event("completed", LAST + " - 1", kind="'kept'")]],
    "what_is_kept_is_written": [
        # Never; after another claim; given back by its worker; by its worker after all; for another claim; as something kept that was not.
        [CLAIM, REFUSED], [CLAIM, REFUSED, CLAIM], [CLAIM, REFUSED, event("pending", LAST, before="'pending'")],
        [CLAIM, REFUSED, event("completed", LAST)], [CLAIM, CLAIM, REFUSED, event("completed", LAST + " - 1", kind="'kept'")],
        [CLAIM, KEPT],
        # The refusal gave an attempt back or used one up; what is written is another attempt's.
        [CLAIM, event("pending", LAST, 0, kind="'platform'"), KEPT], [CLAIM, event("pending", LAST, 2, kind="'platform'"), KEPT],
        [CLAIM, REFUSED, event("completed", LAST, 2, "'pending'", "'kept'")]],
    "each_video_has_one_result": [[RESULT_AGAIN], [CLAIM, REFUSED, KEPT]],
    "no_acknowledged_completion_is_lost": [
        ["DELETE FROM thumbnails.events WHERE video_id = %(good)s AND to_status = 'completed'"], ["DELETE FROM videos WHERE id = %(good)s"],
        [row("thumbnail_generation_status = 'failed'")]],
    "nothing_stays_past_its_lease": [[JOB]],
    "nothing_is_left_to_do": [
        [JOB], [job("result", "'{}'", lane=9)], [job("tenant", "'planted'", due="'infinity'")], [hint("state")], [hint("gone", "bad")],
        ["INSERT INTO thumbnails.set_aside (video_id, reason, sqlstate, text) VALUES (%(good)s, 'finished', '40P01', 'planted')"]],
}
#: What the rules about claims and results have nothing against: kept at once, kept again for another reason, a failure that was kept.
ALLOWED = [[WITHOUT_HISTORY, CLAIM, REFUSED, KEPT], [WITHOUT_HISTORY, CLAIM, CLAIM, REFUSED, REFUSED_AGAIN, KEPT],
           [WITHOUT_HISTORY, CLAIM, REFUSED, event("failed", LAST, before="'pending'", kind="'media'")],
           [WITHOUT_HISTORY, CLAIM, event("pending", LAST, 0), CLAIM, event("failed", LAST), CLAIM, CLAIM, REFUSED, KEPT]]
ALLOWING = [audit.attempts_are_counted, audit.no_stale_write_is_accepted, audit.what_is_kept_is_written, audit.each_video_has_one_result,
            audit.nobody_starts_a_video_anew]


class Planter:
    """Plants in the database and store of a run that has ended. `facts`: what its `Evidence` is given beside them."""

    def __init__(self, connection, store, facts):
        connection.autocommit = False
        self.connection, self.cursor, self.store, self.facts = connection, connection.cursor(), store, facts
        known = {video for video, _ in facts["completions"]} & set(facts["acknowledged"]) - facts["lost_hints"]
        self.good, self.url = self.first("status = 'completed'", known)
        self.bad, _ = self.first("status = 'failed'", set(facts["acknowledged"]))
        self.path = "/" + self.url[self.url.index("thumbnails/"):]
        #: Rules that did not see what was planted for them.
        self.blind = []
        self.untouched = self.look(store.keys)
        #: By the name of the rule, what it has to say of the untouched world.
        self.said_before = {}

    def first(self, condition, known):
        sql = f"SELECT id::text, thumbnail_url FROM videos WHERE thumbnail_generation_{condition} AND id = ANY (%s::uuid[]) LIMIT 1"
        self.cursor.execute(sql, (list(known),))
        found = self.cursor.fetchone()
        self.connection.rollback()
        if found is None:
            raise RuntimeError(f"no video with {condition}: nothing can be planted")
        return found

    def look(self, read_keys, **facts):
        return Evidence(self.connection, read_keys, fetch, **{**self.facts, **facts})

    def said_of_it(self, rule, plant, read_keys=None, **facts):
        """What a rule has to say of the planted videos once something is planted, or is known of the run, and did not say before."""
        def sentences(world):
            return {text for text in rule(world) if self.good in text or self.bad in text}
        before = self.said_before.get(rule.__name__)
        if before is None:
            before = self.said_before[rule.__name__] = sentences(self.untouched)
        plant()
        said = sentences(self.look(read_keys or (lambda: self.untouched.keys), **facts)) - before
        self.connection.rollback()
        return said

    def sees(self, rule, plant=lambda: None, **facts):
        """Notes a rule that has nothing to say."""
        if not self.said_of_it(rule, plant, **facts):
            self.blind.append(rule.__name__)

    def allows(self, rule, plant, **facts):
        """Notes what is said of something right."""
        self.blind += [f"{rule.__name__}, which says of something right: {text}" for text in self.said_of_it(rule, plant, **facts)]

    def statements(self, texts):
        self.cursor.execute("SET LOCAL session_replication_role = replica")
        for text in texts:
            self.cursor.execute(text, {"good": self.good, "bad": self.bad})

    def objects(self):
        own, other = self.store.request("GET", self.path)[1], f"/thumbnails/{self.good}/0123456789abcdef-1.jpg"
        served, listed = audit.every_url_serves_its_bytes, audit.one_object_is_left_for_each
        plants = ((served, "PUT", self.path, own + b"and more"), (served, "DELETE", self.path, b""), (listed, "DELETE", self.path, b""),
                  (listed, "PUT", other, b"left behind"))
        for rule, method, path, body in plants:
            self.sees(rule, lambda request=(method, path, body): self.store.request(*request), read_keys=self.store.keys)
            if path == other:
                self.store.request("DELETE", other)
            else:
                self.store.request("PUT", self.path, own)

    def hints(self):
        """A video whose hint was lost has to be found."""
        rule, lost = audit.only_lost_hints_are_found, {*self.facts["lost_hints"], self.good}
        self.sees(rule, lost_hints=lost)
        for by in ("a claim", "the sweep"):
            self.allows(rule, lambda by=by: self.statements([found(by)]), lost_hints=lost)

    def watched(self, *sweeps):
        """What a `Watch` has found after sweeps that left this behind."""
        watch = Watch()
        for texts in sweeps:
            self.statements(["DELETE FROM thumbnails.breakers", *texts])
            watch.after_sweep(self.connection)
            self.connection.rollback()
        return watch

    def watches(self):
        """What two sweeps leave as it is is seen, and not what one leaves, nor what is right."""
        second = [job("token", "2")]
        lacking, parked = [row("thumbnail_url = NULL, thumbnail_generation_status = 'pending'")], job("tenant", "'planted'", due="'infinity'")
        stuck, left, still = {(self.good, 1)}, {(self.good, "pending")}, {(self.good,)}
        of_its_uploader = [job("tenant", "'planted'", "bad"), job("token, tenant", "1, 'planted'", "bad", due="now() + interval '1 hour'")]
        of_no_use = [job("tenant", "'planted'", "bad", due="now() + interval '30 s'"), job("tenant", "'planted'", "bad", lane=9)]
        for name, wanted, *sweeps in (
                ("past", set(), [JOB]), ("past", set(), [JOB], second), ("past", set(), [JOB], [JOB, BREAKER]), ("past", stuck, [JOB], [JOB]),
                ("past", set(), *[[job("attempts", "1")]] * 2), ("past", set(), *[[job("token", "1", due="now() + interval '1 min'")]] * 2),
                ("forgotten", set(), lacking), ("forgotten", left, lacking, lacking),
                ("forgotten", set(), lacking, [*lacking, hint("found")]), ("forgotten", set(), lacking, [*lacking, JOB]),
                ("forgotten", set(), *[[row("thumbnail_url = NULL", "bad")]] * 2),
                ("forgotten", {(self.bad, "failed")}, *[[row("thumbnail_generation_error_code = NULL", "bad")]] * 2),
                ("parked", set(), [parked]), ("parked", still, [parked], [parked]),
                *(("parked", set(), *[[parked, other]] * 2) for other in of_its_uploader),
                *(("parked", still, *[[parked, other]] * 2) for other in of_no_use)):
            seen = getattr(self.watched(*sweeps), name)
            if seen != wanted:
                self.blind.append(f"Watch: {name} is {seen}, not {wanted}, after {sweeps}")
        self.sees(audit.nothing_stays_past_its_lease, watch=self.watched([JOB], [JOB]))
        self.sees(audit.nobody_is_forgotten, watch=self.watched(lacking, lacking))
        self.sees(audit.nobody_is_forgotten, watch=self.watched([parked], [parked]))

    def plant_all(self):
        """Names of the rules that did not see a violation planted for them."""
        by_name = {rule.__name__: rule for rule in audit.RULES}
        for name, plants in PLANTED.items():
            for texts in plants:
                self.sees(by_name[name], lambda texts=texts: self.statements(texts))
        for texts in ALLOWED:
            for rule in ALLOWING:
                self.allows(rule, lambda texts=texts: self.statements(texts))
        self.objects()
        self.hints()
        self.watches()
        without = set(by_name) - set(PLANTED) - {"every_url_serves_its_bytes", "one_object_is_left_for_each", "nobody_is_forgotten"}
        if without:
            raise RuntimeError(f"nothing is planted for {without}")
        return self.blind
