/* opel.c - the level of pressure: what was said, what counts, and what is recorded. */
#include "hub/opel.h"

#include "hub/build_int.h"
#include "record/person_text.h"

#define OPEL_CODES HF_HUB_CODES "opel"
#define ABSENT	   "http://terminology.hl7.org/CodeSystem/data-absent-reason"

enum { VALUE_MOST = 1000000, PERCENT_MOST = 200 };

/* ---- what somebody says ---- */

static bool
find(const struct hf_opel *o, struct hf_sv name, uint8_t *pillar, uint8_t *parameter)
{
	struct hf_sv rest = name, id = hf_sv_cut(&rest, '/');

	for (size_t i = 0; i < o->n; i++) {
		const struct hf_opel_pillar *p = &o->pillars[i];

		for (size_t k = 0; hf_sv_eq(id, hf_sv_from(p->id)) && k < p->n; k++)
			if (hf_sv_eq(rest, hf_sv_from(p->parameters[k].id))) {
				*pillar = (uint8_t)i;
				*parameter = (uint8_t)k;
				return true;
			}
	}
	return false;
}

static enum hf_rc
read_value(const struct hf_opel *o, const struct hf_json *doc, uint32_t c,
	   struct hf_opel_said *out, struct hf_err *err)
{
	struct hf_sv name = hf_json_key(doc, c);
	struct hf_decimal most;
	uint8_t i, k;

	if (!find(o, name, &i, &k))
		return hf_fail(err, HF_INVALID, "inputs",
			       "one of them is no parameter of the document");
	if (out->n == HF_COUNT(out->values))
		return hf_fail(err, HF_INVALID, "inputs", "there are too many");
	out->values[out->n].pillar = i;
	out->values[out->n].parameter = k;
	if (hf_json_type(doc, c) == HF_JSON_NULL) {
		out->values[out->n++].none = true;
		return HF_OK;
	}
	most = hf_decimal_from_int(strcmp(o->pillars[i].parameters[k].unit, "%") == 0
				       ? PERCENT_MOST
				       : VALUE_MOST);
	if (hf_json_type(doc, c) != HF_JSON_NUMBER ||
	    !hf_decimal_parse(hf_json_raw(doc, c), &out->values[out->n].value) ||
	    hf_decimal_cmp(out->values[out->n].value, hf_decimal_from_int(0)) < 0 ||
	    hf_decimal_cmp(out->values[out->n].value, most) > 0)
		return hf_fail(
		    err, HF_INVALID, "inputs", "%s: expected a number from 0 to %d",
		    o->pillars[i].parameters[k].title,
		    strcmp(o->pillars[i].parameters[k].unit, "%") == 0 ? PERCENT_MOST
								       : VALUE_MOST);
	out->n++;
	return HF_OK;
}

static size_t
characters(struct hf_sv text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += ((unsigned char)text.p[i] & 0xC0) != 0x80;
	return n;
}

static enum hf_rc
read_set(const struct hf_json *doc, uint32_t node, struct hf_arena *arena,
	 struct hf_opel_said *out, struct hf_err *err)
{
	uint32_t level = hf_json_member(doc, node, "level");
	struct hf_sv text = {NULL, 0};

	out->sets = true;
	if (hf_json_type(doc, node) == HF_JSON_NULL)
		return HF_OK;
	if (hf_json_type(doc, node) != HF_JSON_OBJECT || hf_json_count(doc, node) != 2)
		return hf_fail(err, HF_INVALID, "override",
			       "expected a level and a reason, or null");
	if (level != HF_JSON_NONE)
		text = hf_json_raw(doc, level);
	if (text.n != 1 || text.p[0] < '1' || text.p[0] > '4' ||
	    hf_json_type(doc, level) != HF_JSON_NUMBER)
		return hf_fail(err, HF_INVALID, "override.level",
			       "expected a level from 1 to 4");
	out->level = text.p[0] - '0';
	out->reason =
	    hf_sv_trim(hf_json_str(doc, hf_json_member(doc, node, "reason"), arena));
	if (out->reason.n == 0 || characters(out->reason) > HF_OPEL_REASON)
		return hf_fail(err, HF_INVALID, "override.reason",
			       "expected a reason of at most %d characters",
			       HF_OPEL_REASON);
	return HF_OK;
}

enum hf_rc
hf_opel_said_read(const struct hf_opel *opel, const struct hf_json *doc,
		  struct hf_arena *arena, struct hf_opel_said *out, struct hf_err *err)
{
	uint32_t inputs = hf_json_member(doc, 0, "inputs");
	uint32_t set = hf_json_member(doc, 0, "override");
	enum hf_rc rc = HF_OK;

