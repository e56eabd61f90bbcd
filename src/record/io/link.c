/* link.c - whose record is this?  Two records with the same verified NHS number,
 * agreeing birth date and no conflict of name or sex are one person; with a
 * conflict they are put up for review. */
#include "base/nhs.h"
#include "record/io/store_impl.h"

#define NHS_SYSTEM    "https://fhir.nhs.uk/Id/nhs-number"
#define STATUS_SUFFIX "NHSNumberVerificationStatus"

struct identity {
	struct hf_nhs nhs;
	bool verified; /* a number, with status 01 */
	struct hf_sv birth, gender;
	struct hf_sv names; /* folded, between blanks: " mary hale " */
};

/* Is there an extension of this identifier that says 01, present and verified? */
static bool
says_verified(const struct hf_json *d, uint32_t identifier, struct hf_arena *arena)
{
	uint32_t list = hf_json_member(d, identifier, "extension");

	for (uint32_t k = 0; k < hf_json_count(d, list); k++) {
		uint32_t ext = hf_json_at(d, list, k);
		uint32_t codings = hf_json_member(
		    d, hf_json_member(d, ext, "valueCodeableConcept"), "coding");
		uint32_t first = hf_json_at(d, codings, 0);
		struct hf_sv code =
		    hf_json_str(d, hf_json_member(d, first, "code"), arena);

		if (hf_sv_ends(hf_json_str(d, hf_json_member(d, ext, "url"), arena),
			       HF_SV(STATUS_SUFFIX)) &&
		    (hf_sv_is(code, "01") ||
		     hf_sv_is(code, "number-present-and-verified")))
			return true;
	}
	return false;
}

static bool
read_nhs(const struct hf_json *d, uint32_t patient, struct hf_arena *arena,
	 struct hf_nhs *nhs, bool *verified)
{
	uint32_t list = hf_json_member(d, patient, "identifier");

	for (uint32_t k = 0; k < hf_json_count(d, list); k++) {
		uint32_t id = hf_json_at(d, list, k);
		struct hf_sv value =
		    hf_json_str(d, hf_json_member(d, id, "value"), arena);

		if (!hf_sv_is(hf_json_str(d, hf_json_member(d, id, "system"), arena),
			      NHS_SYSTEM) ||
		    hf_nhs_parse(value, nhs, NULL) != HF_OK)
			continue;
		*verified = says_verified(d, id, arena);
		return true;
	}
	return false;
}

static void
add_name(struct hf_buf *names, struct hf_sv s, struct hf_arena *arena)
{
	struct hf_sv folded = hf_fold(s, arena);

	if (folded.n == 0)
		return;
	hf_buf_sv(names, folded);
	hf_buf_char(names, ' ');
}

static void
read_names(const struct hf_json *d, uint32_t patient, struct hf_arena *arena,
	   struct hf_buf *names)
{
	uint32_t list = hf_json_member(d, patient, "name");

	hf_buf_char(names, ' ');
	for (uint32_t k = 0; k < hf_json_count(d, list); k++) {
		uint32_t name = hf_json_at(d, list, k);
		uint32_t given = hf_json_member(d, name, "given");

		add_name(names,
			 hf_json_str(d, hf_json_member(d, name, "family"), arena),
			 arena);
		for (uint32_t g = 0; g < hf_json_count(d, given); g++)
			add_name(names, hf_json_str(d, hf_json_at(d, given, g), arena),
				 arena);
	}
}

static struct identity
read_identity(const struct hf_json *d, uint32_t patient, struct hf_arena *arena)
{
	struct identity who = {0};
	struct hf_buf names = {0};

	if (!read_nhs(d, patient, arena, &who.nhs, &who.verified))
		return who;
	who.birth = hf_json_str(d, hf_json_member(d, patient, "birthDate"), arena);
	who.gender = hf_json_str(d, hf_json_member(d, patient, "gender"), arena);
	read_names(d, patient, arena, &names);
	who.names = hf_arena_sv(arena, hf_buf_view(&names));
	hf_buf_free(&names);
	return who;
}

