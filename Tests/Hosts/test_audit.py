"""The auditor shown to fail: one violation of each rule is planted in a world that has none, and only in a transaction that is undone."""

from audit import RULES, World, audit

#: What is done to the row (`%(id)s`) of a completed video, without triggers; `other` is a failed one.
STATEMENTS = {
    "no_row_is_lost": "DELETE FROM videos WHERE id = %(id)s",
    "every_video_has_ended": "UPDATE videos SET thumbnail_generation_error = NULL WHERE id = %(failed)s",
    "attempts_are_counted": "INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt) "
                            "SELECT %(id)s, 'failed', 'processing', nextval('thumbnails.tokens'), n FROM generate_series(1, 4) AS n",
    "the_result_is_the_rows": "UPDATE videos SET thumbnail_url = regexp_replace(thumbnail_url, '-[0-9]+\\.', '-1.') WHERE id = %(id)s",
    "no_stale_write_is_accepted": "WITH old AS (SELECT nextval('thumbnails.tokens') AS token), new AS (SELECT token + 1 AS token FROM old) "
                                  "INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt) "
                                  "SELECT %(id)s, 'processing', after, token, 1 FROM (SELECT 1 AS n, 'processing' AS after, token FROM old UNION ALL "
                                  "SELECT 2, 'processing', token FROM new UNION ALL SELECT 3, 'failed', token FROM old) AS planted ORDER BY n",
    "each_video_has_one_result": "INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt) "
                                 "SELECT video_id, from_status, to_status, token, attempt FROM thumbnails.events WHERE video_id = %(id)s AND to_status = 'completed'",
    "no_acknowledged_completion_is_lost": "DELETE FROM thumbnails.events WHERE video_id = %(id)s AND to_status = 'completed'",
    "nothing_stays_past_its_lease": "UPDATE videos SET thumbnail_generation_status = 'processing', thumbnail_generation_claim_token = 1, "
                                    "thumbnail_generation_lease_until = now() - interval '1 minute' WHERE id = %(id)s",
    "nothing_is_announced_any_more": "INSERT INTO thumbnail_webhooks (video_id, due_at, version) VALUES (%(id)s, now(), 1)",
}


def plant_all(connection, store, fetch, acknowledged, completions):
    """Plants a violation of each rule in turn; the names of the rules that did not find theirs."""
    connection.autocommit = False
    cursor = connection.cursor()
    cursor.execute("SELECT id::text, thumbnail_url FROM videos WHERE thumbnail_generation_status = 'completed' ORDER BY id LIMIT 1")
    video, url = cursor.fetchone()
    cursor.execute("SELECT id::text FROM videos WHERE thumbnail_generation_status = 'failed' ORDER BY id LIMIT 1")
    failed = cursor.fetchone()[0]
    connection.rollback()
    blind = []
    for rule in RULES:
        name = rule.__name__
        path = "/" + url[url.index("thumbnails/"):]
        if name in STATEMENTS:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(STATEMENTS[name], {"id": video, "failed": failed})
        elif name == "every_url_serves_its_bytes":
            own = store.request("GET", path)[1]
            store.request("PUT", path, own + b"and more")
        elif name == "one_object_is_left_for_each":
            store.request("PUT", f"/thumbnails/{video}/00-1.jpg", b"left behind")
        else:
            raise AssertionError(f"no violation is planted for {name}")
        if not audit(World(connection, store.keys, fetch, acknowledged, completions), [rule]):
            blind.append(name)
        connection.rollback()
        if name == "every_url_serves_its_bytes":
            store.request("PUT", path, own)
        elif name == "one_object_is_left_for_each":
            store.request("DELETE", f"/thumbnails/{video}/00-1.jpg")
    return blind
