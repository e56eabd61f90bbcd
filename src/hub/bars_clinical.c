/* bars_clinical.c - findings, flags, plans and consents of a BaRS message, as the
 * clinical, risk and wishes groups of the minimum data set. */
#include "hub/bars_int.h"

struct mapping {
	const struct hf_bars *b;
	struct hf_arena *arena;
	struct hf_issues *issues;
	struct hf_intake *in;
};

#define GET(m, node, path) hf_bars_get((m)->b->doc, (node), path, (m)->arena)
#define AT(m, node, path)  hf_bars_at((m)->b->doc, (node), HF_SV(path))

static struct hf_sv
words(const struct mapping *m, uint32_t concept)
{
	return hf_bars_words(m->b->doc, concept, m->arena);
}

static void
append(const struct mapping *m, struct hf_sv *to, struct hf_sv text)
{
	if (text.n && to->n)
		text = hf_arena_printf(m->arena, "%.*s; %.*s", HF_SV_ARG(*to),
				       HF_SV_ARG(text));
	if (text.n > HF_INTAKE_TEXT) {
		text.n = HF_INTAKE_TEXT;
		while (text.n && ((unsigned char)text.p[text.n] & 0xc0) == 0x80)
			text.n--;
	}
	if (text.n)
		*to = text;
}

/* ---- NEWS2 and CFS ---- */

static void
add_value(const struct mapping *m, const char *item, struct hf_sv value, uint32_t o)
{
	struct hf_intake *in = m->in;

	if (value.n == 0 || in->n_news2 == HF_COUNT(in->news2))
		return;
	/* Of two of a kind the first stays: the sender has put them in order. */
	for (size_t i = 0; i < in->n_news2; i++)
		if (hf_sv_eq(in->news2[i].id, hf_sv_from(item)))
			return;
	in->news2[in->n_news2++] = (struct hf_score_value){hf_sv_from(item), value};
	if (in->news2_at.n == 0)
		in->news2_at = GET(m, o, "effectiveDateTime");
}

static struct hf_sv
number_at(const struct mapping *m, uint32_t node)
{
	uint32_t value = AT(m, node, "valueQuantity.value");

	if (value == HF_JSON_NONE)
		value = AT(m, node, "valueInteger");
	return value == HF_JSON_NONE ? HF_SV("") : hf_json_raw(m->b->doc, value);
}

static void
read_measure(const struct mapping *m, uint32_t o, uint32_t concept)
{
	static const struct {
		const char *code, *item;
	} measures[] = {
	    {"86290005", "respiration"},  {"431314004", "spo2"},
	    {"72313002", "systolic"},	  {"271649006", "systolic"},
	    {"364075005", "pulse"},	  {"78564009", "pulse"},
	    {"276885007", "temperature"}, {"386725007", "temperature"},
	};
	struct hf_sv code =
	    hf_bars_code(m->b->doc, concept, HF_SV("snomed.info/sct"), m->arena);

	for (size_t i = 0; i < HF_COUNT(measures); i++)
		if (hf_sv_eq(code, hf_sv_from(measures[i].code)))
			add_value(m, measures[i].item, number_at(m, o), o);
}

/* A coded answer: consciousness, or air or oxygen. */
static void
read_coded(const struct mapping *m, uint32_t o)
{
	static const struct {
		const char *code, *item, *value;
	} answers[] = {
	    {"248234008", "consciousness", "A"}, {"130987000", "consciousness", "C"},
	    {"300202002", "consciousness", "V"}, {"450847001", "consciousness", "P"},
	    {"422107003", "consciousness", "P"}, {"3441005", "consciousness", "U"},
	    {"422768004", "consciousness", "U"}, {"371825009", "oxygen", "oxygen"},
	    {"722742002", "oxygen", "air"},
	};
	struct hf_sv value = hf_bars_code(m->b->doc, AT(m, o, "valueCodeableConcept"),
					  HF_SV("snomed.info/sct"), m->arena);
	struct hf_sv code = hf_bars_code(m->b->doc, AT(m, o, "code"),
					 HF_SV("snomed.info/sct"), m->arena);

	for (size_t i = 0; i < HF_COUNT(answers); i++) {
		struct hf_sv wanted = hf_sv_from(answers[i].code);

		if (hf_sv_eq(value, wanted) || hf_sv_eq(code, wanted))
			add_value(m, answers[i].item, hf_sv_from(answers[i].value), o);
	}
}

