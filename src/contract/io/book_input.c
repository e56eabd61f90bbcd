/* book_input.c - figures that came in for a contract. */
#include "contract/io/book_int.h"

#include "record/io/desk.h"

/* ---- reading ---- */

bool
hf_ct_book_input_row(const struct hf_rows *rows, const struct hf_ct_terms *t,
		     struct hf_ct_input *in)
{
	int line =
	    hf_ct_line_find(t, hf_rows_text(rows, HF_C_CONTRACT_INPUT_LIST_LINE));
	struct hf_sv result = hf_rows_text(rows, HF_C_CONTRACT_INPUT_LIST_RESULT);

	*in = (struct hf_ct_input){
	    .seq = hf_rows_int(rows, HF_C_CONTRACT_INPUT_LIST_SEQ),
	    .month = (uint8_t)hf_rows_int(rows, HF_C_CONTRACT_INPUT_LIST_MONTH),
	    .freeze = hf_rows_int(rows, HF_C_CONTRACT_INPUT_LIST_FROZEN) != 0,
	    .units = hf_rows_int(rows, HF_C_CONTRACT_INPUT_LIST_UNITS),
	    .pence = hf_rows_int(rows, HF_C_CONTRACT_INPUT_LIST_PENCE),
	    .price = hf_rows_int(rows, HF_C_CONTRACT_INPUT_LIST_PRICE),
	    .hold = hf_rows_int(rows, HF_C_CONTRACT_INPUT_LIST_HOLD) != 0};
	if (line < 0 || (result.n && !hf_decimal_parse(result, &in->result)))
		return false;
	in->line = (uint8_t)line;
	return true;
}

enum hf_rc
hf_ct_book_inputs(struct hf_db *db, const struct hf_ct_terms *t, int64_t upto,
		  struct hf_arena *arena, struct hf_ct_input **out, size_t *n,
		  struct hf_err *err)
{
	struct hf_sv id = hf_sv_from(t->id);
	struct hf_rows rows;
	size_t size = 1024;
	enum hf_rc rc = hf_db_query(
	    db, HF_Q_CONTRACT_INPUT_LIST,
	    HF_ARGS(HF_TEXT(id), HF_INT(0), HF_INT(HF_CT_INPUTS + 1)), &rows, err);

	*n = 0;
	if (rc)
		return rc;
	*out = hf_arena_array(arena, size, sizeof **out);
	while (*out && hf_rows_next(&rows)) {
		if (*n == size) {
			struct hf_ct_input *more =
			    hf_arena_array(arena, size * 2, sizeof **out);

			if (more)
				memcpy(more, *out, size * sizeof **out);
			size *= 2;
			*out = more;
			if (!more)
				break;
		}
		if (hf_ct_book_input_row(&rows, t, &(*out)[*n]) &&
		    (*out)[*n].seq <= upto)
			(*n)++;
	}
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && (!*out || *n > HF_CT_INPUTS))
		rc = hf_fail(err, HF_TOO_LONG, NULL, "too many figures for a run");
	return rc;
}

enum hf_rc
hf_ct_book_run(struct hf_db *db, const struct hf_ct_library *l, size_t at, int64_t upto,
	       int64_t day, struct hf_arena *arena, struct hf_ct_run **out,
	       struct hf_err *err)
{
	const struct hf_ct_terms *t = l->contracts[at];
	struct hf_ct_facts *facts = HF_NEW(arena, struct hf_ct_facts);
	struct hf_ct_run *run = HF_NEW(arena, struct hf_ct_run);
	struct hf_ct_input *in;
	size_t n;
	enum hf_rc rc = facts && run
			    ? hf_ct_book_inputs(db, t, upto, arena, &in, &n, err)
			    : hf_fail(err, HF_TOO_LONG, NULL, "no memory for a run");

	if (rc == HF_OK)
		rc = hf_ct_facts(t, in, n, upto, facts, err);
	if (rc == HF_OK)
		rc = hf_ct_run(t, hf_ct_library_rules(l, t), facts, day, run, err);
	if (rc == HF_OK)
		*out = run;
	return rc;
}

