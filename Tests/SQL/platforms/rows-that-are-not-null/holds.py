"""No column of the platform's is ever NULL, and its functions ask whether a whole row is: with our columns the answer is always no. They are named to
whoever migrates, until they ask for a column."""

from habit import expect


def named(said):
    return [line.split("nearly always is: ")[1].split(". Ask")[0] for line in said.splitlines() if "of videos IS NOT NULL" in line]


def holds(db):
    expect("what is said", named(db.notices), ["tell(), is_there(uuid), told_of()"])
    video = db.add()
    db.make(video)
    expect("told again by each write", db.platform("SELECT count(*) FROM told") > 1, True)
    expect("it is there", db.platform("SELECT is_there(%s), told_of()", video), (False, 0))
    for name, old in (("tell", "OLD"), ("is_there", "found_one"), ("told_of", "v")):
        definition = db.root("SELECT pg_get_functiondef(%s::regproc)", name)
        db.platform(definition.replace(f"{old} IS NOT NULL", f"{old}.id IS NOT NULL"))
    expect("what is said then", named(db.migrate(anew=True)), [])
    db.platform("DELETE FROM told")
    video = db.add()
    db.make(video)
    expect("told once", db.platform("SELECT count(*) FROM told"), 1)
    expect("it is there", db.platform("SELECT is_there(%s), told_of()", video), (True, 1))
    db.expect_life()
