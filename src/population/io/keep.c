/* keep.c - lists of people most in need in the store. */
#include "population/io/keep.h"

#include <stdlib.h>

#include "record/io/desk.h"

struct job {
	const struct hf_need_by *by;
	const struct hf_need_list *list;
	int64_t id, pos;
	struct hf_sv answer, reason, task;
};

/* The number that query gives. */
static enum hf_rc
last(struct hf_db *db, enum hf_query q, int64_t *out, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, q, NULL, &rows, err);

	if (rc)
		return rc;
	*out = hf_rows_next(&rows) ? hf_rows_int(&rows, 0) : 0;
	return hf_rows_end(&rows, err);
}

static struct hf_sv
view_of_pid(const uint8_t *pid)
{
	return (struct hf_sv){(const char *)pid, HF_POP_PID};
}

static enum hf_rc
write_version(struct hf_db *db, int64_t id, const struct hf_need_list *l,
	      struct hf_err *err)
{
	enum hf_rc rc = hf_db_exec(db, HF_Q_POPULATION_NEED_VERSION_ADD,
				   HF_ARGS(HF_INT(id), HF_INT(l->before),
					   HF_TEXT(l->because), HF_TEXT(l->room)),
				   NULL, err);

	for (size_t i = 0; rc == HF_OK && i < l->n_turns; i++) {
		const struct hf_pop_turn *t = &l->turns[i];

		rc = hf_db_exec(
		    db, HF_Q_POPULATION_NEED_MOVED_ADD,
		    HF_ARGS(HF_INT(id), HF_INT((int64_t)i + 1),
			    HF_BLOB(view_of_pid(t->pid)),
			    HF_TEXT(t->entered ? HF_SV("entered") : HF_SV("left")),
			    HF_TEXT(hf_sv_from(hf_pop_turn_codes[t->why])),
			    HF_INT(t->was), HF_INT(t->now)),
		    NULL, err);
	}
	return rc;
}

/* Several servers of one store renew: the first one does. */
static enum hf_rc
still_newest(struct hf_db *db, const struct hf_need_list *l, struct hf_err *err)
{
	struct hf_rows rows;
	int64_t id = 0;
	enum hf_rc rc;

	if (!hf_sv_is(l->because, "month"))
		return HF_OK;
	rc = hf_db_query(db, HF_Q_POPULATION_NEED_LIST_SAME,
			 HF_ARGS(HF_TEXT(l->scope), HF_TEXT(l->rule)), &rows, err);
	if (rc)
		return rc;
	if (hf_rows_next(&rows))
		id = hf_rows_int(&rows, 0);
	rc = hf_rows_end(&rows, err);
	return rc || id == l->before
		   ? rc
		   : hf_fail(err, HF_EXISTS, NULL, "there is a newer list");
}

static enum hf_rc
write_list(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	struct job *j = ctx;
	const struct hf_need_list *l = j->list;
	enum hf_rc rc = still_newest(db, l, err);

	if (rc == HF_OK)
		rc = last(db, HF_Q_POPULATION_NEED_LIST_LAST, &j->id, err);
	if (rc)
		return rc;
	j->id++;
	rc = hf_db_exec(db, HF_Q_POPULATION_NEED_LIST_ADD,
			HF_ARGS(HF_INT(j->id), HF_TEXT(l->rule), HF_TEXT(l->version),
				HF_TEXT(l->scope), HF_INT(l->day), HF_INT(l->data),
				HF_INT(at), HF_TEXT(j->by->actor), HF_TEXT(j->by->org),
				HF_INT(l->places), HF_INT(l->eligible),
				HF_INT(l->registered), HF_INT(l->dead),
				HF_INT(l->objects), HF_INT(l->untraced),
				HF_INT(l->on_caseload), HF_INT(l->too_young),
				HF_INT(l->below), HF_INT(l->unscored), HF_INT(change)),
			NULL, err);
	for (size_t i = 0; rc == HF_OK && i < l->n; i++) {
		const struct hf_need_person *p = &l->people[i];

		rc = hf_db_exec(db, HF_Q_POPULATION_NEED_PERSON_ADD,
				HF_ARGS(HF_INT(j->id), HF_INT((int64_t)i + 1),
					HF_BLOB(view_of_pid(p->pid)),
					HF_TEXT(p->practice), HF_INT(p->points),
					HF_INT(p->efi), HF_INT(p->band),
					HF_INT(p->risk), HF_INT(p->chosen),
					HF_INT(p->benefit), HF_TEXT(p->reasons)),
				NULL, err);
	}
	if (rc == HF_OK && l->because.n)
		rc = write_version(db, j->id, l, err);
	return rc;
}