static void
read_frailty(const struct mapping *m, uint32_t o)
{
	struct hf_sv code = hf_bars_code(m->b->doc, AT(m, o, "code"),
					 HF_SV("snomed.info/sct"), m->arena);
	int64_t cfs;

	if (!hf_sv_is(code, "763264000") && !hf_sv_is(code, "445414007"))
		return;
	if (hf_sv_int(number_at(m, o), &cfs) && cfs >= 1 && cfs <= 9)
		m->in->cfs = (int)cfs;
}

static void
read_household(const struct mapping *m, uint32_t o)
{
	uint32_t code = AT(m, o, "code");
	struct hf_sv home = hf_bars_code(m->b->doc, code,
					 HF_SV("household-composition-bars"), m->arena);

	if (home.n)
		m->in->alone = hf_sv_is(home, "LivesAlone");
	else if (hf_bars_code(m->b->doc, code, HF_SV("v3-LivingArrangement"), m->arena)
		     .n)
		append(m, &m->in->support, words(m, code));
	else if (hf_sv_is(GET(m, o, "code.text"), "Expectations and wishes"))
		append(m, &m->in->expectation, GET(m, o, "valueString"));
}

static void
read_observation(const struct mapping *m, uint32_t o)
{
	uint32_t components = hf_json_member(m->b->doc, o, "component");

	read_measure(m, o, AT(m, o, "code"));
	for (uint32_t i = 0; i < hf_json_count(m->b->doc, components); i++) {
		uint32_t one = hf_json_at(m->b->doc, components, i);

		read_measure(m, one, AT(m, one, "code"));
	}
	read_coded(m, o);
	read_frailty(m, o);
	read_household(m, o);
}

/* ---- flags ---- */

static void
keep_flag(const struct mapping *m, struct hf_sv category, struct hf_sv text, size_t at)
{
	struct hf_intake *in = m->in;

	if (in->n_flags == HF_INTAKE_FLAGS) {
		hf_issue_add(m->issues, HF_SEV_WARNING, "too-long",
			     hf_bars_path(m->arena, at, ""),
			     "the referral shows %d flags; the record keeps all",
			     HF_INTAKE_FLAGS);
		return;
	}
	in->flags[in->n_flags++] = (struct hf_intake_flag){category, text};
}

/* The worse answer stays when several are given: unsafe before unknown before safe.  A
 * flag that says it in words only is not taken as safe. */
static void
read_scene(const struct mapping *m, uint32_t f)
{
	struct hf_sv code = hf_bars_code(m->b->doc, AT(m, f, "code"),
					 HF_SV("scene-safety-codes-bars"), m->arena);
	bool known = hf_sv_is(code, "S") || hf_sv_is(code, "U");
	struct hf_sv scene = known ? code : HF_SV("UNK");

	if (m->in->scene.n == 0 || hf_sv_is(scene, "U") ||
	    (hf_sv_is(scene, "UNK") && hf_sv_is(m->in->scene, "S")))
		m->in->scene = scene;
}

static void
read_flag(const struct mapping *m, uint32_t f, size_t at)
{
	struct hf_sv category = hf_bars_code(m->b->doc, AT(m, f, "category"),
					     HF_SV("flag-categories-bars"), m->arena);
	struct hf_sv text = words(m, AT(m, f, "code"));

	if (!hf_sv_is(GET(m, f, "status"), "active"))
		return;
	if (category.n == 0 &&
	    hf_sv_is(GET(m, f, "category.text"), "Scene Safety")) /* older examples */
		category = HF_SV("SS");
	if (hf_sv_is(category, "SG"))
		append(m, &m->in->safeguarding, text);
	else if (hf_sv_is(category, "SS"))
		read_scene(m, f);
	else if (hf_sv_is(category, "IR"))
		append(m, &m->in->infection, text);
	else if (hf_sv_is(category, "RA"))
		append(m, &m->in->adjustments, text);
	else if (hf_sv_is(category, "RT"))
		append(m, &m->in->respect, text);
	else
		keep_flag(m, category.n ? category : HF_SV("API"), text, at);
}

