"""The server works with several processes wherever it may, and `created_at` is a text."""

from habit import expect


def holds(db):
    db.sweep()
    db.expect_reports()
    for chosen in ('{"since": "2020-01-01T00:00:00Z"}', '{"tenant": "a", "text": "a", "host": "x"}', '{"state": "pending", "until": "2100-01-01T00:00:00Z"}'):
        db.worker("SELECT thumbnails.find_videos(%s, 'newest', NULL, NULL, 50)", chosen)
    expect("found", db.worker("SELECT thumbnails.find_videos(%s, 'newest', NULL, NULL, 50)", '{"state": "pending", "since": "2020-01-01T00:00:00Z"}')["total"], 500)
