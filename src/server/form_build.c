/* form_build.c - the observation of a score and the tasks it raises. */
#include "server/form_build.h"

#include "server/sharing_write.h"

#define BASE   "https://homefirst.example/"
#define SNOMED "http://snomed.info/sct"
#define HL7    "http://terminology.hl7.org/CodeSystem/"

/* ---- parts ---- */

static void
put_coding(struct hf_jw *w, struct hf_sv system, struct hf_sv code,
	   struct hf_sv display)
{
	hf_jw_obj(w);
	hf_jw_field(w, "system", system);
	hf_jw_field(w, "code", code);
	if (display.n)
		hf_jw_field(w, "display", display);
	hf_jw_obj_end(w);
}

static void
open_concept(struct hf_jw *w)
{
	hf_jw_obj(w);
	hf_jw_member(w, "coding");
	hf_jw_arr(w);
}

static void
close_concept(struct hf_jw *w, struct hf_sv text)
{
	hf_jw_arr_end(w);
	if (text.n)
		hf_jw_field(w, "text", text);
	hf_jw_obj_end(w);
}

/* One code of a list of ours, or of another's. */
static void
put_concept(struct hf_jw *w, const char *system, const char *code, const char *text)
{
	open_concept(w);
	put_coding(w, hf_sv_from(system), hf_sv_from(code), hf_sv_from(text));
	close_concept(w, hf_sv_from(text));
}

void
hf_form_put_reference(struct hf_jw *w, const char *name, const char *type,
		      struct hf_sv id)
{
	char ref[160];

	snprintf(ref, sizeof ref, "%s%.*s", type, (int)(id.n > 100 ? 100 : id.n), id.p);
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_obj(w);
	hf_jw_field(w, "reference", hf_sv_from(ref));
	hf_jw_obj_end(w);
}

static void
put_quantity(struct hf_jw *w, struct hf_sv number, const char *unit, const char *code)
{
	hf_jw_member(w, "valueQuantity");
	hf_jw_obj(w);
	hf_jw_member(w, "value");
	hf_jw_raw(w, number);
	hf_jw_field(w, "unit", hf_sv_from(unit));
	hf_jw_field(w, "system", HF_SV("http://unitsofmeasure.org"));
	hf_jw_field(w, "code", hf_sv_from(code));
	hf_jw_obj_end(w);
}

hf_time
hf_form_end_of_day(hf_time now)
{
	int64_t day = hf_london_day(now);
	struct hf_civil c = hf_civil_from_time((day + 1) * 86400000);

	return hf_london_time(&c);
}

/* ---- the observation ---- */

struct hf_sv
hf_form_missing_words(const struct hf_filled *f, struct hf_arena *arena)
{
	struct hf_buf b = {.cap = 4096};
	struct hf_sv out;
	bool first = true;

	for (size_t i = 0; i < f->score->n_items; i++) {
		const char *title = f->score->items[i].title;

		if (!(f->result.missing & (uint64_t)1 << i))
			continue;
		hf_buf_printf(&b, "%s%s", first ? "partial: " : ", ", title);
		first = false;
	}
	hf_buf_lit(&b, " missing");
	out = first ? HF_SV("") : hf_arena_sv(arena, hf_buf_view(&b));
	hf_buf_free(&b);
	return out.p ? out : HF_SV("");
}

/* What an answer was: the code with that of SNOMED CT, or the number with its unit. */
static void
put_code_value(struct hf_jw *w, const struct hf_score *s, const char *item,
	       const struct hf_score_code *codes, size_t n, struct hf_sv code)
{
	char system[160];

	snprintf(system, sizeof system, BASE "CodeSystem/%s-%s", s->id, item);
	for (size_t i = 0; i < n; i++) {
		struct hf_sv title = hf_sv_from(codes[i].title);

		if (!hf_sv_eq(code, hf_sv_from(codes[i].code)))
			continue;
		hf_jw_member(w, "valueCodeableConcept");
		open_concept(w);
		if (codes[i].snomed && *codes[i].snomed)
			put_coding(w, HF_SV(SNOMED), hf_sv_from(codes[i].snomed),
				   title);
		put_coding(w, hf_sv_from(system), code, title);
		close_concept(w, title);
	}
}

