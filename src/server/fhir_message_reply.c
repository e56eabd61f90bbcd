/* fhir_message_reply.c - ServiceRequest/{id}/$bars-responses: what the sender of a BaRS
 * message is owed so far.
 *
 * Whoever sent the request, and nobody else, gets its responses; they say what the
 * request said and what became of it. */
#include "access/scope.h"
#include "hub/bars_write.h"
#include "hub/io/bars.h"
#include "server/fhir.h"
#include "server/limits.h"
#include "server/serve.h"

void hf_fhir_bars_responses(struct hf_call *call);

/* As the read of a MessageHeader. */
static bool
may_fetch(const struct hf_actor *a)
{
	hf_type_id header = hf_resource_find(HF_SV("MessageHeader"));

	if (a->scopes)
		return hf_scopes_allow(a->scopes, header, HF_CRUD_R);
	return a->kind != HF_ACTOR_SYSTEM;
}

void
hf_fhir_bars_responses(struct hf_call *c)
{
	struct hf_buf *out = hf_req_buf(c->req);
	struct hf_sv signed_in = c->actor->org.n ? c->actor->org : c->actor->id;
	struct hf_reader *plain;
	struct hf_err err;
	hf_rid person = 0;
	enum hf_rc rc;

	c->audit_type = hf_resource_find(HF_SV("ServiceRequest"));
	c->audit_id = c->arg[0];
	if (!hf_call_no_params(c))
		return;
	if (!may_fetch(c->actor)) {
		(void)hf_fail(
		    &err, HF_FORBIDDEN, NULL,
		    "responses are fetched with a scope to read MessageHeader");
		hf_call_fail(c, &err);
		return;
	}
	out->cap = HF_ANSWER_MAX;
	rc = hf_reader_get(c->store, &plain, &err);
	if (rc == HF_OK) {
		rc = hf_bars_responses(c->server->hub, plain, signed_in, c->arg[0],
				       c->arena, out, &person, &err);
		hf_reader_put(plain);
	}
	if (rc) {
		out->n = 0;
		hf_call_fail(c, &err);
		return;
	}
	hf_call_saw(c, person);
	hf_call_reply_buf(c, 200);
}
