/* redirect.h - a plain HTTP port that does nothing but send to the HTTPS one. */
#ifndef HF_SERVER_REDIRECT_H
#define HF_SERVER_REDIRECT_H

#include "server/http.h"
#include "server/site.h"

/* Listens and answers every GET and HEAD with 308 and the same path under site, which
 * is borrowed; anything else with 403, because what was sent has been seen already.
 * Failures as of hf_http_listen().  End it with hf_http_stop(). */
enum hf_rc hf_redirect_start(const char *address, uint16_t port,
			     const struct hf_site *site, struct hf_http **out,
			     struct hf_err *err);

#endif
