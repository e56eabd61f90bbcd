/* terms_read.c - pounds, percentages, days and months of a document. */
#include "contract/terms_int.h"

enum { PLACES = 2, PERCENT_PLACES = 7 };
static const int64_t pounds_most = 1000000000000; /* 10^12: far above any contract */

/* A number with at most places behind the point, as a whole number of the last. */
static bool
scaled(struct hf_doc *d, uint32_t node, int places, int64_t most, int64_t *out)
{
	struct hf_decimal v;
	hf_i128 bound;

	if (node == HF_JSON_NONE || hf_json_type(&d->json, node) != HF_JSON_NUMBER ||
	    !hf_decimal_parse(hf_json_raw(&d->json, node), &v) || v.m < 0 ||
	    v.scale > places || v.scale < -6)
		return false;
	bound = most;
	for (int i = 0; i < places; i++)
		bound *= 10;
	for (int32_t i = v.scale; i < places && v.m <= bound; i++)
		v.m *= 10;
	if (v.m > bound)
		return false;
	*out = (int64_t)v.m;
	return true;
}

static bool
pounds(struct hf_doc *d, uint32_t node, hf_pence *out)
{
	if (scaled(d, node, PLACES, pounds_most, out))
		return true;
	hf_doc_wrong(d, node, "pounds are a number from 0 with at most two places");
	return false;
}

hf_pence
hf_ct_read_pounds(struct hf_doc *d, uint32_t object, const char *name, bool needed)
{
	uint32_t node = hf_doc_member(d, object, name, HF_JSON_NUMBER, needed);
	hf_pence v = 0;

	if (node != HF_JSON_NONE)
		pounds(d, node, &v);
	return v;
}

hf_rate
hf_ct_read_percent(struct hf_doc *d, uint32_t object, const char *name, int64_t most,
		   hf_rate otherwise)
{
	uint32_t node = hf_doc_member(d, object, name, HF_JSON_NUMBER, false);
	int64_t v;

	if (node == HF_JSON_NONE)
		return otherwise;
	if (scaled(d, node, PERCENT_PLACES, most, &v))
		return v;
	hf_doc_wrong(d, node,
		     "\"%s\" is a percentage from 0 to %lld with at most seven places",
		     name, (long long)most);
	return otherwise;
}

int64_t
hf_ct_read_day(struct hf_doc *d, uint32_t object, const char *name, bool needed)
{
	uint32_t node = hf_doc_member(d, object, name, HF_JSON_STRING, needed);
	struct hf_date date;

	if (node == HF_JSON_NONE)
		return INT64_MIN;
	if (!hf_date_parse(hf_json_raw(&d->json, node), false, &date) ||
	    date.precision != HF_PREC_DAY) {
		hf_doc_wrong(d, node, "\"%s\" is a day as 2020-04-01", name);
		return INT64_MIN;
	}
	return hf_london_day(date.lo);
}

/* Calls one for each of twelve nodes: the same twelve times, or those of a list. */
static bool
months(struct hf_doc *d, uint32_t object, const char *name, uint32_t out[HF_CT_MONTHS])
{
	uint32_t node = hf_json_get(&d->json, object, hf_sv_from(name));

	if (node == HF_JSON_NONE)
		return false;
	if (hf_json_type(&d->json, node) == HF_JSON_ARRAY &&
	    hf_json_count(&d->json, node) != HF_CT_MONTHS) {
		hf_doc_wrong(d, node,
			     "\"%s\" has one number for each month or a list of 12, "
			     "April first",
			     name);
		return false;
	}
	for (uint32_t i = 0; i < HF_CT_MONTHS; i++)
		out[i] = hf_json_type(&d->json, node) == HF_JSON_ARRAY
			     ? hf_json_at(&d->json, node, i)
			     : node;
	return true;
}

bool
hf_ct_read_pounds_months(struct hf_doc *d, uint32_t object, const char *name,
			 hf_pence out[HF_CT_MONTHS])
{
	uint32_t nodes[HF_CT_MONTHS];

	if (!months(d, object, name, nodes))
		return false;
	for (int i = 0; i < HF_CT_MONTHS; i++)
		if (!pounds(d, nodes[i], &out[i]))
			return false;
	return true;
}

bool
hf_ct_read_units_months(struct hf_doc *d, uint32_t object, const char *name,
			int64_t out[HF_CT_MONTHS])
{
	uint32_t nodes[HF_CT_MONTHS];

	if (!months(d, object, name, nodes))
		return false;
	for (int i = 0; i < HF_CT_MONTHS; i++)
		if (!scaled(d, nodes[i], 0, pounds_most, &out[i])) {
			hf_doc_wrong(d, nodes[i],
				     "units are a whole number, 0 or more");
			return false;
		}
	return true;
}

int
hf_ct_read_word(struct hf_doc *d, uint32_t object, const char *name,
		const char *const *words)
{
	const char *word = hf_doc_text(d, object, name, true);
	struct hf_buf known = {.cap = 400};
	int i = 0;

	while (words[i] && strcmp(words[i], word) != 0) {
		hf_buf_printf(&known, "%s%s", i ? ", " : "", words[i]);
		i++;
	}
	if (!words[i] && *word)
		hf_doc_wrong(d, hf_json_get(&d->json, object, hf_sv_from(name)),
			     "\"%s\" is one of: %.*s", name,
			     HF_SV_ARG(hf_buf_view(&known)));
	i = words[i] ? i : -1;
	hf_buf_free(&known);
	return i;
}

void
hf_ct_read_shares(struct hf_doc *d, uint32_t object, hf_rate *provider,
		  hf_rate *commissioner)
{
	*provider = hf_ct_read_percent(d, object, "provider", 100, 0);
	*commissioner = hf_ct_read_percent(d, object, "commissioner", 100, 0);
	if (*provider + *commissioner != HF_RATE_ONE)
		hf_doc_wrong(d, object,
			     "the shares of provider and commissioner have to add up "
			     "to 100 %%");
}
