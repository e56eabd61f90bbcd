/* pathway_check.c - what can be wrong with a pathway that reads well. */
#include "pathway/pathway_int.h"

enum { SAMPLES_MOST = 24, CASES_MOST = 200000, ASKED_MOST = 8 };

/* ---- states ---- */

/* States that a step leads to from any of set; @resume leads to what an interrupting
 * step has left. */
static hf_pw_set
successors(const struct hf_pathway *p, hf_pw_set set)
{
	hf_pw_set interrupted = 0, out = 0;

	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].interrupts)
			interrupted |= p->steps[i].in;
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct hf_pw_step *s = &p->steps[i];

		if (!(s->in & set))
			continue;
		out |= s->to == HF_PW_RESUME ? interrupted : (hf_pw_set)1 << s->to;
	}
	return out;
}

static hf_pw_set
closure(const struct hf_pathway *p, hf_pw_set set)
{
	for (;;) {
		hf_pw_set more = set | successors(p, set);

		if (more == set)
			return set;
		set = more;
	}
}

static void
check_states(struct hf_pw_load *l)
{
	const struct hf_pathway *p = l->p;
	hf_pw_set reached = closure(p, (hf_pw_set)1 << p->start), ends = 0;

	for (size_t i = 0; i < p->n_states; i++)
		if (p->states[i].kind == HF_PW_END)
			ends |= (hf_pw_set)1 << i;
	if (!ends)
		hf_doc_wrong(&l->d, 0, "there is no state of kind end");
	for (size_t i = 0; i < p->n_states; i++) {
		const char *id = p->states[i].id;
		hf_pw_set one = (hf_pw_set)1 << i;

		if (!(reached & one))
			hf_doc_wrong(&l->d, l->state_lines[i],
				     "no step leads to the state \"%s\"", id);
		else if (!(ends & one) && !(closure(p, one) & ends))
			hf_doc_wrong(&l->d, l->state_lines[i],
				     "no end can be reached from the state \"%s\"", id);
	}
}

/* ---- clocks ---- */

/* Can the clock be stopped wherever it may run? */
static void
check_clock(struct hf_pw_load *l, size_t index)
{
	const struct hf_pathway *p = l->p;
	const struct hf_pw_clock *c = &p->clocks[index];
	hf_pw_set begins = c->start.states, stops = 0;

	for (size_t i = 0; i < p->n_steps; i++) {
		const struct hf_pw_step *s = &p->steps[i];
		hf_pw_set to = s->to == HF_PW_RESUME ? 0 : (hf_pw_set)1 << s->to;

		if (c->start.events >> s->event & 1)
			begins |= to;
		if ((c->stop.events >> s->event & 1) || (c->stop.states & to))
			stops |= s->in;
	}
	for (size_t i = 0; i < p->n_states; i++) {
		hf_pw_set one = (hf_pw_set)1 << i;

		if (!(begins & one) || p->states[i].kind == HF_PW_END)
			continue;
		/* The states it runs on in: from there without being stopped. */
		if (!(closure(p, one) & stops) && !(one & c->stop.states))
			hf_doc_wrong(&l->d, l->clock_lines[index],
				     "the clock \"%s\" that begins in the state \"%s\" "
				     "can never be stopped",
				     c->id, p->states[i].id);
	}
	if ((c->start.events & c->stop.events) && !c->again)
		hf_doc_wrong(&l->d, l->clock_lines[index],
			     "the clock \"%s\" starts and stops by the same event",
			     c->id);
}

/* ---- actions ---- */

static bool
has_task(const struct hf_pathway *p, const char *id)
{
	for (size_t i = 0; i < p->n_tasks; i++)
		if (strcmp(p->tasks[i].id, id) == 0)
			return true;
	return false;
}

