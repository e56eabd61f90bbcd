/* case_migrate.c - instances taken over to another version of their pathway, by stated
 * rules: first all are looked at, then all are taken, each in a change of its own. */
#include "hub/io/case_int.h"

#include "pathway/migrate.h"

enum { KINDS_MOST = 256 };

struct taking {
	struct hf_caseload *cl;
	const struct hf_case_def *def;
	const char *name;
	struct hf_sv rules;
	struct hf_arena *arena;
	struct hf_issues *issues;
	hf_time now;
	/* From each version that is here. */
	struct hf_pw_migration *migrations[CASE_DEFS];
	bool refused[CASE_DEFS];
	struct hf_case_taken *kinds;
	size_t n_kinds;
	struct hf_sv *ids;
	size_t n, size;
	bool full;
};

static struct hf_case_taken *
kind_of(struct taking *t, struct hf_sv version, struct hf_sv state)
{
	for (size_t i = 0; i < t->n_kinds; i++)
		if (hf_sv_eq(t->kinds[i].version, version) &&
		    hf_sv_eq(t->kinds[i].state, state))
			return &t->kinds[i];
	if (t->n_kinds == KINDS_MOST)
		return &t->kinds[KINDS_MOST - 1];
	t->kinds[t->n_kinds] =
	    (struct hf_case_taken){.version = version, .state = state};
	return &t->kinds[t->n_kinds++];
}

static bool
collect(void *ctx, const struct hf_case_row *row)
{
	struct taking *t = ctx;
	struct hf_case_taken *kind;

	if (strcmp(row->def->p->id, t->def->p->id) != 0 || row->def == t->def)
		return true;
	kind = kind_of(t, hf_sv_from(row->def->p->version),
		       hf_sv_from(row->def->p->states[row->state].id));
	kind->n++;
	if (row->ended)
		return true; /* it stays with its version */
	if (t->n == t->size) {
		size_t size = t->size ? t->size * 2 : 256;
		struct hf_sv *more = hf_arena_array(t->arena, size, sizeof *more);

		t->full = !more;
		if (!more)
			return false;
		if (t->n)
			memcpy(more, t->ids, t->n * sizeof *more);
		t->ids = more;
		t->size = size;
	}
	t->ids[t->n] = hf_arena_sv(t->arena, row->id);
	t->full = !t->ids[t->n++].p;
	return !t->full;
}

/* The rules are for one version at a time: those of another are not asked. */
static enum hf_rc
check_versions(struct taking *t, struct hf_err *err)
{
	for (size_t i = 0; i < t->cl->n_defs; i++) {
		const struct hf_case_def *from = &t->cl->defs[i];
		bool any = false;
		enum hf_rc rc;

		for (size_t k = 0; k < t->n_kinds; k++)
			any = any || hf_sv_eq(t->kinds[k].version,
					      hf_sv_from(from->p->version));
		if (!any || from == t->def || strcmp(from->p->id, t->def->p->id) != 0)
			continue;
		t->migrations[i] = HF_NEW(t->arena, struct hf_pw_migration);
		if (!t->migrations[i])
			return hf_fail(err, HF_TOO_LONG, NULL, "no memory");
		rc = hf_pw_migrate_check(from->p, t->def->p, t->name, t->rules,
					 t->arena, t->issues, t->migrations[i], err);
		t->refused[i] = rc == HF_INVALID;
		if (rc && rc != HF_INVALID)
			return rc;
	}
	return HF_OK;
}

static enum hf_rc
say_kinds(struct taking *t, struct hf_err *err)
{
	size_t stranded = 0;

	for (size_t k = 0; k < t->n_kinds; k++) {
		struct hf_case_taken *kind = &t->kinds[k];

		for (size_t i = 0; i < t->cl->n_defs; i++)
			if (t->migrations[i] && t->refused[i] &&
			    hf_sv_eq(kind->version,
				     hf_sv_from(t->cl->defs[i].p->version)))
				kind->why = "no rule says where they go";
		stranded += kind->why ? kind->n : 0;
	}
	for (size_t i = 0; i < t->cl->n_stranded; i++)
		stranded +=
		    hf_sv_starts(t->cl->stranded[i].what,
				 hf_arena_printf(t->arena, "%s ", t->def->p->id))
			? t->cl->stranded[i].n
			: 0;
	return stranded
		   ? hf_fail(
			 err, HF_RULE, t->name,
			 "%zu running instance%s would be stranded: state rules "
			 "for what is named, and give the documents of all versions "
			 "that run (--pathways DIR)",
			 stranded, stranded == 1 ? "" : "s")
		   : HF_OK;
}

/* ---- one instance ---- */