/* ---- plans: what the decision support of 111 or 999 came to ---- */

static void
read_plan(const struct mapping *m, uint32_t plan)
{
	uint32_t list = hf_json_member(m->b->doc, AT(m, plan, "activity"),
				       "outcomeCodeableConcept");

	for (uint32_t i = 0; i < hf_json_count(m->b->doc, list); i++) {
		uint32_t one = hf_json_at(m->b->doc, list, i);
		struct hf_sv code = GET(m, one, "coding.code");
		struct hf_sv display = GET(m, one, "coding.display");

		if (code.n)
			append(m, &m->in->cdss,
			       hf_arena_printf(m->arena, "%.*s %.*s", HF_SV_ARG(code),
					       HF_SV_ARG(display)));
		else
			append(m, &m->in->history, GET(m, one, "text"));
		if (code.n && m->in->problem.n == 0 &&
		    hf_bars_code(m->b->doc, one, HF_SV("pathways-sg-codes"), m->arena)
			.n)
			m->in->problem = display;
	}
	append(m, &m->in->history, GET(m, plan, "description"));
}

static void
read_condition(const struct mapping *m, uint32_t c)
{
	uint32_t code = AT(m, c, "code");
	struct hf_sv onset = GET(m, c, "onsetDateTime");

	if (m->in->problem.n == 0) {
		append(m, &m->in->problem, words(m, code));
		m->in->problem_code =
		    hf_bars_code(m->b->doc, code, HF_SV("snomed.info/sct"), m->arena);
		m->in->onset = onset.n ? onset : GET(m, c, "onsetString");
	} else {
		append(m, &m->in->history, words(m, code));
	}
}

/* Direct care covers the referral and what has to be shared for it. */
static void
read_consent(const struct mapping *m, uint32_t c)
{
	struct hf_sv category =
	    hf_bars_code(m->b->doc, AT(m, c, "category"),
			 HF_SV("consent-categories-bars"), m->arena);
	bool active = hf_sv_is(GET(m, c, "status"), "active");
	bool denied = hf_sv_is(GET(m, c, "provision.type"), "deny");

	if (!hf_sv_is(category, "DRC") || !active)
		return;
	m->in->consent_refer = m->in->consent_share = !denied;
}

/* What a message says in its findings when it gives no reason. */
static void
problem_of_findings(const struct mapping *m)
{
	hf_type_id type = hf_resource_find(HF_SV("Observation"));

	for (size_t i = 0; i < m->b->n && m->in->problem.n == 0; i++) {
		uint32_t o = m->b->entries[i].node;

		if (m->b->entries[i].type == type &&
		    hf_bars_code(m->b->doc, AT(m, o, "code"), HF_SV("snomed.info/sct"),
				 m->arena)
			.n) {
			append(m, &m->in->problem, words(m, AT(m, o, "code")));
			m->in->problem_code =
			    hf_bars_code(m->b->doc, AT(m, o, "code"),
					 HF_SV("snomed.info/sct"), m->arena);
		}
	}
}

void
hf_bars_clinical(const struct hf_bars *b, struct hf_arena *arena,
		 struct hf_issues *issues, struct hf_intake *in)
{
	struct mapping m = {b, arena, issues, in};

	for (size_t i = 0; i < b->n; i++) {
		uint32_t node = b->entries[i].node;
		struct hf_sv type = hf_sv_from(hf_type_get(b->entries[i].type)->name);

		if (hf_sv_is(type, "Observation"))
			read_observation(&m, node);
		else if (hf_sv_is(type, "Flag"))
			read_flag(&m, node, i);
		else if (hf_sv_is(type, "CarePlan"))
			read_plan(&m, node);
		else if (hf_sv_is(type, "Condition"))
			read_condition(&m, node);
		else if (hf_sv_is(type, "Consent"))
			read_consent(&m, node);
		else if (hf_sv_is(type, "MedicationStatement") ||
			 hf_sv_is(type, "MedicationRequest"))
			append(&m, &in->medicines,
			       words(&m, AT(&m, node, "medicationCodeableConcept")));
		else if (hf_sv_is(type, "AllergyIntolerance"))
			append(&m, &in->allergies, words(&m, AT(&m, node, "code")));
	}
	problem_of_findings(&m);
}
