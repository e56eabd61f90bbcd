/* plan_definition.c - a pathway document written as a Bundle of FHIR.
 *
 * It is written from the document itself and not from what was read of it, so that
 * everything is there; that it was read before says that each member has its type. */
#include "pathway/plan_definition.h"
#include "pathway/plan_writer.h"

/* ---- actions ---- */

static void
begin_group(struct hf_pdw *x, const char *part, const char *title)
{
	hf_jw_obj(&x->w);
	hf_pdw_joined(x, "id", "part-", hf_sv_from(part));
	hf_jw_field(&x->w, "title", hf_sv_from(title));
	hf_pdw_code(x, "pathway-part", hf_sv_from(part));
	hf_jw_member(&x->w, "action");
	hf_jw_arr(&x->w);
}

static void
end_group(struct hf_pdw *x)
{
	hf_jw_arr_end(&x->w);
	hf_jw_obj_end(&x->w);
}

static void
put_id_and_title(struct hf_pdw *x, const char *prefix, uint32_t object)
{
	uint32_t title = hf_pdw_get(x, object, "title");

	hf_pdw_joined(x, "id", prefix, hf_pdw_text_of(x, hf_pdw_get(x, object, "id")));
	if (title != HF_JSON_NONE)
		hf_jw_field(&x->w, "title", hf_pdw_text_of(x, title));
}

static void
put_roles(struct hf_pdw *x, uint32_t roles)
{
	if (hf_pdw_first(x, roles) == HF_JSON_NONE)
		return;
	hf_jw_member(&x->w, "participant");
	hf_jw_arr(&x->w);
	HF_PDW_EACH(x, c, roles)
	{
		hf_jw_obj(&x->w);
		hf_jw_field(&x->w, "type", HF_SV("practitioner"));
		hf_jw_member(&x->w, "role");
		hf_pdw_concept(x, "pathway-role", hf_pdw_text_of(x, c));
		hf_jw_obj_end(&x->w);
	}
	hf_jw_arr_end(&x->w);
}

/* The address of a task's ActivityDefinition; behind the version when there is one. */
static void
put_activity_url(struct hf_pdw *x, const char *key, struct hf_sv task, bool versioned)
{
	struct hf_sv s = hf_arena_printf(
	    x->arena, HF_PD_BASE "/ActivityDefinition/%s-%.*s%s%s", x->p->id,
	    HF_SV_ARG(task), versioned ? "|" : "", versioned ? x->p->version : "");

	x->w.out->failed |= s.p == NULL;
	hf_jw_kv(&x->w, hf_sv_from(key), s.p ? s : HF_SV(""));
}

/* What a step does: an action each, with the definition of a task. */
static void
put_doings(struct hf_pdw *x, uint32_t list)
{
	if (hf_pdw_first(x, list) == HF_JSON_NONE)
		return;
	hf_jw_member(&x->w, "action");
	hf_jw_arr(&x->w);
	HF_PDW_EACH(x, c, list)
	{
		struct hf_sv what = hf_pdw_text_of(x, c);

		hf_jw_obj(&x->w);
		hf_pdw_code(x, "pathway-action", what);
		if (hf_sv_starts(what, HF_SV("task:")))
			put_activity_url(x, "definitionCanonical",
					 hf_sv_from_at(what, 5), true);
		hf_jw_obj_end(&x->w);
	}
	hf_jw_arr_end(&x->w);
}

static void
put_step(struct hf_pdw *x, uint32_t step)
{
	uint32_t when = hf_pdw_get(x, step, "when");

	hf_jw_obj(&x->w);
	put_id_and_title(x, "step-", step);
	hf_pdw_put_only_part(x, step, &hf_pd_step);
	hf_jw_member(&x->w, "trigger");
	hf_jw_arr(&x->w);
	hf_jw_obj(&x->w);
	hf_jw_field(&x->w, "type", HF_SV("named-event"));
	hf_jw_field(&x->w, "name", hf_pdw_text_of(x, hf_pdw_get(x, step, "on")));
	hf_jw_obj_end(&x->w);
	hf_jw_arr_end(&x->w);
	if (when != HF_JSON_NONE) {
		hf_jw_member(&x->w, "condition");
		hf_jw_arr(&x->w);
		hf_jw_obj(&x->w);
		hf_jw_field(&x->w, "kind", HF_SV("applicability"));
		hf_pdw_expression(x, "expression", when);
		hf_jw_obj_end(&x->w);
		hf_jw_arr_end(&x->w);
	}
	put_roles(x, hf_pdw_get(x, step, "by"));
	put_doings(x, hf_pdw_get(x, step, "do"));
	hf_jw_obj_end(&x->w);
}

