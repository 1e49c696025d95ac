"""Memory is scarce, and temporary files may take little: many hints at once need more than there is, and are taken in smaller slices."""

from habit import expect

SLOW = True


def holds(db):
    db.root(f"ALTER DATABASE {db.name} SET work_mem = '64kB'")
    db.root(f"ALTER DATABASE {db.name} SET temp_file_limit = '500kB'")
    db.connect()
    db.platform("INSERT INTO videos (status, video_url) SELECT 'completed', 'http://x/' || n || '.mp4?X-Amz-Signature=' || repeat('a', 900) "
                "FROM generate_series(1, 1000) AS n")
    db.merge()
    expect("jobs", db.root("SELECT count(*) FROM thumbnails.jobs"), 1000)
    db.platform("DELETE FROM videos")
    db.root("SET session_replication_role = replica")
    db.root("INSERT INTO videos (status, video_url, created_at) SELECT 'completed', 'http://x/' || n, now() - interval '1 h' FROM generate_series(1, 1000) AS n")
    db.merge()
    expect("the sweep", db.sweep()["success"], True)
    db.merge()
    expect("jobs", db.root("SELECT count(*) FROM thumbnails.jobs"), 1000)
    db.platform("DELETE FROM videos")
    db.merge()
    db.expect_life()
    db.expect_idle()
