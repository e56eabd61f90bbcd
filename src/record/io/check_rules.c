/* check_rules.c - the tables against each other, by SQL, and the tallies. */
#include "record/io/check_int.h"

#include <stdarg.h>

enum { SHOWN_A_RULE = 20 };

void
hf_check_found(struct hf_check *c, const char *table, const char *fmt, ...)
{
	char text[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	c->out->problems++;
	hf_issue_add(c->issues, HF_SEV_ERROR, "processing", hf_sv_from(table), "%s",
		     text);
}

static const struct rule {
	enum hf_query q;
	const char *table, *text; /* with the two numbers of a row */
} rules[] = {
    {HF_Q_RECORD_CHECK_RES_CHANGE, "res",
     "resource %lld: its commit %lld is not recorded"},
    {HF_Q_RECORD_CHECK_HIST_CHANGE, "hist",
     "resource %lld, version %lld: its commit is not recorded"},
    {HF_Q_RECORD_CHECK_HIST_ORPHAN, "hist",
     "resource %lld, version %lld: there is no newer version of the same resource"},
    {HF_Q_RECORD_CHECK_VERSIONS, "hist",
     "resource %lld: of the versions before %lld some are missing or too many"},
    {HF_Q_RECORD_CHECK_SHELF_PERSON, "shelf",
     "shelf %lld: it is linked to shelf %lld, which is not the first of a person"},
    {HF_Q_RECORD_CHECK_FORWARD, "forward",
     "forwarding of %lld to %lld: no resource there, or still one here"},
    {HF_Q_RECORD_CHECK_IDMAP, "idmap",
     "id with hash %lld: leads to %lld, where nothing is"},
    {HF_Q_RECORD_CHECK_AWAITED, "idmap",
     "id with hash %lld: leads to the empty shelf %lld and to somewhere else"},
    {HF_Q_RECORD_CHECK_LINK, "link",
     "link %lld of shelf %lld: a record or a commit that it names is not there"},
    {HF_Q_RECORD_CHECK_REVIEW, "review",
     "shelves %lld and %lld are to be looked at, but one is not there"},
    {HF_Q_RECORD_CHECK_DICT, "zdict",
     "resource %lld: dictionary %lld, which it is packed with, is not there"},
    {HF_Q_RECORD_CHECK_CT_ENTRY, "ct_entry",
     "ledger entry %lld: what it is to each party adds up to %lld pence, or to one "
     "party only"},
    {HF_Q_RECORD_CHECK_CT_EVENT, "ct_event",
     "commit %lld is not recorded, and %lld events of contracts name it"},
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static enum hf_rc
run_rule(struct hf_check *c, const struct rule *rule, const struct hf_arg *args)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(c->r->db, rule->q, args, &rows, c->err);

	if (rc != HF_OK)
		return rc;
	while (hf_rows_next(&rows))
		hf_check_found(c, rule->table, rule->text,
			       (long long)hf_rows_int(&rows, 0),
			       (long long)hf_rows_int(&rows, 1));
	return hf_rows_end(&rows, c->err);
}
#pragma GCC diagnostic pop

enum hf_rc
hf_check_rules(struct hf_check *c)
{
	static const struct rule shelves = {
	    HF_Q_RECORD_CHECK_RES_SHELF, "res",
	    "resource %lld of type %lld stands on a person's shelf that is not there"};
	enum hf_rc rc = run_rule(
	    c, &shelves,
	    HF_ARGS(HF_INT(HF_RID_MIN(HF_SHELF_PERSON)), HF_INT(SHOWN_A_RULE)));

	for (size_t i = 0; rc == HF_OK && i < HF_COUNT(rules); i++)
		rc = run_rule(c, &rules[i], HF_ARGS(HF_INT(SHOWN_A_RULE)));
	return rc;
}

enum hf_rc
hf_check_tallies(struct hf_check *c)
{
	int64_t got[HF_TYPES_MOST] = {0};
	struct hf_rows rows;
	enum hf_rc rc =
	    hf_db_query(c->r->db, HF_Q_RECORD_TALLY_LIST, NULL, &rows, c->err);

	if (rc != HF_OK)
		return rc;
	while (hf_rows_next(&rows)) {
		int64_t type = hf_rows_int(&rows, 0);

		if (type >= 0 && type < HF_TYPES_MOST)
			got[type] = hf_rows_int(&rows, 1);
		else
			hf_check_found(c, "tally", "type %lld is not one",
				       (long long)type);
	}
	rc = hf_rows_end(&rows, c->err);
	c->tally[0] = c->out->people;
	for (size_t t = 0; t < HF_TYPES_MOST; t++)
		if (got[t] != c->tally[t])
			hf_check_found(
			    c, "tally",
			    "%s: counted as %lld, but there are %lld; `homefirst "
			    "rebuild` sets it right",
			    t == 0 ? "people's shelves"
			    : t <= hf_n_resource_types
				? hf_type_get((hf_type_id)t)->name
				: "a type unknown",
			    (long long)got[t], (long long)c->tally[t]);
	return rc;
}
