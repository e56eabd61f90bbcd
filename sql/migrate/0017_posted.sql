-- What is posted stays: the database itself refuses to change a row of these tables or
-- to take one away.  What was wrong is put right by a row that is added.
-- contract-and-governance.md section 5: no update of posted rows.

CREATE TRIGGER ct_input_no_update BEFORE UPDATE ON ct_input
BEGIN SELECT RAISE(ABORT, 'rows of ct_input are posted: they are not changed or taken away; add one that puts it right'); END;

CREATE TRIGGER ct_input_no_delete BEFORE DELETE ON ct_input
BEGIN SELECT RAISE(ABORT, 'rows of ct_input are posted: they are not changed or taken away; add one that puts it right'); END;

CREATE TRIGGER ct_event_no_update BEFORE UPDATE ON ct_event
BEGIN SELECT RAISE(ABORT, 'rows of ct_event are posted: they are not changed or taken away; add one that puts it right'); END;

CREATE TRIGGER ct_event_no_delete BEFORE DELETE ON ct_event
BEGIN SELECT RAISE(ABORT, 'rows of ct_event are posted: they are not changed or taken away; add one that puts it right'); END;

CREATE TRIGGER ct_entry_no_update BEFORE UPDATE ON ct_entry
BEGIN SELECT RAISE(ABORT, 'rows of ct_entry are posted: they are not changed or taken away; add one that puts it right'); END;

CREATE TRIGGER ct_entry_no_delete BEFORE DELETE ON ct_entry
BEGIN SELECT RAISE(ABORT, 'rows of ct_entry are posted: they are not changed or taken away; add one that puts it right'); END;

CREATE TRIGGER ct_leg_no_update BEFORE UPDATE ON ct_leg
BEGIN SELECT RAISE(ABORT, 'rows of ct_leg are posted: they are not changed or taken away; add one that puts it right'); END;

CREATE TRIGGER ct_leg_no_delete BEFORE DELETE ON ct_leg
BEGIN SELECT RAISE(ABORT, 'rows of ct_leg are posted: they are not changed or taken away; add one that puts it right'); END;

CREATE TRIGGER ct_lock_no_update BEFORE UPDATE ON ct_lock
BEGIN SELECT RAISE(ABORT, 'rows of ct_lock are posted: they are not changed or taken away; add one that puts it right'); END;

CREATE TRIGGER ct_lock_no_delete BEFORE DELETE ON ct_lock
BEGIN SELECT RAISE(ABORT, 'rows of ct_lock are posted: they are not changed or taken away; add one that puts it right'); END;

CREATE TRIGGER ct_statement_no_update BEFORE UPDATE ON ct_statement
BEGIN SELECT RAISE(ABORT, 'rows of ct_statement are posted: they are not changed or taken away; add one that puts it right'); END;

CREATE TRIGGER ct_statement_no_delete BEFORE DELETE ON ct_statement
BEGIN SELECT RAISE(ABORT, 'rows of ct_statement are posted: they are not changed or taken away; add one that puts it right'); END;

CREATE TRIGGER ct_signature_no_update BEFORE UPDATE ON ct_signature
BEGIN SELECT RAISE(ABORT, 'rows of ct_signature are posted: they are not changed or taken away; add one that puts it right'); END;

CREATE TRIGGER ct_signature_no_delete BEFORE DELETE ON ct_signature
BEGIN SELECT RAISE(ABORT, 'rows of ct_signature are posted: they are not changed or taken away; add one that puts it right'); END;

CREATE TRIGGER ct_price_list_no_update BEFORE UPDATE ON ct_price_list
BEGIN SELECT RAISE(ABORT, 'rows of ct_price_list are posted: they are not changed or taken away; add one that puts it right'); END;

CREATE TRIGGER ct_price_list_no_delete BEFORE DELETE ON ct_price_list
BEGIN SELECT RAISE(ABORT, 'rows of ct_price_list are posted: they are not changed or taken away; add one that puts it right'); END;

CREATE TRIGGER ct_price_file_no_update BEFORE UPDATE ON ct_price_file
BEGIN SELECT RAISE(ABORT, 'rows of ct_price_file are posted: they are not changed or taken away; add one that puts it right'); END;

CREATE TRIGGER ct_price_file_no_delete BEFORE DELETE ON ct_price_file
BEGIN SELECT RAISE(ABORT, 'rows of ct_price_file are posted: they are not changed or taken away; add one that puts it right'); END;
