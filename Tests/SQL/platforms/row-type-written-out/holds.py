"""Functions that write out a row of `videos` column by column, and a trigger that announces whole rows: those that fail with eight columns more, or with
a longer row, are named to whoever migrates."""

from habit import SUPERUSER, expect

WRITTEN_OUT = {"newest(3)": "42P13", "of_user(NULL)": "42804", "finished()": "42P13", "rename(NULL)": "42P13", "blank()": "42846", "written()": "22P02"}
GOOD = "by_title('x')", "found('x')", "of_same_user(NULL)", "of_id(NULL)", "from_json('{}')", "(SELECT longer(v) FROM videos v LIMIT 1)"


def named(db, words):
    return [line.split(words)[1].split(". ")[0] for line in db.notices.splitlines() if words in line]


def holds(db):
    expect("what is said", named(db, "write out rows of videos, which have eight columns more now, and fail: "),
           ["newest(integer), of_user(uuid), finished(), rename(uuid), blank(), written(), imported()"])
    expect("they fail", {call: db.platform.error(f"SELECT {call}") for call in WRITTEN_OUT}, WRITTEN_OUT)
    expect("and these do not", [db.platform.error(f"SELECT {call}") for call in GOOD], [None] * len(GOOD))
    expect("who imports", db.paste("SELECT imported()", SUPERUSER), "")
    expect("what is said of the trigger", named(db, "is longer now: "), ["tell_all(), tell_both(), tell_either()"])
    long = db.add(title="x" * 7500)
    expect("it fails with a picture", db.platform.error("UPDATE videos SET thumbnail_metadata = jsonb_build_object('a', repeat('x', 500)) WHERE id = %s", long), "22023")
    db.platform("DELETE FROM videos WHERE id = %s", long)
    db.merge()
    db.expect_life()
