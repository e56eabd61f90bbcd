/* row.c - a referral as boards show it, out of its Task and its story. */
#include "hub/io/hub_int.h"

#include "record/person_text.h"

static const struct hf_sv nothing = {NULL, 0};

/* ---- what the story says ---- */

static struct hf_sv
member(const struct hf_json *doc, uint32_t node, const char *name,
       struct hf_arena *arena)
{
	return hf_json_str(doc, hf_json_get(doc, node, hf_sv_from(name)), arena);
}

static int
number(const struct hf_json *doc, const char *name, int otherwise)
{
	uint32_t node = hf_json_get(doc, 0, hf_sv_from(name));
	int64_t n;

	return node != HF_JSON_NONE && hf_sv_int(hf_json_raw(doc, node), &n)
		   ? (int)n
		   : otherwise;
}

static void
row_flags(const struct hf_json *doc, struct hf_arena *arena, struct hf_hub_row *row)
{
	uint32_t list = hf_json_member(doc, 0, "flags");

	row->n_flags = 0;
	for (uint32_t c = list == HF_JSON_NONE ? 0 : list + 1;
	     list != HF_JSON_NONE && c < doc->nodes[list].next; c = doc->nodes[c].next)
		if (row->n_flags < HF_HUB_FLAGS_SHOWN)
			row->flags[row->n_flags++] =
			    (struct hf_intake_flag){member(doc, c, "category", arena),
						    member(doc, c, "text", arena)};
}

static void
row_shown(struct hf_sv shown, struct hf_arena *arena, struct hf_hub_row *row)
{
	struct hf_json doc;

	if (shown.n == 0 || hf_json_parse(shown, NULL, arena, &doc, NULL) != HF_OK)
		return;
	row->problem = member(&doc, 0, "problem", arena);
	row->condition = member(&doc, 0, "condition", arena);
	row->source = member(&doc, 0, "source", arena);
	row->asked = member(&doc, 0, "asked", arena);
	row->service = member(&doc, 0, "service", arena);
	row->from_ods = member(&doc, 0, "from", arena);
	row->locality = member(&doc, 0, "locality", arena);
	row->locality_name = member(&doc, 0, "localityName", arena);
	row->postcode = member(&doc, 0, "postcode", arena);
	row->news2 = number(&doc, "news2", -1);
	row->news2_partial = number(&doc, "news2Partial", 0) == 1;
	row->cfs = number(&doc, "cfs", -1);
	row_flags(&doc, arena, row);
}

size_t
hf_news2_values(const struct hf_json *doc, uint32_t node, struct hf_arena *arena,
		struct hf_score_value out[HUB_NEWS2])
{
	size_t n = 0;

	for (uint32_t c = node + 1; c < doc->nodes[node].next && n < HUB_NEWS2;
	     c = doc->nodes[c].next)
		if (!hf_sv_is(hf_json_key(doc, c), "at"))
			out[n++] = (struct hf_score_value){
			    hf_json_key(doc, c), hf_json_type(doc, c) == HF_JSON_STRING
						     ? hf_json_str(doc, c, arena)
						     : hf_json_raw(doc, c)};
	return n;
}

/* What was measured at a contact stands for what came with the referral. */
static void
row_news2(const struct hf_hub *hub, const struct hf_hub_event *e,
	  const struct hf_json *doc, struct hf_arena *arena, struct hf_hub_row *row)
{
	uint32_t node = hf_json_member(doc, 0, "news2");
	struct hf_score_value values[HUB_NEWS2];
	struct hf_score_result result;
	size_t n = 0;

	if (node == HF_JSON_NONE)
		return;
	n = hf_news2_values(doc, node, arena, values);
	if (hf_score_run(&hub->news2, e->age < 0 ? 18 : e->age, values, n, &result,
			 NULL) != HF_OK)
		return;
	row->news2 = result.complete ? result.total : -1;
	row->news2_partial = !result.complete;
}

static void
row_given(const struct hf_hub *hub, const struct hf_hub_event *e,
	  struct hf_arena *arena, struct hf_hub_row *row)
{
	struct hf_json doc;
	struct hf_sv condition;
	uint32_t skills;

