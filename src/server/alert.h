/* alert.h - what the rules say the privacy officer has to hear of, other than broken
 * glasses: each user and person once a session. */
#ifndef HF_SERVER_ALERT_H
#define HF_SERVER_ALERT_H

#include "server/call.h"

struct hf_alerts;

/* NULL without memory.  NULL to free is fine. */
struct hf_alerts *hf_alerts_new(void);
void hf_alerts_free(struct hf_alerts *alerts);

/* Tells of what this call has shown, when its rules asked for that.  Waits for a
 * commit the first time.  The failure of the store: then nothing is to be shown. */
enum hf_rc hf_call_alert(struct hf_call *call, struct hf_err *err);

/* Puts agreements that have expired into the privacy officer's queue, each once. */
enum hf_rc hf_alert_expired(struct hf_call *call, struct hf_err *err);

#endif
