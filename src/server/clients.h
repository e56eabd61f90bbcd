/* clients.h - registering systems and apps, from a command or a page alike. */
#ifndef HF_SERVER_CLIENTS_H
#define HF_SERVER_CLIENTS_H

#include "access/io/client.h"
#include "record/io/store.h"

/* Who does it, for the audit: "user/ID" or "operator/1000". */
struct hf_clients_by {
	struct hf_store *store;
	struct hf_sv actor, purpose;
	struct hf_sv trace;	/* of the request; n 0: none */
	struct hf_arena *arena; /* for what comes out */
	hf_time now;
};

/* Registers client (its id, secret and created are made here; role and purpose are
 * "system" and "DIRECT" when they are empty, org is put in capitals).  *secret is
 * told this once and kept as a hash; n 0 for a client with keys, and a public one.
 * HF_INVALID as hf_client_check(). */
enum hf_rc hf_clients_add(const struct hf_clients_by *by, struct hf_client *client,
			  struct hf_sv *secret, struct hf_err *err);
/* From then on it gets no tokens, and those it has are good for nothing. */
enum hf_rc hf_clients_end(const struct hf_clients_by *by, struct hf_sv id,
			  struct hf_err *err);
/* A new secret; the old one is of no more use.  HF_RULE for one without a secret. */
enum hf_rc hf_clients_secret(const struct hf_clients_by *by, struct hf_sv id,
			     struct hf_sv *secret, struct hf_err *err);

struct hf_jw;
/* Writes a client as an object; nothing secret is in it. */
void hf_clients_write(const struct hf_client *client, struct hf_jw *w);

#endif
