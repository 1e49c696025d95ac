"""REPEATABLE READ is the database's default, for our calls too: they work, or fail so that saying them again cures it."""

from habit import at_once, expect

SLOW = True
DEFAULT = "repeatable read"
MADE = "SELECT count(*) FILTER (WHERE thumbnail_generation_status = 'completed' AND thumbnail_url <> ''), count(*) FROM videos"
TWICE = "SELECT token FROM thumbnails.events WHERE to_status = 'completed' GROUP BY token HAVING count(*) > 1"


def work(session):
    """Answers to what is handed in, until there has been nothing to do for a while."""
    answers, idle = set(), 0
    while idle < 40:
        session.until_done("SELECT thumbnails.merge(100)")
        (outcome, video, token), _ = session.until_done("SELECT outcome, video_id, token FROM thumbnails.claim_next(30)")
        idle = 0 if outcome == "claimed" else idle + 1
        if outcome == "claimed":
            answer, _ = session.until_done("SELECT thumbnails.complete(%s, %s, %s, 'k', '{}')", video, token, f"http://cdn/{video}/{token}.jpg")
            answers.add(answer)
    return answers


def write(session, videos):
    for number, video in enumerate(videos):
        session.until_done("UPDATE videos SET title = 'x', status = 'processing' WHERE id = %s", video)
        session.until_done("UPDATE videos SET status = 'completed', video_url = video_url || %s WHERE id = %s", "?v=2" if number % 2 else "", video)
        session.until_done("INSERT INTO videos (status, video_url) VALUES ('completed', 'http://x/more.mp4')")


def look(session):
    for _ in range(20):
        session.until_done("SELECT thumbnails.look_after(100)")
        session.until_done("SELECT thumbnails.look()")


def collide(db, default):
    expect("the default", [session("SHOW transaction_isolation") for session in (db.platform, db.worker)], [default, default])
    db.expect_life()
    videos = [db.add(user_id=f"00000000-0000-4000-8000-00000000000{n % 3}") for n in range(60)]
    sessions = [db.session("handlers") for _ in range(4)]
    _, _, *answers = at_once(lambda: write(db.platform, videos), lambda: look(sessions[3]),
                             *(lambda session=session: work(session) for session in sessions[:3]))
    expect("other answers", set().union(*answers) - {"ok", "already", "fenced", "kept"}, set())
    expect("put aside because of a collision", db.root.all("SELECT text FROM thumbnails.set_aside"), [])
    for _ in range(5):
        db.time_passes()
        db.look_after()
        db.work_off()
    expect("all are made", db.root(MADE), (120, 120))
    expect("made twice", db.root.all(TWICE), [])
    db.expect_idle()


def holds(db):
    collide(db, DEFAULT)
