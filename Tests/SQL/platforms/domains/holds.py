"""URLs are of a domain, which has a rule of its own."""

from habit import expect


def holds(db):
    db.expect_life()
    # A URL that breaks the rule is refused, and kept.
    video = db.add()
    claim = db.claim(video)
    expect("not such a URL", db.worker("SELECT thumbnails.complete(%s, %s, %s, 'k', '{}')", video, claim.token, "ftp://cdn/x"), "kept")
    expect("the row says so", "web_url" in db.error(video), True)
    # Where every video has a picture, --check gives it no other one, but says what would be refused.
    db.platform("UPDATE videos SET thumbnail_url = 'https://own.example/1.jpg'")
    db.merge()
    expect("--check of a store that the rule permits", db.worker("SELECT thumbnails.trial('https://cdn.example')"), None)
    expect("and of another", "web_url" in (db.worker("SELECT thumbnails.trial('ftp://cdn.example')") or ""), True)
