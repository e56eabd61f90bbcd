/* audit_help.h - an audit folder of one's own for each test. */
#ifndef AUDIT_HELP_H
#define AUDIT_HELP_H

#include "access/io/audit.h"
#include "test/hf_test.h"

extern char audit_folder[64];
/* What audit_begin() opens it with; NULL after audit_setup(). */
extern const char *audit_sign_key, *audit_copies;
extern hf_time (*audit_clock)(void);
extern const struct hf_audit_event audit_sample;

int audit_setup(void **state);
int audit_teardown(void **state);

struct hf_audit *audit_begin(void);
/* One segment with n lines in it, sealed every few. */
void audit_write(int n);

/* How many errors a check of the folder gives; what it said and counted. */
size_t audit_findings(void);
size_t audit_findings_of(const struct hf_audit_verify *what);
extern char audit_said[8192];
extern struct hf_chain_report audit_report;

/* A file of the folder into audit_text, and back. */
extern char audit_text[1 << 20];
size_t audit_load(const char *name);
/* The same of a segment that still has its room: some of that comes along. */
size_t audit_load_room(const char *name);
void audit_store(const char *name, size_t n);

#define WITH_FOLDER(test)                                                              \
	cmocka_unit_test_setup_teardown(test, audit_setup, audit_teardown)

#endif
