/* search_person.c - a search that names people looks only at their records.
 *
 * A resource stands on the shelf of the first person it is about and is mentioned
 * on those of the others, so that the shelves and mentions of a person hold
 * everything that any parameter of the Patient compartment can find. */
#include "record/io/search_int.h"
#include "record/io/viewer_int.h"

enum { MAX_PEOPLE = 100 };

static enum hf_rc
no_room(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL,
		       "the record needs too much memory; narrow the search");
}

static bool
push(struct hf_arena *arena, struct hf_entries *l, const struct hf_entry *e)
{
	if (!hf_search_grow(arena, (void **)&l->items, l->n, &l->size,
			    sizeof *l->items))
		return false;
	l->items[l->n++] = *e;
	return true;
}

static enum hf_rc
add_mentions(struct hf_reader *reader, const struct hf_shelf_dir *dir,
	     struct hf_arena *arena, struct hf_entries *out, struct hf_err *err)
{
	struct hf_arena scratch = {.cap = (size_t)64 << 20};
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; i < dir->n_mentions && rc == HF_OK; i++) {
		struct hf_version v;

		rc = hf_store_read_rid(reader, dir->mentions[i], 0, &scratch, &v, err);
		if (rc == HF_OK && !push(arena, out, &v.e))
			rc = no_room(err);
		if (rc == HF_GONE || rc == HF_NOT_FOUND)
			rc = HF_OK;
		hf_arena_reset(&scratch);
	}
	hf_arena_free(&scratch);
	return rc;
}

/* The directory of a shelf, whoever looks: in one copy when it is held. */
static enum hf_rc
directory(struct hf_reader *reader, int64_t shelf, struct hf_arena *arena,
	  struct hf_shelf_dir *out, struct hf_err *err)
{
	enum hf_rc rc;

	*out = (struct hf_shelf_dir){0};
	if (!reader->begun && hf_shelves_get(reader->store->shelves, shelf, arena, out))
		return HF_OK;
	rc = hf_store_shelf(reader, shelf, arena, &out->entries, &out->n, err);
	if (rc == HF_OK)
		rc = hf_store_person(reader, shelf, arena, &out->person, &out->n_person,
				     err);
	if (rc == HF_OK)
		rc = hf_store_mentions(reader, shelf, arena, &out->mentions,
				       &out->n_mentions, err);
	return rc;
}

static enum hf_rc
directory_of(struct hf_reader *reader, int64_t shelf, struct hf_arena *arena,
	     struct hf_shelf_dir *out, struct hf_err *err)
{
	const struct hf_viewer *viewer = hf_as_system(reader);
	enum hf_rc rc = directory(reader, shelf, arena, out, err);

	hf_as_viewer(reader, viewer);
	return rc;
}

/* Candidates of entries that nobody was asked about yet: what the entry alone rules
 * out need not be opened to decide whether it may be seen. */
static enum hf_rc
candidates(struct hf_reader *reader, const struct hf_search *s, struct hf_entries *all,
	   struct hf_arena *arena, struct hf_cands *out, struct hf_err *err)
{
	size_t kept = 0;

	if (hf_sees_all(reader))
		return hf_search_from_entries(s, all->items, all->n, arena, out, err);
	for (size_t i = 0; i < all->n; i++) {
		bool sees;
		enum hf_rc rc;

		if (!hf_search_entry_may(s, &all->items[i]))
			continue;
		rc = hf_sees(reader, &all->items[i], &sees, err);
		if (rc != HF_OK)
			return rc;
		if (sees)
			all->items[kept++] = all->items[i];
	}
	return hf_search_from_entries(s, all->items, kept, arena, out, err);
}

static enum hf_rc
add_directory(struct hf_reader *reader, const struct hf_shelf_dir *dir,
	      struct hf_arena *arena, struct hf_entries *out, struct hf_err *err)
{
	if (out->n == 0) {
		/* nearly always the only one: no copy */
		*out = (struct hf_entries){dir->entries, dir->n, dir->n};
	} else {
		for (size_t k = 0; k < dir->n; k++)
			if (!push(arena, out, &dir->entries[k]))
				return no_room(err);
	}
	return add_mentions(reader, dir, arena, out, err);
}