/* "offsetDuration" …, when it is one number with one unit. */
static void
put_duration(struct hf_pdw *x, const char *key, const struct hf_duration *d)
{
	const char *unit;
	int64_t value;

	if (!hf_pd_offset(d, &value, &unit))
		return;
	hf_jw_key(&x->w, hf_sv_from(key));
	hf_jw_obj(&x->w);
	hf_jw_member(&x->w, "value");
	hf_jw_int(&x->w, value);
	hf_jw_field(&x->w, "system", HF_SV(HF_PD_UCUM));
	hf_jw_field(&x->w, "code", hf_sv_from(unit));
	hf_jw_obj_end(&x->w);
}

/* A step that starts the clock; without one it starts with the first state. */
static const char *
starter(const struct hf_pathway *p, const struct hf_pw_clock *k)
{
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct hf_pw_step *s = &p->steps[i];

		if ((k->start.events >> s->event & 1) ||
		    (s->to != HF_PW_RESUME && (k->start.states >> s->to & 1)))
			return s->id;
	}
	return NULL;
}

static void
put_clock(struct hf_pdw *x, uint32_t node, const struct hf_pw_clock *k)
{
	uint32_t limits = hf_pdw_get(x, node, "limits"), one;
	const char *from = starter(x->p, k);
	struct hf_pd_part limit = hf_pd_limit;

	if (limits == HF_JSON_NONE)
		limit.n--; /* "when" is the clock's own */
	hf_jw_obj(&x->w);
	put_id_and_title(x, "clock-", node);
	hf_pdw_put_only_part(x, node, &hf_pd_clock);
	hf_jw_member(&x->w, "relatedAction");
	hf_jw_arr(&x->w);
	one = limits == HF_JSON_NONE ? node : hf_pdw_first(x, limits);
	for (size_t i = 0; i < k->n_limits; i++) {
		hf_jw_obj(&x->w);
		hf_pdw_put_only_part(x, one, &limit);
		hf_pdw_joined(x, "actionId", from ? "step-" : "part-",
			      hf_sv_from(from ? from : "steps"));
		hf_jw_field(&x->w, "relationship", HF_SV("after-start"));
		put_duration(x, "offsetDuration", &k->limits[i].limit);
		hf_jw_obj_end(&x->w);
		if (i + 1 < k->n_limits)
			one = hf_pdw_after(x, limits, one);
	}
	hf_jw_arr_end(&x->w);
	hf_jw_obj_end(&x->w);
}

static void
put_task(struct hf_pdw *x, uint32_t task)
{
	hf_jw_obj(&x->w);
	put_id_and_title(x, "task-", task);
	put_activity_url(x, "definitionCanonical",
			 hf_pdw_text_of(x, hf_pdw_get(x, task, "id")), true);
	hf_jw_obj_end(&x->w);
}

static void
put_form(struct hf_pdw *x, uint32_t form)
{
	hf_jw_obj(&x->w);
	hf_pdw_joined(x, "definitionCanonical", HF_PD_FORM, hf_pdw_text_of(x, form));
	hf_jw_obj_end(&x->w);
}

static void
put_actions(struct hf_pdw *x)
{
	uint32_t clocks = hf_pdw_get(x, 0, "clocks"), tasks = hf_pdw_get(x, 0, "tasks");
	uint32_t forms = hf_pdw_get(x, 0, "forms");
	size_t i = 0;

	hf_jw_member(&x->w, "action");
	hf_jw_arr(&x->w);
	begin_group(x, "steps", "Steps");
	HF_PDW_EACH(x, c, hf_pdw_get(x, 0, "steps"))
	put_step(x, c);
	end_group(x);
	if (hf_pdw_first(x, clocks) != HF_JSON_NONE) {
		begin_group(x, "clocks", "Clocks");
		HF_PDW_EACH(x, c, clocks)
		put_clock(x, c, &x->p->clocks[i++]);
		end_group(x);
	}
	if (hf_pdw_first(x, tasks) != HF_JSON_NONE) {
		begin_group(x, "tasks", "Tasks");
		HF_PDW_EACH(x, c, tasks)
		put_task(x, c);
		end_group(x);
	}
	if (hf_pdw_first(x, forms) != HF_JSON_NONE) {
		begin_group(x, "forms", "Forms");
		HF_PDW_EACH(x, c, forms)
		put_form(x, c);
		end_group(x);
	}
	hf_jw_arr_end(&x->w);
}

/* ---- resources ---- */

