/* proposal.c - somebody on the agenda of a team, as a Task. */
#include "server/proposal.h"

#include "fhir/json.h"
#include "record/index.h"
#include "record/person_text.h"

#define SYSTEM "https://homefirst.example/fhir/CodeSystem/need-task"

enum { ARENA = 4 << 20, PAGE = 200, BODY = 16 * 1024 };

bool
hf_proposal_open(const struct hf_proposal *p)
{
	return hf_sv_among(p->status,
			   "requested received accepted ready in-progress on-hold");
}

/* "ID" of "Type/ID" at path. */
static struct hf_sv
id_at(const struct hf_json *doc, const char *path, const char *type,
      struct hf_arena *arena)
{
	struct hf_sv text = hf_dig_text(doc, 0, path, arena);
	struct hf_sv rest = text, head = hf_sv_cut(&rest, '/');

	return hf_sv_eq(head, hf_sv_from(type)) ? rest : (struct hf_sv){NULL, 0};
}

bool
hf_proposal_read(const struct hf_json *doc, struct hf_arena *arena,
		 struct hf_proposal *out)
{
	uint32_t notes = hf_json_member(doc, 0, "note");

	if (!hf_sv_is(hf_dig_text(doc, 0, "intent", arena), "proposal") ||
	    !hf_has_code(doc, hf_json_member(doc, 0, "code"), HF_SV("mdt-proposal")))
		return false;
	*out = (struct hf_proposal){
	    .id = hf_dig_text(doc, 0, "id", arena),
	    .status = hf_dig_text(doc, 0, "status", arena),
	    .outcome = hf_dig_text(doc, 0, "businessStatus.coding.code", arena),
	    .title = hf_dig_text(doc, 0, "description", arena),
	    .patient = id_at(doc, "for.reference", "Patient", arena),
	    .team = id_at(doc, "owner.reference", "HealthcareService", arena),
	    .requester = hf_dig_text(doc, 0, "requester.reference", arena),
	    .authored = hf_dig_text(doc, 0, "authoredOn", arena),
	    .modified = hf_dig_text(doc, 0, "lastModified", arena)};
	if (notes == HF_JSON_NONE || hf_json_type(doc, notes) != HF_JSON_ARRAY)
		return true;
	for (uint32_t n = notes + 1; n < doc->nodes[notes].next;
	     n = doc->nodes[n].next) {
		struct hf_sv text = hf_dig_text(doc, n, "text", arena);

		if (text.n && out->n_notes < HF_PROPOSAL_NOTES)
			out->notes[out->n_notes++] = text;
	}
	return true;
}

static void
put_concept(struct hf_jw *w, const char *name, struct hf_sv code, struct hf_sv text)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_obj(w);
	hf_jw_member(w, "coding");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "system", HF_SV(SYSTEM));
	hf_jw_field(w, "code", code);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_field(w, "text", text);
	hf_jw_obj_end(w);
}

static void
put_reference(struct hf_jw *w, const char *name, struct hf_sv reference)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_obj(w);
	hf_jw_field(w, "reference", reference);
	hf_jw_obj_end(w);
}

static struct hf_sv
outcome_words(struct hf_sv outcome)
{
	return hf_sv_is(outcome, "accepted")   ? HF_SV("Accepted")
	       : hf_sv_is(outcome, "declined") ? HF_SV("Declined")
					       : HF_SV("Not suitable");
}

/* Why is where they were proposed from, not the evidence: that stands where it came
 * from. */
static void
put_task(struct hf_jw *w, const struct hf_proposal *p, struct hf_arena *arena)
{
	hf_jw_obj(w);
	hf_jw_field(w, "resourceType", HF_SV("Task"));
	if (p->id.n)
		hf_jw_field(w, "id", p->id);
	hf_jw_field(w, "status", p->status);
	hf_jw_field(w, "intent", HF_SV("proposal"));
	hf_jw_field(w, "priority", HF_SV("routine"));
	if (p->outcome.n)
		put_concept(w, "businessStatus", p->outcome, outcome_words(p->outcome));
	put_concept(w, "code", HF_SV("mdt-proposal"),
		    HF_SV("Proposal for the team meeting"));
	if (p->title.n)
		hf_jw_field(w, "description", p->title);
	put_reference(w, "for",
		      hf_arena_printf(arena, "Patient/%.*s", HF_SV_ARG(p->patient)));
	put_reference(
	    w, "owner",
	    hf_arena_printf(arena, "HealthcareService/%.*s", HF_SV_ARG(p->team)));
	if (p->requester.n)
		put_reference(w, "requester", p->requester);
	hf_jw_field(w, "authoredOn", p->authored);
	hf_jw_field(w, "lastModified", p->modified);
	if (p->n_notes) {
		hf_jw_member(w, "note");
		hf_jw_arr(w);
		for (size_t i = 0; i < p->n_notes; i++) {
			hf_jw_obj(w);
			hf_jw_field(w, "text", p->notes[i]);
			hf_jw_obj_end(w);
		}
		hf_jw_arr_end(w);
	}
	hf_jw_obj_end(w);
}

