\ir ../refused-copies-of-statements/schema.sql
SELECT format('ALTER DATABASE %I SET standard_conforming_strings = off', current_database()) \gexec
