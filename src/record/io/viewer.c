/* viewer.c - who looks through a reader. */
#include "record/io/viewer.h"

#include "record/io/store_impl.h"

void
hf_reader_as(struct hf_reader *reader, const struct hf_viewer *viewer)
{
	reader->viewer = viewer;
}