/* ---- writing ---- */

struct put {
	const struct hf_ct_by *by;
	const struct hf_ct_terms *t;
	const struct hf_ct_input *in;
	size_t n;
	struct hf_sv source;
	int64_t first;
};

enum hf_rc
hf_ct_book_input_last(struct hf_db *db, struct hf_sv id, int64_t *out,
		      struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc =
	    hf_db_query(db, HF_Q_CONTRACT_INPUT_LAST, HF_ARGS(HF_TEXT(id)), &rows, err);

	*out = 0;
	if (rc)
		return rc;
	if (hf_rows_next(&rows))
		*out = hf_rows_int(&rows, HF_C_CONTRACT_INPUT_LAST_SEQ);
	return hf_rows_end(&rows, err);
}

enum hf_rc
hf_ct_book_input_add(struct hf_db *db, const struct hf_ct_terms *t,
		     const struct hf_ct_input *in, struct hf_sv source, int64_t seq,
		     int64_t change, hf_time at, struct hf_err *err)
{
	char result[HF_DECIMAL_TEXT] = "";
	bool outcome =
	    t->components[t->lines[in->line].component].kind == HF_CT_OUTCOME;

	if (outcome && !hf_decimal_format(in->result, result))
		return hf_fail(err, HF_INVALID, "result", "the result is no number");
	return hf_db_exec(
	    db, HF_Q_CONTRACT_INPUT_ADD,
	    HF_ARGS(HF_TEXT(hf_sv_from(t->id)), HF_INT(seq),
		    HF_TEXT(hf_sv_from(t->lines[in->line].id)), HF_INT(in->month),
		    HF_INT(in->freeze), HF_INT(in->units), HF_INT(in->pence),
		    HF_INT(in->price), HF_TEXT(hf_sv_from(result)), HF_INT(in->hold),
		    HF_CT_TEXT(source), HF_INT(at), HF_INT(change)),
	    NULL, err);
}

static enum hf_rc
write_put(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	struct put *p = ctx;
	enum hf_rc rc = hf_ct_book_role(db, p->by, at, err);

	if (rc == HF_OK)
		rc = hf_ct_book_input_last(db, hf_sv_from(p->t->id), &p->first, err);
	p->first++;
	for (size_t i = 0; rc == HF_OK && i < p->n; i++)
		rc = hf_ct_book_input_add(db, p->t, &p->in[i], p->source,
					  p->first + (int64_t)i, change, at, err);
	return rc;
}

enum hf_rc
hf_ct_book_put(struct hf_store *store, const struct hf_ct_by *by,
	       const struct hf_ct_terms *t, const struct hf_ct_input *in, size_t n,
	       struct hf_sv source, int64_t *first, struct hf_err *err)
{
	struct hf_arena arena = {.cap = 4 << 20};
	struct hf_ct_facts *facts = HF_NEW(&arena, struct hf_ct_facts);
	struct put p = {.by = by, .t = t, .in = in, .n = n, .source = source};
	enum hf_rc rc;

	if (n == 0 || n > HF_CT_PUT || !facts)
		rc = hf_fail(err, n ? HF_TOO_LONG : HF_INVALID, NULL,
			     "1 to %d figures can be brought at once", HF_CT_PUT);
	else /* Whatever a run would refuse is refused now. */
		rc = hf_ct_facts(t, in, n, INT64_MAX, facts, err);
	hf_arena_free(&arena);
	if (rc)
		return rc;
	rc = hf_store_desk(store,
			   &(struct hf_desk_job){.actor = by->user,
						 .purpose = by->purpose,
						 .trace = by->trace,
						 .what = HF_SV("contract figures"),
						 .write = write_put,
						 .ctx = &p,
						 .apart = true},
			   err);
	if (rc == HF_OK)
		*first = p.first;
	return rc;
}
