/* downtime.c - the pack out of the record: what the boards show, and what somebody at
 * the door needs besides. */
#include "hub/io/downtime.h"

#include "hub/downtime.h"
#include "hub/io/downtime_folder.h"
#include "hub/io/hub_int.h"
#include "record/person_text.h"

enum { OPEN_MOST = 20000, PAGE_MOST = 256 << 20 };

struct packing {
	struct hf_hub *hub;
	struct hf_reader *reader;
	struct hf_arena keep;	 /* what the pages say */
	struct hf_arena scratch; /* of one referral */
	struct hf_hub_row *rows;
	size_t n, size;
	bool full;
	struct hf_downtime_entry *entries;
	struct hf_downtime_team *teams;
	size_t n_teams;
	hf_time at;
};

/* ---- facts ---- */

static void
add(struct packing *k, struct hf_downtime_entry *e, const char *label,
    struct hf_sv text)
{
	struct hf_downtime_fact *f = &e->facts[e->n_facts];

	if (text.n == 0)
		return;
	/* What does not fit is not passed over in silence. */
	if (e->n_facts == HF_DOWNTIME_FACTS - 1) {
		label = "More";
		text = HF_SV("There is more than fits here");
	}
	if (e->n_facts == HF_DOWNTIME_FACTS)
		return;
	*f = (struct hf_downtime_fact){hf_sv_from(label), hf_arena_sv(&k->keep, text)};
	k->full |= f->text.p == NULL;
	e->n_facts++;
}

/* Reads the resource that a reference names; false when it is not to be had. */
static bool
read_ref(struct packing *k, struct hf_sv ref, struct hf_json *out)
{
	struct hf_sv type = hf_sv_cut(&ref, '/');
	struct hf_version v;

	return ref.n &&
	       hf_store_read(k->reader, type, ref, 0, &k->scratch, &v, NULL) == HF_OK &&
	       hf_json_parse(v.body, NULL, &k->scratch, out, NULL) == HF_OK;
}

#define EACH(doc, c, list)                                                             \
	for (uint32_t c = (list) == HF_JSON_NONE ? 0 : (list) + 1;                     \
	     (list) != HF_JSON_NONE && c < (doc)->nodes[list].next;                    \
	     c = (doc)->nodes[c].next)

static void
add_phones(struct packing *k, struct hf_downtime_entry *e, const char *label,
	   struct hf_sv who, const struct hf_json *doc, uint32_t telecom)
{
	EACH(doc, c, telecom)
	{
		struct hf_sv use = hf_dig_text(doc, c, "use", &k->scratch);
		struct hf_sv value = hf_dig_text(doc, c, "value", &k->scratch);

		if (!hf_sv_is(hf_dig_text(doc, c, "system", &k->scratch), "phone") ||
		    hf_sv_is(use, "old") || value.n == 0)
			continue;
		add(k, e, label,
		    hf_arena_printf(&k->scratch, "%.*s%s%.*s%s%.*s%s", HF_SV_ARG(who),
				    who.n ? ": " : "", HF_SV_ARG(value),
				    use.n ? " (" : "", HF_SV_ARG(use),
				    use.n ? ")" : ""));
	}
}

static void
add_contact(struct packing *k, struct hf_downtime_entry *e, const struct hf_json *doc,
	    uint32_t contact)
{
	uint32_t name = hf_json_member(doc, contact, "name");
	uint32_t telecom = hf_json_member(doc, contact, "telecom");
	struct hf_sv who = name == HF_JSON_NONE
			       ? HF_SV("Contact")
			       : hf_name_words(doc, name, true, &k->scratch);
	struct hf_sv is = hf_dig_words(doc, contact, "relationship", &k->scratch);

	if (is.n)
		who = hf_arena_printf(&k->scratch, "%.*s (%.*s)", HF_SV_ARG(who),
				      HF_SV_ARG(is));
	if (hf_json_count(doc, telecom) == 0)
		add(k, e, "Contact", who);
	add_phones(k, e, "Contact", who, doc, telecom);
}

