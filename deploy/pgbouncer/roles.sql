-- The limits of web and workers as properties of their roles, for poolers, which pass no options of connections on.
-- Run it once as the owner of the server, in the product's database: psql -v owner=scribe -v web_password=… -v worker_password=… -f roles.sql
-- Both roles have the rights of the owner, who alone migrates. The seconds are those of scribe/database.py.
CREATE ROLE scribe_web LOGIN PASSWORD :'web_password' IN ROLE :"owner";
CREATE ROLE scribe_worker LOGIN PASSWORD :'worker_password' IN ROLE :"owner";

ALTER ROLE scribe_web SET statement_timeout = '60s';
ALTER ROLE scribe_web SET lock_timeout = '5s';
ALTER ROLE scribe_web SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE scribe_web SET max_parallel_workers_per_gather = 0;

ALTER ROLE scribe_worker SET statement_timeout = '1800s';
ALTER ROLE scribe_worker SET lock_timeout = '300s';
ALTER ROLE scribe_worker SET idle_in_transaction_session_timeout = '600s';
ALTER ROLE scribe_worker SET max_parallel_workers_per_gather = 0;
