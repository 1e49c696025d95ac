"""What the platform's trigger writes elsewhere is checked at the end of the transaction, and is wrong for one user: that user's videos are kept,
and stop nobody else's. Names of constraints stand twice."""

from habit import expect, picture

GONE, THERE = "00000000-0000-4000-8000-0000000000aa", "00000000-0000-4000-8000-0000000000bb"


def holds(db):
    db.expect_life(user_id=THERE)
    claims = [db.claim(db.add(user_id=GONE))]
    db.root("SET session_replication_role = replica")
    db.root("DELETE FROM users WHERE id = %s", GONE)
    db.root("RESET session_replication_role")
    waiting, others = db.add(), db.add(user_id=THERE)
    db.platform("UPDATE videos SET user_id = %s WHERE id = %s", THERE, others)
    claims += [db.next(), db.next()]
    expect("claims", [claim.outcome for claim in claims], ["claimed"] * 3)
    expect("results", [db.complete(claim) for claim in claims], ["kept", "ok", "ok"])
    expect("the reason", "audit_of" in db.root("SELECT result #>> '{refused,text}' FROM thumbnails.jobs"), True)
    db.platform("INSERT INTO users VALUES (%s)", GONE)
    db.time_passes()
    db.look_after()
    expect("written when it can be", db.picture(claims[0].video), picture(claims[0])[0])
    expect("all of them", db.root("SELECT count(*) FROM videos WHERE thumbnail_url <> '' AND id = ANY (%s::uuid[])", [claims[0].video, waiting, others]), 3)
    db.expect_idle()
