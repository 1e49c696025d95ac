\ir ../ordinary/schema.sql
SELECT format('ALTER DATABASE %I SET default_transaction_isolation = %L', current_database(), 'serializable') \gexec
