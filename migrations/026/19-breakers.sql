-- Breakers: five faults of a class in a row on a host, of at least two videos, pause its claims. While a breaker is open, faults of earlier claims still
-- come in, and say nothing new. A probe that ended because of its video (`p_class` is NULL or another one) says nothing about the store: the next may
-- probe at once.
CREATE OR REPLACE FUNCTION thumbnails.move_breakers(p_class text, p_host text, p_video_id uuid, p_error text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF p_class IN ('storage', 'configuration') THEN
    INSERT INTO thumbnails.breakers AS b (class, host, consecutive, video_ids, last_error)
    VALUES (p_class, p_host, 1, ARRAY[p_video_id], p_error)
    ON CONFLICT (class, host) DO UPDATE
      SET consecutive = b.consecutive + 1,
          video_ids = CASE WHEN p_video_id = ANY (b.video_ids) THEN b.video_ids ELSE (b.video_ids || p_video_id)[1:2] END,
          open_until = CASE WHEN cardinality(array_remove(b.video_ids, p_video_id)) > 0 THEN clock_timestamp() + thumbnails.breaker_delay(b.consecutive + 1) END,
          last_error = p_error, probe_until = NULL, updated_at = clock_timestamp()
      WHERE b.open_until IS NULL OR b.open_until <= clock_timestamp();
  ELSIF EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host = p_host AND b.probe_until IS NOT NULL) THEN
    PERFORM FROM thumbnails.breakers b WHERE b.host = p_host ORDER BY b.class FOR UPDATE;
    UPDATE thumbnails.breakers b SET probe_until = NULL WHERE b.host = p_host AND b.probe_until IS NOT NULL;
  END IF;
END
$$;
