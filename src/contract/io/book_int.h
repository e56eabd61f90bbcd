/* book_int.h - between the files of the book. */
#ifndef HF_CONTRACT_IO_BOOK_INT_H
#define HF_CONTRACT_IO_BOOK_INT_H

#include "contract/io/book.h"

/* A text that is there, also when it is empty: columns take no NULL. */
#define HF_CT_TEXT(s) HF_TEXT((s).p ? (s) : HF_SV(""))

#endif
