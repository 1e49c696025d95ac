"""`videos` has a column of every name our functions use: arguments, variables, aliases, columns of our tables, any word in their bodies."""

from habit import ORDINARY, ROOT, expect

WORDS = """
  SELECT DISTINCT w.word[1] FROM pg_proc p CROSS JOIN LATERAL regexp_matches(lower(p.prosrc), '[a-z_][a-z0-9_]*', 'g') AS w (word)
   WHERE p.pronamespace = 'thumbnails'::regnamespace OR p.proname ~ 'thumbnail'
  UNION SELECT a.name FROM pg_proc p CROSS JOIN LATERAL unnest(p.proargnames) AS a (name) WHERE p.pronamespace = 'thumbnails'::regnamespace
  UNION SELECT a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE c.relnamespace = 'thumbnails'::regnamespace AND a.attnum > 0
  EXCEPT SELECT a.attname FROM pg_attribute a WHERE a.attrelid = 'videos'::regclass
  EXCEPT VALUES ('ctid'), ('xmin'), ('xmax'), ('cmin'), ('cmax'), ('tableoid'), ('')"""
TYPES = "jsonb", "text DEFAULT 'odd'"


def holds(db):
    words = sorted(word for word in db.root.all(WORDS) if len(word) < 60)
    expect("the names are there", {"metadata", "token", "attempt", "v", "j", "p_video_id", "due_at"} <= set(words), True)
    other = db.other("words")
    other.script(ORDINARY)
    other.paste("ALTER TABLE videos " + ", ".join(f'ADD COLUMN "{word}" {TYPES[number % 2]}' for number, word in enumerate(words)))
    other.migrate()
    other.connect().configure()
    other.expect_life()
    other.expect_idle()
    expect("put anew", other.platform("SELECT batch_trigger_thumbnail_generation(5) ->> 'success'"), "true")
    expect("failed ones", other.worker("SELECT thumbnails.act('retry', '{}', 5, NULL, NULL) ->> 'success'"), "true")
    claim = other.claim(other.add())
    released = "SELECT outcome FROM thumbnails.fail(%s, %s, 'storage', 'the store answered 503', NULL)"
    expect("released", other.worker(released, claim.video, claim.token), "ok")
    for call in ("take_deletions(5)", "list_deletions(5)", "list_orphans(ARRAY['x'])", "due_videos(5, '{}')"):
        other.worker(f"SELECT thumbnails.{call}")
    with open(f"{ROOT}/migrations/fix-stuck-thumbnails.sql", encoding="utf-8") as file:
        other.paste(file.read())
    other.platform("TRUNCATE videos")
    other.expect_idle()
