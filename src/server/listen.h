/* listen.h - where the server listens, who may reach it, and the rules for that.
 *
 * Without TLS a server is reached from this machine only, unless the operator says that
 * a proxy in front does TLS, and which one.  Without sign-in it is reached from this
 * machine only, whatever else is said. */
#ifndef HF_SERVER_LISTEN_H
#define HF_SERVER_LISTEN_H

#include "server/peer.h"
#include "server/site.h"

struct hf_listen_config {
	const char *listen;   /* "127.0.0.1:8080", "[::1]:0"; NULL: the first */
	const char *tls_cert; /* see struct hf_tls_config; NULL: plain HTTP */
	const char *tls_key;
	const char *tls_client_ca;
	const char
	    *http_redirect;	/* ADDR:PORT that sends to the public URL; NULL: none */
	const char *public_url; /* "https://care.example.org"; NULL: this machine's */
	const char *behind_proxy; /* networks of proxies to believe; NULL: none */
	bool insecure_listen;	  /* plain HTTP beyond this machine, behind a proxy */
	unsigned per_address, connections, idle_s, request_s; /* 0: see http.h */
};

struct hf_listen {
	char address[48], redirect_address[48];
	uint16_t port, redirect_port;
	struct hf_nets proxies;
	struct hf_site site;
};

/* Reads and checks what was said; open: nobody signs in.  HF_INVALID when it is not
 * well formed or two options do not go together, HF_RULE when it would let records out
 * unprotected; each with what to do. */
enum hf_rc hf_listen_read(const struct hf_listen_config *config, bool open,
			  struct hf_listen *out, struct hf_err *err);

/* "127.0.0.1:8080" or "[::1]:8080" or ":8080" (this machine) apart.  HF_INVALID with
 * what is expected. */
enum hf_rc hf_listen_parse(struct hf_sv text, char address[48], uint16_t *port,
			   struct hf_err *err);

#endif