static struct hf_sv
snapshot(struct taking *t, const struct case_moving *m, const struct hf_pw_instance *in)
{
	struct hf_buf b = {.cap = 1 << 20};
	struct hf_jw w = {.out = &b};
	struct hf_sv out;

	hf_jw_obj(&w);
	hf_jw_field(&w, "from", hf_sv_from(m->r.def->p->version));
	hf_jw_field(&w, "to", hf_sv_from(t->def->p->version));
	hf_snapshot_write(t->def->p, in, &w);
	hf_case_parts_write(&m->r.parts, &w);
	hf_jw_obj_end(&w);
	out =
	    b.failed ? (struct hf_sv){NULL, 0} : hf_arena_sv(m->arena, hf_buf_view(&b));
	hf_buf_free(&b);
	return out;
}

/* The opening hours it counts by go with it. */
static struct hf_sv
hours_of(const struct case_moving *m)
{
	for (size_t i = m->r.story.n; i > 0; i--)
		if (m->r.story.events[i - 1].hours.n)
			return m->r.story.events[i - 1].hours;
	return (struct hf_sv){0};
}

static enum hf_rc
take(struct taking *t, struct case_moving *m, struct hf_err *err)
{
	const struct hf_pw_migration *by = NULL;
	struct hf_pw_instance in;
	struct hf_hub_event e = {
	    .at = m->at,
	    .event = HF_SV(HF_HUB_TAKEN),
	    .by = hf_case_program.id,
	    .name = hf_case_program.name,
	    .age = -1,
	    .note = hf_arena_printf(m->arena, "Taken over from version %s to %s",
				    m->r.def->p->version, t->def->p->version),
	    .hours = hours_of(m),
	    .digest = hf_arena_printf(m->arena, "%016llx",
				      (unsigned long long)t->def->digest),
	};
	enum hf_rc rc;

	for (size_t i = 0; i < t->cl->n_defs; i++)
		if (m->r.def == &t->cl->defs[i])
			by = t->migrations[i];
	if (!by)
		return HF_OK; /* it is there already */
	rc = hf_pw_migrate(by, &m->r.story.replay.in, m->at, &in, err);
	if (rc)
		return rc;
	e.given = snapshot(t, m, &in);
	if (!e.given.p)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory");
	m->r.def = t->def;
	m->r.story.replay.p = t->def->p;
	return hf_case_fire(m, &e, ~(hf_pw_set)0, err);
}

static enum hf_rc
take_one(struct taking *t, struct hf_sv id, struct hf_err *err)
{
	struct hf_arena arena = {.cap = (size_t)64 << 20};
	struct case_moving *m = HF_NEW(&arena, struct case_moving);
	struct hf_case_taken *kind = NULL;
	enum hf_rc rc;

	if (!m)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory");
	*m = (struct case_moving){
	    .cl = t->cl, .arena = &arena, .who = &hf_case_program, .at = t->now};
	rc = hf_reader_get(t->cl->store, &m->plain, err);
	if (rc == HF_OK) {
		m->reader = m->plain;
		rc = hf_case_open_moving(m, id, err);
		if (rc == HF_OK)
			kind =
			    kind_of(t, hf_sv_from(m->r.def->p->version),
				    hf_sv_from(m->r.def->p->states[m->r.row.state].id));
		if (rc == HF_OK)
			rc = take(t, m, err);
		if (rc == HF_OK && m->n_events)
			rc = hf_case_end(m, err);
		hf_reader_put(m->plain);
		if (rc == HF_OK && m->n_events)
			rc = hf_caseload_commit(t->cl, NULL, m->work, err);
	}
	if (rc == HF_OK && kind)
		kind->taken++;
	hf_arena_free(&arena);
	return rc;
}

enum hf_rc
hf_caseload_migrate(struct hf_caseload *cl, const struct hf_case_def *def,
		    const char *name, struct hf_sv rules, bool only_check, hf_time now,
		    struct hf_arena *arena, struct hf_issues *issues,
		    struct hf_case_taken **out, size_t *n, struct hf_err *err)
{
	struct taking t = {
	    .cl = cl,
	    .def = def,
	    .name = name,
	    .rules = rules,
	    .arena = arena,
	    .issues = issues,
	    .now = now,
	    .kinds = hf_arena_array(arena, KINDS_MOST, sizeof(struct hf_case_taken))};
	enum hf_rc rc;

	if (!t.kinds)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory");
	hf_caseload_rows(cl, collect, &t);
	*out = t.kinds;
	if (t.full)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "too many instances for this memory");
	rc = check_versions(&t, err);
	*n = t.n_kinds;
	if (rc == HF_OK)
		rc = say_kinds(&t, err);
	for (size_t i = 0; rc == HF_OK && !only_check && i < t.n; i++)
		rc = take_one(&t, t.ids[i], err);
	return rc;
}