static void
put_points(struct hf_jw *w, int points)
{
	if (points < 0)
		return;
	hf_jw_member(w, "extension");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "url", HF_SV(BASE "StructureDefinition/score-points"));
	hf_jw_member(w, "valueInteger");
	hf_jw_int(w, points);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
}

static void
open_component(struct hf_jw *w, const struct hf_score *s, const char *id,
	       const char *title, const char **snomed, size_t n, int points)
{
	char system[120];

	snprintf(system, sizeof system, BASE "CodeSystem/score-item-%s", s->id);
	hf_jw_obj(w);
	put_points(w, points);
	hf_jw_member(w, "code");
	open_concept(w);
	for (size_t i = 0; i < n; i++)
		put_coding(w, HF_SV(SNOMED), hf_sv_from(snomed[i]), hf_sv_from(title));
	put_coding(w, hf_sv_from(system), hf_sv_from(id), hf_sv_from(title));
	close_concept(w, hf_sv_from(title));
}

static void
put_component(struct hf_jw *w, const struct hf_filled *f,
	      const struct hf_score_value *v)
{
	const struct hf_score *s = f->score;

	for (size_t i = 0; i < s->n_items; i++) {
		const struct hf_score_item *item = &s->items[i];
		const char *unit = *item->unit ? item->unit : "1";

		if (!hf_sv_eq(v->id, hf_sv_from(item->id)))
			continue;
		open_component(w, s, item->id, item->title, item->snomed,
			       item->n_snomed, f->scored ? f->result.points[i] : -1);
		if (item->kind == HF_SCORE_CODE)
			put_code_value(w, s, item->id, item->codes, item->n_codes,
				       v->value);
		else
			put_quantity(w, v->value, unit, unit);
		hf_jw_obj_end(w);
	}
	for (size_t i = 0; i < s->n_choices; i++) {
		const struct hf_score_choice *c = &s->choices[i];

		if (!hf_sv_eq(v->id, hf_sv_from(c->id)))
			continue;
		open_component(w, s, c->id, c->title, NULL, 0, -1);
		put_code_value(w, s, c->id, c->codes, c->n_codes, v->value);
		hf_jw_obj_end(w);
	}
}

/* A choice that was not made is the one that counts, and stands there too: the scale in
 * use is stored on each observation (section 3.3). */
static void
put_default_choices(struct hf_jw *w, const struct hf_filled *f)
{
	for (size_t i = 0; i < f->score->n_choices; i++) {
		const struct hf_score_choice *c = &f->score->choices[i];
		bool given = false;

		for (size_t k = 0; k < f->n_values; k++)
			given |= hf_sv_eq(f->values[k].id, hf_sv_from(c->id));
		if (!given && c->otherwise >= 0)
			put_component(w, f,
				      &(struct hf_score_value){
					  hf_sv_from(c->id),
					  hf_sv_from(c->codes[c->otherwise].code)});
	}
}

static void
put_note(struct hf_jw *w, struct hf_sv text)
{
	hf_jw_member(w, "note");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "text", text);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
}

static void
put_absent(struct hf_jw *w, const struct hf_filled *f, struct hf_arena *arena)
{
	struct hf_sv why = f->scored ? hf_form_missing_words(f, arena)
				     : HF_SV("no tables for this score");

	hf_jw_member(w, "dataAbsentReason");
	open_concept(w);
	put_coding(w, HF_SV(HL7 "data-absent-reason"),
		   f->scored ? HF_SV("unknown") : HF_SV("unsupported"), HF_SV(""));
	close_concept(w, why);
	put_note(w, why);
}

/* The band, and with it what is to be done: in the note, which lists show. */
static void
put_level(struct hf_jw *w, const struct hf_filled *f, struct hf_arena *arena)
{
	const struct hf_score_level *level = &f->score->levels[f->result.level];
	char system[120];

	snprintf(system, sizeof system, BASE "CodeSystem/score-level-%s", f->score->id);
	hf_jw_member(w, "interpretation");
	hf_jw_arr(w);
	put_concept(w, system, level->id, level->title);
	hf_jw_arr_end(w);
	put_note(w, hf_arena_printf(arena, "%s%s%s", level->title,
				    *level->action ? "; " : "", level->action));
}

