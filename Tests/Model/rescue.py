"""What works by itself, until nothing is left to be done."""

from look import VIDEOS, is_final, lacks, object_key
from machine import shows_another
from surroundings import PAST, TO_ALL, TO_ONE
from workers import Claim, board_key, expect, url

WEATHER_CLEARS = "; ".join(TO_ALL[name] for name in ("store_up", "platform_takes", "switch_on"))
TIME_PASSES = f"UPDATE thumbnails.jobs SET due_at = {PAST} WHERE due_at < 'infinity'; UPDATE thumbnails.set_aside SET at = {PAST} - interval '10 s'"
HOURS_PASS = TO_ONE["age"].replace("WHERE video_id = '{id}'", "").replace("WHERE id = '{id}' AND true", "")
# What others do to the state or without a word, and states we could not write: only the sweep can know.
NEEDS_SWEEP = {"platform_breaks", "platform_freezes", "lose_hints", "quiet_finish", "quiet_no_picture", "quiet_new_video", "quiet_delete", "old_claim", "old_fail", "save_row",
               "save_first_row"}
# After these nobody can know that a row has another video.
HIDES_VIDEOS = {"lose_hints", "quiet_new_video", "quiet_finish"}


def work(machine, by_id):
    """Workers that succeed take what is due until there is nothing: by themselves, or woken for one video after the other."""
    for _ in range(40):
        if by_id:
            due = machine.query("SELECT v FROM thumbnails.due_videos(1, '{}') AS v")
            if due is None:
                break
            outcome, kind, token, source = machine.query("SELECT outcome, 'thumbnail', token, video_url FROM thumbnails.claim(%s, 3600)", due[0])
            video = due[0]
        else:
            outcome, video, kind, token, source = machine.query("SELECT outcome, video_id, kind, token, video_url FROM thumbnails.claim_next(3600)")
            if outcome == "none":
                break
        if outcome != "claimed":
            continue
        claim = Claim(VIDEOS.index(video), kind, source, token, None)
        if kind == "storyboard":
            machine.query("SELECT thumbnails.complete_storyboard(%s, %s, '{}', %s, 86400)", video, token, board_key(claim))
        elif source is None:
            machine.query("SELECT thumbnails.fail(%s, %s, 'media', 'no URL', false)", video, token)
        else:
            machine.query("SELECT thumbnails.complete(%s, %s, %s, %s, '{}')", video, token, url(claim), object_key(url(claim)))
    else:
        expect(False, f"workers go round without end: {machine.look()}")


def is_at_an_end(video):
    """Completed, failed for good with a reason, not finished, or gone; and nothing is left to be done."""
    if video.job is not None or video.hints:
        return False
    return not video.there or not video.finished or video.error is None and video.state == "completed" and not lacks(video.picture) \
        or is_final(video) and video.error is not None


def rescue(machine, names, by_id=False):
    """Everybody is brought to an end, without the sweep where nothing happened that only the sweep can know."""
    machine.query(WEATHER_CLEARS)
    for _ in range(2):
        machine.query(TIME_PASSES)
        machine.query(TO_ALL["merge"])
        machine.query(TO_ALL["look_after"])
        work(machine, by_id)
    world = machine.look()
    if not all(is_at_an_end(v) for v in world.videos):
        expect(names & NEEDS_SWEEP, f"only a sweep would find it, if anything: {[v for v in world.videos if not is_at_an_end(v)]}")
        for _ in range(2):
            machine.query(HOURS_PASS)
            machine.query(TO_ALL["sweep"])
            machine.query(TIME_PASSES)
            work(machine, by_id)
        world = machine.look()
        lost = [v for v in world.videos if not is_at_an_end(v)]
        # The sweep looks for videos that lack a picture: one that has the wrong one is told of by a hint alone, or by the trigger that was off.
        expect(all(names & {"lose_hints", "quiet_finish"} and v.job is None and not lacks(v.picture) for v in lost), f"a video is lost: {lost}")
    wrong = [v for v in world.videos if v.there and v.finished and object_key(v.picture) and shows_another(v)]
    expect(not wrong or names & HIDES_VIDEOS, f"another video's picture is shown: {wrong}")
    return world
