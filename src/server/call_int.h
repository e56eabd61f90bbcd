/* call_int.h - what the files behind call.h share. */
#ifndef HF_SERVER_CALL_INT_H
#define HF_SERVER_CALL_INT_H

#include "server/call.h"

/* Does an answer of this status get a line?  Changes that succeed have their entry
 * in their transaction. */
bool hf_call_wants_audit(const struct hf_call *call, int status);
/* Sets call->request. */
void hf_call_name_request(struct hf_call *call);
/* Writes it; rule (NULL: none) is that of a refusal. */
enum hf_rc hf_call_audit(struct hf_call *call, int status, const char *rule,
			 struct hf_err *err);

#endif
