/* plan_import.c - a Bundle of FHIR read as a pathway document.
 *
 * The document is written a part on each line, and of each line it is kept which
 * element it came from: what the reader of pathways finds in a line is told of that
 * element. */
#include "pathway/plan_definition.h"
#include "pathway/pathway.h"
#include "pathway/plan_reader.h"
#include "fhir/validate.h"

/* ---- the head ---- */

static void
read_subject(struct hf_pdr *m)
{
	uint32_t use = hf_pdr_only(m, m->plan, "useContext");
	uint32_t range = hf_pdr_get(m, use, "valueRange");

	if (use == HF_JSON_NONE)
		return;
	if (!hf_sv_is(hf_pdr_text_at(m, hf_pdr_get(m, use, "code"), "code"), "age") ||
	    range == HF_JSON_NONE) {
		hf_pdr_wrong(m, use, "a range of ages is needed here");
		return;
	}
	hf_jw_member(&m->w, "subject");
	hf_jw_obj(&m->w);
	hf_pdr_put_raw(m, "ageMin",
		       hf_pdr_get(m, hf_pdr_get(m, range, "low"), "value"));
	hf_pdr_put_raw(m, "ageMax",
		       hf_pdr_get(m, hf_pdr_get(m, range, "high"), "value"));
	hf_jw_obj_end(&m->w);
}

static void
read_approval(struct hf_pdr *m)
{
	uint32_t role = hf_pdr_find_part(m, m->plan, &hf_pd_approval);
	uint32_t by = hf_pdr_get(m, hf_pdr_only(m, m->plan, "endorser"), "name");
	uint32_t date = hf_pdr_get(m, m->plan, "approvalDate");

	if (role == HF_JSON_NONE && by == HF_JSON_NONE && date == HF_JSON_NONE)
		return;
	hf_jw_member(&m->w, "approval");
	hf_jw_obj(&m->w);
	hf_pdr_put_raw(m, "by", by);
	hf_pdr_put_raw(m, "date", date);
	hf_pdr_read_part(m, role, &hf_pd_approval);
	hf_jw_obj_end(&m->w);
}

static struct hf_sv
id_of(struct hf_pdr *m, uint32_t resource)
{
	uint32_t list = hf_pdr_get(m, resource, "identifier");

	HF_PDR_EACH(m, c, list)
	if (hf_sv_is(hf_pdr_text_at(m, c, "system"), HF_PD_ID))
		return hf_pdr_text_at(m, c, "value");
	return hf_pdr_text_at(m, resource, "id");
}

static void
read_head(struct hf_pdr *m)
{
	uint32_t artifact = hf_pdr_only(m, m->plan, "relatedArtifact");

	hf_pdr_only_known(m, m->plan,
			  "resourceType id meta text language extension url identifier "
			  "version title type status useContext approvalDate endorser "
			  "relatedArtifact action");
	hf_pdr_put_text(m, "id", id_of(m, m->plan));
	hf_pdr_put_raw(m, "version", hf_pdr_get(m, m->plan, "version"));
	hf_pdr_put_raw(m, "title", hf_pdr_get(m, m->plan, "title"));
	hf_pdr_put_raw(m, "status", hf_pdr_get(m, m->plan, "status"));
	hf_pdr_put_raw(m, "source", hf_pdr_get(m, artifact, "citation"));
	read_approval(m);
	read_subject(m);
	hf_pdr_read_part(m, hf_pdr_find_part(m, m->plan, &hf_pd_head), &hf_pd_head);
}

static void
read_lists(struct hf_pdr *m)
{
	uint32_t list = hf_pdr_get(m, m->plan, "extension");

	for (size_t i = 0; i < hf_pd_n_lists; i++) {
		const struct hf_pd_part *part = &hf_pd_lists[i];
		bool any = false;

		HF_PDR_EACH(m, c, list)
		{
			if (!hf_pdr_is_part(m, c, part->url))
				continue;
			if (!any) {
				hf_jw_key(&m->w, hf_sv_from(part->list));
				hf_jw_arr(&m->w);
			}
			any = true;
			hf_pdr_line(m, c);
			hf_jw_obj(&m->w);
			hf_pdr_read_part(m, c, part);
			hf_jw_obj_end(&m->w);
		}
		if (any)
			hf_jw_arr_end(&m->w);
	}
}

/* ---- actions ---- */

