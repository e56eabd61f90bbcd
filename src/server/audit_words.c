/* audit_words.c - who, whose and why of the audit's lines, in plain words. */
#include "access/io/account.h"
#include "record/index.h"
#include "record/io/desk.h"
#include "record/person_text.h"
#include "server/api.h"
#include "server/audit_look.h"

/* What was looked up already: of users, organisations and persons. */
struct hf_look_name {
	struct hf_sv key, name;
	struct hf_look_name *next;
};

static const struct hf_look_name *
known(const struct hf_look *look, struct hf_sv key)
{
	for (const struct hf_look_name *n = look->names; n; n = n->next)
		if (hf_sv_eq(n->key, key))
			return n;
	return NULL;
}

static struct hf_sv
keep(struct hf_look *look, struct hf_sv key, struct hf_sv name)
{
	struct hf_look_name *n = HF_NEW(look->arena, struct hf_look_name);

	if (n) {
		n->key = hf_arena_sv(look->arena, key);
		n->name = name;
		n->next = look->names;
		look->names = n;
	}
	return name;
}

enum hf_rc
hf_look_person(struct hf_look *look, struct hf_sv patient, int64_t **shelves, size_t *n,
	       struct hf_err *err)
{
	struct hf_entry e = {0};
	enum hf_rc rc = hf_store_find(look->reader, hf_resource_find(HF_SV("Patient")),
				      patient, &e, err);

	/* Who looked stays answered when the Patient was deleted. */
	if (rc == HF_GONE && e.rid)
		rc = HF_OK;
	if (rc)
		return rc;
	return hf_store_person(look->reader, HF_RID_SHELF(e.rid), look->arena, shelves,
			       n, err);
}

struct hf_sv
hf_look_patient(struct hf_look *look, int64_t shelf)
{
	struct hf_sv key = hf_arena_printf(look->arena, "%lld", (long long)shelf), id;
	const struct hf_look_name *n = known(look, key);

	if (n)
		return n->name;
	if (hf_store_id_at(look->reader, HF_RID_MIN(shelf), look->arena, &id, NULL) !=
	    HF_OK)
		id = (struct hf_sv){NULL, 0};
	return keep(look, key, id);
}

static struct hf_sv
client_name(struct hf_look *look, struct hf_sv id)
{
	struct hf_sv name = {NULL, 0};
	struct hf_rows rows;

	if (hf_db_query(hf_reader_db(look->reader), HF_Q_ACCESS_CLIENT_GET,
			HF_ARGS(HF_TEXT(id)), &rows, NULL) != HF_OK)
		return name;
	if (hf_rows_next(&rows))
		name = hf_arena_sv(look->arena,
				   hf_rows_text(&rows, HF_C_ACCESS_CLIENT_GET_NAME));
	(void)hf_rows_end(&rows, NULL);
	return name;
}

struct hf_sv
hf_look_name(struct hf_look *look, struct hf_sv actor)
{
	const struct hf_look_name *n = known(look, actor);
	struct hf_sv id = actor, kind = hf_sv_cut(&id, '/'), name = {NULL, 0};
	struct hf_account account;

	if (n)
		return n->name;
	if (hf_sv_is(kind, "user") &&
	    hf_account_get(hf_reader_db(look->reader), id, look->arena, &account,
			   NULL) == HF_OK)
		name = account.name;
	else if (hf_sv_is(kind, "client"))
		name = client_name(look, id);
	else if (hf_sv_is(actor, "trial"))
		name = HF_SV("whoever used the trial server");
	return keep(look, actor, name);
}

/* The name of an Organization that has the code as its ODS code. */
static struct hf_sv
org_name(struct hf_look *look, hf_rid rid)
{
	static const char system[] = "\"https://fhir.nhs.uk/Id/ods-organi";
	struct hf_version v;
	struct hf_json doc;

	if (hf_store_read_rid(look->reader, rid, 0, look->arena, &v, NULL) != HF_OK ||
	    !memmem(v.body.p, v.body.n, system, sizeof system - 1) ||
	    hf_json_parse(v.body, NULL, look->arena, &doc, NULL) != HF_OK)
		return (struct hf_sv){NULL, 0};
	return hf_json_str(&doc, hf_json_member(&doc, 0, "name"), look->arena);
}

static struct hf_sv
read_org(struct hf_look *look, struct hf_sv ods)
{
	enum { CANDIDATES = 4 };
	uint32_t slot =
	    hf_index_slot(hf_resource_find(HF_SV("Organization")), HF_SV("identifier"));
	int64_t value = hf_index_token(HF_SV(""), ods, true), *values;
	struct hf_sv name = {NULL, 0};
	hf_rid *rids;
	size_t n = 0;

	if (slot == 0 ||
	    hf_store_index(look->reader, slot, value, value, false, value, -1,
			   CANDIDATES, look->arena, &values, &rids, &n, NULL) != HF_OK)
		return name;
	for (size_t i = 0; i < n && name.n == 0; i++)
		name = org_name(look, rids[i]);
	return name;
}