	if (e->given.n == 0 ||
	    hf_json_parse(e->given, NULL, arena, &doc, NULL) != HF_OK)
		return;
	row_news2(hub, e, &doc, arena, row);
	condition = member(&doc, 0, "condition", arena);
	if (condition.n)
		row->condition = condition;
	skills = hf_json_member(&doc, 0, "skills");
	if (skills == HF_JSON_NONE || hf_json_type(&doc, skills) != HF_JSON_ARRAY)
		return;
	row->skills.n = 0;
	for (uint32_t c = skills + 1; c < doc.nodes[skills].next; c = doc.nodes[c].next)
		if (row->skills.n < HF_TEAM_CODES)
			row->skills.items[row->skills.n++] =
			    hf_json_str(&doc, c, arena);
}

static void
row_urgency(const struct hf_hub_event *e, struct hf_arena *arena,
	    struct hf_hub_row *row)
{
	struct hf_json doc;
	struct hf_sv urgency;

	if (e->facts.n == 0 ||
	    hf_json_parse(e->facts, NULL, arena, &doc, NULL) != HF_OK)
		return;
	urgency = member(&doc, 0, "urgency", arena);
	if (urgency.n)
		row->urgency = urgency;
}

/* Who it is offered to, or who has it: the last team that was asked, until the referral
 * comes back to the hub. */
static void
row_team(const struct hf_hub *hub, const struct hf_hub_event *e, uint8_t state,
	 struct hf_hub_row *row)
{
	const char *id = hub->p->states[state].id;

	if (hf_sv_is(e->event, "team-decline") && row->team.n &&
	    row->refused.n < HF_TEAM_CODES)
		row->refused.items[row->refused.n++] = row->team;
	if (e->team.n && hf_sv_is(e->event, "allocate")) {
		row->team = e->team;
		row->team_name = e->team_name;
	} else if (strcmp(id, "accepted") == 0 || strcmp(id, "in-triage") == 0) {
		row->team = row->team_name = nothing;
	}
}

static bool
has_reason(const struct hf_story *story, const char *clock, struct hf_arena *arena)
{
	for (size_t i = 0; i < story->n; i++) {
		struct hf_json doc;

		if (hf_sv_is(story->events[i].event, "@breach") &&
		    hf_json_parse(story->events[i].given, NULL, arena, &doc, NULL) ==
			HF_OK &&
		    hf_sv_eq(member(&doc, 0, "clock", arena), hf_sv_from(clock)))
			return true;
	}
	return false;
}

static void
row_clocks(const struct hf_hub *hub, const struct hf_story *story,
	   struct hf_arena *arena, struct hf_hub_row *row)
{
	const struct hf_pw_instance *in = &story->replay.in;

	row->n_clocks = 0;
	row->next = HF_TIME_MAX;
	for (size_t i = 0; i < in->n_runs; i++) {
		const struct hf_pw_run *r = &in->runs[i];
		struct hf_hub_clock c = {.clock = r->clock,
					 .state = r->state,
					 .warned = r->marks != 0,
					 .breached = r->breached,
					 .start = r->start,
					 .due = r->due,
					 .stopped = r->stopped,
					 .paused_ms = r->paused_ms};

		if (r->breached)
			c.reasoned =
			    has_reason(story, hub->p->clocks[r->clock].id, arena);
		if (r->state == HF_RUN_RUNNING && r->due < row->next)
			row->next = r->due;
		if (row->n_clocks < HF_HUB_CLOCKS) {
			row->clocks[row->n_clocks++] = c;
			continue;
		}
		/* What has ended makes room for what runs. */
		for (size_t k = 0; k < row->n_clocks; k++)
			if (row->clocks[k].state > HF_RUN_PAUSED) {
				memmove(&row->clocks[k], &row->clocks[k + 1],
					(row->n_clocks - k - 1) * sizeof c);
				row->clocks[row->n_clocks - 1] = c;
				break;
			}
	}
}

void
hf_row_story(const struct hf_hub *hub, const struct hf_story *story,
	     struct hf_arena *arena, struct hf_hub_row *row)
{
	const struct hf_pw_instance *in = &story->replay.in;

	row_shown(story->events[0].shown, arena, row);
	row->urgency = row->team = row->team_name = nothing;
	row->messages = 0;
	row->refused.n = 0;
	for (size_t i = 0; i < story->n; i++) {
		const struct hf_hub_event *e = &story->events[i];

		if (i && e->shown.n) /* a newer version of what was asked */
			row_shown(e->shown, arena, row);
		row_given(hub, e, arena, row);
		row_urgency(e, arena, row);
		row_team(hub, e, story->states[i], row);
		/* A message of somebody else waits until the hub has written. */
		if (hf_sv_is(e->event, "@message"))
			row->messages = e->team.n ? row->messages + 1 : 0;
	}
	row->received = story->events[0].at;
	row->since = in->entered;
	row->state = in->state;
	row->open = !in->ended;
	row->hub_ods = hub->ods;
	row->wake = hf_pw_next(hub->p, in);
	row_clocks(hub, story, arena, row);
}