/* The id of an element without the prefix of its kind. */
static void
read_id(struct hf_pdr *m, uint32_t action, const char *prefix)
{
	struct hf_sv id = hf_pdr_text_at(m, action, "id"), start = hf_sv_from(prefix);

	if (!hf_sv_starts(id, start) || id.n == start.n)
		hf_pdr_wrong(m, action, "its id has to be \"%sID\"", prefix);
	else
		hf_pdr_put_text(m, "id", hf_sv_from_at(id, start.n));
	hf_pdr_put_raw(m, "title", hf_pdr_get(m, action, "title"));
}

/* Codes of a list, one as a text, more as a list. */
static void
read_codes(struct hf_pdr *m, const char *key, uint32_t list, const char *concept,
	   const char *system)
{
	size_t n = hf_json_count(&m->doc, list);

	if (n == 0)
		return;
	hf_jw_key(&m->w, hf_sv_from(key));
	if (n > 1)
		hf_jw_arr(&m->w);
	HF_PDR_EACH(m, c, list)
	{
		uint32_t of = hf_pdr_get(m, c, concept);

		if (of != HF_JSON_NONE && hf_json_type(&m->doc, of) == HF_JSON_ARRAY)
			of = hf_pdr_only(m, c, concept);
		hf_jw_str(&m->w, hf_pdr_code_of(m, of, c, system));
	}
	if (n > 1)
		hf_jw_arr_end(&m->w);
}

static void
read_step(struct hf_pdr *m, uint32_t action)
{
	uint32_t trigger = hf_pdr_only(m, action, "trigger");
	uint32_t condition = hf_pdr_only(m, action, "condition");

	hf_pdr_only_known(m, action,
			  "id extension title trigger condition participant action");
	read_id(m, action, "step-");
	if (!hf_sv_is(hf_pdr_text_at(m, trigger, "type"), "named-event"))
		hf_pdr_wrong(m, action,
			     "a trigger of the type named-event is needed here");
	hf_pdr_put_raw(m, "on", hf_pdr_get(m, trigger, "name"));
	if (condition != HF_JSON_NONE &&
	    !hf_sv_is(hf_pdr_text_at(m, condition, "kind"), "applicability"))
		hf_pdr_wrong(m, condition,
			     "a step has conditions of applicability only");
	if (condition != HF_JSON_NONE)
		hf_pdr_put_raw(
		    m, "when",
		    hf_pdr_expression_of(m, hf_pdr_get(m, condition, "expression")));
	read_codes(m, "by", hf_pdr_get(m, action, "participant"), "role",
		   "pathway-role");
	read_codes(m, "do", hf_pdr_get(m, action, "action"), "code", "pathway-action");
	hf_pdr_read_own_part(m, action, &hf_pd_step);
}

/* The limit in ISO 8601: as it is kept, or as the offset says; both have to agree. */
static void
read_limit(struct hf_pdr *m, uint32_t related)
{
	uint32_t ext = hf_pdr_find_part(m, related, &hf_pd_limit);
	uint32_t offset = hf_pdr_get(m, related, "offsetDuration");
	uint32_t value = hf_pdr_get(m, offset, "value");
	struct hf_sv kept =
	    hf_pdr_text_at(m, hf_pdr_find_sub(m, ext, "limit"), "valueString");
	struct hf_duration a = {0}, b = {0};
	char iso[40] = "";

	hf_pdr_only_known(m, related,
			  "id extension actionId relationship offsetDuration");
	if (offset != HF_JSON_NONE &&
	    (value == HF_JSON_NONE ||
	     !hf_sv_is(hf_pdr_text_at(m, offset, "system"), HF_PD_UCUM) ||
	     !hf_pd_iso(hf_json_raw(&m->doc, value), hf_pdr_text_at(m, offset, "code"),
			iso, sizeof iso)))
		hf_pdr_wrong(m, offset,
			     "a whole number of s, min, h, d, wk, mo or a of "
			     "UCUM is needed here");
	else if (*iso && kept.n && hf_duration_parse(kept, &a) &&
		 hf_duration_parse(hf_sv_from(iso), &b) &&
		 (a.months != b.months || a.days != b.days || a.ms != b.ms))
		hf_pdr_wrong(m, offset,
			     "it is another duration than the limit beside it");
	else if (!kept.n)
		hf_pdr_put_text(m, "limit", hf_sv_from(iso));
	hf_pdr_read_own_part(m, related, &hf_pd_limit);
}

