"""Each file is pasted into an SQL editor, which sends it as one query; 027 statement by statement. Twice."""

import re

from habit import MIGRATIONS, ROOT, expect

MIGRATES = False


def text(name):
    with open(f"{ROOT}/migrations/{name}", encoding="utf-8") as file:
        return file.read()


def holds(db):
    for _ in range(2):
        for name in MIGRATIONS:
            for query in re.split(r"(?<=;)\n\n(?=--)", text(name)) if name.startswith("027") else [text(name)]:
                expect("the notices", "部署完成" in db.paste(query), name.startswith("026"))
    db.connect().configure()
    expect("the index", db.root("SELECT indisvalid FROM pg_index WHERE indexrelid = 'videos_thumbnail_lacking'::regclass"), True)
    db.hour_passes()
    expect("the sweep", db.sweep()["retriedCount"], 20)
    expect("made", len(db.work_off()), 20)
    db.expect_life()
    expect("the repair", "共触发 0 个视频" in db.paste(text("fix-stuck-thumbnails.sql")), True)
