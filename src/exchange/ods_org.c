/* ods_org.c - an Organization as it was and what ODS makes of it. */
#include "exchange/ods.h"

#include "base/time.h"
#include "record/person_text.h"

#define EXT "https://homefirst.example/StructureDefinition/"

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the organisations");
}

static struct hf_sv
none(void)
{
	return (struct hf_sv){0};
}

/* ---- reading ---- */

static bool
add_link(struct hf_ods_org *o, struct hf_sv parent, struct hf_sv from, struct hf_sv to,
	 struct hf_arena *arena)
{
	struct hf_ods_link *l = HF_NEW(arena, struct hf_ods_link);

	if (!l)
		return false;
	*l = (struct hf_ods_link){.parent = parent, .from = from, .to = to};
	*o->links_end = l;
	o->links_end = &l->next;
	return true;
}

static bool
add_successor(struct hf_ods_org *o, struct hf_sv code, struct hf_sv from,
	      struct hf_arena *arena)
{
	struct hf_ods_successor *s;

	for (s = o->successors; s; s = s->next)
		if (hf_sv_eq(s->code, code)) {
			if (from.n)
				s->from = from;
			return true;
		}
	s = HF_NEW(arena, struct hf_ods_successor);
	if (!s)
		return false;
	*s = (struct hf_ods_successor){.code = code, .from = from};
	*o->successors_end = s;
	o->successors_end = &s->next;
	return true;
}

/* The value at path of the sub-extension called name. */
static struct hf_sv
part(const struct hf_json *d, uint32_t ext, const char *name, const char *path,
     struct hf_arena *arena)
{
	uint32_t list = hf_json_member(d, ext, "extension");

	for (uint32_t i = 0; i < hf_json_count(d, list); i++) {
		uint32_t e = hf_json_at(d, list, i);

		if (hf_sv_eq(hf_dig_text(d, e, "url", arena), hf_sv_from(name)))
			return hf_dig_text(d, e, path, arena);
	}
	return none();
}

static bool
is_ours(const struct hf_json *d, uint32_t ext, const char *name, struct hf_arena *arena)
{
	struct hf_sv url = hf_dig_text(d, ext, "url", arena), base = HF_SV(EXT);

	return hf_sv_starts(url, base) &&
	       hf_sv_eq(hf_sv_from_at(url, base.n), hf_sv_from(name));
}

static bool
read_extension(struct hf_ods_org *o, uint32_t e, struct hf_arena *arena)
{
	const struct hf_json *d = &o->doc;

	if (is_ours(d, e, "operational-period", arena)) {
		o->opened = hf_dig_text(d, e, "valuePeriod.start", arena);
		o->closed = hf_dig_text(d, e, "valuePeriod.end", arena);
	} else if (is_ours(d, e, "part-of", arena)) {
		return add_link(
		    o, part(d, e, "organization", "valueReference.reference", arena),
		    part(d, e, "period", "valuePeriod.start", arena),
		    part(d, e, "period", "valuePeriod.end", arena), arena);
	} else if (is_ours(d, e, "successor", arena)) {
		return add_successor(o,
				     part(d, e, "organization",
					  "valueReference.identifier.value", arena),
				     part(d, e, "from", "valueDate", arena), arena);
	}
	return true;
}

enum hf_rc
hf_ods_open(struct hf_ods_org *o, struct hf_arena *arena, struct hf_err *err)
{
	struct hf_sv parent;
	uint32_t list, active;
	enum hf_rc rc;

	if (o->open)
		return HF_OK;
	o->open = o->active = true;
	o->links_end = &o->links;
	o->successors_end = &o->successors;
	if (o->body.n == 0)
		return HF_OK;
	rc = hf_json_parse(o->body, NULL, arena, &o->doc, err);
	if (rc)
		return rc;
	list = hf_json_member(&o->doc, 0, "extension");
	for (uint32_t i = 0; i < hf_json_count(&o->doc, list); i++)
		if (!read_extension(o, hf_json_at(&o->doc, list, i), arena))
			return no_memory(err);
	active = hf_json_member(&o->doc, 0, "active");
	o->active =
	    active == HF_JSON_NONE || hf_json_type(&o->doc, active) != HF_JSON_FALSE;
	o->name = hf_dig_text(&o->doc, 0, "name", arena);
	parent = hf_dig_text(&o->doc, 0, "partOf.reference", arena);
	if (!o->links && parent.n && !add_link(o, parent, none(), none(), arena))
		return no_memory(err);
	return HF_OK;
}

/* ---- changing ---- */

