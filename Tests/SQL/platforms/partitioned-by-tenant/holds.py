"""The key of a partitioned table begins with its tenant. It is refused, and what is said to do can be done: PostgreSQL builds no unique index without the
partition key there, and none concurrently. The same is said if the index is dropped."""

from habit import expect

MIGRATES = False


def holds(db):
    said = db.migrate(fails=True)
    expect("what is said", "no index begins with it" in said, True)
    index = said.partition(" and CREATE ")[2].partition("\n")[0]
    db.paste("CREATE " + index)
    db.migrate()
    db.connect().configure()
    made = [db.add(), db.add(tenant_id=2)]
    expect("made", sorted(db.work_off()), sorted(made))
    db.platform("DROP INDEX videos_id_idx")
    problem = db.worker("SELECT thumbnails.look()")["processProblems"][0]
    expect("what is said then", "begins with its id" in problem, True)
    db.platform(problem.partition(": ")[2])
    expect("and then", db.worker("SELECT thumbnails.look()")["processProblems"], [])
    db.expect_life()
