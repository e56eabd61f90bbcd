/* ask.c - the words of a question. */
#include "base/time.h"
#include "population/cube.h"

static const char *const setting_words[HF_POP_SETTINGS] = {
    "UNK", "AE", "EL", "DC",  "NE", "RDA", "MAT",  "OP",  "COM",
    "UCR", "VW", "MH", "ASC", "GP", "RX",  "DIAG", "AMB", "111"};

static enum hf_rc
no_such_dim(struct hf_sv word, struct hf_err *err)
{
	return hf_fail(err, HF_INVALID, "dimension",
		       "there is no dimension %.*s; they are locality, practice, age, "
		       "sex, imd, ethnic, ltcs, segment, frailty, risk, home, carer",
		       word.n > 40 ? 40 : HF_SV_ARG(word));
}

static bool
take_value(const struct hf_pop_dims *d, enum hf_pop_dim dim, struct hf_sv code,
	   uint8_t *pass)
{
	for (size_t v = 0; v < d->values[dim]; v++)
		if (hf_sv_eq(d->code[dim][v], code)) {
			pass[v] = 1;
			return true;
		}
	return false;
}

enum hf_rc
hf_pop_ask_filter(const struct hf_pop_dims *d, struct hf_sv text,
		  struct hf_pop_ask *ask, struct hf_err *err)
{
	uint8_t pass[HF_POP_DIM_VALUES] = {0};
	size_t at = hf_sv_find(text, '=');
	struct hf_sv word = {text.p, at}, rest = hf_sv_from_at(text, at + 1);
	enum hf_pop_dim dim = hf_pop_dim_find(word);
	bool more = true;

	if (at == text.n)
		return hf_fail(err, HF_INVALID, "filter",
			       "a filter is dimension=value[,value]");
	if (dim == HF_POP_DIMS)
		return no_such_dim(word, err);
	while (more) {
		more = hf_sv_find(rest, ',') < rest.n;
		struct hf_sv code = hf_sv_cut(&rest, ',');

		if (!take_value(d, dim, code, pass))
			return hf_fail(err, HF_INVALID, "filter",
				       "%s has no value %.*s", hf_pop_dim_word[dim],
				       code.n > 64 ? 64 : HF_SV_ARG(code));
	}
	for (size_t v = 0; v < HF_POP_DIM_VALUES; v++)
		ask->filters.pass[dim][v] = ask->filters.on >> dim & 1
						? ask->filters.pass[dim][v] & pass[v]
						: pass[v];
	ask->filters.on = (uint16_t)(ask->filters.on | 1u << dim);
	return HF_OK;
}

enum hf_rc
hf_pop_ask_by(const struct hf_pop_dims *d, struct hf_sv text, struct hf_pop_ask *ask,
	      struct hf_err *err)
{
	size_t cells = 1;

	ask->n_by = 0;
	while (text.n) {
		struct hf_sv word = hf_sv_cut(&text, ',');
		enum hf_pop_dim dim = hf_pop_dim_find(word);

		if (dim == HF_POP_DIMS)
			return no_such_dim(word, err);
		for (size_t i = 0; i < ask->n_by; i++)
			if (ask->by[i] == dim)
				return hf_fail(err, HF_INVALID, "by",
					       "%s is asked for twice",
					       hf_pop_dim_word[dim]);
		if (ask->n_by == HF_POP_BY)
			return hf_fail(err, HF_INVALID, "by",
				       "a table is by at most %d dimensions",
				       HF_POP_BY);
		ask->by[ask->n_by++] = dim;
		cells *= d->values[dim];
	}
	if (cells > HF_POP_CELLS_MOST)
		return hf_fail(err, HF_TOO_LONG, "by",
			       "the table would have %zu cells; at most %d", cells,
			       HF_POP_CELLS_MOST);
	return HF_OK;
}

enum hf_rc
hf_pop_ask_events(struct hf_sv text, struct hf_pop_ask *ask, struct hf_err *err)
{
	ask->settings = 0;
	while (text.n) {
		struct hf_sv word = hf_sv_cut(&text, ',');
		unsigned s = 0;

		while (s < HF_POP_SETTINGS &&
		       !hf_sv_eq(word, hf_sv_from(setting_words[s])))
			s++;
		if (s == HF_POP_SETTINGS)
			return hf_fail(
			    err, HF_INVALID, "events",
			    "there is no setting %.*s; they are AE, EL, DC, "
			    "NE, RDA, MAT, OP, COM, UCR, VW, MH, ASC, GP, RX, "
			    "DIAG, AMB, 111",
			    word.n > 40 ? 40 : HF_SV_ARG(word));
		ask->settings |= 1u << s;
	}
	return HF_OK;
}

enum hf_rc
hf_pop_ask_check(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
		 struct hf_err *err)
{
	size_t values = ask->n_by ? d->values[ask->by[0]] : 1;

	if (ask->settings && ask->n_by > 1)
		return hf_fail(err, HF_INVALID, "by",
			       "events are asked for by one dimension");
	if (!ask->settings && (ask->monthly || ask->to))
		return hf_fail(err, HF_INVALID, "events",
			       "months and days are of events: say of which setting");
	if (ask->to && ask->to <= ask->from)
		return hf_fail(err, HF_INVALID, "to", "it is not after from");
	if (ask->settings && values * HF_POP_MONTHS_MOST > HF_POP_CELLS_MOST)
		return hf_fail(err, HF_TOO_LONG, "by", "too many values for months");
	return HF_OK;
}