/* What a row says outlives its file. */
static bool
keep(struct hf_sv *to, struct hf_sv text, struct hf_arena *arena)
{
	*to = text.n ? hf_arena_sv(arena, text) : none();
	return text.n == 0 || to->p != NULL;
}

enum hf_rc
hf_ods_take(struct hf_ods_org *o, const struct hf_ods_fact *f, struct hf_arena *arena,
	    struct hf_err *err)
{
	bool new = o->body.n == 0 && !o->details, ok = true;

	if (new) {
		o->kind = f->kind;
		o->text = f->text;
	}
	if (f->details && (new || !f->only_new)) {
		o->details = true;
		o->active = f->active;
		ok &= keep(&o->name, f->name, arena);
		for (int i = 0; i < HF_ODS_LINES; i++)
			ok &= keep(&o->lines[i], f->lines[i], arena);
		ok &= keep(&o->city, f->city, arena);
		ok &= keep(&o->district, f->district, arena);
		ok &= keep(&o->postcode, f->postcode, arena);
		ok &= keep(&o->phone, f->phone, arena);
		if (!f->only_new) {
			ok &= keep(&o->opened, f->opened, arena);
			ok &= keep(&o->closed, f->closed, arena);
		}
	}
	if (f->successor.n)
		ok &= add_successor(o, f->successor, f->succeeded, arena);
	return ok ? HF_OK : no_memory(err);
}

/* "2026-03-31" of "2026-04-01". */
static struct hf_sv
day_before(struct hf_sv date, struct hf_arena *arena)
{
	struct hf_date d;
	struct hf_civil c;

	if (!hf_date_parse(date, false, &d))
		return none();
	c = hf_civil_from_time((hf_london_day(d.lo) - 1) * 86400000);
	return hf_arena_printf(arena, "%04d-%02d-%02d", c.year, c.month, c.day);
}

/* Was it part of parent on that day already? */
static bool
known(const struct hf_ods_org *o, struct hf_sv parent, struct hf_sv day)
{
	for (const struct hf_ods_link *l = o->links; l; l = l->next)
		if (hf_sv_eq(l->parent, parent) &&
		    (l->from.n == 0 || hf_sv_cmp(l->from, day) <= 0) &&
		    (l->to.n == 0 || hf_sv_cmp(day, l->to) <= 0))
			return true;
	return false;
}

enum hf_rc
hf_ods_assign(struct hf_ods_org *o, struct hf_sv parent, struct hf_sv from,
	      struct hf_arena *arena, struct hf_err *err)
{
	struct hf_ods_link *now = o->links;

	while (now && now->to.n && now->next)
		now = now->next;
	if (now && now->to.n == 0 && hf_sv_eq(now->parent, parent))
		return HF_OK;
	if (from.n && known(o, parent, from))
		return HF_OK;
	if (now && from.n == 0)
		return hf_fail(
		    err, HF_RULE, NULL,
		    "it is part of another: say since when it is of this one");
	if (now && ((now->from.n && hf_sv_cmp(from, now->from) <= 0) ||
		    (now->to.n && hf_sv_cmp(from, now->to) <= 0)))
		return hf_fail(err, HF_RULE, NULL,
			       "a later assignment of it is there already");
	if (now && now->to.n == 0) {
		now->to = day_before(from, arena);
		if (now->to.n == 0)
			return no_memory(err);
	}
	return add_link(o, parent, from.n ? hf_arena_sv(arena, from) : none(), none(),
			arena)
		   ? HF_OK
		   : no_memory(err);
}

/* ---- writing ---- */

/* The member as it was; false when there was none. */
static bool
put_old(const struct hf_ods_org *o, struct hf_jw *w, const char *name)
{
	uint32_t node =
	    o->body.n ? hf_json_get(&o->doc, 0, hf_sv_from(name)) : HF_JSON_NONE;

	if (node == HF_JSON_NONE)
		return false;
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_raw(w, hf_json_source(&o->doc, node));
	return true;
}

/* Without what the store writes itself. */
static void
put_meta(const struct hf_ods_org *o, struct hf_jw *w)
{
	uint32_t meta = o->body.n ? hf_json_member(&o->doc, 0, "meta") : HF_JSON_NONE;
	bool begun = false;

	if (meta == HF_JSON_NONE)
		return;
	for (uint32_t c = meta + 1; c < o->doc.nodes[meta].next;
	     c = o->doc.nodes[c].next) {
		struct hf_sv name = hf_json_key(&o->doc, c);

		if (hf_sv_is(name, "versionId") || hf_sv_is(name, "lastUpdated"))
			continue;
		if (!begun) {
			hf_jw_member(w, "meta");
			hf_jw_obj(w);
		}
		begun = true;
		hf_jw_key(w, name);
		hf_jw_raw(w, hf_json_source(&o->doc, c));
	}
	if (begun)
		hf_jw_obj_end(w);
}

