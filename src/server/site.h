/* site.h - what this server is called from outside, and which requests are meant for
 * it.
 *
 * A page from elsewhere whose name was pointed at this server carries its own name in
 * Host, and a form that it sends carries its own in Origin: neither gets anything.
 * Nothing of a person goes out unencrypted, but to this machine itself.  Pure. */
#ifndef HF_SERVER_SITE_H
#define HF_SERVER_SITE_H

#include "base/arena.h"
#include "base/err.h"

enum { HF_SITE_HOST = 256 };

struct hf_site {
	char
	    host[HF_SITE_HOST]; /* "care.example.org"; "" when only loopback names do */
	bool secure;		/* its pages are at https:// */
	bool open;		/* nobody signs in: any page of this machine may ask */
};

/* Reads "https://care.example.org:8443", which has no path; NULL is fine.  HF_INVALID
 * with what is expected; http:// is taken for names of this machine only. */
enum hf_rc hf_site_parse(const char *public_url, struct hf_site *out,
			 struct hf_err *err);

struct hf_site_ask {
	struct hf_sv host, origin; /* headers; p NULL: there is none */
	struct hf_sv fetch_site;   /* Sec-Fetch-Site, which browsers set */
	bool changes;		   /* the method is none that only reads */
	bool secure;		   /* hf_req_secure() */
	bool from_loopback;	   /* hf_req_from_loopback() */
};

/* HF_FORBIDDEN with the reason when it is not meant for us, came from the page of
 * another site, or came unencrypted from another machine. */
enum hf_rc hf_site_check(const struct hf_site *site, const struct hf_site_ask *ask,
			 struct hf_err *err);

/* "https://care.example.org": what the links of an answer begin with. */
struct hf_sv hf_site_base(const struct hf_site *site, struct hf_sv host, bool secure,
			  struct hf_arena *arena);

#endif