/* An address that is not to be told is not to lie about on paper either. */
static bool
is_restricted(struct packing *k, const struct hf_json *doc)
{
	uint32_t labels = hf_dig(doc, 0, "meta.security");

	if (labels != HF_JSON_NONE && hf_json_type(doc, labels) != HF_JSON_ARRAY)
		return true; /* not understood: rather not */
	EACH(doc, c, labels)
	{
		struct hf_sv code = hf_dig_text(doc, c, "code", &k->scratch);

		if (hf_sv_is(code, "R") || hf_sv_is(code, "V"))
			return true;
	}
	return false;
}

static void
add_person(struct packing *k, struct hf_downtime_entry *e, struct hf_sv patient)
{
	struct hf_json doc;
	uint32_t contacts, addresses;

	if (!read_ref(k,
		      hf_arena_printf(&k->scratch, "Patient/%.*s", HF_SV_ARG(patient)),
		      &doc)) {
		add(k, e, "Person", HF_SV("The person's record could not be read"));
		return;
	}
	if (is_restricted(k, &doc)) {
		add(k, e, "Address",
		    HF_SV("Restricted: it is not printed. Ask the hub's lead"));
		return;
	}
	addresses = hf_json_member(&doc, 0, "address");
	EACH(&doc, c, addresses)
	if (!hf_sv_is(hf_dig_text(&doc, c, "use", &k->scratch), "old"))
		add(k, e, "Address", hf_address_words(&doc, c, &k->scratch));
	add_phones(k, e, "Telephone", (struct hf_sv){0}, &doc,
		   hf_json_member(&doc, 0, "telecom"));
	contacts = hf_json_member(&doc, 0, "contact");
	EACH(&doc, c, contacts)
	add_contact(k, e, &doc, c);
}

/* What was said at intake that whoever goes there has to know. */
static void
add_said(struct packing *k, struct hf_downtime_entry *e, const struct hf_json *answers)
{
	static const struct {
		const char *item, *label;
	} wanted[] = {
	    {"location", "Is now at"},
	    {"access", "Access"},
	    {"loneWorker", "Lone workers"},
	    {"scene", "Scene"},
	    {"alone", "Lives alone"},
	    {"infection", "Infection"},
	    {"safeguarding", "Safeguarding"},
	    {"allergies", "Allergies"},
	    {"medicines", "Medicines"},
	    {"history", "History"},
	    {"capacity", "Capacity"},
	    {"respect", "ReSPECT, decisions"},
	    {"language", "Language"},
	    {"adjustments", "Adjustments"},
	    {"support", "Carer, next of kin"},
	    {"expectation", "Plan: what was asked"},
	    {"referrer.name", "Referrer"},
	    {"referrer.phone", "Referrer's telephone"},
	};
	uint32_t items = hf_json_member(answers, 0, "item");

	for (size_t i = 0; i < HF_COUNT(wanted); i++)
		EACH(answers, c, items)
		{
			struct hf_sv text;

			if (!hf_sv_eq(hf_dig_text(answers, c, "linkId", &k->scratch),
				      hf_sv_from(wanted[i].item)))
				continue;
			text = hf_dig_text(answers, c,
					   "answer.valueString|answer.valueBoolean",
					   &k->scratch);
			add(k, e, wanted[i].label,
			    hf_sv_is(text, "true")    ? HF_SV("yes")
			    : hf_sv_is(text, "false") ? HF_SV("no")
						      : text);
		}
}

/* ---- plans, and work that is not done ---- */

static void
add_plan(struct packing *k, struct hf_downtime_entry *e, const struct hf_json *plan)
{
	uint32_t activities = hf_json_member(plan, 0, "activity");

	if (!hf_sv_is(hf_dig_text(plan, 0, "status", &k->scratch), "active"))
		return;
	add(k, e, "Plan", hf_dig_words(plan, 0, "title|category", &k->scratch));
	add(k, e, "Plan", hf_dig_words(plan, 0, "description", &k->scratch));
	EACH(plan, c, activities)
	add(k, e, "Plan",
	    hf_dig_words(plan, c, "detail.description|detail.code|reference",
			 &k->scratch));
}

