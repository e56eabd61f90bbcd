/* case_row.c - an instance read of the record, and as lists show it. */
#include "hub/io/case_int.h"

#include "record/hub_task.h"
#include "record/person_text.h"

/* ---- reading ---- */

struct following {
	const struct hf_case_def *def;
	struct hf_case_parts *parts;
	struct hf_arena *arena;
};

static enum hf_rc
seen(void *ctx, const struct hf_hub_event *e, const struct hf_replay *r,
     struct hf_err *err)
{
	struct following *f = ctx;
	char digest[20];

	snprintf(digest, sizeof digest, "%016llx", (unsigned long long)f->def->digest);
	if (e->digest.n && !hf_sv_eq(e->digest, hf_sv_from(digest)))
		return hf_fail(err, HF_RULE, "Task.input",
			       "%s %s has been edited since it began with it",
			       f->def->p->id, f->def->p->version);
	hf_case_parts_follow(f->parts, f->def->p, e, r, f->arena);
	return HF_OK;
}

enum hf_rc
hf_case_read_doc(struct hf_caseload *cl, struct hf_reader *plain,
		 struct hf_arena *arena, struct hf_case_read *out, struct hf_err *err)
{
	struct following f = {.parts = &out->parts, .arena = arena};
	struct hf_version who;
	struct hf_json patient;
	struct hf_sv what;
	const struct hf_json *about = NULL;
	enum hf_rc rc;

	out->def = f.def = hf_case_def_of(cl, &out->doc, arena, &what);
	if (!out->def)
		return hf_fail(err, HF_RULE, "Task.instantiatesCanonical",
			       "the version it began with is not here");
	out->parts = (struct hf_case_parts){0};
	rc = hf_story_follow(out->def->p, &out->doc, arena, seen, &f, &out->story, err);
	if (rc)
		return rc;
	if (hf_store_read_rid(plain, HF_RID_MIN(HF_RID_SHELF(out->task.e.rid)), 0,
			      arena, &who, NULL) == HF_OK &&
	    hf_json_parse(who.body, NULL, arena, &patient, NULL) == HF_OK)
		about = &patient;
	hf_case_row_make(out, about, arena, &out->row);
	return HF_OK;
}

enum hf_rc
hf_caseload_read(struct hf_caseload *cl, struct hf_reader *reader, struct hf_sv id,
		 struct hf_arena *arena, struct hf_case_read *out, struct hf_err *err)
{
	enum hf_rc rc =
	    hf_store_read(reader, HF_SV("Task"), id, 0, arena, &out->task, err);

	if (rc == HF_OK)
		rc = hf_json_parse(out->task.body, NULL, arena, &out->doc, err);
	if (rc == HF_OK && !hf_hub_task_is(&out->doc, 0, "pathway", arena))
		rc = hf_fail(err, HF_NOT_FOUND, NULL,
			     "nobody is on a pathway by this id");
	return rc ? rc : hf_case_read_doc(cl, reader, arena, out, err);
}

enum hf_rc
hf_caseload_person(struct hf_caseload *cl, struct hf_reader *reader,
		   struct hf_sv patient, struct hf_arena *arena,
		   struct hf_case_row **out, size_t *n, struct hf_err *err)
{
	uint64_t sig = hf_code_sig(HF_SV("pathway"));
	struct hf_case_row *rows = NULL;
	size_t size = 0, shelves_n = 0;
	struct hf_entry who;
	int64_t *shelves;
	enum hf_rc rc = hf_store_find(reader, cl->patient, patient, &who, err);

	*n = 0;
	*out = NULL;
	if (rc == HF_OK)
		rc = hf_store_person(reader, HF_RID_SHELF(who.rid), arena, &shelves,
				     &shelves_n, err);
	for (size_t s = 0; rc == HF_OK && s < shelves_n; s++) {
		struct hf_entry *entries;
		size_t n_entries;

		rc = hf_store_shelf(reader, shelves[s], arena, &entries, &n_entries,
				    err);
		for (size_t i = n_entries; rc == HF_OK && i > 0; i--) {
			const struct hf_entry *e = &entries[i - 1];
			struct hf_case_read *r;

			if (e->type != cl->task || (e->sig & sig) != sig)
				continue;
			r = HF_NEW(arena, struct hf_case_read);
			if (!r)
				return hf_fail(err, HF_TOO_LONG, NULL,
					       "too much to show at once");
			if (hf_store_read_rid(reader, e->rid, 0, arena, &r->task,
					      NULL) != HF_OK ||
			    hf_json_parse(r->task.body, NULL, arena, &r->doc, NULL) !=
				HF_OK ||
			    !hf_hub_task_is(&r->doc, 0, "pathway", arena) ||
			    hf_case_read_doc(cl, reader, arena, r, NULL) != HF_OK)
				continue;
			if (*n == size) {
				struct hf_case_row *more;

				size = size ? size * 2 : 8;
				more = hf_arena_array(arena, size, sizeof *more);
				if (!more)
					return hf_fail(err, HF_TOO_LONG, NULL,
						       "too much to show at once");
				if (*n)
					memcpy(more, rows, *n * sizeof *more);
				rows = more;
			}
			rows[(*n)++] = r->row;
		}
	}
	*out = rows;
	return rc;
}

