/* behind.c - whose the rows behind a figure are. */
#include "server/behind.h"

#include <stdlib.h>

#include "server/serve.h"

enum { SCRATCH = 1 << 20, DOC = 200 };

struct looking {
	struct hf_call *call;
	const struct hf_behind_ask *ask;
	uint8_t *code[HF_POP_KINDS]; /* by code: 0 not asked, 1 plain, 2 sensitive */
	uint32_t person;	     /* that was looked at last */
	bool readable;
};

/* ---- what a code tells ---- */

static bool
is_sensitive(struct looking *l, const char *system, struct hf_sv code)
{
	char text[DOC];
	struct hf_arena scratch = {.cap = SCRATCH};
	struct hf_json doc;
	const struct hf_category *category;
	int n = snprintf(text, sizeof text, "{\"system\":\"%s\",\"code\":\"%.*s\"}",
			 system, HF_SV_ARG(code));
	bool found = true; /* what cannot be looked up is not shown */

	if (n > 0 && n < DOC &&
	    hf_json_parse((struct hf_sv){text, (size_t)n}, NULL, &scratch, &doc,
			  NULL) == HF_OK)
		found = hf_policy_level(&l->call->server->policy, &doc, &category) >
			HF_LEVEL_S1;
	hf_arena_free(&scratch);
	return found;
}

static bool
tells(struct looking *l, enum hf_pop_kind kind, const char *system, uint16_t code)
{
	const struct hf_pop_dictionary *d = &l->ask->c->dict[kind];

	if (code == 0 || code >= d->n)
		return false;
	if (!l->code[kind])
		l->code[kind] = hf_arena_array(l->call->arena, d->n, 1);
	if (!l->code[kind])
		return true;
	if (!l->code[kind][code])
		l->code[kind][code] = is_sensitive(l, system, d->text[code]) ? 2 : 1;
	return l->code[kind][code] == 2;
}

/* A person's stay is shown with none of its codes sensitive, or not at all. */
static bool
event_tells(struct looking *l, uint64_t e)
{
	static const char icd[] = "http://hl7.org/fhir/sid/icd-10";
	const struct hf_pop_events *ev = &l->ask->c->ev;
	const uint16_t *more = &l->ask->c->dx_pool[ev->dx_more[e]];

	if (tells(l, HF_POP_ICD10, icd, ev->dx[e]))
		return true;
	for (uint16_t i = 0; ev->dx_more[e] && i < more[0]; i++)
		if (tells(l, HF_POP_ICD10, icd, more[1 + i]))
			return true;
	return ev->setting[e] != HF_POP_RX &&
	       tells(l, HF_POP_PROC, "https://fhir.hl7.org.uk/Id/opcs-4", ev->proc[e]);
}

/* ---- whom ---- */

/* Would a read of their Patient give it? */
static enum hf_rc
look_at(struct looking *l, uint32_t person, int64_t shelf, struct hf_err *err)
{
	struct hf_arena scratch = {.cap = SCRATCH};
	struct hf_version v;
	enum hf_rc rc;

	if (l->person == person)
		return HF_OK;
	l->person = person;
	l->readable = false;
	rc =
	    hf_store_read_rid(l->call->reader, HF_RID_MIN(shelf), 0, &scratch, &v, err);
	l->readable = rc == HF_OK;
	hf_arena_free(&scratch);
	return rc == HF_NOT_FOUND || rc == HF_GONE ? HF_OK : rc;
}

/* May the caller see this row?  Cheap questions first. */
static enum hf_rc
decide(struct looking *l, const struct hf_pop_behind *row, bool *may,
       struct hf_err *err)
{
	const struct hf_pop_columns *c = l->ask->c;
	int64_t shelf = hf_pop_shelf_of(c, row->person);
	bool death = l->ask->measure->of == HF_POP_OF_DEATHS;
	struct hf_sv ods = death ? l->call->actor->org : HF_SV("");
	enum hf_rc rc;

	*may = false;
	if (!shelf || (c->persons[row->person].flags & HF_POP_P_OBJECTS))
		return HF_OK;
	if (row->event != HF_POP_NO_EVENT) {
		if (event_tells(l, row->event))
			return HF_OK;
		ods = c->dict[HF_POP_PROVIDER].text[c->ev.provider[row->event]];
	}
	rc = hf_viewer_may(l->call->reader, shelf,
			   death ? HF_CONTENT_DEMOGRAPHIC : HF_CONTENT_CLINICAL,
			   death ? HF_LEVEL_S0 : HF_LEVEL_S1, ods, may, err);
	if (rc || !*may)
		return rc;
	rc = look_at(l, row->person, shelf, err);
	*may = l->readable;
	return rc;
}

static int
by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int64_t
different(uint32_t *persons, size_t n)
{
	int64_t many = n > 0;

	qsort(persons, n, sizeof *persons, by_number);
	for (size_t i = 1; i < n; i++)
		many += persons[i] != persons[i - 1];
	return many;
}

/* Goes through all rows: those of the page are kept, the others counted. */
static enum hf_rc
go_through(struct looking *l, const struct hf_pop_behind *rows, size_t n,
	   uint32_t *persons, struct hf_behind *out, struct hf_err *err)
{
	bool names = hf_need_names(l->call);

	for (size_t i = 0; i < n; i++) {
		bool may = false;
		enum hf_rc rc = names ? decide(l, &rows[i], &may, err) : HF_OK;

		if (rc)
			return rc;
		if (!may) {
			out->others += l->ask->weight[rows[i].person];
			continue;
		}
		if ((size_t)out->shown >= l->ask->offset && out->n < HF_BEHIND_PAGE)
			out->rows[out->n++] = rows[i];
		persons[out->shown++] = rows[i].person;
	}
	out->people = different(persons, (size_t)out->shown);
	return HF_OK;
}

enum hf_rc
hf_behind_look(struct hf_call *call, const struct hf_behind_ask *ask, bool counted,
	       struct hf_behind *out, struct hf_err *err)
{
	struct looking l = {.call = call, .ask = ask, .person = UINT32_MAX};
	struct hf_pop_behind *rows = NULL;
	uint32_t *persons = NULL;
	size_t n = 0;
	enum hf_rc rc =
	    hf_pop_behind(ask->plan, ask->index, ask->area, counted, &rows, &n, err);

	if (rc)
		return rc;
	*out = (struct hf_behind){
	    .rows = hf_arena_array(call->arena, HF_BEHIND_PAGE, sizeof *out->rows),
	    .who = hf_arena_array(call->arena, HF_BEHIND_PAGE, sizeof *out->who)};
	persons = malloc((n + 1) * sizeof *persons);
	rc = out->rows && out->who && persons
		 ? go_through(&l, rows, n, persons, out, err)
		 : hf_fail(err, HF_TOO_LONG, NULL, "no memory for who is behind it");
	for (size_t i = 0; rc == HF_OK && i < out->n; i++)
		rc = hf_need_read_who(call, ask->c, out->rows[i].person, &out->who[i],
				      err);
	free(persons);
	free(rows);
	return rc;
}
