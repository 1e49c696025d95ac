-- Whether what these roles make may run with the rights of the owner of `videos`: whether all of them may act as that role anyway.
CREATE OR REPLACE FUNCTION thumbnails.trusts(roles oid[]) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT bool_and(pg_has_role(r, n.nspowner, 'MEMBER')) FROM unnest(roles) AS r, pg_namespace n WHERE n.nspname = 'thumbnails');
END
$$;

-- Raises if system_config is of somebody who may not act as the owner of `videos`: it might be a view, or have policies, whose functions would run as
-- the owner. A call of its own, since planning alone may run them; and one query, since each claim calls it.
CREATE OR REPLACE FUNCTION thumbnails.check_config() RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_class c, pg_namespace n WHERE c.oid = to_regclass('public.system_config') AND n.nspname = 'thumbnails'
                                                      AND NOT pg_has_role(c.relowner, n.nspowner, 'MEMBER')) THEN
    RAISE insufficient_privilege USING MESSAGE = 'system_config belongs to a role that may not act as the owner of videos, and is not read';
  END IF;
END
$$;

-- A value of system_config without surrounding blanks; NULL if it is absent or blank. The platform's own table may have a key twice. In PL/pgSQL,
-- since a session keeps its plans. The platform's writes call it, too, and must not fail whatever has become of the table.
CREATE OR REPLACE FUNCTION thumbnails.setting(name text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
  PERFORM thumbnails.check_config();
  RETURN (SELECT max(nullif(btrim(c.value, E' \t\r\n'), '')) FROM public.system_config c WHERE c.key = name);
EXCEPTION WHEN syntax_error_or_access_rule_violation THEN -- all of class 42
  RETURN NULL;
END
$$;

-- In one query: whether generation is on (unless `auto_thumbnail_enabled` says no), and what is missing or wrong, as a sentence for people or NULL.
CREATE OR REPLACE FUNCTION thumbnails.readiness(OUT enabled boolean, OUT missing text)
LANGUAGE plpgsql STABLE AS $$
BEGIN
  PERFORM thumbnails.check_config();
  SELECT coalesce(bool_and(NOT thumbnails.is_off(c.value)) FILTER (WHERE c.key = 'auto_thumbnail_enabled'), true),
         coalesce('Missing configuration in system_config: '
                  || nullif(concat_ws(', ', CASE WHEN bool_or(c.key LIKE '%url') IS NOT TRUE THEN 'thumbnail_handlers_url / supabase_url' END,
                                            CASE WHEN bool_or(c.key IN ('webhook_secret', 'service_role_key')) IS NOT TRUE THEN 'webhook_secret / service_role_key' END), '')
                  || CASE WHEN row_security_active('public.system_config')
                          THEN format(', or its row level security hides it from %I, who owns videos and must own it, too', current_user) ELSE '' END,
                  'Wrong configuration in system_config: ' || string_agg(CASE
                    WHEN c.value ~ '[[:cntrl:]]' THEN c.key || ' holds control characters'
                    WHEN c.key LIKE '%url' AND c.value !~* '^https?://[^/?#@[:space:]]+(/[^?#[:space:]]*)?$' THEN c.key || ' is no plain http:// or https:// URL'
                    WHEN c.key LIKE '%url' AND c.value ~* '/functions/v1(/|$)' THEN c.key || ' is the base URL, without /functions/v1'
                  END, ', ' ORDER BY c.key) FILTER (WHERE c.key <> 'auto_thumbnail_enabled'))
    INTO enabled, missing
    -- Only these keys: the platform may store anything else there.
    FROM (SELECT s.key, btrim(s.value, E' \t\r\n') AS value FROM public.system_config s
           WHERE s.key IN ('auto_thumbnail_enabled', 'thumbnail_handlers_url', 'supabase_url', 'webhook_secret', 'service_role_key')) AS c
   WHERE c.value <> '';
END
$$;

-- The part of a URL that identifies the video: all except the fragment and the parameters that sign it. COLLATE "C", since lower() differs in Turkish.
CREATE OR REPLACE FUNCTION thumbnails.source_identity(url text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  signing text := coalesce(thumbnails.setting('thumbnail_signing_parameters'),
                           'X-Amz-*, X-Goog-*, Signature, Expires, Key-Pair-Id, Policy, sv, se, st, sp, sig, token');
  without_fragment text := split_part(btrim(url, E' \t\r\n'), '#', 1);
  place text := split_part(without_fragment, '?', 1);
  pattern text := '^(' || replace(regexp_replace(regexp_replace(lower(signing COLLATE "C"), '[^a-z0-9_*,-]', '', 'g'), ',+', '|', 'g'), '*', '.*') || ')$';
BEGIN
  IF place = without_fragment THEN
    RETURN place;
  END IF;
  RETURN place || coalesce('?' || (SELECT string_agg(p.pair, '&' ORDER BY p.position)
                                     FROM unnest(string_to_array(substr(without_fragment, length(place) + 2), '&')) WITH ORDINALITY AS p (pair, position)
                                    WHERE p.pair <> '' AND lower(split_part(p.pair, '=', 1) COLLATE "C") !~ pattern), '');
END
$$;

CREATE OR REPLACE FUNCTION thumbnails.is_same_source(a text, b text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN a IS NOT DISTINCT FROM b OR coalesce(thumbnails.source_identity(a) = thumbnails.source_identity(b), false); END $$;
