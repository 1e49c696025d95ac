"""A worker that is held in the moment in which it hands in its result."""

import contextlib
import json
import time

WAITS = """SELECT client_addr::text FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND query LIKE '%thumbnails.complete(%' AND query NOT LIKE '%pg_stat_activity%'"""


@contextlib.contextmanager
def result_that_waits(world):
    """A worker that has made its picture and waits for the database to take it, for its job is locked: one with a connection of its own to
    the database. Gives a function that finds its process id in the log, once it has said something."""
    connection = world.database.connect(world.database.primary)
    connection.autocommit = False
    for number in range(20):
        token = lock_one_in_work(world, connection, number)
        watcher = world.database.connect(world.database.primary)
        cursor = watcher.cursor()
        end = time.monotonic() + 2
        address = None
        while token and address is None and time.monotonic() < end:
            cursor.execute(WAITS)
            address = next((found for (found,) in cursor.fetchall()), None)
        watcher.close()
        if address and address.split("/")[0] != world.address["handlers3"]:
            break
        connection.rollback()
    else:
        raise TimeoutError("no worker waits for a job that is locked")

    def process():
        said = f'"claimToken":{token},'
        lines = world.wait_for(lambda: [line for line in world.logs.lines("auto-generate-thumbnail") if said in line], bool, 30)
        return json.loads(lines[0])["pid"] if lines else None
    try:
        yield process
    finally:
        # The server may have ended it: it had been silent for long.
        connection.close()


def lock_one_in_work(world, connection, number):
    """Inserts a video and locks its job as soon as somebody works on it. Gives the claim's token; None where it was too quick."""
    cursor = connection.cursor()
    url = f"{world.origin}/one.mp4?held{number}"
    cursor.execute("INSERT INTO videos (title, status, video_url) VALUES ('held', 'completed', %s) RETURNING id", (url,))
    video = cursor.fetchone()[0]
    connection.commit()
    end = time.monotonic() + 10
    while time.monotonic() < end:
        cursor.execute("SELECT token FROM thumbnails.jobs WHERE video_id = %s AND token IS NOT NULL FOR UPDATE SKIP LOCKED", (video,))
        found = cursor.fetchone()
        if found:
            return found[0]
        cursor.execute("SELECT thumbnail_generation_status FROM videos WHERE id = %s", (video,))
        state = cursor.fetchone()[0]
        connection.rollback()
        if state == "completed":
            return None
        time.sleep(0.003)
    return None