static void
put_total(struct hf_jw *w, const struct hf_filled *f, struct hf_arena *arena)
{
	char number[16], unit[32];

	if (!f->scored || !f->result.complete) {
		put_absent(w, f, arena);
		return;
	}
	snprintf(number, sizeof number, "%d", f->result.total);
	snprintf(unit, sizeof unit, "out of %d", f->score->total_max);
	put_quantity(w, hf_sv_from(number), unit, "{ScoreOf}");
	if (f->result.level >= 0)
		put_level(w, f, arena);
}

void
hf_form_build_observation(struct hf_jw *w, const struct hf_filled *f,
			  const struct hf_form_who *who, struct hf_arena *arena)
{
	struct hf_sv title = hf_sv_from(f->score->title);

	hf_jw_obj(w);
	hf_jw_field(w, "resourceType", HF_SV("Observation"));
	hf_jw_field(w, "status", HF_SV("final"));
	hf_jw_member(w, "category");
	hf_jw_arr(w);
	put_concept(w, HL7 "observation-category", "survey", "Survey");
	hf_jw_arr_end(w);
	hf_jw_member(w, "code");
	open_concept(w);
	if (*f->score->snomed)
		put_coding(w, HF_SV(SNOMED), hf_sv_from(f->score->snomed), title);
	put_coding(w, HF_SV(BASE "CodeSystem/score"), hf_sv_from(f->score->id), title);
	close_concept(w, title);
	hf_form_put_reference(w, "subject", "Patient/", who->patient);
	hf_write_time(w, "effectiveDateTime", who->at);
	hf_write_time(w, "issued", who->now);
	if (who->who.n) {
		hf_jw_member(w, "performer");
		hf_jw_arr(w);
		hf_jw_obj(w);
		hf_jw_field(w, "reference", who->who);
		hf_jw_obj_end(w);
		hf_jw_arr_end(w);
	}
	put_total(w, f, arena);
	hf_jw_member(w, "derivedFrom");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "reference", HF_SV(HF_FORM_RESPONSE));
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	if (f->n_values || f->score->n_choices) {
		hf_jw_member(w, "component");
		hf_jw_arr(w);
		for (size_t i = 0; i < f->n_values; i++)
			put_component(w, f, &f->values[i]);
		put_default_choices(w, f);
		hf_jw_arr_end(w);
	}
	hf_jw_obj_end(w);
}

/* ---- the task ---- */

void
hf_form_build_task(struct hf_jw *w, const struct hf_score_raise *raise,
		   const struct hf_form_who *who)
{
	hf_jw_obj(w);
	hf_jw_field(w, "resourceType", HF_SV("Task"));
	hf_jw_field(w, "status", HF_SV("requested"));
	hf_jw_field(w, "intent", HF_SV("order"));
	hf_jw_field(w, "priority", HF_SV("urgent"));
	hf_jw_member(w, "code");
	open_concept(w);
	put_coding(w, HF_SV(BASE "CodeSystem/pathway-task"), HF_SV("work"), HF_SV(""));
	put_coding(w, HF_SV(BASE "CodeSystem/score-task"), hf_sv_from(raise->task),
		   hf_sv_from(raise->title));
	close_concept(w, hf_sv_from(raise->title));
	hf_jw_field(w, "description", hf_sv_from(raise->title));
	hf_form_put_reference(w, "focus", "", HF_SV(HF_FORM_OBSERVATION));
	hf_form_put_reference(w, "for", "Patient/", who->patient);
	hf_write_time(w, "authoredOn", who->now);
	hf_write_time(w, "lastModified", who->now);
	if (who->who.n)
		hf_form_put_reference(w, "requester", "", who->who);
	hf_jw_member(w, "performerType");
	hf_jw_arr(w);
	open_concept(w);
	put_coding(w, HF_SV(BASE "CodeSystem/pathway-role"), hf_sv_from(raise->role),
		   HF_SV(""));
	close_concept(w, HF_SV(""));
	hf_jw_arr_end(w);
	hf_form_put_reference(w, "reasonReference", "", HF_SV(HF_FORM_RESPONSE));
	hf_jw_member(w, "restriction");
	hf_jw_obj(w);
	hf_jw_member(w, "period");
	hf_jw_obj(w);
	hf_write_time(w, "end", hf_form_end_of_day(who->now));
	hf_jw_obj_end(w);
	hf_jw_obj_end(w);
	hf_jw_obj_end(w);
}
