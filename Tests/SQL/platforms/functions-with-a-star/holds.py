"""Functions of the platform's, which it calls by night perhaps, copy whole rows or answer them: those that may fail with eight columns more are named
to whoever migrates."""

from habit import expect


def holds(db):
    said = [line for line in db.notices.splitlines() if "say * of videos" in line]
    expect("what is said", [line[line.index("another type: "):line.index(". Name")] for line in said],
           ["another type: archive_failed(), copy_of(uuid), copy_of_row(videos), finished(), with_length(integer), with_place(), of_a_type(), of_parameters()"])
    db.add(title="long")
    expect("they fail", [db.platform.error(f"SELECT {call}") for call in ("archive_failed()", "copy_of(gen_random_uuid())", "copy_of_row(NULL)", "finished()",
                                                                         "with_length(1)", "with_place()", "of_a_type()", "of_parameters()")],
           ["42601", "42601", "42601", "42P13", "42P13", "42804", "42P13", "42P13"])
    expect("and these do not", [db.platform.error(f"SELECT {call}") for call in ("by_title('x')", "is_finished(gen_random_uuid())", "as_json()")], [None] * 3)
    db.platform("DELETE FROM videos")
    db.merge()
    db.expect_life()
