/* admin_disclosure.c - homefirst export, backup and downtime, noted in the audit before
 * they give anything out.  They run it themselves (cli/io/note.h): it is in no help. */
#include "server/admin.h"

#include "access/words.h"
#include "fhir/tables.h"

int hf_admin_disclosure_note(struct hf_admin *a, int argc, char **argv);

enum { ODS_MOST = 20 };

/* Commands give it the words that somebody typed: only what cannot name a person
 * comes into the audit. */
struct asked {
	const char *what, *types, *purpose, *basis, *to;
};

static bool
are_types(const char *text)
{
	struct hf_sv rest = hf_sv_from(text);

	while (rest.n)
		if (hf_resource_find(hf_sv_cut(&rest, ',')) == 0)
			return false;
	return true;
}

/* Letters of any case, digits and (for a basis) hyphens. */
static bool
is_code(const char *text)
{
	size_t n = text ? strlen(text) : 0;

	if (n == 0 || n > ODS_MOST)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!(text[i] >= 'A' && text[i] <= 'Z') &&
		    !(text[i] >= 'a' && text[i] <= 'z') &&
		    !(text[i] >= '0' && text[i] <= '9') && text[i] != '-')
			return false;
	return true;
}

/* NULL, or what is wrong with it. */
static const char *
wrong(const struct asked *o)
{
	if (!o->what ||
	    (strcmp(o->what, "export") != 0 && strcmp(o->what, "backup") != 0 &&
	     strcmp(o->what, "downtime") != 0))
		return "--what is export, backup or downtime";
	if (o->types && !are_types(o->types))
		return "--types takes resource types of FHIR R4";
	if (!o->purpose)
		return o->basis || o->to ? "--basis and --for go with --purpose" : NULL;
	if (hf_word_find(HF_WORDS_PURPOSE, hf_sv_from(o->purpose)) <= 0)
		return "--purpose takes a purpose, as PLAN";
	if (!is_code(o->to))
		return "--for takes an ODS code: letters and digits";
	return is_code(o->basis) ? NULL : "--basis takes a word, as s251";
}

static struct hf_sv
source_of(const struct asked *o, struct hf_arena *arena)
{
	return hf_arena_printf(arena, "%s%s%s%s%s%s%s", o->what,
			       o->types ? " types=" : "", o->types ? o->types : "",
			       o->to ? " for=" : "", o->to ? o->to : "",
			       o->basis ? " basis=" : "", o->basis ? o->basis : "");
}

/* The row of change that every job has is the note. */
static enum hf_rc
write_note(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	(void)db;
	(void)at;
	(void)err;
	*(int64_t *)ctx = change;
	return HF_OK;
}

int
hf_admin_disclosure_note(struct hf_admin *a, int argc, char **argv)
{
	struct asked o = {0};
	const struct hf_admin_opt opts[] = {
	    {"what", HF_ADMIN_TEXT, &o.what},	    {"types", HF_ADMIN_TEXT, &o.types},
	    {"purpose", HF_ADMIN_TEXT, &o.purpose}, {"basis", HF_ADMIN_TEXT, &o.basis},
	    {"for", HF_ADMIN_TEXT, &o.to},
	};
	int64_t change = 0;
	struct hf_desk_job job = {
	    .actor = a->actor, .write = write_note, .ctx = &change, .apart = true};
	struct hf_err err;

	if (!hf_admin_options(a, opts, HF_COUNT(opts), argc, argv, NULL, 0, NULL))
		return HF_ADMIN_MISUSED;
	if (wrong(&o))
		return hf_admin_misuse(a, "%s", wrong(&o));
	job.purpose = o.purpose ? hf_sv_from(o.purpose) : HF_SV("OPERATE");
	job.what = source_of(&o, a->arena);
	if (!job.what.n)
		hf_fail(&err, HF_FULL, NULL, "out of memory");
	if (!job.what.n || hf_store_desk(a->store, &job, &err) != HF_OK)
		return hf_admin_fail(a, &err);
	hf_buf_printf(a->out, "%lld\n", (long long)change);
	return HF_ADMIN_DONE;
}