struct hf_sv
hf_look_org(struct hf_look *look, struct hf_sv ods)
{
	struct hf_sv key = hf_arena_printf(look->arena, "org %.*s", HF_SV_ARG(ods));
	const struct hf_look_name *n = known(look, key);

	if (ods.n == 0)
		return ods;
	return n ? n->name : keep(look, key, read_org(look, ods));
}

/* ---- what and why ---- */

static struct hf_sv
type_of(struct hf_sv what)
{
	return (struct hf_sv){what.p, hf_sv_find(what, '/')};
}

static struct hf_sv
search_words(const struct hf_audit_event *e, struct hf_arena *arena)
{
	if (e->hits > 1)
		return hf_arena_printf(arena, "found among %lld results of a search",
				       (long long)e->hits);
	return HF_SV("found by a search");
}

/* "export types=Patient for=RZ9 basis=s251", as a command noted it. */
static struct hf_sv
export_words(struct hf_sv source, struct hf_arena *arena)
{
	struct hf_sv word = hf_sv_cut(&source, ' ');

	if (hf_sv_is(word, "backup"))
		return HF_SV("made a backup of the whole store");
	if (hf_sv_is(word, "downtime"))
		return HF_SV("wrote all open referrals as a downtime pack");
	if (!hf_sv_is(word, "export"))
		return hf_sv_from(hf_audit_text(HF_AUDIT_EXPORT));
	if (source.n == 0)
		return HF_SV("exported the whole store");
	return hf_arena_printf(arena, "exported (%.*s)", HF_SV_ARG(source));
}

struct hf_sv
hf_look_words(const struct hf_look_line *line, struct hf_arena *arena)
{
	const struct hf_audit_event *e = &line->e;
	struct hf_sv type = type_of(e->what);
	const char *many = hf_resource_find(type) ? hf_api_type_words(type) : "entries";
	bool patient = hf_sv_is(type, "Patient");

	if (e->status == 401 || e->status == 403 || e->status == 404)
		return hf_arena_printf(arena, "was refused (%s)",
				       hf_audit_text(e->code));
	switch (e->code) {
	case HF_AUDIT_READ:
		if (patient || type.n == 0)
			return HF_SV("opened the record");
		return hf_arena_printf(arena, "opened an entry (%s)", many);
	case HF_AUDIT_SEARCH:
		return search_words(e, arena);
	case HF_AUDIT_OPERATION:
		return hf_sv_is(e->route, "hf_fhir_everything")
			   ? HF_SV("fetched the whole record")
			   : HF_SV("found when a person was matched");
	case HF_AUDIT_CREATE:
	case HF_AUDIT_UPDATE:
	case HF_AUDIT_DELETE:
		return hf_arena_printf(arena, "%s an entry (%s)",
				       e->code == HF_AUDIT_CREATE   ? "added"
				       : e->code == HF_AUDIT_UPDATE ? "changed"
								    : "deleted",
				       many);
	case HF_AUDIT_BATCH:
		return line->n_things ? hf_arena_printf(arena, "wrote %lld entries",
							(long long)e->hits)
				      : HF_SV("sent a bundle");
	case HF_AUDIT_EXPORT:
		return export_words(e->route, arena);
	default:
		return hf_sv_from(hf_audit_text(e->code));
	}
}

struct hf_sv
hf_look_why(const struct hf_audit_event *e, struct hf_arena *arena)
{
	struct hf_sv rest = e->relations, text = {NULL, 0};
	struct hf_buf out = {.cap = 1024};
	int word;

	if (e->glass.n) {
		word = hf_word_find(HF_WORDS_REASON, e->glass);
		hf_buf_printf(&out, "broke the glass: %s",
			      word > 0 ? hf_word_text(HF_WORDS_REASON, word) : "other");
	}
	while (rest.n) {
		word = hf_word_find(HF_WORDS_RELATION, hf_sv_cut(&rest, ','));
		if (word > 0)
			hf_buf_printf(&out, "%s%s", out.n ? "; " : "",
				      hf_word_text(HF_WORDS_RELATION, word));
	}
	word = hf_word_find(HF_WORDS_PURPOSE, e->purpose);
	if (word > 0)
		hf_buf_printf(&out, "%s%s", out.n ? "; " : "",
			      hf_word_text(HF_WORDS_PURPOSE, word));
	if (!out.failed)
		text = hf_arena_sv(arena, hf_buf_view(&out));
	hf_buf_free(&out);
	return text;
}