/* ---- rows ---- */

static void
put_clocks(const struct hf_case_read *r, struct hf_case_row *row)
{
	const struct hf_pw_instance *in = &r->story.replay.in;
	const struct hf_pathway *p = r->def->p;

	for (size_t c = 0; c < p->n_clocks && row->n_clocks < HF_CASE_CLOCKS; c++) {
		const struct hf_pw_run *newest = NULL;
		struct hf_hub_clock *out;

		/* A run that made room for another is not in order: by its start. */
		for (size_t i = 0; i < in->n_runs; i++)
			if (in->runs[i].clock == c &&
			    (!newest || in->runs[i].start >= newest->start))
				newest = &in->runs[i];
		if (!newest)
			continue;
		out = &row->clocks[row->n_clocks++];
		*out = (struct hf_hub_clock){
		    .clock = (uint8_t)c,
		    .state = newest->state,
		    .warned = newest->marks != 0,
		    .breached = newest->breached,
		    .start = newest->start,
		    .due = newest->due,
		    .stopped = newest->stopped,
		    .paused_ms = newest->paused_ms,
		};
		if (newest->state == HF_RUN_RUNNING && newest->due < row->next)
			row->next = newest->due;
	}
}

void
hf_case_row_make(const struct hf_case_read *r, const struct hf_json *patient,
		 struct hf_arena *arena, struct hf_case_row *out)
{
	const struct hf_pw_instance *in = &r->story.replay.in;
	struct hf_sv about = hf_dig_text(&r->doc, 0, "for.reference", arena);
	struct hf_hub_row who = {0};

	if (patient)
		hf_row_patient(patient, arena, &who);
	*out = (struct hf_case_row){
	    .rid = r->task.e.rid,
	    .version = r->task.e.version,
	    .open = hf_case_open(in, &r->parts),
	    .ended = in->ended,
	    .def = r->def,
	    .state = in->state,
	    .id = r->task.id,
	    .patient = hf_sv_starts(about, HF_SV("Patient/")) ? hf_sv_from_at(about, 8)
							      : (struct hf_sv){0},
	    .name = who.name,
	    .born = who.born,
	    .nhs = who.nhs,
	    .owner = hf_dig_text(&r->doc, 0, "owner.reference", arena),
	    .owner_name = hf_dig_text(&r->doc, 0, "owner.display", arena),
	    .began = r->story.n ? r->story.events[0].at : 0,
	    .since = in->entered,
	    .next = HF_TIME_MAX,
	    .wake = hf_pw_next(r->def->p, in),
	    .n_parts = r->parts.n,
	};
	memcpy(out->parts, r->parts.items, r->parts.n * sizeof out->parts[0]);
	put_clocks(r, out);
}

static void
take(struct hf_arena *arena, struct hf_sv *s, bool *ok)
{
	*s = s->n ? hf_arena_sv(arena, *s) : (struct hf_sv){0};
	*ok = *ok && (s->n == 0 || s->p);
}

bool
hf_case_row_copy(const struct hf_case_row *from, struct hf_arena *arena,
		 struct hf_case_row *to)
{
	bool ok = true;

	*to = *from;
	take(arena, &to->id, &ok);
	take(arena, &to->patient, &ok);
	take(arena, &to->name, &ok);
	take(arena, &to->born, &ok);
	take(arena, &to->nhs, &ok);
	take(arena, &to->owner, &ok);
	take(arena, &to->owner_name, &ok);
	for (size_t i = 0; i < to->n_parts; i++) {
		take(arena, &to->parts[i].key, &ok);
		take(arena, &to->parts[i].title, &ok);
		take(arena, &to->parts[i].role, &ok);
	}
	return ok;
}
