/* match_name.h - how alike two names are.  Pure.
 *
 * All names are folded (hf_fold) and have no blanks. */
#ifndef HF_RECORD_MATCH_NAME_H
#define HF_RECORD_MATCH_NAME_H

#include "base/base.h"

/* Jaro-Winkler similarity of two names, 0 (nothing alike) to 1 (the same), with
 * the usual scale of 0.1 for at most four first letters.  Only the first 64 bytes
 * count.  The same whichever comes first. */
double hf_jaro_winkler(struct hf_sv a, struct hf_sv b);

/* How a name sounds in English, roughly: equal for most misspellings.  0 for an
 * empty name. */
uint32_t hf_name_sound(struct hf_sv name);

/* One line of definitions/nicknames gives each of its names the same group. */
struct hf_nickname {
	const char *name;
	uint16_t group;
};
extern const struct hf_nickname hf_nicknames[]; /* by name */
extern const size_t hf_n_nicknames;
extern const char *const hf_nickname_heads[]; /* of group: the name of its line */

enum { HF_NAME_GROUPS = 4 };

/* The groups a given name belongs to, its own line's first; the others are 0. */
void hf_name_groups(struct hf_sv name, uint16_t groups[HF_NAME_GROUPS]);
/* The groups of names of four letters or more that name is one slip away from and
 * begins as; the others are 0. */
void hf_name_guess(struct hf_sv name, uint16_t groups[HF_NAME_GROUPS]);
/* Do two lists of groups share one? */
bool hf_name_groups_meet(const uint16_t a[HF_NAME_GROUPS],
			 const uint16_t b[HF_NAME_GROUPS]);

/* Is this given name a placeholder for a child who has no name yet, or for nobody:
 * "Baby", "Twin", "Unknown" …?  What follows it is no name of the child either. */
bool hf_name_is_placeholder(struct hf_sv given);

/* Do two strings differ by one letter put in, left out or changed, or by two
 * neighbours that changed places?  False when they are equal. */
bool hf_one_slip(struct hf_sv a, struct hf_sv b);

#endif