/* A FHIR id: 64 characters of letters, digits, '-' and '.'; others become '-'. */
static struct hf_sv
fhir_id(struct hf_pdw *x, const char *a, const char *between, struct hf_sv b)
{
	struct hf_sv id =
	    hf_arena_printf(x->arena, "%s%s%.*s", a, between, HF_SV_ARG(b));
	char *at = id.p ? hf_arena_cstr(x->arena, id) : NULL;

	if (!at) {
		x->w.out->failed = true;
		return HF_SV("x");
	}
	for (char *c = at; *c; c++)
		if (strchr("_:@*", *c))
			*c = '-';
	return (struct hf_sv){at, id.n < 64 ? id.n : 64};
}

static void
begin_resource(struct hf_pdw *x, const char *type, struct hf_sv id, struct hf_sv url)
{
	hf_jw_obj(&x->w);
	hf_jw_field(&x->w, "fullUrl", url);
	hf_jw_member(&x->w, "resource");
	hf_jw_obj(&x->w);
	hf_jw_field(&x->w, "resourceType", hf_sv_from(type));
	hf_jw_field(&x->w, "id", id);
	hf_jw_field(&x->w, "url", url);
	hf_jw_field(&x->w, "version", hf_sv_from(x->p->version));
	hf_jw_field(&x->w, "status", hf_sv_from(x->p->status));
}

static void
end_resource(struct hf_pdw *x)
{
	hf_jw_obj_end(&x->w);
	hf_jw_obj_end(&x->w);
}

static void
put_identifier(struct hf_pdw *x, struct hf_sv value)
{
	hf_jw_member(&x->w, "identifier");
	hf_jw_arr(&x->w);
	hf_jw_obj(&x->w);
	hf_jw_field(&x->w, "system", HF_SV(HF_PD_ID));
	hf_jw_field(&x->w, "value", value);
	hf_jw_obj_end(&x->w);
	hf_jw_arr_end(&x->w);
}

static void
put_age(struct hf_pdw *x, const char *key, uint32_t node)
{
	if (node == HF_JSON_NONE)
		return;
	hf_jw_key(&x->w, hf_sv_from(key));
	hf_jw_obj(&x->w);
	hf_jw_member(&x->w, "value");
	hf_jw_raw(&x->w, hf_json_source(x->doc, node));
	hf_jw_field(&x->w, "unit", HF_SV("years"));
	hf_jw_field(&x->w, "system", HF_SV(HF_PD_UCUM));
	hf_jw_field(&x->w, "code", HF_SV("a"));
	hf_jw_obj_end(&x->w);
}

/* For whom it is: ages. */
static void
put_subject(struct hf_pdw *x)
{
	uint32_t subject = hf_pdw_get(x, 0, "subject");
	uint32_t from = hf_pdw_get(x, subject, "ageMin"),
		 to = hf_pdw_get(x, subject, "ageMax");

	if (from == HF_JSON_NONE && to == HF_JSON_NONE)
		return;
	hf_jw_member(&x->w, "useContext");
	hf_jw_arr(&x->w);
	hf_jw_obj(&x->w);
	hf_jw_member(&x->w, "code");
	hf_jw_obj(&x->w);
	hf_jw_field(&x->w, "system", HF_SV(HF_PD_USE));
	hf_jw_field(&x->w, "code", HF_SV("age"));
	hf_jw_obj_end(&x->w);
	hf_jw_member(&x->w, "valueRange");
	hf_jw_obj(&x->w);
	put_age(x, "low", from);
	put_age(x, "high", to);
	hf_jw_obj_end(&x->w);
	hf_jw_obj_end(&x->w);
	hf_jw_arr_end(&x->w);
}

/* A list of one object with texts: "endorser": [{"name": …}]. */
static void
put_one(struct hf_pdw *x, const char *list, const char *key, uint32_t node,
	const char *type)
{
	if (node == HF_JSON_NONE)
		return;
	hf_jw_key(&x->w, hf_sv_from(list));
	hf_jw_arr(&x->w);
	hf_jw_obj(&x->w);
	if (type)
		hf_jw_field(&x->w, "type", hf_sv_from(type));
	hf_jw_key(&x->w, hf_sv_from(key));
	hf_jw_raw(&x->w, hf_json_source(x->doc, node));
	hf_jw_obj_end(&x->w);
	hf_jw_arr_end(&x->w);
}

