/* reprice.h - the same activity under other prices, another factor or other volumes,
 * beside what it is worth now.  Pure.
 *
 * What always holds: with no change both sides are equal; the difference of all is the
 * sum of the differences of the points of delivery.  Prices are not rounded anew: a
 * line is priced as price.h does, only by the changed list; a volume multiplies what
 * lines are worth and is rounded once for each point of delivery. */
#ifndef HF_CONTRACT_REPRICE_H
#define HF_CONTRACT_REPRICE_H

#include "contract/total.h"

enum hf_ct_reprice_kind {
	HF_CT_REPRICE_PRICE,  /* .code's price .column becomes .price */
	HF_CT_REPRICE_FACTOR, /* the market forces factor of provider .code becomes
			       * .rate
			       */
	HF_CT_REPRICE_VOLUME /* lines of .code (0: any) and .pod (0: any) times .rate */
};

enum hf_ct_reprice_column { /* of hrg.csv; PRICE of ae.csv and unbundled.csv */
			    HF_CT_RP_OPROC,
			    HF_CT_RP_COMBINED,
			    HF_CT_RP_DC,
			    HF_CT_RP_EL,
			    HF_CT_RP_NE,
			    HF_CT_RP_PERDAY,
			    HF_CT_RP_SSE,
			    HF_CT_RP_PRICE,
			    HF_CT_REPRICE_COLUMNS
};

enum { HF_CT_REPRICE_MOST = 16 };

struct hf_ct_reprice_change {
	enum hf_ct_reprice_kind kind;
	enum hf_ct_reprice_column column;
	hf_ct_code code;
	uint8_t pod;
	hf_pence price;
	hf_rate rate; /* of a volume: 1.05 is five in a hundred more */
};

struct hf_ct_repriced {
	struct hf_ct_sum before[HF_CT_PODS], after[HF_CT_PODS];
	struct hf_ct_sum all_before, all_after;
};

/* The book with prices and factors changed in all its lists, in arena; volumes are not
 * of a book.  HF_NOT_FOUND: no list has such a row or no such price in it; HF_INVALID:
 * a price or factor that a list may not have.  Borrows the rest of the lists. */
enum hf_rc hf_ct_price_book_change(const struct hf_ct_price_book *book,
				   const struct hf_ct_reprice_change *changes, size_t n,
				   struct hf_arena *arena, struct hf_ct_price_book *out,
				   struct hf_err *err);

/* Both sides.  As above, and HF_TOO_LONG for a sum that does not fit, or more than
 * HF_CT_REPRICE_MOST changes. */
enum hf_rc hf_ct_reprice(const struct hf_ct_price_book *book,
			 const struct hf_ct_reprice_change *changes, size_t n_changes,
			 const struct hf_ct_activity *a, size_t n,
			 struct hf_arena *arena, struct hf_ct_repriced *out,
			 struct hf_err *err);

#endif
