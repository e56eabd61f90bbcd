/* audit_line.c - one line of the audit. */
#include "access/audit_line.h"

#include "fhir/json.h"

static const struct {
	const char *subtype;
	char action;
} codes[] = {
    [HF_AUDIT_NONE] = {"", 'E'},	 [HF_AUDIT_READ] = {"read", 'R'},
    [HF_AUDIT_VREAD] = {"vread", 'R'},	 [HF_AUDIT_HISTORY] = {"history", 'R'},
    [HF_AUDIT_SEARCH] = {"search", 'E'}, [HF_AUDIT_OPERATION] = {"operation", 'E'},
    [HF_AUDIT_CREATE] = {"create", 'C'}, [HF_AUDIT_UPDATE] = {"update", 'U'},
    [HF_AUDIT_DELETE] = {"delete", 'D'}, [HF_AUDIT_BATCH] = {"batch", 'E'},
};

const char *
hf_audit_subtype(enum hf_audit_code code)
{
	assert(code < HF_COUNT(codes));
	return codes[code].subtype;
}

char
hf_audit_action(enum hf_audit_code code)
{
	assert(code < HF_COUNT(codes));
	return codes[code].action;
}

int
hf_audit_outcome(int status)
{
	return status < 400 ? 0 : status < 500 ? 4 : 8;
}

static void
optional(struct hf_jw *w, struct hf_sv key, struct hf_sv value)
{
	if (value.n)
		hf_jw_kv(w, key, value);
}

static void
shelves(struct hf_jw *w, const struct hf_audit_event *e)
{
	if (e->n_shelves == 0)
		return;
	hf_jw_member(w, "shelves");
	hf_jw_arr(w);
	for (size_t i = 0; i < e->n_shelves && i < HF_AUDIT_SHELVES; i++)
		hf_jw_int(w, e->shelves[i]);
	hf_jw_arr_end(w);
	if (e->more_shelves || e->n_shelves > HF_AUDIT_SHELVES) {
		hf_jw_member(w, "more");
		hf_jw_bool(w, true);
	}
}

void
hf_audit_line(const struct hf_audit_event *e, struct hf_buf *out)
{
	struct hf_jw w = {.out = out};
	char action = hf_audit_action(e->code), text[32];

	hf_jw_obj(&w);
	hf_jw_field(&w, "recorded",
		    hf_sv_from(hf_time_format(e->at, text, sizeof text)));
	hf_jw_field(&w, "agent", e->actor);
	hf_jw_field(&w, "purpose", e->purpose);
	hf_jw_field(&w, "action", ((struct hf_sv){&action, 1}));
	hf_jw_field(&w, "subtype", hf_sv_from(hf_audit_subtype(e->code)));
	optional(&w, HF_SV("route"), e->route);
	optional(&w, HF_SV("entity"), e->what);
	shelves(&w, e);
	optional(&w, HF_SV("params"), e->names);
	if (e->query) {
		snprintf(text, sizeof text, "%016llx", (unsigned long long)e->query);
		hf_jw_field(&w, "query", hf_sv_from(text));
	}
	if (e->hits >= 0) {
		hf_jw_member(&w, "hits");
		hf_jw_int(&w, e->hits);
	}
	hf_jw_member(&w, "status");
	hf_jw_int(&w, e->status);
	hf_jw_member(&w, "outcome");
	hf_jw_int(&w, hf_audit_outcome(e->status));
	optional(&w, HF_SV("rule"), e->rule);
	hf_jw_obj_end(&w);
	hf_buf_char(out, '\n');
}
