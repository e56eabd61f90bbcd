/* statement.h - the quarterly reconciliation statement as canonical bytes, and how it
 * is shown.  Pure.  contract-and-governance.md 2.3.
 *
 * The bytes are JSON in one order without white space, money as whole pence: what both
 * parties sign is their SHA-256.  CSV, workbook and PDF are made of the bytes, so
 * they show what was signed and nothing else.  The same contract, rules, inputs and
 * heading give the same bytes. */
#ifndef HF_CONTRACT_STATEMENT_H
#define HF_CONTRACT_STATEMENT_H

#include "contract/run.h"
#include "contract/sha.h"
#include "fhir/json.h"
#include "sheet/sheet.h"

struct hf_ct_statement_about {
	int quarter;	 /* 1 … 4 */
	int64_t version; /* from 1 */
	struct hf_sv by; /* "user/ID" */
	hf_time at;
	struct hf_sv terms_sha;		 /* of the contract's document */
	const struct hf_ct_rules *rules; /* NULL: none */
	/* Earned of earlier quarters that are agreed: by component as it was agreed,
	 * and as this run has it now.  What differs is a correction, shown by itself.
	 */
	hf_pence agreed[HF_CT_COMPONENTS], now[HF_CT_COMPONENTS];
};

/* "2020-Q1" in buf of at least 16 bytes. */
char *hf_ct_quarter_text(int fy, int quarter, char *buf, size_t size);
/* The last day of a quarter. */
int64_t hf_ct_quarter_end(int fy, int quarter);

/* Writes the statement of a run to the quarter's last day.  HF_RULE when a month of the
 * quarter has no figures, or the total is not the sum of its lines. */
enum hf_rc hf_ct_statement_write(const struct hf_ct_run *run,
				 const struct hf_ct_statement_about *about,
				 struct hf_buf *out, struct hf_err *err);

/* SHA-256 as 64 hexadecimal digits; false when it cannot be reckoned. */
bool hf_ct_sha(struct hf_sv bytes, char out[HF_CT_SHA_TEXT]);

/* Reads canonical bytes again and adds up: HF_INVALID when they are none, HF_RULE when
 * a total is not the sum of its lines. */
enum hf_rc hf_ct_statement_check(struct hf_sv bytes, struct hf_arena *arena,
				 struct hf_json *out, struct hf_err *err);

/* Who signed, for what is shown below the lines. */
struct hf_ct_shown_signature {
	struct hf_sv party, name, role;
	hf_time at;
};

enum hf_ct_sheet { HF_CT_CSV, HF_CT_ODS, HF_CT_PDF };
/* Shows a statement's bytes.  hash is theirs; signatures may be none. */
enum hf_rc hf_ct_statement_show(struct hf_sv bytes, const char *hash,
				const struct hf_ct_shown_signature *signatures,
				size_t n, enum hf_ct_sheet how, struct hf_arena *arena,
				struct hf_buf *out, struct hf_err *err);

#endif