static void
read_clock(struct hf_pdr *m, uint32_t action)
{
	uint32_t limits = hf_pdr_get(m, action, "relatedAction");
	uint32_t one = limits == HF_JSON_NONE ? limits : hf_json_at(&m->doc, limits, 0);
	bool list = hf_json_count(&m->doc, limits) > 1 ||
		    hf_pdr_find_sub(m, hf_pdr_find_part(m, one, &hf_pd_limit),
				    "when") != HF_JSON_NONE;

	hf_pdr_only_known(m, action, "id extension title relatedAction");
	read_id(m, action, "clock-");
	hf_pdr_read_own_part(m, action, &hf_pd_clock);
	if (!list && one != HF_JSON_NONE)
		read_limit(m, one);
	if (!list)
		return;
	hf_jw_member(&m->w, "limits");
	hf_jw_arr(&m->w);
	HF_PDR_EACH(m, c, limits)
	{
		hf_jw_obj(&m->w);
		read_limit(m, c);
		hf_jw_obj_end(&m->w);
	}
	hf_jw_arr_end(&m->w);
}

/* The ActivityDefinition at an address, whatever its version. */
static uint32_t
find_activity(struct hf_pdr *m, struct hf_sv canonical)
{
	struct hf_sv url = hf_sv_cut(&canonical, '|');

	HF_PDR_EACH(m, c, m->entry)
	{
		uint32_t r = hf_pdr_get(m, c, "resource");

		if (hf_sv_is(hf_pdr_text_at(m, r, "resourceType"),
			     "ActivityDefinition") &&
		    hf_sv_eq(hf_pdr_text_at(m, r, "url"), url))
			return r;
	}
	return HF_JSON_NONE;
}

/* The id of a form of this place; n 0 and a finding when it is none. */
static struct hf_sv
form_of(struct hf_pdr *m, uint32_t node, struct hf_sv canonical)
{
	struct hf_sv base = HF_SV(HF_PD_FORM);

	if (hf_sv_starts(canonical, base) && canonical.n > base.n)
		return hf_sv_from_at(canonical, base.n);
	hf_pdr_wrong(m, node, "a form is " HF_PD_FORM "ID");
	return HF_SV("");
}

static void
read_task(struct hf_pdr *m, uint32_t action)
{
	uint32_t a = find_activity(m, hf_pdr_text_at(m, action, "definitionCanonical"));
	uint32_t forms = hf_pdr_get(m, a, "relatedArtifact");

	hf_pdr_only_known(m, action, "id extension title definitionCanonical");
	read_id(m, action, "task-");
	if (a == HF_JSON_NONE) {
		hf_pdr_wrong(m, action,
			     "the ActivityDefinition of this task is not in the "
			     "Bundle");
		return;
	}
	hf_pdr_only_known(m, a,
			  "resourceType id meta text language extension url identifier "
			  "version title status kind participant timingDuration "
			  "relatedArtifact");
	if (hf_pdr_only(m, a, "participant") == HF_JSON_NONE)
		hf_pdr_wrong(m, a, "a participant is needed: who does it");
	read_codes(m, "owner", hf_pdr_get(m, a, "participant"), "role", "pathway-role");
	if (hf_json_count(&m->doc, forms)) {
		hf_jw_member(&m->w, "forms");
		hf_jw_arr(&m->w);
		HF_PDR_EACH(m, c, forms)
		hf_jw_str(&m->w, form_of(m, c, hf_pdr_text_at(m, c, "resource")));
		hf_jw_arr_end(&m->w);
	}
	hf_pdr_read_own_part(m, a, &hf_pd_task);
}

static void
read_form(struct hf_pdr *m, uint32_t action)
{
	hf_pdr_only_known(m, action, "id title definitionCanonical");
	hf_jw_str(&m->w,
		  form_of(m, action, hf_pdr_text_at(m, action, "definitionCanonical")));
}

/* Groups of actions by their code; "steps" holds the steps. */
static const struct {
	const char *name;
	void (*read)(struct hf_pdr *m, uint32_t action);
	bool text; /* its parts are texts, not objects */
} groups[] = {
    {"steps", read_step, false},
    {"clocks", read_clock, false},
    {"tasks", read_task, false},
    {"forms", read_form, true},
};

static void
read_group(struct hf_pdr *m, uint32_t group, size_t which)
{
	uint32_t list = hf_pdr_get(m, group, "action");

	hf_pdr_only_known(m, group, "id title code action");
	hf_jw_key(&m->w, hf_sv_from(groups[which].name));
	hf_jw_arr(&m->w);
	HF_PDR_EACH(m, c, list)
	{
		hf_pdr_line(m, c);
		if (!groups[which].text)
			hf_jw_obj(&m->w);
		groups[which].read(m, c);
		if (!groups[which].text)
			hf_jw_obj_end(&m->w);
	}
	hf_jw_arr_end(&m->w);
}