static void
put_plan(struct hf_pdw *x)
{
	struct hf_sv id = hf_sv_from(x->p->id);
	uint32_t approval = hf_pdw_get(x, 0, "approval"),
		 date = hf_pdw_get(x, approval, "date");

	begin_resource(
	    x, "PlanDefinition", fhir_id(x, x->p->id, "", HF_SV("")),
	    hf_arena_printf(x->arena, HF_PD_BASE "/PlanDefinition/%s", x->p->id));
	hf_jw_member(&x->w, "extension");
	hf_jw_arr(&x->w);
	hf_pdw_put_part(x, 0, &hf_pd_head, HF_PD_EXT, hf_pd_head.url);
	if (approval != HF_JSON_NONE)
		hf_pdw_put_part(x, approval, &hf_pd_approval, HF_PD_EXT,
				hf_pd_approval.url);
	for (size_t i = 0; i < hf_pd_n_lists; i++) {
		const struct hf_pd_part *part = &hf_pd_lists[i];

		HF_PDW_EACH(x, c, hf_pdw_get(x, 0, part->list))
		hf_pdw_put_part(x, c, part, HF_PD_EXT, part->url);
	}
	hf_jw_arr_end(&x->w);
	put_identifier(x, id);
	hf_jw_field(&x->w, "title", hf_sv_from(x->p->title));
	hf_jw_member(&x->w, "type");
	hf_jw_raw(&x->w, HF_SV("{\"coding\":[{\"system\":\"http://terminology.hl7.org/"
			       "CodeSystem/plan-definition-type\",\"code\":"
			       "\"clinical-protocol\"}]}"));
	put_subject(x);
	if (date != HF_JSON_NONE)
		hf_jw_field(&x->w, "approvalDate", hf_pdw_text_of(x, date));
	put_one(x, "endorser", "name", hf_pdw_get(x, approval, "by"), NULL);
	put_one(x, "relatedArtifact", "citation", hf_pdw_get(x, 0, "source"),
		"derived-from");
	put_actions(x);
	end_resource(x);
}

static void
put_activity(struct hf_pdw *x, uint32_t task, const struct hf_pw_task *t)
{
	struct hf_sv id = hf_sv_from(t->id);
	uint32_t forms = hf_pdw_get(x, task, "forms"),
		 title = hf_pdw_get(x, task, "title");
	struct hf_duration due;

	begin_resource(x, "ActivityDefinition", fhir_id(x, x->p->id, "-", id),
		       hf_arena_printf(x->arena, HF_PD_BASE "/ActivityDefinition/%s-%s",
				       x->p->id, t->id));
	hf_pdw_put_only_part(x, task, &hf_pd_task);
	put_identifier(x, id);
	if (title != HF_JSON_NONE)
		hf_jw_field(&x->w, "title", hf_pdw_text_of(x, title));
	hf_jw_field(&x->w, "kind", HF_SV("Task"));
	put_roles(x, hf_pdw_get(x, task, "owner"));
	if (*t->due && hf_duration_parse(hf_sv_from(t->due), &due))
		put_duration(x, "timingDuration", &due);
	if (hf_pdw_first(x, forms) != HF_JSON_NONE) {
		hf_jw_member(&x->w, "relatedArtifact");
		hf_jw_arr(&x->w);
		HF_PDW_EACH(x, c, forms)
		{
			hf_jw_obj(&x->w);
			hf_jw_field(&x->w, "type", HF_SV("depends-on"));
			hf_pdw_joined(x, "resource", HF_PD_FORM, hf_pdw_text_of(x, c));
			hf_jw_obj_end(&x->w);
		}
		hf_jw_arr_end(&x->w);
	}
	end_resource(x);
}

static void
put_bundle(struct hf_pdw *x)
{
	size_t i = 0;

	hf_jw_obj(&x->w);
	hf_jw_field(&x->w, "resourceType", HF_SV("Bundle"));
	hf_jw_field(&x->w, "type", HF_SV("collection"));
	hf_jw_member(&x->w, "entry");
	hf_jw_arr(&x->w);
	put_plan(x);
	HF_PDW_EACH(x, c, hf_pdw_get(x, 0, "tasks"))
	put_activity(x, c, &x->p->tasks[i++]);
	hf_jw_arr_end(&x->w);
	hf_jw_obj_end(&x->w);
}

enum hf_rc
hf_pd_export(const char *name, struct hf_sv text, const struct hf_pw_world *world,
	     struct hf_arena *arena, struct hf_issues *issues, struct hf_buf *out,
	     struct hf_err *err)
{
	struct hf_json doc;
	struct hf_pathway *p = NULL;
	struct hf_pdw x = {.doc = &doc, .arena = arena, .w = {.out = out}};
	enum hf_rc rc = hf_pathway_load(name, text, world, arena, issues, &p, err);

	if (rc != HF_OK)
		return rc;
	x.p = p;
	rc = hf_json_parse(text, NULL, arena, &doc, err);
	if (rc == HF_OK)
		put_bundle(&x);
	hf_pathway_free(p);
	if (rc == HF_OK && out->failed)
		rc = hf_fail(err, HF_TOO_LONG, name, "it needs too much memory");
	return rc;
}