/* Do two sets of names share one?  Nothing to compare is no conflict. */
static bool
share_a_name(struct hf_sv a, struct hf_sv b, struct hf_arena *arena)
{
	struct hf_sv rest = a;
	bool any = false;

	while (rest.n > 0) {
		struct hf_sv word = hf_sv_cut(&rest, ' ');
		struct hf_sv find;

		if (word.n == 0)
			continue;
		any = true;
		find = hf_arena_printf(arena, " %.*s ", HF_SV_ARG(word));
		if (find.p && memmem(b.p, b.n, find.p, find.n))
			return true;
	}
	return !any || b.n <= 1;
}

static bool
is_sex(struct hf_sv g)
{
	return hf_sv_is(g, "male") || hf_sv_is(g, "female");
}

/* NULL when the two agree; else what is in the way. */
static const char *
conflict(const struct identity *a, const struct identity *b, struct hf_arena *arena)
{
	if (a->birth.n == 0 || !hf_sv_eq(a->birth, b->birth))
		return "same NHS number, birth dates do not agree";
	if (is_sex(a->gender) && is_sex(b->gender) && !hf_sv_eq(a->gender, b->gender))
		return "same NHS number and birth date, sex differs";
	if (!share_a_name(a->names, b->names, arena))
		return "same NHS number and birth date, no name in common";
	return NULL;
}

uint64_t
hf_link_key(const struct hf_json *doc, uint32_t node)
{
	struct hf_arena arena = {.cap = 1024 * 1024};
	struct hf_nhs nhs;
	bool verified;
	uint64_t key = 0;

	if (read_nhs(doc, node, &arena, &nhs, &verified))
		key =
		    (uint64_t)hf_index_token((struct hf_sv){0}, hf_nhs_sv(&nhs), true);
	hf_arena_free(&arena);
	return key;
}

/* Who agrees with one record of a person but is in conflict with another is not
 * linked to that person. */
static enum hf_rc
heed_conflicts(struct hf_reader *r, struct hf_link *links, size_t n,
	       struct hf_arena *arena, struct hf_err *err)
{
	for (size_t i = 0; i < n; i++) {
		int64_t *shelves;
		size_t count;
		enum hf_rc rc;

		if (links[i].review)
			continue;
		rc = hf_store_person(r, links[i].other, arena, &shelves, &count, err);
		if (rc != HF_OK)
			return rc;
		for (size_t k = 0; k < n; k++)
			for (size_t j = 0; j < count && links[k].conflict; j++)
				if (links[k].other == shelves[j]) {
					links[i].review = true;
					links[i].why = links[k].why;
				}
	}
	return HF_OK;
}

enum hf_rc
hf_link_decide(struct hf_reader *r, const struct hf_json *doc, uint32_t node,
	       hf_rid rid, struct hf_arena *arena, struct hf_link *out, size_t *n,
	       struct hf_err *err)
{
	enum { CANDIDATES = 64 };
	struct identity who = read_identity(doc, node, arena);
	uint32_t slot = hf_index_slot(hf_patient_type(), HF_SV("identifier"));
	int64_t *values;
	hf_rid *rids;
	size_t found = 0;
	enum hf_rc rc = HF_OK;

	*n = 0;
	if (who.verified) {
		int64_t v =
		    hf_index_token((struct hf_sv){0}, hf_nhs_sv(&who.nhs), true);

		rc = hf_store_index(r, slot, v, v, false, v, -1, CANDIDATES, arena,
				    &values, &rids, &found, err);
	}
	for (size_t i = 0; rc == HF_OK && i < found && *n < HF_LINKS_MOST; i++) {
		struct hf_version other;
		struct identity them;
		struct hf_json d;
		const char *why;

		if (rids[i] == rid)
			continue;
		rc = hf_store_read_rid(r, rids[i], 0, arena, &other, err);
		if (rc == HF_OK)
			rc = hf_json_parse(other.body, NULL, arena, &d, err);
		if (rc != HF_OK)
			break;
		them = read_identity(&d, 0, arena);
		if (!them.verified || strcmp(them.nhs.d, who.nhs.d) != 0)
			continue;
		why = conflict(&who, &them, arena);
		out[(*n)++] = (struct hf_link){
		    .shelf = HF_RID_SHELF(rid),
		    .other = HF_RID_SHELF(rids[i]),
		    .why = why ? why
			       : "same verified NHS number and birth date, no conflict",
		    .review = why != NULL,
		    .conflict = why != NULL,
		};
	}
	return rc == HF_OK ? heed_conflicts(r, out, *n, arena, err) : rc;
}