/* ---- who it is about ---- */

void
hf_row_patient(const struct hf_json *patient, struct hf_arena *arena,
	       struct hf_hub_row *row)
{
	uint32_t list = hf_json_member(patient, 0, "identifier");
	uint32_t name = hf_name_best(patient, hf_json_member(patient, 0, "name"));
	struct hf_date born;

	row->name = name == HF_JSON_NONE ? HF_SV("Unknown person")
					 : hf_name_words(patient, name, false, arena);
	row->sex = hf_dig_text(patient, 0, "gender", arena);
	row->born = hf_dig_text(patient, 0, "birthDate", arena);
	row->born_year = hf_date_parse(row->born, false, &born)
			     ? hf_london_civil(born.lo + 43200000).year
			     : 0;
	for (uint32_t c = list == HF_JSON_NONE ? 0 : list + 1;
	     list != HF_JSON_NONE && c < patient->nodes[list].next;
	     c = patient->nodes[c].next)
		if (row->nhs.n == 0 &&
		    hf_sv_is(hf_dig_text(patient, c, "system", arena),
			     "https://fhir.nhs.uk/Id/nhs-number") &&
		    !hf_sv_is(hf_dig_text(patient, c, "use", arena), "old"))
			row->nhs = hf_dig_text(patient, c, "value", arena);
}

void
hf_row_make(const struct hf_hub *hub, const struct hf_json *task,
	    const struct hf_story *story, const struct hf_json *patient,
	    struct hf_arena *arena, struct hf_hub_row *out)
{
	struct hf_sv about = hf_dig_text(task, 0, "for.reference", arena);

	*out = (struct hf_hub_row){
	    .news2 = -1, .cfs = -1, .next = HF_TIME_MAX, .wake = HF_TIME_MAX};
	out->id = hf_dig_text(task, 0, "id", arena);
	if (hf_sv_starts(about, HF_SV("Patient/")))
		out->patient = hf_sv_from_at(about, 8);
	if (patient)
		hf_row_patient(patient, arena, out);
	hf_row_story(hub, story, arena, out);
}

void
hf_hub_finish(struct hf_hub *hub, struct hf_hub_row *row)
{
	const struct hf_team *team = row->team.n ? hf_hub_team(hub, row->team) : NULL;

	row->team_ods = team ? team->ods : nothing;
	if (team && row->team_name.n == 0)
		row->team_name = team->name;
}

/* ---- copies ---- */

static void
take(struct hf_arena *arena, struct hf_sv *s, bool *ok)
{
	if (s->n == 0) {
		*s = nothing;
		return;
	}
	*s = hf_arena_sv(arena, *s);
	*ok = *ok && s->p;
}

bool
hf_row_copy(const struct hf_hub_row *from, struct hf_arena *arena,
	    struct hf_hub_row *to)
{
	bool ok = true;

	*to = *from;
	take(arena, &to->id, &ok);
	take(arena, &to->patient, &ok);
	take(arena, &to->name, &ok);
	take(arena, &to->nhs, &ok);
	take(arena, &to->sex, &ok);
	take(arena, &to->born, &ok);
	take(arena, &to->locality, &ok);
	take(arena, &to->locality_name, &ok);
	take(arena, &to->postcode, &ok);
	take(arena, &to->problem, &ok);
	take(arena, &to->condition, &ok);
	take(arena, &to->source, &ok);
	take(arena, &to->asked, &ok);
	take(arena, &to->urgency, &ok);
	take(arena, &to->service, &ok);
	take(arena, &to->team, &ok);
	take(arena, &to->team_name, &ok);
	take(arena, &to->team_ods, &ok);
	take(arena, &to->hub_ods, &ok);
	take(arena, &to->from_ods, &ok);
	for (size_t i = 0; i < to->skills.n; i++)
		take(arena, &to->skills.items[i], &ok);
	for (size_t i = 0; i < to->refused.n; i++)
		take(arena, &to->refused.items[i], &ok);
	for (size_t i = 0; i < to->n_flags; i++) {
		take(arena, &to->flags[i].category, &ok);
		take(arena, &to->flags[i].text, &ok);
	}
	return ok;
}
