"""A view of the platform's, an index, a default, a column and a rule are made of our tables and functions: the migrations leave them as they are, and the
way back does not take them along unasked, and names no more than them."""

from habit import ROOT, expect


def holds(db):
    db.platform("CREATE VIEW last_failures AS SELECT e.video_id, thumbnails.iso(e.at) AS at FROM thumbnails.events AS e WHERE e.to_status = 'failed'")
    db.platform("CREATE INDEX videos_without ON videos (id) WHERE thumbnails.lacks(thumbnail_url)")
    db.platform("ALTER TABLE videos ADD COLUMN noted text DEFAULT thumbnails.iso(now())")
    db.platform("CREATE TABLE copies (job thumbnails.jobs); CREATE TABLE asked (id uuid)")
    db.platform("CREATE RULE ask AS ON INSERT TO asked DO ALSO SELECT FROM thumbnails.events")
    db.migrate(anew=True)
    db.expect_life()
    expect("what it shows", db.platform("SELECT count(*) FROM last_failures"), 2)
    said = db.run("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-f", ROOT + "/migrations/uninstall.sql", user="platform", fails=True)
    for what in ("view public.last_failures", "index public.videos_without", "default value for public.videos.noted", "table column public.copies.job", "rule ask on public.asked"):
        expect("what the way back says", what in said or said, True)
    expect("and has changed", db.worker("SELECT thumbnails.trial()"), None)
    db.platform("DROP VIEW last_failures; DROP INDEX videos_without; ALTER TABLE videos ALTER COLUMN noted DROP DEFAULT; DROP TABLE copies; DROP RULE ask ON asked")
    db.script(ROOT + "/migrations/uninstall.sql")
    expect("gone", db.root("SELECT to_regnamespace('thumbnails')"), None)
