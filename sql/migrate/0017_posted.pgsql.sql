-- What is posted stays: the database itself refuses to change a row of these tables or
-- to take one away.  What was wrong is put right by a row that is added.
-- contract-and-governance.md section 5: no update of posted rows.

CREATE OR REPLACE FUNCTION hf_posted() RETURNS trigger LANGUAGE plpgsql AS $posted$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'HF001', MESSAGE = 'rows of ' || TG_TABLE_NAME ||
		' are posted: they are not changed or taken away; add one that puts it right';
END
$posted$;

CREATE TRIGGER ct_input_posted BEFORE UPDATE OR DELETE OR TRUNCATE ON ct_input
	FOR EACH STATEMENT EXECUTE FUNCTION hf_posted();

CREATE TRIGGER ct_event_posted BEFORE UPDATE OR DELETE OR TRUNCATE ON ct_event
	FOR EACH STATEMENT EXECUTE FUNCTION hf_posted();

CREATE TRIGGER ct_entry_posted BEFORE UPDATE OR DELETE OR TRUNCATE ON ct_entry
	FOR EACH STATEMENT EXECUTE FUNCTION hf_posted();

CREATE TRIGGER ct_leg_posted BEFORE UPDATE OR DELETE OR TRUNCATE ON ct_leg
	FOR EACH STATEMENT EXECUTE FUNCTION hf_posted();

CREATE TRIGGER ct_lock_posted BEFORE UPDATE OR DELETE OR TRUNCATE ON ct_lock
	FOR EACH STATEMENT EXECUTE FUNCTION hf_posted();

CREATE TRIGGER ct_statement_posted BEFORE UPDATE OR DELETE OR TRUNCATE ON ct_statement
	FOR EACH STATEMENT EXECUTE FUNCTION hf_posted();

CREATE TRIGGER ct_signature_posted BEFORE UPDATE OR DELETE OR TRUNCATE ON ct_signature
	FOR EACH STATEMENT EXECUTE FUNCTION hf_posted();

CREATE TRIGGER ct_price_list_posted BEFORE UPDATE OR DELETE OR TRUNCATE ON ct_price_list
	FOR EACH STATEMENT EXECUTE FUNCTION hf_posted();

CREATE TRIGGER ct_price_file_posted BEFORE UPDATE OR DELETE OR TRUNCATE ON ct_price_file
	FOR EACH STATEMENT EXECUTE FUNCTION hf_posted();