static enum hf_rc
run(struct hf_store *store, struct job *j, const char *what,
    enum hf_rc (*write)(void *, struct hf_db *, int64_t, hf_time, struct hf_err *),
    struct hf_err *err)
{
	const struct hf_desk_job desk = {.actor = j->by->actor,
					 .purpose = j->by->purpose,
					 .trace = j->by->trace,
					 .what = hf_sv_from(what),
					 .write = write,
					 .ctx = j,
					 .apart = true};

	return hf_store_desk(store, &desk, err);
}

enum hf_rc
hf_need_keep(struct hf_store *store, const struct hf_need_by *by,
	     const struct hf_need_list *list, int64_t *id, struct hf_err *err)
{
	struct job j = {.by = by, .list = list};
	enum hf_rc rc;

	if (list->n > HF_NEED_KEPT)
		return hf_fail(err, HF_INVALID, "people", "at most %d people are kept",
			       HF_NEED_KEPT);
	rc = run(store, &j, "need list add", write_list, err);
	if (rc == HF_OK)
		*id = j.id;
	return rc;
}

/* ---- answers ---- */

bool
hf_need_answer_ok(struct hf_sv answer)
{
	return hf_sv_among(answer, "proposed accepted declined unsuitable");
}

static enum hf_rc
stands_there(struct hf_db *db, const struct job *j, struct hf_err *err)
{
	struct hf_rows rows;
	bool found = false;
	enum hf_rc rc = hf_db_query(db, HF_Q_POPULATION_NEED_PEOPLE,
				    HF_ARGS(HF_INT(j->id)), &rows, err);

	if (rc)
		return rc;
	while (!found && hf_rows_next(&rows))
		found = hf_rows_int(&rows, HF_C_POPULATION_NEED_PEOPLE_POS) == j->pos;
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && !found)
		rc =
		    hf_fail(err, HF_NOT_FOUND, NULL, "nobody stands there on the list");
	return rc;
}

static enum hf_rc
write_answer(void *ctx, struct hf_db *db, int64_t change, hf_time at,
	     struct hf_err *err)
{
	const struct job *j = ctx;
	int64_t id;
	enum hf_rc rc = stands_there(db, j, err);

	if (rc == HF_OK)
		rc = last(db, HF_Q_POPULATION_NEED_ANSWER_LAST, &id, err);
	if (rc)
		return rc;
	return hf_db_exec(db, HF_Q_POPULATION_NEED_ANSWER_ADD,
			  HF_ARGS(HF_INT(id + 1), HF_INT(j->id), HF_INT(j->pos),
				  HF_TEXT(j->answer), HF_TEXT(j->reason),
				  HF_TEXT(j->task), HF_INT(at), HF_TEXT(j->by->actor),
				  HF_INT(change)),
			  NULL, err);
}

enum hf_rc
hf_need_answer(struct hf_store *store, const struct hf_need_by *by, int64_t list,
	       int64_t pos, struct hf_sv answer, struct hf_sv reason, struct hf_sv task,
	       struct hf_err *err)
{
	struct job j = {.by = by,
			.id = list,
			.pos = pos,
			.answer = answer,
			.reason = reason,
			.task = task};

	if (!hf_need_answer_ok(answer))
		return hf_fail(err, HF_INVALID, "answer",
			       "expected proposed, accepted, declined or unsuitable");
	return run(store, &j, "need answer add", write_answer, err);
}

/* ---- reading ---- */

static struct hf_sv
kept(struct hf_arena *arena, struct hf_sv s, bool *good)
{
	struct hf_sv copy = hf_arena_sv(arena, s.p ? s : HF_SV(""));

	*good = *good && copy.p;
	return copy;
}