enum hf_rc
hf_proposal_doc(const struct hf_proposal *p, struct hf_arena *arena,
		struct hf_json *out, struct hf_err *err)
{
	struct hf_buf b = {.cap = BODY};
	struct hf_jw w = {.out = &b};
	struct hf_sv text;

	put_task(&w, p, arena);
	text = b.failed ? (struct hf_sv){NULL, 0} : hf_arena_sv(arena, hf_buf_view(&b));
	hf_buf_free(&b);
	return text.p ? hf_json_parse(text, NULL, arena, out, err)
		      : hf_fail(err, HF_TOO_LONG, NULL, "the proposal is too long");
}

struct hf_sv
hf_proposal_time(struct hf_call *call)
{
	char text[40];

	return hf_arena_sv(call->arena,
			   hf_sv_from(hf_time_format(call->now, text, sizeof text)));
}

enum hf_rc
hf_proposal_new(struct hf_call *call, struct hf_proposal *p, struct hf_sv reason,
		struct hf_json *out, struct hf_err *err)
{
	p->status = HF_SV("requested");
	p->authored = p->modified = hf_proposal_time(call);
	if (hf_sv_starts(call->actor->who, HF_SV("Practitioner/")))
		p->requester = call->actor->who;
	if (reason.n)
		p->notes[p->n_notes++] = reason;
	return hf_proposal_doc(p, call->arena, out, err);
}

/* ---- of a team ---- */

static enum hf_rc
read_one(struct hf_reader *reader, hf_rid rid, struct hf_sv team, hf_proposal_fn *each,
	 void *of, struct hf_arena *scratch, struct hf_err *err)
{
	struct hf_version v;
	struct hf_json doc;
	struct hf_proposal p;
	enum hf_rc rc = hf_store_read_rid(reader, rid, 0, scratch, &v, err);

	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return HF_OK; /* not for this reader */
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, scratch, &doc, err);
	if (rc || !hf_proposal_read(&doc, scratch, &p) || !hf_sv_eq(p.team, team))
		return rc;
	p.rid = rid;
	p.version = v.e.version;
	return each(of, &p, scratch, err);
}

enum hf_rc
hf_proposal_each(struct hf_reader *reader, struct hf_sv team, hf_proposal_fn *each,
		 void *of, struct hf_err *err)
{
	hf_type_id service = hf_resource_find(HF_SV("HealthcareService"));
	uint32_t slot = hf_index_slot(hf_resource_find(HF_SV("Task")), HF_SV("owner"));
	int64_t value = hf_index_reference(service, team);
	struct hf_arena list = {.cap = ARENA}, scratch = {.cap = ARENA};
	hf_rid after = 0;
	size_t n = PAGE;
	enum hf_rc rc = HF_OK;

	while (rc == HF_OK && n == PAGE) {
		int64_t *values;
		hf_rid *rids = NULL;

		hf_arena_reset(&list);
		rc = hf_store_index(reader, slot, value, value, false, value, after,
				    PAGE, &list, &values, &rids, &n, err);
		for (size_t i = 0; rc == HF_OK && i < n; i++) {
			hf_arena_reset(&scratch);
			rc = read_one(reader, rids[i], team, each, of, &scratch, err);
			after = rids[i];
		}
	}
	hf_arena_free(&list);
	hf_arena_free(&scratch);
	return rc;
}

static enum hf_rc
is_there(void *of, const struct hf_proposal *p, struct hf_arena *scratch HF_UNUSED,
	 struct hf_err *err)
{
	const struct hf_sv *patient = of;

	if (!hf_proposal_open(p) || !hf_sv_eq(p->patient, *patient))
		return HF_OK;
	return hf_fail(err, HF_EXISTS, NULL,
		       "this person is on the team's agenda already");
}

enum hf_rc
hf_proposal_once(struct hf_reader *reader, struct hf_sv team, struct hf_sv patient,
		 struct hf_err *err)
{
	return hf_proposal_each(reader, team, is_there, &patient, err);
}
