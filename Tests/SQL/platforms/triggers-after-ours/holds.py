"""The platform's BEFORE triggers have names that sort behind ours: what they finish, or give a picture or no state, is not known to ours."""

from habit import expect


def holds(db):
    finished = db.add("processing", title="finish")
    expect("finished as it came", db.work_off(), [finished])
    later = db.add("processing")
    db.platform("UPDATE videos SET title = 'finish' WHERE id = %s", later)
    expect("finished later", db.work_off(), [later])
    given = [db.add(title="give"), db.add()]
    db.platform("UPDATE videos SET title = 'give' WHERE id = %s", given[1])
    expect("given a picture", db.work_off(), [])
    expect("has one", [db.state(video)[0] for video in given], ["completed", "completed"])
    cleared = db.add(title="clear")
    expect("without a state", db.work_off(), [cleared])
    db.expect_idle()
