"""The table is called otherwise, as mappers do that quote all names, or lies in another schema: no empty one is made beside it."""

from habit import expect

MIGRATES = False


def holds(db):
    expect("what it says", 'but there is "Videos"' in db.migrate(fails=True), True)
    db.connect().platform('CREATE SCHEMA app; ALTER TABLE "Videos" SET SCHEMA app; ALTER TABLE app."Videos" RENAME TO videos')
    expect("what it says of another schema", "but there is app.videos" in db.migrate(fails=True), True)
    expect("nothing is made", db.root("SELECT to_regclass('public.videos') IS NULL AND to_regnamespace('thumbnails') IS NULL"), True)
    db.platform("""ALTER TABLE app.videos SET SCHEMA public; ALTER TABLE videos RENAME COLUMN "videoUrl" TO video_url;
                   ALTER TABLE videos RENAME COLUMN "thumbnailUrl" TO thumbnail_url""")
    db.migrate()
    db.configure()
    db.expect_life()
