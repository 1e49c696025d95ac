-- A trial for `--check`: one video goes through the triggers, the merge, a claim and its result, under the platform's own triggers and rules,
-- and all of it is rolled back. Answers NULL where it went well, else what stands in the way, for people.
CREATE OR REPLACE FUNCTION thumbnails.trial() RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  id uuid;
  claimed record;
  answer text;
  verdict text;
BEGIN
  BEGIN
    -- A video that nobody is at, else one made for the purpose.
    SELECT v.id INTO id FROM public.videos AS v
     WHERE v.status = 'completed' AND NOT EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.video_id = v.id) LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF FOUND THEN
      PERFORM thumbnails.write_for_trial(id, 'https://trial.invalid/old.mp4', 'https://trial.invalid/old.jpg');
      PERFORM thumbnails.merge(1000, id);
      PERFORM thumbnails.write_for_trial(id, NULL, '');
    ELSE
      id := gen_random_uuid();
      BEGIN
        PERFORM thumbnails.write_for_trial(id, 'https://trial.invalid/new.mp4', '');
      EXCEPTION WHEN OTHERS THEN
        RAISE EXCEPTION 'there is no finished video to try it with yet, and none can be made up: % (%)', SQLERRM, SQLSTATE USING ERRCODE = 'TRIAL';
      END;
    END IF;
    IF NOT EXISTS (SELECT FROM thumbnails.inbox AS i WHERE i.video_id = id) THEN
      RAISE EXCEPTION 'the triggers on videos do not fire: are they disabled? ALTER TABLE public.videos ENABLE TRIGGER USER' USING ERRCODE = 'TRIAL';
    END IF;
    SELECT c.outcome, c.token INTO claimed FROM thumbnails.claim(id, 30) AS c;
    verdict := (SELECT e.text FROM thumbnails.events AS e WHERE e.video_id = id AND e.class = 'platform' AND e.xid = pg_current_xact_id()::text::bigint LIMIT 1);
    IF verdict IS NULL AND claimed.outcome <> 'claimed' THEN
      verdict := format('a finished video without a thumbnail cannot be claimed: %s', claimed.outcome);
    END IF;
    IF verdict IS NULL THEN
      answer := thumbnails.complete(id, claimed.token, 'https://trial.invalid/thumbnails/' || id || '/0-0.jpg', 'thumbnails/' || id || '/0-0.jpg', '{}');
      IF answer <> 'ok' THEN
        verdict := coalesce((SELECT j.result #>> '{refused,text}' FROM thumbnails.jobs AS j WHERE j.video_id = id AND j.kind = 'thumbnail'),
                            'the result is answered by ' || answer);
      END IF;
    END IF;
    -- Nothing of it stays.
    RAISE EXCEPTION '%', coalesce(verdict, '') USING ERRCODE = 'TRIAL';
  EXCEPTION WHEN SQLSTATE 'TRIAL' THEN
    RETURN nullif(SQLERRM, '');
  WHEN OTHERS THEN
    RETURN format('%s (%s)', SQLERRM, SQLSTATE);
  END;
END
$$;
