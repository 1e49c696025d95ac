"""Videos deleted in every phase: nothing is left in the queue, every object is put down, a late result is refused."""

from habit import expect, picture


def holds(db):
    done, waiting, working, resting, kept, failed, regenerated = (db.add(user_id="00000000-0000-4000-8000-0000000000aa") for _ in range(7))
    claims = [db.make(done), db.make(regenerated)]
    db.fail(db.claim(resting))
    db.fail(db.claim(failed), False, "media")
    db.platform("ALTER TABLE videos ADD CONSTRAINT broken CHECK (thumbnail_url IS NULL) NOT VALID")
    claims.append(db.claim(kept))
    expect("kept", db.complete(claims[-1]), "kept")
    db.platform("ALTER TABLE videos DROP CONSTRAINT broken")
    late = [db.claim(working), db.claim(regenerated, more=", p_regenerate := true")]
    db.platform("DELETE FROM videos")
    expect("late results", [db.complete(claim) for claim in late], ["fenced", "fenced"])
    db.expect_idle()
    objects = sorted(picture(claim)[1] for claim in claims + late)
    expect("objects", db.put_down(), objects)
    expect("no such video", [db.claim(video).outcome for video in (done, waiting, resting)], ["not_found"] * 3)
    expect("the history is kept", db.history(done), "->pending, pending>processing, processing>completed, ->")
    expect("the objects may go", db.collected(), objects)
    db.expect_life(quiet=False)