enum hf_rc
hf_search_person_entries(struct hf_reader *reader, int64_t shelf,
			 struct hf_arena *arena, struct hf_entries *out,
			 size_t *n_shelves, struct hf_err *err)
{
	struct hf_shelf_dir dir, other;
	enum hf_rc rc = directory_of(reader, shelf, arena, &dir, err);

	if (rc == HF_OK)
		rc = add_directory(reader, &dir, arena, out, err);
	for (size_t i = 1; rc == HF_OK && i < dir.n_person; i++) {
		rc = directory_of(reader, dir.person[i], arena, &other, err);
		if (rc == HF_OK)
			rc = add_directory(reader, &other, arena, out, err);
	}
	if (rc == HF_OK)
		*n_shelves = dir.n_person;
	return rc;
}

/* ---- which tests name people ---- */

static bool
in_compartment(hf_type_id type, const struct hf_sp *sp)
{
	const char *const *p = hf_compartment_params(type);

	if (!hf_type_is_personal(type))
		return false;
	if (strcmp(sp->code, "patient") == 0)
		return true;
	for (; p && *p; p++)
		if (strcmp(*p, sp->code) == 0)
			return true;
	return false;
}

/* An absolute address that is not ours. */
static bool
is_elsewhere(const struct hf_search *s, const struct hf_sp_operand *o)
{
	struct hf_sv base = s->base;

	while (base.n && base.p[base.n - 1] == '/')
		base.n--;
	return o->url_base.n && !hf_sv_eq(o->url_base, base);
}

/* Whether every operand is one Patient, by id. */
static bool
names_people(const struct hf_search *s, const struct hf_sp_test *t, hf_type_id patient)
{
	bool only = t->mod_type == patient || strcmp(t->sp->code, "patient") == 0 ||
		    (t->sp->n_targets == 1 && hf_sp_target(t->sp, 0) == patient);

	if (!s->type || s->type == patient || t->sp->kind != HF_SP_REFERENCE ||
	    (t->modifier != HF_MOD_NONE && t->modifier != HF_MOD_TYPE) ||
	    t->n_any > MAX_PEOPLE || !in_compartment(s->type, t->sp))
		return false;
	for (size_t i = 0; i < t->n_any; i++) {
		const struct hf_spv *v = &t->any[i].value;

		if (v->code.n == 0 || v->ident.n || is_elsewhere(s, &t->any[i]) ||
		    (v->ref_type ? v->ref_type != patient : !only))
			return false;
	}
	return t->n_any > 0;
}

/* The ids of the other Patients of a linked record become operands too: what is
 * known of a person under either id is known of the person. */
static enum hf_rc
add_linked(struct hf_reader *reader, struct hf_sp_test *t, hf_rid asked,
	   const struct hf_entries *entries, size_t from, hf_type_id patient,
	   struct hf_arena *arena, struct hf_err *err)
{
	for (size_t i = from; i < entries->n; i++) {
		const struct hf_entry *e = &entries->items[i];
		struct hf_sp_operand *any;
		struct hf_version v;
		enum hf_rc rc;

		if (e->type != patient || e->deleted || e->rid == asked)
			continue;
		rc = hf_store_read_rid(reader, e->rid, 0, arena, &v, err);
		if (rc == HF_NOT_FOUND && !hf_sees_all(reader))
			continue; /* not for this viewer */
		if (rc != HF_OK)
			return rc;
		any = hf_arena_array(arena, t->n_any + 1, sizeof *any);
		if (!any)
			return no_room(err);
		memcpy(any, t->any, t->n_any * sizeof *any);
		any[t->n_any] = (struct hf_sp_operand){
		    .code_given = true,
		    .value = {.ref_type = patient,
			      .code = v.id,
			      .text = hf_arena_printf(arena, "Patient/%.*s",
						      HF_SV_ARG(v.id))}};
		t->any = any;
		t->n_any++;
	}
	return HF_OK;
}

static enum hf_rc
gather(struct hf_reader *reader, struct hf_sp_test *t, hf_type_id patient,
       struct hf_arena *arena, struct hf_entries *all, bool *found, struct hf_err *err)
{
	size_t asked = t->n_any;

	for (size_t i = 0; i < asked; i++) {
		struct hf_entry e;
		size_t from = all->n, n_shelves = 0;
		enum hf_rc rc =
		    hf_store_find(reader, patient, t->any[i].value.code, &e, err);

		if (rc != HF_OK && rc != HF_GONE) {
			*found = false;
			return rc == HF_NOT_FOUND ? HF_OK : rc;
		}
		rc = hf_search_person_entries(reader, HF_RID_SHELF(e.rid), arena, all,
					      &n_shelves, err);
		if (rc == HF_OK && n_shelves > 1)
			rc = add_linked(reader, t, e.rid, all, from, patient, arena,
					err);
		if (rc != HF_OK)
			return rc;
	}
	return HF_OK;
}

