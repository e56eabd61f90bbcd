/* sign.c - who is it that asks. */
#include "server/sign.h"

#include "server/serve.h"

enum hf_rc
hf_sign_actor(struct hf_call *c, struct hf_actor *out, struct hf_err *err)
{
	(void)err;
	if (c->server->open_loopback) {
		*out = hf_actor_trial;
		out->loopback = hf_req_from_loopback(c->req);
		return HF_OK;
	}
	*out = (struct hf_actor){.kind = HF_ACTOR_NOBODY,
				 .loopback = hf_req_from_loopback(c->req)};
	return HF_OK;
}