	*out = (struct hf_opel_said){0};
	if (inputs != HF_JSON_NONE && hf_json_type(doc, inputs) != HF_JSON_OBJECT)
		return hf_fail(err, HF_INVALID, "inputs", "expected an object");
	for (uint32_t c = inputs + 1;
	     rc == HF_OK && inputs != HF_JSON_NONE && c < doc->nodes[inputs].next;
	     c = doc->nodes[c].next)
		rc = read_value(opel, doc, c, out, err);
	if (rc == HF_OK && set != HF_JSON_NONE)
		rc = read_set(doc, set, arena, out, err);
	if (rc == HF_OK && out->n == 0 && !out->sets)
		rc = hf_fail(err, HF_INVALID, "inputs",
			     "say a value, or another level and why");
	return rc;
}

void
hf_opel_state_say(struct hf_opel_state *s, const struct hf_opel_said *said,
		  struct hf_sv name, struct hf_sv who, hf_time at)
{
	for (size_t i = 0; i < said->n; i++) {
		struct hf_opel_input *in =
		    &s->inputs[said->values[i].pillar][said->values[i].parameter];

		*in = (struct hf_opel_input){0};
		if (!said->values[i].none)
			*in = (struct hf_opel_input){.known = true,
						     .given = true,
						     .value = said->values[i].value,
						     .at = at,
						     .by = name};
	}
	if (!said->sets)
		return;
	s->set.level = said->level;
	s->set.at = at;
	s->set.by = name;
	s->set.who = who;
	s->set.reason = said->reason;
}

/* ---- what counts ---- */

static void
measure(struct hf_opel_state *s, const struct hf_opel *o, const struct hf_opel_value *v,
	hf_time now)
{
	for (size_t i = 0; i < o->n; i++)
		for (size_t k = 0; k < o->pillars[i].n; k++) {
			struct hf_opel_input *in = &s->inputs[i][k];

			if (in->given ||
			    !hf_sv_eq(v->pillar, hf_sv_from(o->pillars[i].id)) ||
			    !hf_sv_eq(v->parameter,
				      hf_sv_from(o->pillars[i].parameters[k].id)))
				continue;
			*in = (struct hf_opel_input){
			    .known = true, .value = v->value, .at = now};
		}
}

static size_t
known(const struct hf_opel_state *s, const struct hf_opel *o,
      struct hf_opel_value values[HF_OPEL_VALUES])
{
	size_t n = 0;

	for (size_t i = 0; i < o->n; i++)
		for (size_t k = 0; k < o->pillars[i].n; k++)
			if (s->inputs[i][k].known)
				values[n++] = (struct hf_opel_value){
				    hf_sv_from(o->pillars[i].id),
				    hf_sv_from(o->pillars[i].parameters[k].id),
				    s->inputs[i][k].value};
	return n;
}

/* Scores and levels of the pillars; gives the level of the values. */
static int
judge(struct hf_opel_state *s, const struct hf_opel *o)
{
	struct hf_opel_value values[HF_OPEL_VALUES];
	struct hf_opel_result r;

	hf_opel_evaluate(o, values, known(s, o, values), &r);
	for (size_t i = 0; i < o->n; i++) {
		s->pillars[i].level = r.pillars[i].level;
		s->pillars[i].known = r.pillars[i].known;
		for (size_t k = 0; k < o->pillars[i].n; k++)
			s->inputs[i][k].score = r.pillars[i].parameters[k].score;
	}
	return r.level;
}

void
hf_opel_state_settle(struct hf_opel_state *s, const struct hf_opel *opel,
		     const struct hf_opel_value *measured, size_t n, hf_time now)
{
	for (size_t i = 0; i < HF_OPEL_PILLARS; i++)
		for (size_t k = 0; k < HF_OPEL_PARAMETERS; k++) {
			struct hf_opel_input *in = &s->inputs[i][k];

			if (!in->given || now - in->at >= HF_OPEL_GIVEN_MS)
				*in = (struct hf_opel_input){0};
		}
	for (size_t i = 0; i < n; i++)
		measure(s, opel, &measured[i], now);
	s->computed = judge(s, opel);
	s->level = s->set.level ? s->set.level : s->computed;
}

static bool
keep(struct hf_arena *arena, struct hf_sv *text)
{
	if (text->n)
		*text = hf_arena_sv(arena, *text);
	return text->n == 0 || text->p != NULL;
}

