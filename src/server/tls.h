/* tls.h - the server's certificate and key, read again when their files change, and
 * the certificates of clients.
 *
 * TLS 1.3, and 1.2 for who cannot do better; AEAD suites with ephemeral keys only.
 * Connections that stand go on with the certificate they began with. */
#ifndef HF_SERVER_TLS_H
#define HF_SERVER_TLS_H

#include <gnutls/abstract.h>

#include "base/err.h"
#include "base/time.h"

struct hf_tls;

struct hf_tls_config {
	const char *cert; /* PEM: the certificate, then those between it and a root */
	const char *key;  /* PEM, without a passphrase */
	const char
	    *client_ca; /* PEM: who may sign certificates of clients; NULL: nobody */
};

/* What gnutls_priority_init() gets. */
extern const char hf_tls_priorities[];

/* Reads the files.  HF_INVALID with the file's name when one cannot be read, is no PEM,
 * is too weak, has expired or is not valid yet, when the key is of another certificate,
 * or everybody on this machine may read it.  Free with hf_tls_free(). */
enum hf_rc hf_tls_new(const struct hf_tls_config *config, struct hf_tls **out,
		      struct hf_err *err);
void hf_tls_free(struct hf_tls *tls); /* NULL is fine */

/* The present pair.  At most once a second it looks whether the files changed; a pair
 * that is no good is told in the log and the old one stays.  What it gives lives as
 * long as tls.  Any thread. */
void hf_tls_pair(struct hf_tls *tls, gnutls_pcert_st **chain, unsigned *n,
		 gnutls_privkey_t *key);

/* The text of client_ca; NULL when there is none. */
const char *hf_tls_client_ca(const struct hf_tls *tls);

enum { HF_TLS_THUMB = 44 };
/* The SHA-256 thumbprint of the client's certificate as RFC 8705 writes it (x5t#S256),
 * when it has one that client_ca signed and that is valid now; false without. */
bool hf_tls_thumbprint(gnutls_session_t session, char out[HF_TLS_THUMB]);

struct hf_tls_status {
	hf_time expires;	   /* of the present certificate */
	int64_t reloads, failures; /* since the start */
};
void hf_tls_status(struct hf_tls *tls, struct hf_tls_status *out);

#endif