static void
check_actions(struct hf_pw_load *l, uint32_t node, const char **actions, size_t n)
{
	static const char *const kinds[] = {
	    "task", "agenda", "refer",	"share", "notify", "start", "transfer",
	    "give", "alert",  "breach", "offer", "record", "call"};

	for (size_t i = 0; i < n; i++) {
		struct hf_sv rest = hf_sv_from(actions[i]);
		struct hf_sv kind = hf_sv_cut(&rest, ':');
		const char *what = rest.p ? rest.p : "";
		bool known = false;

		for (size_t k = 0; k < HF_COUNT(kinds); k++)
			known = known || hf_sv_eq(kind, hf_sv_from(kinds[k]));
		if (!known || !*what)
			hf_doc_wrong(&l->d, node,
				     "\"%s\" is no action: kind:what, the kind one of "
				     "task agenda refer share notify start transfer "
				     "give alert breach offer record call",
				     actions[i]);
		else if (hf_sv_is(kind, "task") && !has_task(l->p, what))
			hf_doc_wrong(&l->d, node, "there is no task \"%s\"", what);
		else if (hf_sv_is(kind, "start") && l->world && l->world->pathway &&
			 !l->world->pathway(what))
			hf_doc_wrong(&l->d, node, "there is no pathway \"%s\"", what);
	}
}

/* ---- guards ---- */

/* Values of one fact that tell its cases apart. */
struct samples {
	int fact; /* index; p->n_facts is the age; above: days since an event */
	struct hf_pv values[SAMPLES_MOST];
	size_t n; /* the last case, "not known", is not counted */
};

/* Is %name in the text? */
static bool
asks_for(const char *text, struct hf_sv name)
{
	for (const char *at = strchr(text, '%'); at; at = strchr(at + 1, '%')) {
		const char *end = at + 1 + name.n;

		if (strncmp(at + 1, name.p, name.n) == 0 &&
		    !(*end == '_' || (*end >= '0' && *end <= '9') ||
		      (*end >= 'a' && *end <= 'z') || (*end >= 'A' && *end <= 'Z')))
			return true;
	}
	return false;
}

static void
add_number(struct samples *s, int64_t v)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->values[i].i == v)
			return;
	if (s->n < SAMPLES_MOST)
		s->values[s->n++] = (struct hf_pv){.kind = HF_PV_INT, .i = v};
}

/* The numbers that the texts compare with, one below and one above each. */
static void
add_constants(struct samples *s, const char *text)
{
	for (const char *c = text; *c; c++) {
		struct hf_sv digits = {c, 0};
		int64_t v;

		if (*c < '0' || *c > '9' || (c > text && c[-1] != ' ' && c[-1] != '('))
			continue;
		while (c[digits.n] >= '0' && c[digits.n] <= '9')
			digits.n++;
		if (!hf_sv_int(digits, &v))
			continue;
		add_number(s, v - 1);
		add_number(s, v);
		add_number(s, v + 1);
		c += digits.n - 1;
	}
}

static void
sample_fact(struct hf_pw_load *l, struct samples *s, const char *const *texts, size_t n)
{
	const struct hf_pathway *p = l->p;
	const struct hf_pw_fact *f;

	if ((size_t)s->fact >= p->n_facts) { /* an age, or days */
		for (size_t i = 0; i < n; i++)
			add_constants(s, texts[i]);
		return;
	}
	f = &p->facts[s->fact];
	switch (f->kind) {
	case HF_PW_BOOLEAN:
		s->values[s->n++] = (struct hf_pv){.kind = HF_PV_BOOL, .b = false};
		s->values[s->n++] = (struct hf_pv){.kind = HF_PV_BOOL, .b = true};
		break;
	case HF_PW_CODE:
		for (size_t i = 0; i < f->n_codes && s->n < SAMPLES_MOST; i++)
			s->values[s->n++] = (struct hf_pv){
			    .kind = HF_PV_STRING, .text = hf_sv_from(f->codes[i])};
		break;
	case HF_PW_STRING:
		s->values[s->n++] =
		    (struct hf_pv){.kind = HF_PV_STRING, .text = HF_SV("?")};
		break;
	default:
		if (f->max - f->min < SAMPLES_MOST)
			for (int64_t v = f->min; v <= f->max; v++)
				add_number(s, v);
		else
			for (size_t i = 0; i < n; i++)
				add_constants(s, texts[i]);
		break;
	}
}