bool
hf_opel_state_copy(const struct hf_opel_state *from, struct hf_arena *arena,
		   struct hf_opel_state *to)
{
	bool ok = true;

	*to = *from;
	ok = keep(arena, &to->set.by) && keep(arena, &to->set.who) &&
	     keep(arena, &to->set.reason);
	for (size_t i = 0; ok && i < HF_OPEL_PILLARS; i++)
		for (size_t k = 0; ok && k < HF_OPEL_PARAMETERS; k++)
			ok = keep(arena, &to->inputs[i][k].by);
	return ok;
}

/* ---- in the record ---- */

static void
put_code(struct hf_jw *w, struct hf_sv code, const char *title)
{
	hf_jw_member(w, "code");
	hf_fhir_put_concept(w, OPEL_CODES, code, hf_sv_from(title));
}

static void
put_int(struct hf_jw *w, const char *name, int value)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_int(w, value);
}

/* A level, or that too little is known for one. */
static void
put_level(struct hf_jw *w, int level)
{
	if (level) {
		put_int(w, "valueInteger", level);
		return;
	}
	hf_jw_member(w, "dataAbsentReason");
	hf_fhir_put_concept(w, ABSENT, HF_SV("unknown"), HF_SV("Unknown"));
}

static void
put_level_part(struct hf_jw *w, const char *code, const char *title, int level)
{
	hf_jw_obj(w);
	put_code(w, hf_sv_from(code), title);
	put_level(w, level);
	hf_jw_obj_end(w);
}

static void
ext_begin(struct hf_jw *w, const char *url)
{
	hf_jw_obj(w);
	hf_jw_field(w, "url", hf_sv_from(url));
}

