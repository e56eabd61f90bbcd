/* need_fill.c - for tests of the lists: gives everybody of a record a place in the
 * population, as a feed of the practice would: registered at PRACTICE, with conditions,
 * medicines, stays and visits by the number of their shelf.
 *
 * usage: need_fill DATA PRACTICE [DAYS]: as it was so many days ago */
#include <stdio.h>

#include "base/io/clock.h"
#include "population/io/store.h"
#include "population/own.h"
#include "record/io/desk.h"
#include "record/io/store.h"

enum { MOST = 5000, FIRST = 16 };

struct filling {
	struct hf_sv practice;
	uint16_t today;
	bool before; /* one in nine came to the practice since */
	int64_t *shelves;
	size_t n;
};

static uint16_t
code(struct hf_pop_own *own, struct hf_arena *a, enum hf_pop_kind kind,
     const char *text)
{
	uint16_t out = 0;
	struct hf_err err;

	if (hf_pop_own_code(own, a, kind, hf_sv_from(text), &out, &err) != HF_OK)
		fprintf(stderr, "need_fill: %s\n", err.text);
	return out;
}

static enum hf_rc
fill(struct hf_db *db, const struct filling *f, int64_t shelf, int64_t change,
     struct hf_err *err)
{
	static const char *const conditions[] = {
	    "ltc-dementia",  "ltc-copd",      "ltc-heart-failure",
	    "ltc-diabetes",  "efi-falls",     "efi-housebound",
	    "efi-dizziness", "efi-arthritis", "efi-skin-ulcer",
	    "efi-dyspnoea",  "efi-anaemia",   "efi-thyroid-disorders"};
	struct hf_arena a = {.cap = 4 << 20};
	struct hf_buf body = {.cap = 1 << 20};
	struct hf_pop_own own = {0};
	struct hf_pop_condition cond[HF_COUNT(conditions)] = {{0}};
	struct hf_pop_registration reg = {.to = HF_POP_NONE};
	struct hf_pop_event event[4] = {{0}};
	uint64_t mixed = (uint64_t)shelf * 0x9e3779b97f4a7c15u;
	enum hf_rc rc;

	memcpy(own.person.pid, &mixed, 8);
	memcpy(own.person.pid + 8, &shelf, 8);
	own.person.birth = (int16_t)(300 + mixed % 500);
	own.person.death_day = HF_POP_NONE;
	own.person.sex = (uint8_t)(1 + shelf % 2);
	own.person.imd = (uint8_t)(1 + mixed % 10);
	own.person.ethnic = (uint8_t)("AAAAHMR"[shelf % 7]);
	own.person.flags = shelf % 11 ? 0 : HF_POP_P_OBJECTS;
	reg.practice = code(&own, &a, HF_POP_PRACTICE, f->practice.p);
	own.reg = &reg;
	own.n_reg = f->before && shelf % 9 == 1 ? 0 : 1;
	/* and a few died */
	if (!f->before && shelf % 23 == 2)
		own.person.death_day = (uint16_t)(f->today - 3);
	own.cond = cond;
	for (size_t i = 0; i < HF_COUNT(conditions); i++)
		if ((mixed >> (i + 8) & 3) == 0 || shelf % 5 == 0)
			cond[own.n_cond++] = (struct hf_pop_condition){
			    .code = code(&own, &a, HF_POP_CONDITION, conditions[i]),
			    .from = 9000,
			    .to = HF_POP_NONE};
	own.event = event;
	for (size_t i = 0; i < (size_t)(shelf % 4); i++)
		event[own.n_event++] = (struct hf_pop_event){
		    .day = (uint16_t)(f->today - 60 - 150 * (int)i - (int)(mixed % 50)),
		    .los = 4,
		    .setting = HF_POP_NE,
		    .method = HF_POP_M_21,
		    .outcome = HF_POP_O_HOME,
		    .minute = HF_POP_NONE,
		    .end_minute = HF_POP_NONE,
		    .dx = code(&own, &a, HF_POP_ICD10, "I501")};
	/* Somebody tells of today, so that the data reach to it. */
	event[own.n_event++] = (struct hf_pop_event){.day = f->today,
						     .setting = HF_POP_GP,
						     .minute = HF_POP_NONE,
						     .end_minute = HF_POP_NONE};
	rc = hf_pop_pack(&own, &body, err);
	if (rc == HF_OK)
		rc = hf_pop_record_put(db, shelf, change, hf_buf_view(&body), err);
	hf_buf_free(&body);
	hf_arena_free(&a);
	return rc;
}

static enum hf_rc
write_all(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	const struct filling *f = ctx;
	enum hf_rc rc = HF_OK;

	(void)at;
	for (size_t i = 0; rc == HF_OK && i < f->n; i++)
		rc = fill(db, f, f->shelves[i], change, err);
	return rc;
}

static enum hf_rc
everybody(struct hf_store *store, struct filling *f, struct hf_arena *arena,
	  struct hf_err *err)
{
	struct hf_reader *reader;
	struct hf_entry *entries;
	hf_rid after = 0;
	enum hf_rc rc = hf_reader_get(store, &reader, err);

	f->shelves = hf_arena_array(arena, MOST, sizeof *f->shelves);
	while (rc == HF_OK) {
		size_t n;

		rc = hf_store_scan(reader, hf_resource_find(HF_SV("Patient")), after,
				   1000, arena, &entries, &n, &after, err);
		for (size_t i = 0; rc == HF_OK && i < n && f->n < MOST; i++)
			if (!(entries[i].rid & ((1 << HF_SEQ_BITS) - 1)))
				f->shelves[f->n++] =
				    (int64_t)(entries[i].rid >> HF_SEQ_BITS);
		if (after == 0)
			break;
	}
	hf_reader_put(reader);
	return rc;
}

int
main(int argc, char **argv)
{
	struct hf_arena arena = {.cap = 64 << 20};
	struct filling f = {0};
	struct hf_desk_job job = {.actor = HF_SV("homefirst"),
				  .purpose = HF_SV("HSYSADMIN"),
				  .what = HF_SV("population test"),
				  .write = write_all,
				  .ctx = &f};
	struct hf_store *store;
	struct hf_err err = {0};
	enum hf_rc rc;

	if (argc != 3 && argc != 4) {
		fprintf(stderr, "usage: need_fill DATA PRACTICE [DAYS]\n");
		return 2;
	}
	f.practice = hf_sv_from(argv[2]);
	f.today = (uint16_t)(hf_now() / 86400000 - HF_POP_DAY_ZERO);
	if (argc == 4) {
		int64_t days = 0;

		f.before = hf_sv_int(hf_sv_from(argv[3]), &days);
		f.today = (uint16_t)(f.today - days);
	}
	rc = hf_store_open(&(struct hf_store_config){.data = argv[1]}, &store, &err);
	if (rc == HF_OK) {
		rc = everybody(store, &f, &arena, &err);
		if (rc == HF_OK)
			rc = hf_store_desk(store, &job, &err);
		hf_store_close(store);
	}
	hf_arena_free(&arena);
	if (rc)
		fprintf(stderr, "need_fill: %s %s\n", err.path, err.text);
	else
		printf("%zu\n", f.n);
	return rc ? 1 : 0;
}
