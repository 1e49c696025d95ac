"""The column for the picture has room for the platform's own short URLs (Django's ImageField: 100 characters), and all videos have one."""

from habit import expect


def holds(db):
    long = "https://pub-0123456789abcdef0123456789abcdef.r2.dev"
    expect("--check of a short public URL", db.worker("SELECT thumbnails.trial('https://a.example')"), None)
    expect("and of a long one", "too long for type character varying(100)" in (db.worker("SELECT thumbnails.trial(%s)", long) or ""), True)
    db.expect_life()
