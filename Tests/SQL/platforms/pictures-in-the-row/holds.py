"""Pictures from outside are kept in the row, as data: URLs of half a megabyte: what becomes of such rows copies none of it."""

import base64
import os

from habit import expect


def holds(db):
    for _ in range(20):
        db.add(thumbnail_url="data:image/png;base64," + base64.b64encode(os.urandom(400000)).decode())
    db.merge()
    db.platform("UPDATE videos SET thumbnail_url = thumbnail_url || 'efgh', status = 'completed'")
    db.platform("DELETE FROM videos")
    expect("hints", db.root("SELECT count(*) FROM thumbnails.inbox"), 40)
    expect("what they hold", db.root("SELECT pg_total_relation_size('thumbnails.inbox') < 1000000"), True)
    db.expect_idle()
    db.expect_life(thumbnail_url="data:image/svg+xml;base64,abcd")