static void
put_period(struct hf_jw *w, struct hf_sv from, struct hf_sv to)
{
	hf_jw_member(w, "valuePeriod");
	hf_jw_obj(w);
	if (from.n)
		hf_jw_field(w, "start", from);
	if (to.n)
		hf_jw_field(w, "end", to);
	hf_jw_obj_end(w);
}

static void
put_link(struct hf_jw *w, const struct hf_ods_link *l)
{
	hf_jw_obj(w);
	hf_jw_field(w, "url", HF_SV(EXT "part-of"));
	hf_jw_member(w, "extension");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "url", HF_SV("organization"));
	hf_jw_member(w, "valueReference");
	hf_jw_obj(w);
	hf_jw_field(w, "reference", l->parent);
	hf_jw_obj_end(w);
	hf_jw_obj_end(w);
	if (l->from.n || l->to.n) {
		hf_jw_obj(w);
		hf_jw_field(w, "url", HF_SV("period"));
		put_period(w, l->from, l->to);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

static void
put_ods_identifier(struct hf_jw *w, struct hf_sv code)
{
	hf_jw_obj(w);
	hf_jw_field(w, "system", HF_SV("https://fhir.nhs.uk/Id/ods-organization-code"));
	hf_jw_field(w, "value", code);
	hf_jw_obj_end(w);
}

static void
put_successor(struct hf_jw *w, const struct hf_ods_successor *s)
{
	hf_jw_obj(w);
	hf_jw_field(w, "url", HF_SV(EXT "successor"));
	hf_jw_member(w, "extension");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "url", HF_SV("organization"));
	hf_jw_member(w, "valueReference");
	hf_jw_obj(w);
	hf_jw_member(w, "identifier");
	put_ods_identifier(w, s->code);
	hf_jw_obj_end(w);
	hf_jw_obj_end(w);
	if (s->from.n) {
		hf_jw_obj(w);
		hf_jw_field(w, "url", HF_SV("from"));
		hf_jw_field(w, "valueDate", s->from);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

/* Extensions of others stay where they were, first.  Gives how many; w NULL counts. */
static size_t
put_foreign(const struct hf_ods_org *o, struct hf_jw *w)
{
	static const char *const ours[] = {"operational-period", "part-of",
					   "successor"};
	uint32_t list =
	    o->body.n ? hf_json_member(&o->doc, 0, "extension") : HF_JSON_NONE;
	size_t n = 0;

	for (uint32_t i = 0; i < hf_json_count(&o->doc, list); i++) {
		uint32_t e = hf_json_at(&o->doc, list, i);
		struct hf_arena arena = {.cap = 1 << 16};
		bool own = false;

		for (size_t k = 0; k < HF_COUNT(ours); k++)
			own |= is_ours(&o->doc, e, ours[k], &arena);
		n += !own;
		if (!own && w)
			hf_jw_raw(w, hf_json_source(&o->doc, e));
		hf_arena_free(&arena);
	}
	return n;
}

static bool
has_history(const struct hf_ods_org *o)
{
	return o->links && (o->links->next || o->links->from.n || o->links->to.n);
}

static void
put_extensions(const struct hf_ods_org *o, struct hf_jw *w)
{
	if (put_foreign(o, NULL) == 0 && !o->opened.n && !o->closed.n &&
	    !o->successors && !has_history(o))
		return;
	hf_jw_member(w, "extension");
	hf_jw_arr(w);
	put_foreign(o, w);
	if (o->opened.n || o->closed.n) {
		hf_jw_obj(w);
		hf_jw_field(w, "url", HF_SV(EXT "operational-period"));
		put_period(w, o->opened, o->closed);
		hf_jw_obj_end(w);
	}
	for (const struct hf_ods_link *l = has_history(o) ? o->links : NULL; l;
	     l = l->next)
		put_link(w, l);
	for (const struct hf_ods_successor *s = o->successors; s; s = s->next)
		put_successor(w, s);
	hf_jw_arr_end(w);
}

static void
put_type(const struct hf_ods_org *o, struct hf_jw *w)
{
	if (put_old(o, w, "type") || !o->kind)
		return;
	hf_jw_member(w, "type");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_member(w, "coding");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "system",
		    HF_SV("https://homefirst.example/CodeSystem/provider-kind"));
	hf_jw_field(w, "code", hf_sv_from(o->kind));
	hf_jw_field(w, "display", hf_sv_from(o->text));
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_field(w, "text", hf_sv_from(o->text));
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
}

/* The work telephone of ODS takes the place of the one there was. */
static void
put_telecom(const struct hf_ods_org *o, struct hf_jw *w)
{
	uint32_t list =
	    o->body.n ? hf_json_member(&o->doc, 0, "telecom") : HF_JSON_NONE;
	struct hf_arena arena = {.cap = 1 << 16};

	if (!o->details || !o->phone.n) {
		put_old(o, w, "telecom");
		return;
	}
	hf_jw_member(w, "telecom");
	hf_jw_arr(w);
	for (uint32_t i = 0; i < hf_json_count(&o->doc, list); i++) {
		uint32_t t = hf_json_at(&o->doc, list, i);

		if (!hf_sv_is(hf_dig_text(&o->doc, t, "system", &arena), "phone") ||
		    !hf_sv_is(hf_dig_text(&o->doc, t, "use", &arena), "work"))
			hf_jw_raw(w, hf_json_source(&o->doc, t));
	}
	hf_jw_obj(w);
	hf_jw_field(w, "system", HF_SV("phone"));
	hf_jw_field(w, "use", HF_SV("work"));
	hf_jw_field(w, "value", o->phone);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_arena_free(&arena);
}

static void
put_address(const struct hf_ods_org *o, struct hf_jw *w)
{
	bool any = o->lines[0].n || o->lines[1].n || o->lines[2].n;

	if (!o->details || (!any && !o->city.n && !o->postcode.n)) {
		put_old(o, w, "address");
		return;
	}
	hf_jw_member(w, "address");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "use", HF_SV("work"));
	if (any) {
		hf_jw_member(w, "line");
		hf_jw_arr(w);
		for (int i = 0; i < HF_ODS_LINES; i++)
			if (o->lines[i].n)
				hf_jw_str(w, o->lines[i]);
		hf_jw_arr_end(w);
	}
	if (o->city.n)
		hf_jw_field(w, "city", o->city);
	if (o->district.n)
		hf_jw_field(w, "district", o->district);
	if (o->postcode.n)
		hf_jw_field(w, "postalCode", o->postcode);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
}

