/* viewer_change.c - what a change may do, decided where it is made ready: under its
 * claims, so that what was decided on is what is written.
 *
 * What the actor may not know of answers as what is not there, but for one thing: an id
 * that is taken cannot be put.  That is refused in the words of any other refusal. */
#include "access/scope.h"
#include "record/io/person_int.h"
#include "record/io/prepare.h"
#include "record/io/relation.h"
#include "record/io/viewer_int.h"
#include "record/person_text.h"

static const char source_base[] = "https://fhir.nhs.uk/Id/ods-organization-code/";

static enum hf_rc
refuse(struct hf_prep *p, size_t i, const struct hf_access_answer *a)
{
	const struct hf_change_item *it = &p->change->items[i];

	p->change->failed_item = i;
	return hf_fail(p->err, HF_FORBIDDEN, NULL,
		       "this %s is not yours to write: %s%s%s%s",
		       hf_type_get(it->type)->name,
		       a ? a->text : "the rules of access do not allow it",
		       a ? " (rule " : "", a ? a->rule : "", a ? ")" : "");
}

/* ---- where it comes from ---- */

/* What is written comes from the actor's organisation, unless it says that it comes
 * from the one it came from before. */
static enum hf_rc
source_of(struct hf_prep *p, size_t i)
{
	const struct hf_change_item *it = &p->change->items[i];
	const struct hf_actor *a = p->viewer->actor;
	struct hf_work *w = &p->work[i];
	uint32_t meta = hf_json_member(it->doc, it->node, "meta");
	bool says = hf_json_member(it->doc, meta, "source") != HF_JSON_NONE;
	struct hf_sv ods = hf_source_ods_at(it->doc, it->node, p->arena);
	int64_t before = w->exists ? hf_marks_ods(w->old.e.marks) : 0;
	char text[HF_ODS_PACKED];
	struct hf_sv was = {text, hf_ods_unpack(before, text)};

	if (says && (ods.n == 0 || a->org.n == 0 || hf_sv_eq(ods, a->org) ||
		     hf_sv_eq(ods, was)))
		return HF_OK;
	if (says)
		return hf_fail(p->err, HF_RULE, "meta.source",
			       "it names another organisation than the one you work "
			       "for: leave it out");
	if (was.n == 0)
		was = a->org;
	if (hf_ods_pack(was) == 0)
		return HF_OK;
	w->source = hf_arena_printf(p->arena, "%s%.*s", source_base, HF_SV_ARG(was));
	return w->source.p ? HF_OK : hf_prep_no_memory(p->err);
}

enum hf_rc
hf_viewer_sources(struct hf_prep *p)
{
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; p->viewer && rc == HF_OK && i < p->change->n; i++) {
		if (!hf_prep_writes_body(&p->change->items[i]))
			continue;
		p->change->failed_item = i;
		rc = source_of(p, i);
	}
	if (rc == HF_OK)
		p->change->failed_item = SIZE_MAX;
	return rc;
}

/* ---- what is there ---- */

enum hf_rc
hf_viewer_knows(struct hf_prep *p, size_t i)
{
	struct hf_work *w = &p->work[i];
	bool sees = true;
	enum hf_rc rc = HF_OK;

	if (p->viewer) {
		hf_as_viewer(p->reader, p->viewer);
		rc = hf_sees(p->reader, &w->old.e, &sees, p->err);
		hf_as_system(p->reader);
	}
	w->hidden = !sees;
	return rc;
}

/* ---- what is done ---- */

/* Whoever may write these may give themselves relationships. */
static bool
makes_the_place(hf_type_id type)
{
	static const char *const types[] = {
	    "Organization",	"OrganizationAffiliation", "Practitioner",
	    "PractitionerRole", "HealthcareService",	   "Location",
	    "CareTeam"};

	for (size_t i = 0; i < HF_COUNT(types); i++)
		if (type == hf_person_type(types[i]))
			return true;
	return false;
}

static bool
may_make_the_place(const struct hf_viewer *v)
{
	uint64_t administers =
	    v->policy->activities[v->actor->group] & HF_BIT(HF_ACT_ADMINISTER);

	return administers || (v->actor->facts & HF_BIT(HF_FACT_PLACE_WIDE));
}

/* The Patient of the shelf comes to be in this change. */
static bool
is_newcomer(const struct hf_prep *p, int64_t shelf)
{
	bool fresh = false;

	for (size_t k = 0; k < p->out->n_shelves && !fresh; k++)
		fresh = p->out->shelves[k].shelf == shelf;
	for (size_t i = 0; fresh && i < p->change->n; i++)
		if (p->change->items[i].type == hf_patient_type() &&
		    hf_prep_writes_body(&p->change->items[i]) &&
		    p->work[i].rid == HF_RID_MIN(shelf))
			return true;
	return false;
}

static unsigned
letter_of(const struct hf_change_item *it, const struct hf_work *w)
{
	if (it->op == HF_OP_DELETE)
		return HF_CRUD_D;
	return w->exists && !w->old.e.deleted ? HF_CRUD_U : HF_CRUD_C;
}