static void
put_input(struct hf_jw *w, const struct hf_opel_pillar *p, size_t k,
	  const struct hf_opel_input *in)
{
	const struct hf_opel_parameter *q = &p->parameters[k];
	char code[160], text[HF_DECIMAL_TEXT];
	size_t n = hf_decimal_format(in->value, text);

	snprintf(code, sizeof code, "%s/%s", p->id, q->id);
	hf_jw_obj(w);
	hf_jw_member(w, "extension");
	hf_jw_arr(w);
	ext_begin(w, CANON "StructureDefinition/opel-score");
	put_int(w, "valueInteger", in->score);
	hf_jw_obj_end(w);
	ext_begin(w, CANON "StructureDefinition/opel-at");
	hf_fhir_put_at(w, "valueDateTime", in->at);
	hf_jw_obj_end(w);
	if (in->given) {
		ext_begin(w, CANON "StructureDefinition/opel-given-by");
		hf_fhir_put_text(w, "valueString",
				 in->by.n ? in->by : HF_SV("not known"));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	put_code(w, hf_sv_from(code), q->title);
	hf_jw_member(w, "valueQuantity");
	hf_jw_obj(w);
	hf_jw_member(w, "value");
	hf_jw_raw(w, n ? (struct hf_sv){text, n} : HF_SV("0"));
	hf_fhir_put_text(w, "unit", hf_sv_from(q->unit));
	hf_jw_obj_end(w);
	hf_jw_obj_end(w);
}

/* Who set another level, and why. */
static void
put_note(struct hf_jw *w, const struct hf_opel_state *s)
{
	hf_jw_member(w, "note");
	hf_jw_arr(w);
	hf_jw_obj(w);
	if (s->set.who.n)
		hf_fhir_put_ref(w, "authorReference", s->set.who, s->set.by);
	else
		hf_fhir_put_text(w, "authorString", s->set.by);
	hf_fhir_put_at(w, "time", s->set.at);
	hf_jw_field(w, "text", s->set.reason);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
}

void
hf_opel_write(const struct hf_opel *opel, const struct hf_opel_state *s,
	      struct hf_sv hub, struct hf_sv hub_name, struct hf_sv who,
	      struct hf_sv who_name, struct hf_buf *out)
{
	struct hf_jw w;
	char method[200];

	hf_fhir_put_begin(&w, out, "Observation");
	hf_jw_field(&w, "status", HF_SV("final"));
	put_code(&w, HF_SV("level"), "Operational Pressures Escalation Level");
	hf_fhir_put_refs(&w, "focus", hub, hub_name);
	hf_fhir_put_at(&w, "effectiveDateTime", s->at);
	if (who.n)
		hf_fhir_put_refs(&w, "performer", who, who_name);
	else
		hf_fhir_put_refs(&w, "performer", hub, hub_name);
	put_level(&w, s->level);
	if (s->set.level)
		put_note(&w, s);
	snprintf(method, sizeof method, "%s|%s", opel->id, opel->version);
	hf_jw_member(&w, "method");
	hf_jw_obj(&w);
	hf_jw_field(&w, "text", hf_sv_from(method));
	hf_jw_obj_end(&w);
	hf_jw_member(&w, "component");
	hf_jw_arr(&w);
	put_level_part(&w, "computed", "Level of the values", s->computed);
	if (s->set.level)
		put_level_part(&w, "override", "Level that was set", s->set.level);
	for (size_t i = 0; i < opel->n; i++)
		for (size_t k = 0; k < opel->pillars[i].n; k++)
			if (s->inputs[i][k].known)
				put_input(&w, &opel->pillars[i], k, &s->inputs[i][k]);
	hf_jw_arr_end(&w);
	hf_jw_obj_end(&w);
}

static hf_time
time_at(const struct hf_json *doc, uint32_t node, const char *path,
	struct hf_arena *arena)
{
	struct hf_date d;

	return hf_date_parse(hf_dig_text(doc, node, path, arena), false, &d) ? d.lo : 0;
}

static int
level_at(const struct hf_json *doc, uint32_t node, struct hf_arena *arena)
{
	struct hf_sv text = hf_dig_text(doc, node, "valueInteger", arena);

	return text.n == 1 && text.p[0] >= '1' && text.p[0] <= '4' ? text.p[0] - '0'
								   : 0;
}

static void
read_input(const struct hf_json *doc, uint32_t node, struct hf_arena *arena,
	   struct hf_opel_input *in)
{
	uint32_t list = hf_json_member(doc, node, "extension");

	*in = (struct hf_opel_input){0};
	in->known = hf_decimal_parse(
	    hf_dig_text(doc, node, "valueQuantity.value", arena), &in->value);
	for (uint32_t c = list + 1; list != HF_JSON_NONE && c < doc->nodes[list].next;
	     c = doc->nodes[c].next) {
		struct hf_sv url = hf_dig_text(doc, c, "url", arena);

		if (hf_sv_is(url, CANON "StructureDefinition/opel-at"))
			in->at = time_at(doc, c, "valueDateTime", arena);
		if (hf_sv_is(url, CANON "StructureDefinition/opel-given-by")) {
			in->given = true;
			in->by = hf_dig_text(doc, c, "valueString", arena);
		}
	}
}

static void
read_parts(const struct hf_opel *o, const struct hf_json *doc, struct hf_arena *arena,
	   struct hf_opel_state *out)
{
	uint32_t list = hf_json_member(doc, 0, "component");

	for (uint32_t c = list + 1; list != HF_JSON_NONE && c < doc->nodes[list].next;
	     c = doc->nodes[c].next) {
		struct hf_sv code = hf_dig_text(doc, c, "code.coding.code", arena);
		uint8_t i, k;

		if (hf_sv_is(code, "override"))
			out->set.level = level_at(doc, c, arena);
		else if (hf_sv_is(code, "computed"))
			out->computed = level_at(doc, c, arena);
		else if (find(o, code, &i, &k))
			read_input(doc, c, arena, &out->inputs[i][k]);
	}
}

enum hf_rc
hf_opel_read(const struct hf_opel *opel, const struct hf_json *doc,
	     struct hf_arena *arena, struct hf_opel_state *out, struct hf_err *err)
{
	*out = (struct hf_opel_state){
	    .at = time_at(doc, 0, "effectiveDateTime", arena),
	    .level = level_at(doc, 0, arena),
	};
	if (!hf_sv_is(hf_dig_text(doc, 0, "code.coding.system", arena), OPEL_CODES) ||
	    !hf_sv_is(hf_dig_text(doc, 0, "code.coding.code", arena), "level") ||
	    !hf_sv_is(hf_dig_text(doc, 0, "status", arena), "final") || out->at == 0)
		return hf_fail(err, HF_INVALID, "Observation.code",
			       "it is no level of pressure of a hub");
	read_parts(opel, doc, arena, out);
	/* The levels are what was decided then, also by an older document. */
	(void)judge(out, opel);
	if (out->set.level) {
		out->set.at = time_at(doc, 0, "note.time", arena);
		out->set.reason = hf_dig_text(doc, 0, "note.text", arena);
		out->set.who =
		    hf_dig_text(doc, 0, "note.authorReference.reference", arena);
		out->set.by = hf_dig_text(
		    doc, 0, "note.authorReference.display|note.authorString", arena);
	}
	return HF_OK;
}