static void
put_part_of(const struct hf_ods_org *o, struct hf_jw *w)
{
	const struct hf_ods_link *l = o->links;
	struct hf_sv old = none();
	struct hf_arena arena = {.cap = 1 << 16};

	while (l && l->to.n)
		l = l->next;
	if (o->body.n)
		old = hf_dig_text(&o->doc, 0, "partOf.reference", &arena);
	if (!l || hf_sv_eq(old, l->parent)) {
		put_old(o, w, "partOf");
	} else {
		hf_jw_member(w, "partOf");
		hf_jw_obj(w);
		hf_jw_field(w, "reference", l->parent);
		hf_jw_obj_end(w);
	}
	hf_arena_free(&arena);
}

static void
put_others(const struct hf_ods_org *o, struct hf_jw *w)
{
	static const char *const written[] = {
	    "resourceType", "id",   "meta",    "extension", "identifier", "active",
	    "type",	    "name", "telecom", "address",   "partOf"};

	if (o->body.n == 0)
		return;
	for (uint32_t c = 1; c < o->doc.nodes[0].next; c = o->doc.nodes[c].next) {
		struct hf_sv name = hf_json_key(&o->doc, c);
		bool done = false;

		for (size_t i = 0; i < HF_COUNT(written); i++)
			done |= hf_sv_eq(name, hf_sv_from(written[i]));
		if (done)
			continue;
		hf_jw_key(w, name);
		hf_jw_raw(w, hf_json_source(&o->doc, c));
	}
}

void
hf_ods_write(const struct hf_ods_org *o, struct hf_buf *out)
{
	struct hf_jw w = {.out = out};

	hf_jw_obj(&w);
	hf_jw_field(&w, "resourceType", HF_SV("Organization"));
	hf_jw_field(&w, "id", o->id);
	put_meta(o, &w);
	put_extensions(o, &w);
	if (!put_old(o, &w, "identifier")) {
		hf_jw_member(&w, "identifier");
		hf_jw_arr(&w);
		put_ods_identifier(&w, o->code);
		hf_jw_arr_end(&w);
	}
	hf_jw_member(&w, "active");
	hf_jw_bool(&w, o->active);
	put_type(o, &w);
	if (o->name.n)
		hf_jw_field(&w, "name", o->name);
	put_telecom(o, &w);
	put_address(o, &w);
	put_part_of(o, &w);
	put_others(o, &w);
	hf_jw_obj_end(&w);
}
