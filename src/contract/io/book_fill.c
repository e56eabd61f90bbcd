/* book_fill.c - priced activity as figures of a contract. */
#include "contract/io/book_int.h"

#include "record/io/desk.h"

enum hf_rc
hf_ct_book_kept(struct hf_db *db, const struct hf_ct_terms *t, struct hf_arena *arena,
		struct hf_ct_kept **out, size_t *n, struct hf_err *err)
{
	size_t size = 0;
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(
	    db, HF_Q_CONTRACT_INPUT_LIST,
	    HF_ARGS(HF_TEXT(hf_sv_from(t->id)), HF_INT(0), HF_INT(HF_CT_INPUTS + 1)),
	    &rows, err);

	*out = NULL;
	*n = 0;
	if (rc)
		return rc;
	while (hf_rows_next(&rows)) {
		if (*n == size) {
			struct hf_ct_kept *more;

			size = size ? size * 2 : 1024;
			more = hf_arena_array(arena, size, sizeof *more);
			if (!more)
				break;
			if (*n)
				memcpy(more, *out, *n * sizeof *more);
			*out = more;
		}
		(*out)[*n].source = hf_arena_sv(
		    arena, hf_rows_text(&rows, HF_C_CONTRACT_INPUT_LIST_SOURCE));
		*n += hf_ct_book_input_row(&rows, t, &(*out)[*n].in);
	}
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && *n > HF_CT_INPUTS)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "too many figures for a run");
	return rc;
}

enum hf_rc
hf_ct_book_fill_plan(struct hf_db *db, const struct hf_ct_terms *t,
		     const struct hf_ct_filling *f, const struct hf_ct_fill_ask *ask,
		     struct hf_arena *arena, struct hf_ct_fill_plan *out,
		     struct hf_err *err)
{
	struct hf_ct_kept *kept;
	size_t n;
	enum hf_rc rc = hf_ct_book_kept(db, t, arena, &kept, &n, err);

	return rc ? rc : hf_ct_fill_plan(t, f, kept, n, ask, arena, out, err);
}

struct filler {
	const struct hf_ct_by *by;
	const struct hf_ct_terms *t;
	const struct hf_ct_filling *f;
	const struct hf_ct_fill_ask *ask;
	struct hf_arena *arena;
	struct hf_ct_fill_plan *out;
	int64_t first;
};

static enum hf_rc
write_fill(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	struct filler *x = ctx;
	enum hf_rc rc = hf_ct_book_role(db, x->by, at, err);

	if (rc == HF_OK)
		rc =
		    hf_ct_book_fill_plan(db, x->t, x->f, x->ask, x->arena, x->out, err);
	if (rc == HF_OK)
		rc = hf_ct_book_input_last(db, hf_sv_from(x->t->id), &x->first, err);
	x->first++;
	for (size_t i = 0; rc == HF_OK && i < x->out->n; i++)
		rc = hf_ct_book_input_add(db, x->t, &x->out->rows[i].in,
					  x->out->rows[i].source, x->first + (int64_t)i,
					  change, at, err);
	return rc;
}

enum hf_rc
hf_ct_book_fill(struct hf_store *store, const struct hf_ct_by *by,
		const struct hf_ct_terms *t, const struct hf_ct_filling *f,
		const struct hf_ct_fill_ask *ask, struct hf_arena *arena,
		struct hf_ct_fill_plan *out, int64_t *first, struct hf_err *err)
{
	struct filler x = {by, t, f, ask, arena, out, 0};
	enum hf_rc rc =
	    hf_store_desk(store,
			  &(struct hf_desk_job){.actor = by->user,
						.purpose = by->purpose,
						.trace = by->trace,
						.what = HF_SV("contract figures"),
						.write = write_fill,
						.ctx = &x,
						.apart = true},
			  err);

	if (rc == HF_OK)
		*first = x.first;
	return rc;
}
