/* sign.c - who is it that asks. */
#include "server/sign.h"

#include "server/serve.h"
#include "server/token.h"

enum hf_rc
hf_sign_actor(struct hf_call *c, struct hf_actor *out, struct hf_err *err)
{
	struct hf_sv header = hf_req_header(c->req, "Authorization");
	struct hf_sv word = hf_sv_cut(&header, ' ');

	if (c->server->open_loopback) {
		*out = hf_actor_trial;
		out->loopback = hf_req_from_loopback(c->req);
		return HF_OK;
	}
	if (word.n == 6 && strncasecmp(word.p, "Bearer", 6) == 0)
		return hf_token_actor(c, hf_sv_trim(header), out, err);
	*out = (struct hf_actor){.kind = HF_ACTOR_NOBODY,
				 .loopback = hf_req_from_loopback(c->req)};
	return HF_OK;
}