/* Columns of need_list_get and need_list_of are the same. */
static bool
read_list(struct hf_rows *r, struct hf_arena *arena, struct hf_need_list *l)
{
	bool good = true;

#define INT(name) hf_rows_int(r, HF_C_POPULATION_NEED_LIST_GET_##name)
#define TEXT(name)                                                                     \
	kept(arena, hf_rows_text(r, HF_C_POPULATION_NEED_LIST_GET_##name), &good)
	*l = (struct hf_need_list){
	    .id = INT(ID),
	    .rule = TEXT(RULE),
	    .version = TEXT(VERSION),
	    .scope = TEXT(SCOPE),
	    .day = (uint16_t)INT(DAY),
	    .data = INT(DATA),
	    .made_at = INT(MADE_AT),
	    .made_by = TEXT(MADE_BY),
	    .org = TEXT(ORG),
	    .places = INT(PLACES),
	    .eligible = INT(ELIGIBLE),
	    .registered = INT(REGISTERED),
	    .dead = INT(DEAD),
	    .objects = INT(OBJECTS),
	    .untraced = INT(UNTRACED),
	    .on_caseload = INT(ON_CASELOAD),
	    .too_young = INT(TOO_YOUNG),
	    .below = INT(BELOW),
	    .unscored = INT(UNSCORED),
	};
#undef INT
#undef TEXT
	return good;
}

static enum hf_rc
read_people(struct hf_db *db, struct hf_arena *arena, struct hf_need_list *l,
	    struct hf_err *err)
{
	struct hf_rows r;
	bool good = true;
	enum hf_rc rc;

	l->people = hf_arena_array(arena, HF_NEED_KEPT, sizeof *l->people);
	if (!l->people)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the list");
	rc = hf_db_query(db, HF_Q_POPULATION_NEED_PEOPLE, HF_ARGS(HF_INT(l->id)), &r,
			 err);
	if (rc)
		return rc;
#define INT(name) hf_rows_int(&r, HF_C_POPULATION_NEED_PEOPLE_##name)
#define TEXT(name)                                                                     \
	kept(arena, hf_rows_text(&r, HF_C_POPULATION_NEED_PEOPLE_##name), &good)
	while (good && l->n < HF_NEED_KEPT && hf_rows_next(&r)) {
		struct hf_need_person *p = &l->people[l->n++];
		struct hf_sv pid = hf_rows_blob(&r, HF_C_POPULATION_NEED_PEOPLE_PID);

		if (pid.n == HF_POP_PID)
			memcpy(p->pid, pid.p, HF_POP_PID);
		p->practice = TEXT(PRACTICE);
		p->reasons = TEXT(REASONS);
		p->points = (int32_t)INT(POINTS);
		p->efi = (int32_t)INT(EFI);
		p->band = (int32_t)INT(BAND);
		p->risk = (int32_t)INT(RISK);
		p->chosen = INT(CHOSEN) != 0;
		p->benefit = INT(BENEFIT);
	}
#undef INT
#undef TEXT
	rc = hf_rows_end(&r, err);
	return rc || good ? rc
			  : hf_fail(err, HF_TOO_LONG, NULL, "no memory for the list");
}

static enum hf_rc
read_answers(struct hf_db *db, struct hf_arena *arena, struct hf_need_list *l,
	     struct hf_err *err)
{
	struct hf_rows r;
	bool good = true;
	enum hf_rc rc = hf_db_query(db, HF_Q_POPULATION_NEED_ANSWERS,
				    HF_ARGS(HF_INT(l->id)), &r, err);

	if (rc)
		return rc;
#define TEXT(name)                                                                     \
	kept(arena, hf_rows_text(&r, HF_C_POPULATION_NEED_ANSWERS_##name), &good)
	while (good && hf_rows_next(&r)) {
		int64_t pos = hf_rows_int(&r, HF_C_POPULATION_NEED_ANSWERS_POS);
		struct hf_need_person *p;

		if (pos < 1 || pos > (int64_t)l->n)
			continue;
		p = &l->people[pos - 1]; /* a later row takes its place */
		p->answer = TEXT(ANSWER);
		p->reason = TEXT(REASON);
		p->task = TEXT(TASK);
		p->said_by = TEXT(SAID_BY);
		p->said_at = hf_rows_int(&r, HF_C_POPULATION_NEED_ANSWERS_SAID_AT);
	}
#undef TEXT
	rc = hf_rows_end(&r, err);
	return rc || good ? rc
			  : hf_fail(err, HF_TOO_LONG, NULL, "no memory for the list");
}

static enum hf_pop_turn_why
why_of(struct hf_sv code)
{
	for (unsigned i = 1; i < HF_POP_TURN_WHYS; i++)
		if (hf_sv_eq(code, hf_sv_from(hf_pop_turn_codes[i])))
			return (enum hf_pop_turn_why)i;
	return HF_POP_TURN_NONE;
}

static enum hf_rc
read_turns(struct hf_db *db, struct hf_arena *arena, struct hf_need_list *l,
	   struct hf_err *err)
{
	struct hf_rows r;
	size_t most = (size_t)2 * HF_NEED_KEPT;
	enum hf_rc rc;

	l->turns = hf_arena_array(arena, most, sizeof *l->turns);
	if (!l->turns)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the list");
	rc = hf_db_query(db, HF_Q_POPULATION_NEED_MOVED, HF_ARGS(HF_INT(l->id)), &r,
			 err);
	if (rc)
		return rc;
	while (l->n_turns < most && hf_rows_next(&r)) {
		struct hf_pop_turn *t = &l->turns[l->n_turns++];
		struct hf_sv pid = hf_rows_blob(&r, HF_C_POPULATION_NEED_MOVED_PID);

		*t = (struct hf_pop_turn){
		    .entered = hf_sv_is(
			hf_rows_text(&r, HF_C_POPULATION_NEED_MOVED_WAY), "entered"),
		    .why = why_of(hf_rows_text(&r, HF_C_POPULATION_NEED_MOVED_WHY)),
		    .was = (uint32_t)hf_rows_int(&r, HF_C_POPULATION_NEED_MOVED_WAS),
		    .now =
			(uint32_t)hf_rows_int(&r, HF_C_POPULATION_NEED_MOVED_NOW_AT)};
		if (pid.n == HF_POP_PID)
			memcpy(t->pid, pid.p, HF_POP_PID);
	}
	return hf_rows_end(&r, err);
}

/* Lists of before there were versions have none. */
static enum hf_rc
read_version(struct hf_db *db, struct hf_arena *arena, struct hf_need_list *l,
	     struct hf_err *err)
{
	struct hf_rows r;
	bool good = true;
	enum hf_rc rc = hf_db_query(db, HF_Q_POPULATION_NEED_VERSION,
				    HF_ARGS(HF_INT(l->id)), &r, err);

	if (rc)
		return rc;
	if (hf_rows_next(&r)) {
		l->before = hf_rows_int(&r, HF_C_POPULATION_NEED_VERSION_BEFORE);
		l->because =
		    kept(arena, hf_rows_text(&r, HF_C_POPULATION_NEED_VERSION_BECAUSE),
			 &good);
		l->room = kept(
		    arena, hf_rows_text(&r, HF_C_POPULATION_NEED_VERSION_ROOM), &good);
	}
	rc = hf_rows_end(&r, err);
	return rc || good ? rc
			  : hf_fail(err, HF_TOO_LONG, NULL, "no memory for the list");
}

enum hf_rc
hf_need_get(struct hf_reader *reader, int64_t id, struct hf_arena *arena,
	    struct hf_need_list *out, struct hf_err *err)
{
	struct hf_db *db = hf_reader_db(reader);
	struct hf_need_list l = {0};
	struct hf_rows r;
	bool found = false, good = true;
	enum hf_rc rc = hf_db_query(db, HF_Q_POPULATION_NEED_LIST_GET,
				    HF_ARGS(HF_INT(id)), &r, err);

	if (rc)
		return rc;
	if (hf_rows_next(&r)) {
		found = true;
		good = read_list(&r, arena, &l);
	}
	rc = hf_rows_end(&r, err);
	if (rc == HF_OK && !found)
		rc = hf_fail(err, HF_NOT_FOUND, NULL, "there is no such list");
	if (rc == HF_OK && !good)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "no memory for the list");
	if (rc == HF_OK)
		rc = read_people(db, arena, &l, err);
	if (rc == HF_OK)
		rc = read_answers(db, arena, &l, err);
	if (rc == HF_OK)
		rc = read_version(db, arena, &l, err);
	if (rc == HF_OK && l.before)
		rc = read_turns(db, arena, &l, err);
	if (rc == HF_OK)
		*out = l;
	return rc;
}

/* Rows of need_list_of, or of need_list_newest, which are the same. */
static enum hf_rc
read_lists(struct hf_db *db, enum hf_query q, const struct hf_arg *args, size_t most,
	   struct hf_arena *arena, struct hf_need_list **out, size_t *n,
	   struct hf_err *err)
{
	struct hf_need_list *items = hf_arena_array(arena, most, sizeof *items);
	struct hf_rows r;
	size_t count = 0;
	bool good = items != NULL;
	enum hf_rc rc;

	if (!good)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for lists");
	rc = hf_db_query(db, q, args, &r, err);
	if (rc)
		return rc;
	while (good && count < most && hf_rows_next(&r))
		good = read_list(&r, arena, &items[count++]);
	rc = hf_rows_end(&r, err);
	if (rc == HF_OK && !good)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "no memory for lists");
	for (size_t i = 0; rc == HF_OK && i < count; i++)
		rc = read_version(db, arena, &items[i], err);
	if (rc)
		return rc;
	*out = items;
	*n = count;
	return HF_OK;
}

enum hf_rc
hf_need_lists(struct hf_reader *reader, struct hf_sv scope, size_t most,
	      struct hf_arena *arena, struct hf_need_list **out, size_t *n,
	      struct hf_err *err)
{
	return read_lists(hf_reader_db(reader), HF_Q_POPULATION_NEED_LIST_OF,
			  HF_ARGS(HF_TEXT(scope), HF_INT((int64_t)most)), most, arena,
			  out, n, err);
}

enum hf_rc
hf_need_newest(struct hf_reader *reader, size_t most, struct hf_arena *arena,
	       struct hf_need_list **out, size_t *n, struct hf_err *err)
{
	return read_lists(hf_reader_db(reader), HF_Q_POPULATION_NEED_LIST_NEWEST,
			  HF_ARGS(HF_INT((int64_t)most)), most, arena, out, n, err);
}

enum hf_rc
hf_need_taken_of(struct hf_reader *reader, struct hf_sv rule, struct hf_sv scope,
		 hf_time since, int64_t *out, struct hf_err *err)
{
	struct hf_rows r;
	enum hf_rc rc =
	    hf_db_query(hf_reader_db(reader), HF_Q_POPULATION_NEED_TAKEN_OF,
			HF_ARGS(HF_TEXT(rule), HF_TEXT(scope), HF_INT(since)), &r, err);

	*out = 0;
	if (rc)
		return rc;
	if (hf_rows_next(&r))
		*out = hf_rows_int(&r, 0);
	return hf_rows_end(&r, err);
}

enum hf_rc
hf_need_of_task(struct hf_reader *reader, struct hf_sv task, int64_t *list,
		int64_t *pos, struct hf_err *err)
{
	struct hf_rows r;
	enum hf_rc rc =
	    hf_db_query(hf_reader_db(reader), HF_Q_POPULATION_NEED_ANSWER_TASK,
			HF_ARGS(HF_TEXT(task)), &r, err);

	*list = *pos = 0;
	if (rc)
		return rc;
	if (hf_rows_next(&r)) {
		*list = hf_rows_int(&r, HF_C_POPULATION_NEED_ANSWER_TASK_LIST);
		*pos = hf_rows_int(&r, HF_C_POPULATION_NEED_ANSWER_TASK_POS);
	}
	return hf_rows_end(&r, err);
}

/* ---- who is on a caseload ---- */

struct pid_at {
	uint8_t pid[HF_POP_PID];
	uint8_t taken;
	uint32_t order;
};

static int
by_pid(const void *a, const void *b)
{
	const struct pid_at *x = a, *y = b;
	int way = memcmp(x->pid, y->pid, HF_POP_PID);

	return way ? way : (x->order > y->order) - (x->order < y->order);
}

/* The latest of a pseudonym stands last of it. */
static void
mark(const struct hf_pop_columns *c, struct pid_at *at, size_t n, uint8_t *caseload)
{
	size_t latest = 0;

	if (n == 0)
		return;
	qsort(at, n, sizeof *at, by_pid);
	for (size_t i = 0; i < n; i++)
		if (i + 1 == n || memcmp(at[i].pid, at[i + 1].pid, HF_POP_PID) != 0)
			at[latest++] = at[i];
	for (uint32_t p = 0; p < c->n_persons; p++) {
		size_t low = 0, high = latest;

		while (low < high) {
			size_t mid = (low + high) / 2;
			int way = memcmp(at[mid].pid, c->persons[p].pid, HF_POP_PID);

			if (way == 0) {
				caseload[p] = at[mid].taken;
				break;
			}
			if (way < 0)
				low = mid + 1;
			else
				high = mid;
		}
	}
}

enum hf_rc
hf_need_taken(struct hf_reader *reader, const struct hf_pop_columns *c, hf_time since,
	      uint8_t *caseload, struct hf_err *err)
{
	struct pid_at *at = calloc(HF_NEED_TAKEN, sizeof *at);
	struct hf_rows r;
	size_t n = 0;
	enum hf_rc rc;

	if (!at)
		return hf_fail(err, HF_BUSY, NULL, "no memory now; try again");
	rc = hf_db_query(hf_reader_db(reader), HF_Q_POPULATION_NEED_TAKEN,
			 HF_ARGS(HF_INT(since), HF_INT(HF_NEED_TAKEN)), &r, err);
	if (rc == HF_OK) {
		while (n < HF_NEED_TAKEN && hf_rows_next(&r)) {
			struct hf_sv pid = hf_rows_blob(&r, 0);
			struct hf_sv answer = hf_rows_text(&r, 1);

			if (pid.n != HF_POP_PID)
				continue;
			memcpy(at[n].pid, pid.p, HF_POP_PID);
			at[n].taken = hf_sv_among(answer, "proposed accepted");
			at[n].order = (uint32_t)n;
			n++;
		}
		rc = hf_rows_end(&r, err);
	}
	if (rc == HF_OK)
		mark(c, at, n, caseload);
	free(at);
	return rc;
}
