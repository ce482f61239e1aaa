-- What proves something is only ever added to: the database itself refuses
-- changes and deletions in the ledger, the audit list, the results and the
-- published editions.

-- +goose Up

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER results_append_only BEFORE UPDATE OR DELETE ON results FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER editions_append_only BEFORE UPDATE OR DELETE ON editions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER session_events_append_only BEFORE UPDATE OR DELETE ON session_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
