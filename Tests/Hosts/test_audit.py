"""The auditor shown to fail: violations of each rule are planted, one at a time, in a world that has none, and taken back."""

import audit


def event(after, token="nextval('thumbnails.tokens')", attempt=1, before="'processing'"):
    return ("INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt) "
            f"VALUES (%(good)s, {before}, '{after}', {token}, {attempt})")


def row(change, which="good"):
    return f"UPDATE videos SET {change} WHERE id = %({which})s"


CLAIM = event("processing")
COLUMNS = "video_id, from_status, to_status, token, attempt"
RESULT_AGAIN = (f"INSERT INTO thumbnails.events ({COLUMNS}) SELECT {COLUMNS} FROM thumbnails.events "
                "WHERE video_id = %(good)s AND to_status = 'completed'")

#: By the rule that has to see it: statements about a completed video (`good`) and a failed one (`bad`), without triggers and undone.
PLANTED = {
    "no_row_is_lost": [["DELETE FROM videos WHERE id = %(good)s"]],
    "every_video_has_ended": [
        [row("thumbnail_generation_error = NULL", "bad")], [row("thumbnail_generation_error_code = NULL", "bad")],
        [row("thumbnail_generation_next_attempt_at = now()", "bad")], [row("thumbnail_generation_status = 'pending'")],
        [row("thumbnail_generation_status = NULL")], [row("thumbnail_url = NULL")], [row("thumbnail_generation_error = 'of an attempt before'")]],
    "each_video_ends_as_it_should": [
        [row("thumbnail_generation_status = 'failed', thumbnail_generation_error_code = 'storage', thumbnail_generation_error = 'planted'")],
        [row("thumbnail_generation_status = 'completed'", "bad")]],
    "the_history_ends_where_the_row_is": [
        [row("thumbnail_generation_status = 'failed'")], [event("failed")], ["DELETE FROM thumbnails.events WHERE video_id = %(good)s"]],
    "nobody_starts_a_video_anew": [[event("pending", "NULL", 0, "'completed'")]],
    "attempts_are_counted": [[CLAIM] * 4, [row("thumbnail_generation_attempts = 4")]],
    "the_result_is_the_rows": [
        [row("thumbnail_url = regexp_replace(thumbnail_url, '-[0-9]+\\.', '-1.')")],
        [row("thumbnail_url = replace(thumbnail_url, %(good)s, %(bad)s)")],
        ["DELETE FROM thumbnails.events WHERE video_id = %(good)s AND to_status = 'completed'"]],
    "no_stale_write_is_accepted": [
        # Of the claim before the last; of nobody's claim; after its own end; a claim with an older token.
        [CLAIM, CLAIM, event("failed", "lastval() - 1")], [event("completed", "1")],
        [CLAIM, event("pending", "lastval()"), event("failed", "lastval()")],
        [event("processing", "1")]],
    "each_video_has_one_result": [[RESULT_AGAIN]],
    "no_acknowledged_completion_is_lost": [
        ["DELETE FROM thumbnails.events WHERE video_id = %(good)s AND to_status = 'completed'"], ["DELETE FROM videos WHERE id = %(good)s"],
        [row("thumbnail_generation_status = 'failed'")]],
    "nothing_stays_past_its_lease": [
        [row("thumbnail_generation_status = 'processing', thumbnail_generation_claim_token = 1, "
             "thumbnail_generation_lease_until = now() - interval '1 s'")]],
    "nothing_is_announced_any_more": [["INSERT INTO thumbnail_webhooks (video_id, due_at, version) VALUES (%(good)s, now(), 1)"]],
}


class Planter:
    """Plants in the database and store of a run that has ended. `facts`: what its `audit.World` is given beside them."""

    def __init__(self, connection, store, facts):
        connection.autocommit = False
        self.connection, self.cursor, self.store, self.facts = connection, connection.cursor(), store, facts
        known = {video for video, _ in facts["completions"]} & set(facts["acknowledged"])
        self.good, self.url = self.first("status = 'completed'", known)
        self.bad, _ = self.first("status = 'failed'", set(facts["acknowledged"]))
        self.path = "/" + self.url[self.url.index("thumbnails/"):]
        #: Rules that did not see what was planted for them.
        self.blind = []

    def first(self, condition, known):
        sql = f"SELECT id::text, thumbnail_url FROM videos WHERE thumbnail_generation_{condition} AND id = ANY (%s::uuid[]) LIMIT 1"
        self.cursor.execute(sql, (list(known),))
        found = self.cursor.fetchone()
        self.connection.rollback()
        if found is None:
            raise RuntimeError(f"no video with {condition}: nothing can be planted")
        return found

    def sees(self, rule, plant, take_back):
        """Whether the rule has more to say of the planted video than before."""
        sentences = []
        for act in (lambda: None, plant):
            act()
            world = audit.World(self.connection, self.store.keys, audit.fetch, **self.facts)
            sentences.append({text for text in rule(world) if self.good in text or self.bad in text})
            self.connection.rollback()
        take_back()
        if not sentences[1] - sentences[0]:
            self.blind.append(rule.__name__)

    def statements(self, texts):
        self.cursor.execute("SET LOCAL session_replication_role = replica")
        for text in texts:
            self.cursor.execute(text, {"good": self.good, "bad": self.bad})

    def objects(self):
        own, other = self.store.request("GET", self.path)[1], f"/thumbnails/{self.good}/00-1.jpg"
        served, listed = audit.every_url_serves_its_bytes, audit.one_object_is_left_for_each

        def put_back():
            self.store.request("PUT", self.path, own)
        self.sees(served, lambda: self.store.request("PUT", self.path, own + b"and more"), put_back)
        self.sees(served, lambda: self.store.request("DELETE", self.path), put_back)
        self.sees(listed, lambda: self.store.request("DELETE", self.path), put_back)
        self.sees(listed, lambda: self.store.request("PUT", other, b"left behind"), lambda: self.store.request("DELETE", other))

    def leases(self):
        """Two sweeps that leave a row past its lease are seen, one is not, nor two that leave different claims."""
        past = PLANTED["nothing_stays_past_its_lease"][0]
        for claims, wanted in (((1,), set()), ((1, 2), set()), ((1, 1), {(self.good, 1)})):
            watch = audit.LeaseWatch()
            for claim in claims:
                self.statements([*past, row(f"thumbnail_generation_claim_token = {claim}")])
                watch.after_sweep(self.connection)
                self.connection.rollback()
            if watch.stuck != wanted:
                self.blind.append("LeaseWatch")

    def plant_all(self):
        """Names of the rules that did not see a violation planted for them."""
        by_name = {rule.__name__: rule for rule in audit.RULES}
        for name, plants in PLANTED.items():
            for texts in plants:
                self.sees(by_name[name], lambda texts=texts: self.statements(texts), lambda: None)
        self.objects()
        self.leases()
        without = set(by_name) - set(PLANTED) - {"every_url_serves_its_bytes", "one_object_is_left_for_each"}
        if without:
            raise RuntimeError(f"nothing is planted for {without}")
        return self.blind