static void
read_actions(struct hf_pdr *m)
{
	uint32_t list = hf_pdr_get(m, m->plan, "action");
	unsigned seen = 0;

	HF_PDR_EACH(m, c, list)
	{
		struct hf_sv name =
		    hf_pdr_code_of(m, hf_pdr_only(m, c, "code"), c, "pathway-part");
		size_t i = 0;

		while (i < HF_COUNT(groups) &&
		       !hf_sv_eq(name, hf_sv_from(groups[i].name)))
			i++;
		if (i == HF_COUNT(groups) || (seen >> i & 1)) {
			if (name.n)
				hf_pdr_wrong(m, c,
					     "actions are steps, clocks, tasks and "
					     "forms, once each");
			continue;
		}
		seen |= 1u << i;
		read_group(m, c, i);
	}
}

/* ---- the whole ---- */

/* The one PlanDefinition of the Bundle, or the resource itself. */
static bool
find_plan(struct hf_pdr *m)
{
	size_t plans = 0;

	m->entry = m->plan = HF_JSON_NONE;
	if (hf_sv_is(hf_pdr_text_at(m, 0, "resourceType"), "PlanDefinition")) {
		m->plan = 0;
		return true;
	}
	m->entry = hf_pdr_get(m, 0, "entry");
	HF_PDR_EACH(m, c, m->entry)
	{
		uint32_t r = hf_pdr_get(m, c, "resource");
		struct hf_sv type = hf_pdr_text_at(m, r, "resourceType");

		if (hf_sv_is(type, "PlanDefinition")) {
			m->plan = r;
			plans++;
		} else if (!hf_sv_is(type, "ActivityDefinition")) {
			hf_pdr_wrong(m, c, "a pathway has no place for this");
		}
	}
	if (plans != 1)
		hf_pdr_wrong(m, 0, "a Bundle with one PlanDefinition is needed");
	return plans == 1;
}

/* Findings of the reader of pathways, told of the elements that their lines are of. */
static void
tell(struct hf_pdr *m, const struct hf_issues *found)
{
	for (size_t i = 0; i < found->n; i++) {
		struct hf_sv at = found->items[i].path;
		size_t colon = at.n;
		int64_t number = 1;
		uint32_t node = m->plan;

		while (colon > 0 && at.p[colon - 1] != ':')
			colon--;
		hf_sv_int(hf_sv_from_at(at, colon), &number);
		if (number >= 2 && (size_t)(number - 2) < m->lines.n / sizeof node)
			memcpy(&node, m->lines.p + (size_t)(number - 2) * sizeof node,
			       sizeof node);
		hf_issue_add(m->issues, found->items[i].severity, found->items[i].code,
			     hf_pdr_path_of(m, node), "%.*s",
			     HF_SV_ARG(found->items[i].text));
	}
}

static enum hf_rc
check(struct hf_pdr *m, size_t begun, const struct hf_pw_world *world,
      struct hf_err *err)
{
	struct hf_issues found = {.arena = m->arena};
	struct hf_pathway *p = NULL;
	struct hf_sv text = hf_sv_from_at(hf_buf_view(m->out), begun);
	enum hf_rc rc = hf_pathway_load("x", text, world, m->arena, &found, &p, err);

	hf_pathway_free(p);
	tell(m, &found);
	return rc;
}

enum hf_rc
hf_pd_import(struct hf_sv text, const struct hf_pw_world *world, struct hf_arena *arena,
	     struct hf_issues *issues, struct hf_buf *out, struct hf_err *err)
{
	struct hf_pdr m = {.arena = arena, .issues = issues, .out = out};
	size_t begun = out->n, before = issues->errors;
	hf_type_id type;
	enum hf_rc rc = hf_json_parse(text, NULL, arena, &m.doc, err);

	if (rc != HF_OK)
		return rc;
	m.w.out = out;
	if (hf_validate(&m.doc, 0, issues, &type) && find_plan(&m)) {
		hf_jw_obj(&m.w);
		read_head(&m);
		read_lists(&m);
		read_actions(&m);
		hf_jw_obj_end(&m.w);
		hf_buf_char(out, '\n');
		if (issues->errors == before && !out->failed && !m.lines.failed)
			rc = check(&m, begun, world, err);
	}
	m.full |= out->failed || m.lines.failed;
	hf_buf_free(&m.lines);
	if (m.full || rc == HF_TOO_LONG)
		return hf_fail(err, HF_TOO_LONG, NULL, "it needs too much memory");
	if (issues->errors > before)
		return hf_fail(err, HF_INVALID, NULL, "it has %zu mistakes",
			       issues->errors - before);
	return rc;
}