static enum hf_rc
may_write(struct hf_prep *p, size_t i, unsigned letter)
{
	const struct hf_change_item *it = &p->change->items[i];
	const struct hf_work *w = &p->work[i];
	struct hf_doing d = {
	    .type = it->type,
	    .doc = it->doc,
	    .node = it->node,
	    .activity = HF_ACT_CHANGE,
	    .letter = letter,
	    .ods = hf_sv_from_at(w->source, w->source.n ? sizeof source_base - 1 : 0)};
	int64_t shelf = HF_RID_SHELF(w->rid), *others, *all;
	struct hf_access_answer a;
	size_t n;
	bool *fresh;
	enum hf_rc rc = hf_prep_people_shelves(p, i, &others, &n);

	if (rc != HF_OK)
		return rc;
	all = hf_arena_array(p->arena, n + 1, sizeof *all);
	fresh = hf_arena_array(p->arena, n + 1, sizeof *fresh);
	if (!all || !fresh)
		return hf_prep_no_memory(p->err);
	if (shelf >= HF_SHELF_PERSON)
		all[d.n++] = shelf;
	for (size_t k = 0; k < n; k++)
		all[d.n++] = others[k];
	for (size_t k = 0; k < d.n; k++)
		fresh[k] = is_newcomer(p, all[k]);
	d.shelves = all;
	d.fresh = fresh;
	if (d.n == 0 && makes_the_place(it->type))
		return may_make_the_place(p->viewer) ? HF_OK : refuse(p, i, NULL);
	hf_as_viewer(p->reader, p->viewer);
	rc = hf_viewer_decide(p->reader, &d, &a, p->err);
	hf_as_system(p->reader);
	if (rc == HF_OK && a.outcome != HF_ALLOW)
		return refuse(p, i, &a);
	return rc;
}

/* What is replaced or deleted has to be theirs to change as well. */
static enum hf_rc
may_touch_old(struct hf_prep *p, size_t i, unsigned letter)
{
	const struct hf_work *w = &p->work[i];
	const struct hf_entry *e = &w->old.e;
	bool sees = true;
	enum hf_rc rc;

	if (!w->exists)
		return HF_OK;
	if (w->hidden)
		return refuse(p, i, NULL);
	if (HF_RID_SHELF(e->rid) < HF_SHELF_PERSON && makes_the_place(e->type))
		return may_make_the_place(p->viewer) ? HF_OK : refuse(p, i, NULL);
	hf_as_viewer(p->reader, p->viewer);
	rc = hf_sees_change(p->reader, e, letter, &sees, p->err);
	hf_as_system(p->reader);
	return rc == HF_OK && !sees ? refuse(p, i, NULL) : rc;
}

/* What the program itself goes by, and writes for whoever may say it: nobody writes it
 * past that (docs/interfaces/hub.md, OPEL). */
static bool
is_the_programs(const struct hf_change_item *it, struct hf_arena *arena)
{
	uint32_t code = hf_json_member(it->doc, it->node, "code");
	uint32_t list = hf_json_member(it->doc, code, "coding");

	for (uint32_t c = list + 1;
	     list != HF_JSON_NONE && c < it->doc->nodes[list].next;
	     c = it->doc->nodes[c].next)
		if (hf_sv_is(hf_dig_text(it->doc, c, "system", arena),
			     "https://homefirst.example/CodeSystem/opel"))
			return true;
	return false;
}

enum hf_rc
hf_viewer_changes(struct hf_prep *p)
{
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; p->viewer && rc == HF_OK && i < p->change->n; i++) {
		const struct hf_change_item *it = &p->change->items[i];
		unsigned letter = letter_of(it, &p->work[i]);

		if (it->skip || it->op == HF_OP_READ)
			continue;
		p->change->failed_item = i;
		if (it->op != HF_OP_DELETE && is_the_programs(it, p->arena))
			return hf_fail(p->err, HF_FORBIDDEN, "Observation.code",
				       "the hub alone records OPEL: say it there");
		rc = may_touch_old(p, i, letter);
		if (rc == HF_OK && it->op != HF_OP_DELETE)
			rc = may_write(p, i, letter);
	}
	if (rc == HF_OK)
		p->change->failed_item = SIZE_MAX;
	return rc;
}

/* ---- whom it joins ---- */

/* Does the change itself make the Patient of this shelf? */
static bool
is_made_here(const struct hf_prep *p, int64_t shelf)
{
	for (size_t i = 0; i < p->change->n; i++)
		if (p->work[i].rid == HF_RID_MIN(shelf) && !p->work[i].exists &&
		    p->change->items[i].op != HF_OP_DELETE)
			return true;
	return false;
}

/* Whoever says in Patient.link that another Patient is the same person changes whose
 * record that is too: they must be let change both. */
static enum hf_rc
may_join(struct hf_prep *p, const struct hf_link *l, bool *may)
{
	struct hf_entry patient = {.rid = HF_RID_MIN(l->other),
				   .type = hf_patient_type()};
	enum hf_rc rc;

	*may = is_made_here(p, l->other);
	if (*may)
		return HF_OK;
	hf_as_viewer(p->reader, p->viewer);
	rc = hf_sees(p->reader, &patient, may, p->err);
	if (rc == HF_OK && *may && l->kind == HF_LINK_FHIR)
		rc = hf_sees_change(p->reader, &patient, HF_CRUD_U, may, p->err);
	hf_as_system(p->reader);
	return rc;
}

enum hf_rc
hf_viewer_links(struct hf_prep *p)
{
	bool system = p->viewer && p->viewer->actor->kind == HF_ACTOR_SYSTEM;
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; p->viewer && rc == HF_OK && i < p->out->n_links; i++) {
		struct hf_link *l = &p->out->links[i];
		bool may = false;

		/* A system that was let in says what its own records say. */
		if (l->op != HF_LINK_JOIN || (system && l->kind != HF_LINK_FHIR))
			continue;
		rc = may_join(p, l, &may);
		if (rc != HF_OK || may)
			continue;
		l->op = HF_LINK_REVIEW;
		l->why = l->kind == HF_LINK_FHIR
			     ? HF_SV("Patient.link says so, but whoever wrote it may "
				     "not change the other record")
			     : HF_SV("the user who wrote the one may not see the "
				     "other");
	}
	return rc;
}