/* "%cfs = 6 and %home not known": the case that was found. */
static void
tell_case(const struct hf_pathway *p, const struct samples *asked, size_t n,
	  const size_t *at, char *out, size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n && len + 80 < size; i++) {
		const struct samples *s = &asked[i];
		struct hf_sv name = p->vars[s->fact];
		const struct hf_pv *v = at[i] < s->n ? &s->values[at[i]] : NULL;

		len += (size_t)snprintf(out + len, size - len, "%s%%%.*s ",
					i ? ", " : "", HF_SV_ARG(name));
		if (!v)
			len += (size_t)snprintf(out + len, size - len, "not known");
		else if (v->kind == HF_PV_INT)
			len += (size_t)snprintf(out + len, size - len, "= %lld",
						(long long)v->i);
		else if (v->kind == HF_PV_BOOL)
			len += (size_t)snprintf(out + len, size - len, "= %s",
						v->b ? "true" : "false");
		else
			len += (size_t)snprintf(out + len, size - len, "= '%.*s'",
						HF_SV_ARG(v->text));
	}
}

/* The guards of steps at one place, tried on every combination of what they ask. */
struct place {
	struct hf_pw_load *l;
	const struct hf_pw_step *steps[32];
	uint32_t lines[32];
	size_t n;
	struct samples asked[ASKED_MOST];
	size_t n_asked;
	struct hf_arena scratch;
	bool told_two, told_none; /* the second also when a step says so itself */
};

static int
holds_for(struct place *pl, const struct hf_pw_guard *g, const size_t *at)
{
	const struct hf_pathway *p = pl->l->p;
	struct hf_path_var vars[HF_PW_FACTS + HF_PW_EVENTS + 1];
	static const char nothing[] = "{}";
	struct hf_json_node node = {.type = HF_JSON_OBJECT, .next = 1};
	struct hf_json doc = {.text = nothing, .nodes = &node, .n = 1};
	struct hf_path_env env = {.doc = &doc, .vars = vars, .n_vars = p->n_vars};
	struct hf_pvs result = {0};

	if (!g->path)
		return 1;
	for (size_t i = 0; i < p->n_vars; i++)
		vars[i] = (struct hf_path_var){p->vars[i], NULL, 0};
	for (size_t i = 0; i < pl->n_asked; i++)
		if (at[i] < pl->asked[i].n) {
			vars[pl->asked[i].fact].items = &pl->asked[i].values[at[i]];
			vars[pl->asked[i].fact].n = 1;
		}
	hf_arena_reset(&pl->scratch);
	if (hf_path_eval(g->path, &env, &pl->scratch, &result, NULL) != HF_OK ||
	    result.n != 1 || result.items[0].kind != HF_PV_BOOL)
		return -1;
	return result.items[0].b;
}

static void
try_case(struct place *pl, const size_t *at)
{
	const struct hf_pw_step *first = NULL;
	bool unknown = false, all_known = true;
	char text[300];

	for (size_t i = 0; i < pl->n; i++) {
		int v = holds_for(pl, &pl->steps[i]->when, at);

		unknown = unknown || v < 0;
		if (v != 1)
			continue;
		if (first && !pl->told_two &&
		    (!first->by || !pl->steps[i]->by ||
		     (first->by & pl->steps[i]->by))) {
			tell_case(pl->l->p, pl->asked, pl->n_asked, at, text,
				  sizeof text);
			hf_doc_wrong(
			    &pl->l->d, pl->lines[i],
			    "the steps \"%s\" and \"%s\" can both be taken%s%s",
			    first->id, pl->steps[i]->id, pl->n_asked ? ", with " : "",
			    text);
			pl->told_two = true;
		}
		first = pl->steps[i];
	}
	for (size_t i = 0; i < pl->n_asked; i++)
		all_known = all_known && at[i] < pl->asked[i].n;
	if (!first && !unknown && all_known && !pl->told_none && pl->n > 1) {
		tell_case(pl->l->p, pl->asked, pl->n_asked, at, text, sizeof text);
		hf_doc_warn(&pl->l->d, pl->lines[0],
			    "none of the steps that begin with \"%s\" can be taken "
			    "with %s",
			    pl->steps[0]->id, text);
		pl->told_none = true;
	}
}

