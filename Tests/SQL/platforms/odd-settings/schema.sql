\ir ../ordinary/schema.sql
SELECT format('ALTER DATABASE %I SET %s = %s', current_database(), name, value)
  FROM (VALUES ('standard_conforming_strings', 'off'), ('escape_string_warning', 'off'), ('transform_null_equals', 'on'), ('quote_all_identifiers', 'on'),
               ('array_nulls', 'off'), ('row_security', 'off'), ('enable_seqscan', 'off'), ('check_function_bodies', 'on'), ('jit', 'off'),
               ('bytea_output', 'escape'), ('backslash_quote', 'off'), ('xmloption', 'document'), ('plan_cache_mode', 'force_generic_plan'), ('synchronous_commit', 'off'),
               ('default_transaction_deferrable', 'on'), ('max_parallel_workers_per_gather', '4')) AS s (name, value) \gexec