static void
add_work(struct packing *k, struct hf_downtime_entry *e, const struct hf_json *task)
{
	struct hf_sv status = hf_dig_text(task, 0, "status", &k->scratch);
	struct hf_sv of = hf_dig_text(task, 0, "partOf.reference", &k->scratch);
	struct hf_sv what = hf_dig_text(task, 0, "description", &k->scratch);
	struct hf_sv due = hf_dig_text(task, 0, "restriction.period.end", &k->scratch);
	struct hf_sv day = hf_day_words(due, &k->scratch);
	struct hf_sv clock = hf_clock_words(due, &k->scratch);

	if (!hf_sv_starts(of, HF_SV("Task/")) ||
	    !hf_sv_eq(hf_sv_from_at(of, 5), e->id) || hf_sv_is(status, "completed") ||
	    hf_sv_is(status, "cancelled") || hf_sv_is(status, "rejected") ||
	    hf_sv_is(status, "entered-in-error"))
		return;
	add(k, e, "To do",
	    due.n ? hf_arena_printf(&k->scratch, "%.*s, by %.*s on %.*s",
				    HF_SV_ARG(what), HF_SV_ARG(clock), HF_SV_ARG(day))
		  : what);
}

/* Newest first, of the person's own shelf. */
static void
add_shelf(struct packing *k, struct hf_downtime_entry *e, int64_t shelf)
{
	hf_type_id care_plan = hf_resource_find(HF_SV("CarePlan"));
	uint64_t work = hf_code_sig(HF_SV("work"));
	struct hf_entry *entries = NULL;
	size_t n = 0;

	if (hf_store_shelf(k->reader, shelf, &k->scratch, &entries, &n, NULL) != HF_OK)
		return;
	for (size_t i = n; i > 0; i--) {
		const struct hf_entry *at = &entries[i - 1];
		bool task = at->type == k->hub->task && (at->sig & work) == work;
		struct hf_version v;
		struct hf_json doc;

		if ((!task && at->type != care_plan) ||
		    hf_store_read_rid(k->reader, at->rid, 0, &k->scratch, &v, NULL) !=
			HF_OK ||
		    hf_json_parse(v.body, NULL, &k->scratch, &doc, NULL) != HF_OK)
			continue;
		if (task)
			add_work(k, e, &doc);
		else
			add_plan(k, e, &doc);
	}
}

/* ---- a referral ---- */

static void
add_row_facts(struct packing *k, struct hf_downtime_entry *e,
	      const struct hf_hub_row *row)
{
	for (size_t i = 0; i < row->n_flags; i++) {
		const struct hf_hub_word *word =
		    hf_hub_word(HF_HUB_FLAGS, row->flags[i].category);

		add(k, e, "Risk",
		    row->flags[i].text.n ? row->flags[i].text
		    : word		 ? hf_sv_from(word->text)
					 : row->flags[i].category);
	}
	if (row->news2 >= 0 || row->news2_partial)
		add(k, e, "NEWS2",
		    row->news2 < 0 ? HF_SV("partial: no total")
				   : hf_arena_printf(&k->scratch, "%d", row->news2));
	if (row->cfs >= 0)
		add(k, e, "Frailty (CFS)",
		    hf_arena_printf(&k->scratch, "%d", row->cfs));
}

static struct hf_sv
urgency_of(struct packing *k, const struct hf_hub_row *row)
{
	struct hf_sv code = row->urgency.n ? row->urgency : row->asked;
	const struct hf_hub_word *word = hf_hub_word(HF_HUB_URGENCIES, code);

	return hf_arena_printf(&k->keep, "%.*s%s%s%s", HF_SV_ARG(code),
			       word ? ": " : "", word ? word->text : "",
			       row->urgency.n || !code.n ? "" : " (asked for)");
}

static void
fill_clocks(struct packing *k, struct hf_downtime_entry *e,
	    const struct hf_hub_row *row)
{
	for (size_t i = 0; i < row->n_clocks; i++) {
		const struct hf_hub_clock *c = &row->clocks[i];

		if (c->state > HF_RUN_PAUSED || e->n_clocks == HF_DOWNTIME_CLOCKS)
			continue;
		e->clocks[e->n_clocks++] = (struct hf_downtime_clock){
		    .title = hf_arena_sv(&k->keep,
					 hf_sv_from(k->hub->p->clocks[c->clock].title)),
		    .start = c->start,
		    .due = c->due,
		    .paused = c->state == HF_RUN_PAUSED,
		    .breached = c->breached};
	}
}

