/* policy.h (io) - the documents of access from a folder: a place may have its own. */
#ifndef HF_ACCESS_IO_POLICY_H
#define HF_ACCESS_IO_POLICY_H

#include "access/policy.h"

enum { HF_POLICY_FILE_MAX = 1 << 20 }; /* bytes of one document */

/* Reads roles.json, rules.json, sensitivity.json and optouts.json of folder dir; what
 * is not there is the one built in.  dir NULL: all built in.  A document that differs
 * from the one built in has a version of its own, since the audit names versions.
 * HF_INVALID with the findings ("file:line") in issues, HF_FORBIDDEN when a file
 * cannot be read, HF_NOT_FOUND when the folder is not there or has none of the four.
 * The policy lies in arena. */
enum hf_rc hf_policy_read(const char *dir, struct hf_arena *arena,
			  struct hf_issues *issues, struct hf_policy *out,
			  struct hf_err *err);

#endif
