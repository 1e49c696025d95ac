"""The migrations run, and run again, while the platform writes, workers work and people look: nobody meets a deadlock, every run ends well."""

import threading

import psycopg2

from habit import at_once, expect

SLOW = True
MIGRATES = False
# What is not there yet, or just being replaced; and what follows from it within a transaction.
NOT_YET = ("42883", "42P01", "3F000", "42501", "25P02")


def write(session):
    with session.transaction():
        video = session("INSERT INTO videos (status, video_url) VALUES ('processing', 'http://x/v.mp4') RETURNING id")
        session("UPDATE videos SET title = 'x' WHERE id IN (SELECT id FROM videos ORDER BY random() LIMIT 1)")
        session("UPDATE videos SET status = 'completed' WHERE id = %s", video)
    session("UPDATE videos SET thumbnail_url = NULL WHERE id IN (SELECT id FROM videos WHERE thumbnail_url IS NOT NULL LIMIT 1)")
    session("DELETE FROM videos WHERE id IN (SELECT id FROM videos ORDER BY random() LIMIT 1 FOR UPDATE SKIP LOCKED)")


def work(session):
    session("SELECT thumbnails.merge(100)")
    claim = session("SELECT video_id, token FROM thumbnails.claim_next(30) WHERE outcome = 'claimed'")
    if claim:
        session("SELECT thumbnails.complete(%s, %s, 'http://cdn/p.jpg', 'k', '{}')", *claim)


def look(session):
    with session.transaction():
        session("SELECT thumbnails.look()")
        session("SELECT thumbnails.find_videos('{}', NULL, NULL, NULL, 20)")
    session("SELECT thumbnails.look_after(10)")


def holds(db):
    db.connect()
    end, problems = threading.Event(), []

    def until_the_end(user, turn):
        session = db.session(user)
        while not end.is_set():
            try:
                turn(session)
            except psycopg2.Error as problem:
                if problem.pgcode not in NOT_YET:
                    problems.append(f"{user}: {problem}")

    def migrate():
        try:
            db.migrate()
            db.configure()
            for _ in range(5):
                db.migrate(anew=True)
        finally:
            end.set()

    others = (("platform", write), ("platform", write), ("handlers", work), ("handlers", look))
    at_once(migrate, *(lambda user=user, turn=turn: until_the_end(user, turn) for user, turn in others))
    expect("what others met", problems[:3], [])
    expect("deadlocks", db.session("postgres")("SELECT deadlocks FROM pg_stat_database WHERE datname = %s", db.name), 0)
    db.expect_quiet()
    db.work_off()
    db.expect_life()