static void
fill(struct packing *k, const struct hf_hub_row *row, struct hf_downtime_entry *e)
{
	struct hf_sv state = hf_sv_from(k->hub->p->states[row->state].title);
	struct hf_version v;
	struct hf_json task, request, answers;

	*e = (struct hf_downtime_entry){
	    .id = row->id,
	    .team = row->team,
	    .team_name = row->team_name,
	    .name = row->name,
	    .born = hf_date_words(row->born, &k->keep),
	    .age = hf_age_words(row->born, k->at, &k->keep),
	    .sex = row->sex,
	    .nhs = row->nhs,
	    .urgency = urgency_of(k, row),
	    .state = hf_arena_sv(&k->keep, state),
	    .problem = row->problem,
	    .received = row->received,
	    .since = row->since,
	    .next = row->next,
	};
	fill_clocks(k, e, row);
	add_person(k, e, row->patient);
	add_row_facts(k, e, row);
	if (hf_store_read_rid(k->reader, row->rid, 0, &k->scratch, &v, NULL) != HF_OK ||
	    hf_json_parse(v.body, NULL, &k->scratch, &task, NULL) != HF_OK)
		return; /* it went while we looked */
	if (read_ref(k, hf_dig_text(&task, 0, "focus.reference", &k->scratch),
		     &request) &&
	    read_ref(k,
		     hf_dig_text(&request, 0, "supportingInfo.reference", &k->scratch),
		     &answers))
		add_said(k, e, &answers);
	add_shelf(k, e, HF_RID_SHELF(v.e.rid));
}

/* ---- all of them ---- */

static bool
take_row(void *ctx, const struct hf_hub_row *row)
{
	struct packing *k = ctx;

	if (k->n == k->size) {
		size_t size = k->size ? k->size * 2 : 256;
		struct hf_hub_row *more =
		    k->n < OPEN_MOST ? reallocarray(k->rows, size, sizeof *more) : NULL;

		if (!more) {
			k->full = true;
			return false;
		}
		k->rows = more;
		k->size = size;
	}
	if (!hf_row_copy(row, &k->keep, &k->rows[k->n])) {
		k->full = true;
		return false;
	}
	k->n++;
	return true;
}

static int
by_next(const void *a, const void *b)
{
	const struct hf_downtime_entry *x = a, *y = b;

	if (x->next != y->next)
		return x->next < y->next ? -1 : 1;
	if (x->received != y->received)
		return x->received < y->received ? -1 : 1;
	return hf_sv_cmp(x->id, y->id);
}

static int
by_name(const void *a, const void *b)
{
	const struct hf_downtime_team *x = a, *y = b;
	int order = hf_sv_cmp(x->name, y->name);

	return order ? order : hf_sv_cmp(x->id, y->id);
}

static bool
has_team(const struct packing *k, struct hf_sv id)
{
	for (size_t i = 0; i < k->n_teams; i++)
		if (hf_sv_eq(k->teams[i].id, id))
			return true;
	return false;
}

/* Teams of the directory, and those that are in it no more and still have somebody. */
static enum hf_rc
fill_teams(struct packing *k, struct hf_err *err)
{
	struct hf_hub_teams teams;
	enum hf_rc rc =
	    hf_hub_teams(k->hub, (struct hf_sv){0}, NULL, k->at, &k->keep, &teams, err);

	if (rc)
		return rc;
	k->teams =
	    hf_arena_array(&k->keep, teams.directory.n + k->n + 1, sizeof *k->teams);
	if (!k->teams)
		return hf_fail(err, HF_FULL, NULL, "no memory for the pack");
	for (size_t i = 0; i < teams.directory.n; i++) {
		const struct hf_team *t = &teams.directory.items[i];
		struct hf_capacity c =
		    hf_team_capacity(t, k->at, teams.committed[i], true, 1);

		if (t->active)
			k->teams[k->n_teams++] = (struct hf_downtime_team){
			    .id = t->id,
			    .name = t->name.n ? t->name : t->id,
			    .provider = t->provider_name,
			    .phone = t->phone,
			    .free = c.counted ? c.free : -1};
	}
	for (size_t i = 0; i < k->n; i++) {
		const struct hf_downtime_entry *e = &k->entries[i];

		if (e->team.n && !has_team(k, e->team))
			k->teams[k->n_teams++] = (struct hf_downtime_team){
			    .id = e->team,
			    .name = e->team_name.n ? e->team_name : e->team,
			    .free = -1};
	}
	qsort(k->teams, k->n_teams, sizeof *k->teams, by_name);
	return HF_OK;
}

