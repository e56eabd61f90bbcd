/* harden.h - what the running server gives up: should somebody take it over, they start
 * no program, look into no other process and load nothing into the kernel. */
#ifndef HF_SERVER_HARDEN_H
#define HF_SERVER_HARDEN_H

#include "base/err.h"

/* For the whole process and for good: no new privileges, no core dumps, and a filter on
 * system calls that makes what no server needs fail with EPERM (execve, fork, ptrace,
 * mount, bpf … and memory that is writable and executable at once).  Threads that run
 * already are bound as well.  HF_FAULT with the reason when the kernel has no such
 * filter; in a build with sanitizers, which need those calls, it does nothing. */
enum hf_rc hf_harden(struct hf_err *err);
/* Is this a build in which hf_harden() does something? */
bool hf_harden_works(void);

#endif
