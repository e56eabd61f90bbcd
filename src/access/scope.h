/* scope.h - what a token may be used for, in the words of SMART App Launch 2.
 *
 * A scope is a ceiling: it never opens what the rules of access do not.  A scope that
 * is not understood, or that narrows by a query (patient/Observation.rs?category=…),
 * is refused by name: this server does not enforce such a query, and to leave it out
 * would grant more than was agreed. */
#ifndef HF_ACCESS_SCOPE_H
#define HF_ACCESS_SCOPE_H

#include "base/buf.h"
#include "base/err.h"
#include "fhir/tables.h"

enum {
	HF_SCOPE_TYPES = 160, /* resource types and one for all, with room */
	HF_SCOPE_BYTES = 8192,
};

/* c r u d s in this order; a set of them in a byte. */
enum hf_crud {
	HF_CRUD_C = 1 << 0,
	HF_CRUD_R = 1 << 1,
	HF_CRUD_U = 1 << 2,
	HF_CRUD_D = 1 << 3,
	HF_CRUD_S = 1 << 4,
	HF_CRUD_ALL = 31
};

enum hf_scope_level {
	HF_SCOPE_PATIENT, /* one person's record, that of the token's context */
	HF_SCOPE_USER,	  /* what the user may see */
	HF_SCOPE_SYSTEM,  /* what the system may see */
	HF_SCOPE_LEVELS
};

enum hf_scope_flag {
	HF_SCOPE_OPENID = 1 << 0,
	HF_SCOPE_FHIR_USER = 1 << 1,
	HF_SCOPE_PROFILE = 1 << 2,
	HF_SCOPE_LAUNCH = 1 << 3,
	HF_SCOPE_LAUNCH_PATIENT = 1 << 4,
	HF_SCOPE_OFFLINE = 1 << 5,
	HF_SCOPE_ONLINE = 1 << 6,
	HF_SCOPE_OPERATE = 1 << 7, /* for systems alone: the only one about no type */
};

/* What holds: a bit in cruds[level][0] (all types) is in no other cruds of the
 * level. */
struct hf_scopes {
	uint32_t flags;
	uint8_t cruds[HF_SCOPE_LEVELS][HF_SCOPE_TYPES]; /* by hf_type_id; 0: all */
};

/* Reads a list with blanks between.  v1 scopes (.read .write .*) become v2 ones.
 * HF_INVALID names the scope and what is wrong with it; HF_TOO_LONG past
 * HF_SCOPE_BYTES. */
enum hf_rc hf_scopes_parse(struct hf_sv text, struct hf_scopes *out,
			   struct hf_err *err);

/* May it do all of letters (a set of enum hf_crud) with resources of this type, on
 * any level?  Type 0 asks for what goes over all types. */
bool hf_scopes_allow(const struct hf_scopes *scopes, hf_type_id type, unsigned letters);
/* The same on one level. */
bool hf_scopes_allow_at(const struct hf_scopes *scopes, enum hf_scope_level level,
			hf_type_id type, unsigned letters);
/* Has it any scope for resources on this level? */
bool hf_scopes_has_level(const struct hf_scopes *scopes, enum hf_scope_level level);
bool hf_scopes_empty(const struct hf_scopes *scopes);

/* What both allow: asked ∩ allowed. */
struct hf_scopes hf_scopes_meet(const struct hf_scopes *asked,
				const struct hf_scopes *allowed);
/* Is every part of inner in outer? */
bool hf_scopes_within(const struct hf_scopes *inner, const struct hf_scopes *outer);

/* Appends it as text; reading that gives the same again. */
void hf_scopes_write(const struct hf_scopes *scopes, struct hf_buf *out);

/* Appends what it allows in plain words, a line ("\n") for each thing. */
void hf_scopes_words(const struct hf_scopes *scopes, struct hf_buf *out);

#endif