static enum hf_rc
gather(struct packing *k, struct hf_err *err)
{
	enum hf_rc rc = hf_reader_get(k->hub->store, &k->reader, err);

	if (rc)
		return rc;
	hf_hub_rows(k->hub, take_row, k);
	k->entries = calloc(k->n + 1, sizeof *k->entries);
	k->full |= k->entries == NULL;
	for (size_t i = 0; !k->full && i < k->n; i++) {
		fill(k, &k->rows[i], &k->entries[i]);
		hf_arena_reset(&k->scratch);
	}
	hf_reader_put(k->reader);
	if (k->full)
		return hf_fail(err, HF_FULL, NULL,
			       "there are too many open referrals for a pack");
	qsort(k->entries, k->n, sizeof *k->entries, by_next);
	return fill_teams(k, err);
}

/* ---- the folder ---- */

static bool
is_kept(void *ctx, const char *name)
{
	const struct packing *k = ctx;
	char file[HF_DOWNTIME_NAME];

	for (size_t i = 0; i < k->n_teams; i++) {
		hf_downtime_file(k->teams[i].id, file);
		if (strcmp(file, name) == 0)
			return true;
	}
	return false;
}

static enum hf_rc
put_page(struct hf_pack_folder *f, const char *name, const struct hf_buf *text,
	 struct hf_err *err)
{
	if (text->failed)
		return hf_fail(err, HF_FULL, f->path, "a page needs too much memory");
	return hf_pack_folder_put(f, name, hf_buf_view(text), err);
}

/* The page that leads to the others last: what it names is there. */
static enum hf_rc
write_pages(struct packing *k, struct hf_pack_folder *f, const struct hf_downtime *pack,
	    struct hf_err *err)
{
	struct hf_buf text = {.cap = PAGE_MOST};
	enum hf_rc rc;

	hf_downtime_page(pack, NULL, &text);
	rc = put_page(f, "hub.html", &text, err);
	for (size_t i = 0; rc == HF_OK && i < pack->n_teams; i++) {
		char name[HF_DOWNTIME_NAME];

		text.n = 0;
		hf_downtime_page(pack, &pack->teams[i], &text);
		hf_downtime_file(pack->teams[i].id, name);
		rc = put_page(f, name, &text, err);
	}
	text.n = 0;
	hf_downtime_index(pack, &text);
	if (rc == HF_OK)
		rc = put_page(f, "index.html", &text, err);
	if (rc == HF_OK)
		hf_pack_folder_sweep(f, is_kept, k);
	hf_buf_free(&text);
	return rc;
}

enum hf_rc
hf_downtime_check(const char *dir, struct hf_err *err)
{
	struct hf_pack_folder folder = {.fd = -1};
	enum hf_rc rc = hf_pack_folder_open(dir, &folder, err);

	if (rc == HF_OK)
		hf_pack_folder_close(&folder);
	return rc;
}

enum hf_rc
hf_downtime_make(struct hf_store *store, const char *dir, hf_time now,
		 int every_minutes, struct hf_downtime_report *out, struct hf_err *err)
{
	struct packing k = {
	    .keep = {.cap = (size_t)1 << 30}, .scratch = {.cap = 64 << 20}, .at = now};
	/* What can be read is better on paper than nothing. */
	const struct hf_hub_config config = {.store = store, .strays = true};
	struct hf_pack_folder folder = {.fd = -1};
	struct hf_downtime pack = {.at = now, .every_minutes = every_minutes};
	enum hf_rc rc = hf_pack_folder_open(dir, &folder, err);

	if (rc == HF_OK)
		rc = hf_hub_open(&config, &k.hub, err);
	if (rc == HF_OK)
		rc = gather(&k, err);
	if (rc == HF_OK) {
		(void)hf_hub_self(k.hub, &pack.hub);
		pack.entries = k.entries;
		pack.n = k.n;
		pack.teams = k.teams;
		pack.n_teams = k.n_teams;
		rc = write_pages(&k, &folder, &pack, err);
	}
	if (rc == HF_OK)
		*out = (struct hf_downtime_report){k.n, k.n_teams};
	hf_hub_close(k.hub);
	hf_pack_folder_close(&folder);
	free(k.entries);
	free(k.rows);
	hf_arena_free(&k.keep);
	hf_arena_free(&k.scratch);
	return rc;
}
