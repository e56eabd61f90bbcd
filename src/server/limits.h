/* limits.h - how large what comes in may be. */
#ifndef HF_SERVER_LIMITS_H
#define HF_SERVER_LIMITS_H

#include <stddef.h>

#define HF_AUTH_FORM_MAX ((size_t)32 << 10)  /* what the token service reads */
#define HF_SIGNIN_MAX	 ((size_t)8 << 10)   /* POST /auth/… */
#define HF_CLIENT_MAX	 ((size_t)96 << 10)  /* a client with its keys */
#define HF_FORM_MAX	 ((size_t)256 << 10) /* POST _search */
#define HF_PRICES_MAX	 ((size_t)12 << 20)  /* the files of a price list */
#define HF_RESOURCE_MAX	 ((size_t)16 << 20)  /* one resource */
#define HF_BUNDLE_MAX	 ((size_t)64 << 20)  /* a transaction or batch */
#define HF_BUNDLE_ITEMS	 20000		     /* entries of a Bundle */
#define HF_ANSWER_MAX	 ((size_t)256 << 20) /* bytes of one answer */
#define HF_COUNT_MAX	 1000		     /* _count of a history page */
#define HF_COUNT_DEFAULT 20

#endif
