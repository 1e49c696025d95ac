\ir ../ordinary/schema.sql
-- Of the migration, too. A day comes before its month.
SELECT format('ALTER DATABASE %I SET TimeZone = ''Asia/Jakarta''', current_database()),
       format('ALTER DATABASE %I SET DateStyle = ''SQL, DMY''', current_database()),
       format('ALTER DATABASE %I SET IntervalStyle = ''sql_standard''', current_database()),
       format('ALTER DATABASE %I SET extra_float_digits = 0', current_database()) \gexec