static void
try_cases(struct place *pl)
{
	size_t at[ASKED_MOST] = {0}, cases = 1;

	for (size_t i = 0; i < pl->n_asked; i++)
		cases *= pl->asked[i].n + 1;
	if (cases > CASES_MOST) {
		hf_doc_warn(&pl->l->d, pl->lines[0],
			    "the conditions beside \"%s\" have too many cases to be "
			    "tried; split the event",
			    pl->steps[0]->id);
		return;
	}
	while (cases-- > 0) {
		try_case(pl, at);
		for (size_t i = 0; i < pl->n_asked; i++) {
			if (++at[i] <= pl->asked[i].n)
				break;
			at[i] = 0;
		}
	}
}

static void
check_place(struct hf_pw_load *l, size_t state, size_t event)
{
	const struct hf_pathway *p = l->p;
	struct place pl = {.l = l, .scratch = {.cap = 1 << 20}};
	const char *texts[32];

	for (size_t i = p->place[state][event]; i < p->place[state][event + 1]; i++) {
		if (pl.n == HF_COUNT(pl.steps))
			break;
		texts[pl.n] = p->steps[p->by_place[i]].when.text;
		pl.told_none = pl.told_none || p->steps[p->by_place[i]].refuses;
		pl.lines[pl.n] = l->step_lines[p->by_place[i]];
		pl.steps[pl.n++] = &p->steps[p->by_place[i]];
	}
	if (pl.n < 2)
		return;
	for (size_t v = 0; v < p->n_vars; v++) {
		bool asked = false;

		for (size_t i = 0; i < pl.n; i++)
			asked = asked || asks_for(texts[i], p->vars[v]);
		if (!asked)
			continue;
		if (pl.n_asked == ASKED_MOST) {
			hf_doc_warn(&l->d, pl.lines[0],
				    "the conditions beside \"%s\" ask for too many "
				    "facts to be tried",
				    pl.steps[0]->id);
			return;
		}
		pl.asked[pl.n_asked].fact = (int)v;
		sample_fact(l, &pl.asked[pl.n_asked++], texts, pl.n);
	}
	try_cases(&pl);
	hf_arena_free(&pl.scratch);
}

/* Places with the same steps are tried once. */
static bool
same_as_before(const struct hf_pathway *p, size_t state, size_t event)
{
	size_t from = p->place[state][event], n = p->place[state][event + 1] - from;

	for (size_t s = 0; s < state; s++) {
		size_t other = p->place[s][event];

		if (p->place[s][event + 1] - other == n &&
		    memcmp(p->by_place + other, p->by_place + from,
			   n * sizeof *p->by_place) == 0)
			return true;
	}
	return false;
}

void
hf_pw_check(struct hf_pw_load *l)
{
	const struct hf_pathway *p = l->p;

	check_states(l);
	for (size_t i = 0; i < p->n_clocks; i++) {
		const struct hf_pw_clock *c = &p->clocks[i];

		check_clock(l, i);
		check_actions(l, l->clock_lines[i], c->on_breach, c->n_on_breach);
		for (size_t k = 0; k < c->n_marks; k++)
			check_actions(l, l->clock_lines[i], c->marks[k].actions,
				      c->marks[k].n_actions);
	}
	for (size_t i = 0; i < p->n_steps; i++)
		check_actions(l, l->step_lines[i], p->steps[i].actions,
			      p->steps[i].n_actions);
	for (size_t s = 0; s < p->n_states; s++)
		for (size_t e = 0; e < p->n_events; e++)
			if (!same_as_before(p, s, e))
				check_place(l, s, e);
}
