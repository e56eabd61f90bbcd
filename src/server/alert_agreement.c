/* alert_agreement.c - agreements on sharing that have expired, as notices to the
 * privacy officer: they count as T1 until somebody renews or ends them. */
#include "record/io/glass.h"
#include "server/alert.h"

enum { EXPIRED_MOST = 50 };

static enum hf_rc
tell(struct hf_call *call, struct hf_sv agreement, struct hf_err *err)
{
	struct hf_glass_by by = {call->actor->id, call->actor->purpose,
				 hf_call_trace(call)};
	struct hf_notice n = {
	    .id = hf_arena_printf(call->arena, "agreement-%.*s", HF_SV_ARG(agreement)),
	    .kind = HF_NOTICE_AGREEMENT,
	    .actor =
		hf_arena_printf(call->arena, "agreement/%.*s", HF_SV_ARG(agreement)),
	};
	struct hf_notice there;
	enum hf_rc rc;

	if (!n.id.p || !n.actor.p)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for a notice");
	rc = hf_notice_get(call->reader, n.id, call->arena, &there, err);
	return rc == HF_NOT_FOUND ? hf_notice_tell(call->store, &by, &n, err) : rc;
}

enum hf_rc
hf_alert_expired(struct hf_call *call, struct hf_err *err)
{
	struct hf_sv ids[EXPIRED_MOST];
	const struct hf_rights *rights;
	size_t n;
	enum hf_rc rc = hf_call_rights(call, &rights, err);

	if (rc)
		return rc;
	n = hf_rights_expired(rights, call->now, ids, EXPIRED_MOST);
	for (size_t i = 0; rc == HF_OK && i < n && i < EXPIRED_MOST; i++)
		rc = tell(call, ids[i], err);
	return rc;
}
