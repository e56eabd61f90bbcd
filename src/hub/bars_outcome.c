/* bars_outcome.c - what becomes of a message, and how that is told. */
#include "hub/bars_int.h"

const struct hf_bars_fault hf_bars_outcomes[HF_BARS_OUTCOMES] = {
    [HF_BARS_MADE] = {200, "", "informational", "made", "A referral was made."},
    [HF_BARS_EARLY] =
	{200, "", "informational", "early",
	 "An update of a request that had not come: a referral was made of "
	 "it. If the request comes later, it is kept as an older version."},
    [HF_BARS_AMENDED] = {200, "", "informational", "amended",
			 "The newer version took the place of the one before."},
    [HF_BARS_LATE] =
	{409, "REC_CONFLICT", "conflict", "late",
	 "The referral has ended and cannot be changed. The message is kept; "
	 "if the person still needs help, send a new request."},
    [HF_BARS_OLDER] =
	{409, "REC_CONFLICT", "conflict", "older",
	 "A newer version of the request was taken before. This one is kept "
	 "and changes nothing."},
    [HF_BARS_CANCELLED] = {200, "", "informational", "cancelled",
			   "The referral was cancelled."},
    [HF_BARS_VOIDED] = {200, "", "informational", "voided",
			"The referral was taken back as entered in error."},
    [HF_BARS_AWAITED] =
	{404, "REC_NOT_FOUND", "not-found", "awaited",
	 "No such request has come. That it is taken back is kept: if it "
	 "comes later, no referral is made of it."},
    [HF_BARS_WITHDRAWN] =
	{409, "REC_CONFLICT", "conflict", "withdrawn",
	 "The request was taken back before it came. It is kept and no "
	 "referral was made of it."},
    [HF_BARS_CONTACT] =
	{409, "REC_CONFLICT", "conflict", "contact",
	 "Somebody is with the person, or the referral is past the point "
	 "where it can be taken back. The message is kept; ring the hub."},
};

/* Below 0: older than what is known.  Version numbers decide when both have one; what
 * does not say when it was made counts as newer, so that nothing is dropped. */
static int
compare(const struct hf_bars *b, const struct hf_bars_known *k)
{
	if (b->number && k->number)
		return b->number < k->number ? -1 : b->number > k->number;
	if (b->at == HF_TIME_MIN || k->at == HF_TIME_MIN)
		return 1;
	return b->at < k->at ? -1 : b->at > k->at;
}

static enum hf_bars_outcome
refer(const struct hf_bars *b, const struct hf_bars_known *k)
{
	int newer;

	if (!k->there)
		return b->reason == HF_BARS_UPDATE ? HF_BARS_EARLY : HF_BARS_MADE;
	newer = compare(b, k);
	if (k->withdrawn)
		return newer > 0 && b->at != HF_TIME_MIN ? HF_BARS_MADE
							 : HF_BARS_WITHDRAWN;
	if (newer < 0)
		return HF_BARS_OLDER;
	if (!k->referral)
		return HF_BARS_MADE;
	return k->open ? HF_BARS_AMENDED : HF_BARS_LATE;
}

enum hf_bars_outcome
hf_bars_decide(const struct hf_bars *b, const struct hf_bars_known *k)
{
	enum hf_bars_outcome done =
	    b->ask == HF_BARS_VOID ? HF_BARS_VOIDED : HF_BARS_CANCELLED;

	if (b->ask == HF_BARS_REFER)
		return refer(b, k);
	if (!k->there)
		return HF_BARS_AWAITED;
	if (k->withdrawn)
		return k->referral ? done : HF_BARS_AWAITED;
	if (compare(b, k) < 0)
		return HF_BARS_OLDER;
	if (!k->referral)
		return done;
	if (!k->open)
		return k->cancelled ? done : HF_BARS_LATE;
	return k->contact ? HF_BARS_CONTACT : done;
}

struct hf_bars_fault
hf_bars_fault(const char *issue)
{
	static const struct {
		const char *issue;
		int status;
		const char *code;
	} faults[] = {
	    {"login", 401, "REC_UNAUTHORIZED"},
	    {"forbidden", 403, "REC_FORBIDDEN"},
	    {"not-found", 404, "REC_NOT_FOUND"},
	    {"deleted", 404, "REC_NOT_FOUND"},
	    {"duplicate", 409, "REC_CONFLICT"},
	    {"conflict", 409, "REC_CONFLICT"},
	    {"business-rule", 422, "REC_UNPROCESSABLE_ENTITY"},
	    {"too-costly", 422, "REC_UNPROCESSABLE_ENTITY"},
	    {"too-long", 413, "REC_BAD_REQUEST"},
	    {"not-supported", 501, "REC_NOT_IMPLEMENTED"},
	    {"transient", 503, "REC_SERVICE_UNAVAILABLE"},
	    {"throttled", 429, "REC_TOO_MANY_REQUESTS"},
	    {"no-store", 500, "REC_SERVER_ERROR"},
	    {"exception", 500, "REC_SERVER_ERROR"},
	};

	for (size_t i = 0; i < HF_COUNT(faults); i++)
		if (strcmp(issue, faults[i].issue) == 0)
			return (struct hf_bars_fault){.status = faults[i].status,
						      .code = faults[i].code,
						      .issue = issue};
	return (struct hf_bars_fault){
	    .status = 400, .code = "REC_BAD_REQUEST", .issue = issue};
}
