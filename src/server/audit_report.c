/* audit_report.c - see audit_report.h. */
#include "server/audit_report.h"

#include "fhir/json.h"

enum { PAGE = 500 };

static void
add_access(struct hf_look *look, struct hf_report *r, const struct hf_look_line *line)
{
	const struct hf_audit_event *e = &line->e;
	const struct hf_role *role =
	    r->policy && e->role.n ? hf_policy_role(r->policy, e->role) : NULL;

	r->items[r->n++] = (struct hf_report_access){
	    .at = e->at,
	    .user = e->actor,
	    .name = hf_look_name(look, e->actor),
	    .role = e->role,
	    .role_name = hf_sv_from(role ? role->name : NULL),
	    .org = e->org,
	    .org_name = hf_look_org(look, e->org),
	    .behalf = e->behalf,
	    .what = hf_look_words(line, look->arena),
	    .why = hf_look_why(e, look->arena),
	    .glass = e->glass,
	    .refused = e->status >= 400,
	};
}

static bool
names_them(const struct hf_report *r, const struct hf_audit_event *e)
{
	for (size_t i = 0; i < e->n_shelves; i++)
		for (size_t k = 0; k < r->n_shelves; k++)
			if (e->shelves[i] == r->shelves[k])
				return true;
	return false;
}

enum hf_rc
hf_report_read(struct hf_look *look, struct hf_report *r, struct hf_err *err)
{
	struct hf_look_query query = {.q = hf_audit_query_all, .max = PAGE};
	bool more = true;
	enum hf_rc rc =
	    hf_look_person(look, r->patient, &r->shelves, &r->n_shelves, err);

	if (rc)
		return rc;
	r->items = hf_arena_array(look->arena, HF_REPORT_MOST, sizeof *r->items);
	if (!r->items)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the report");
	query.q.from = r->from;
	query.q.to = r->to;
	query.q.shelves = r->shelves;
	query.q.n_shelves = r->n_shelves;
	query.q.large = true;
	while (rc == HF_OK && more) {
		struct hf_look_line *lines;
		size_t n;

		rc = hf_look(look, &query, &lines, &n, &more, err);
		for (size_t i = 0; rc == HF_OK && i < n; i++) {
			query.before = lines[i].after;
			if (!names_them(r, &lines[i].e)) {
				r->large++;
				continue;
			}
			if (r->n == HF_REPORT_MOST) {
				r->more = true;
				return HF_OK;
			}
			add_access(look, r, &lines[i]);
		}
	}
	return rc;
}

/* ---- as JSON ---- */

static void
text(struct hf_jw *w, const char *name, struct hf_sv value)
{
	if (value.n)
		hf_jw_kv(w, hf_sv_from(name), value);
}

static void
when(struct hf_jw *w, const char *name, hf_time at)
{
	char buf[32];

	if (at != HF_TIME_MIN && at != HF_TIME_MAX)
		text(w, name, hf_sv_from(hf_time_format(at, buf, sizeof buf)));
}

void
hf_report_json(const struct hf_report *r, struct hf_buf *out)
{
	struct hf_jw w = {.out = out};

	hf_jw_obj(&w);
	hf_jw_field(&w, "person", r->patient);
	when(&w, "from", r->from);
	when(&w, "to", r->to);
	hf_jw_member(&w, "accesses");
	hf_jw_arr(&w);
	for (size_t i = 0; i < r->n; i++) {
		const struct hf_report_access *a = &r->items[i];

		hf_jw_obj(&w);
		when(&w, "at", a->at);
		if (!r->own || a->name.n == 0)
			hf_jw_field(&w, "user", a->user);
		text(&w, "name", a->name);
		text(&w, "role", a->role);
		text(&w, "roleName", a->role_name);
		text(&w, "org", a->org);
		text(&w, "orgName", a->org_name);
		text(&w, "behalf", a->behalf);
		hf_jw_field(&w, "what", a->what);
		text(&w, "why", a->why);
		text(&w, "glass", a->glass);
		if (a->refused) {
			hf_jw_member(&w, "refused");
			hf_jw_bool(&w, true);
		}
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	hf_jw_member(&w, "large");
	hf_jw_int(&w, (int64_t)r->large);
	hf_jw_member(&w, "more");
	hf_jw_bool(&w, r->more);
	hf_jw_obj_end(&w);
	hf_buf_char(out, '\n');
}

/* ---- as CSV ---- */

/* A quoted field.  One that a spreadsheet would take for a formula gets an apostrophe
 * in front. */
static void
field(struct hf_buf *out, struct hf_sv value, bool last)
{
	hf_buf_char(out, '"');
	if (value.n && memchr("=+-@\t\r", value.p[0], 6))
		hf_buf_char(out, '\'');
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '"')
			hf_buf_char(out, '"');
		hf_buf_char(out, value.p[i]);
	}
	hf_buf_lit(out, "\"");
	if (last)
		hf_buf_lit(out, "\r\n");
	else
		hf_buf_char(out, ',');
}

static void
csv_row(const struct hf_report_access *a, struct hf_buf *out)
{
	struct hf_civil c = hf_london_civil(a->at);
	char at[40];

	snprintf(at, sizeof at, "%04d-%02d-%02d %02d:%02d:%02d", (int)c.year, c.month,
		 c.day, c.hour, c.minute, c.second);
	field(out, hf_sv_from(at), false);
	field(out, a->name.n ? a->name : a->user, false);
	field(out, a->role_name.n ? a->role_name : a->role, false);
	field(out, a->org_name.n ? a->org_name : a->org, false);
	field(out, a->what, false);
	field(out, a->why, false);
	field(out, a->glass, false);
	field(out, a->refused ? HF_SV("refused") : HF_SV("allowed"), true);
}

void
hf_report_csv(const struct hf_report *r, struct hf_buf *out)
{
	hf_buf_lit(out, "When (London time),Who,Role,Organisation,What,Why,"
			"Broken glass,Outcome\r\n");
	for (size_t i = 0; i < r->n; i++)
		csv_row(&r->items[i], out);
}
