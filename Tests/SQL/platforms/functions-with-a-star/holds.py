"""Functions of the platform's, which it calls by night perhaps, copy whole rows or answer them: those that may fail with eight columns more are named
to whoever migrates."""

from habit import expect


def holds(db):
    said = [line for line in db.notices.splitlines() if "say * of videos" in line]
    expect("what is said", [line[line.index("TABLE: "):line.index(". Name")] for line in said], ["TABLE: archive_failed(), copy_of(uuid), copy_of_row(videos), finished(), with_length(integer), with_place()"])
    db.add(title="long")
    expect("they fail", [db.platform.error(f"SELECT {call}") for call in ("archive_failed()", "copy_of(gen_random_uuid())", "copy_of_row(NULL)", "finished()",
                                                                         "with_length(1)", "with_place()")],
           ["42601", "42601", "42601", "42P13", "42P13", "42804"])
    expect("and these do not", [db.platform.error(f"SELECT {call}") for call in ("by_title('x')", "is_finished(gen_random_uuid())", "as_json()")], [None] * 3)
    db.platform("DELETE FROM videos")
    db.merge()
    db.expect_life()
