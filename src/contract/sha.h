/* sha.h - how long a SHA-256 is as text.  Pure. */
#ifndef HF_CONTRACT_SHA_H
#define HF_CONTRACT_SHA_H

enum { HF_CT_SHA_TEXT = 65 }; /* 64 hexadecimal digits and NUL */

#endif