/* The first test that names people says where to look; the ids of linked records are
 * added to every one: patient=A&patient=B of one person asks the same twice. */
enum hf_rc
hf_search_person(struct hf_reader *reader, struct hf_search *s, struct hf_arena *arena,
		 struct hf_cands *out, bool *bound, struct hf_err *err)
{
	hf_type_id patient = hf_resource_find(HF_SV("Patient"));
	struct hf_entries first = {0};

	*bound = false;
	for (size_t i = 0; i < s->n_tests; i++) {
		struct hf_entries all = {0};
		bool found = true;
		enum hf_rc rc;

		if (!names_people(s, &s->tests[i], patient))
			continue;
		rc = gather(reader, &s->tests[i], patient, arena, &all, &found, err);
		if (rc != HF_OK)
			return rc;
		if (!found || *bound)
			continue; /* no such Patient: the reference leads nowhere */
		*bound = true;
		first = all;
	}
	return *bound ? candidates(reader, s, &first, arena, out, err) : HF_OK;
}

/* ---- what refers to one resource ---- */

enum { RESERVED_MOST = 1000 };

static enum hf_rc
no_index(const struct hf_search *q, struct hf_err *err)
{
	const char *name = hf_type_get(q->type)->name;

	return hf_fail(err, HF_COSTLY, NULL,
		       "_revinclude: no index tells which %s refer to this by %s; "
		       "search %s instead",
		       name, q->tests[0].sp->code, name);
}

/* All of the type that stand on no person's shelf; once for a page. */
static enum hf_rc
read_reserved(struct hf_reader *reader, const struct hf_search *q,
	      struct hf_arena *arena, struct hf_cands *out, struct hf_err *err)
{
	struct hf_entry *e;
	hf_rid next;
	size_t n;
	enum hf_rc rc;

	if (out->walk.done)
		return HF_OK;
	rc = hf_store_scan(reader, q->type, 0, RESERVED_MOST + 1, arena, &e, &n, &next,
			   err);
	if (rc != HF_OK)
		return rc;
	if (next && HF_RID_SHELF(next) < HF_SHELF_PERSON)
		return no_index(q, err);
	for (size_t i = 0; i < n && HF_RID_SHELF(e[i].rid) < HF_SHELF_PERSON; i++)
		if (!hf_search_push(arena, out, e[i].rid, 0))
			return no_room(err);
	out->walk.done = true;
	return HF_OK;
}

static enum hf_rc
referring_rows(struct hf_reader *reader, const struct hf_search *q,
	       struct hf_range *ranges, size_t n, struct hf_arena *arena,
	       struct hf_cands *out, struct hf_err *err)
{
	enum hf_rc rc;

	*out = (struct hf_cands){
	    .walk = {.source = HF_SOURCE_INDEX, .ranges = ranges, .n_ranges = n}};
	rc = hf_search_more(reader, q, q->limits.included + 1, arena, out, err);
	if (rc == HF_OK && !out->walk.done)
		return hf_fail(err, HF_COSTLY, NULL,
			       "_revinclude would add more than %zu resources for one "
			       "match",
			       q->limits.included);
	return rc;
}

enum hf_rc
hf_search_referring(struct hf_reader *reader, struct hf_search *q,
		    const struct hf_entry *target, struct hf_arena *arena,
		    struct hf_cands *reserved, struct hf_cands *out, struct hf_err *err)
{
	bool personal = hf_type_is_personal(q->type);
	bool whole = target->type == hf_patient_type() &&
		     in_compartment(q->type, q->tests[0].sp);
	struct hf_range *ranges;
	struct hf_entries all = {0};
	size_t n = 0;
	enum hf_rc rc = hf_search_ranges(q, 0, arena, &ranges, &n, err);

	if (rc != HF_OK)
		return rc;
	if (n > 0)
		return referring_rows(reader, q, ranges, n, arena, out, err);
	if (personal && HF_RID_SHELF(target->rid) < HF_SHELF_PERSON)
		return no_index(q, err);
	*out = (struct hf_cands){0};
	if (personal) {
		rc = hf_search_person_entries(reader, HF_RID_SHELF(target->rid), arena,
					      &all, &n, err);
		if (rc == HF_OK)
			rc = candidates(reader, q, &all, arena, out, err);
	}
	/* What names no person may still refer to something in a record. */
	if (rc == HF_OK && !whole)
		rc = read_reserved(reader, q, arena, reserved, err);
	for (size_t i = 0; rc == HF_OK && !whole && i < reserved->n; i++)
		if (!hf_search_push(arena, out, reserved->items[i].rid, 0))
			return no_room(err);
	return rc;
}
