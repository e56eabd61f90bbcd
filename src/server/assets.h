/* assets.h - the pages' files as they stand in the binary. */
#ifndef HF_SERVER_ASSETS_H
#define HF_SERVER_ASSETS_H

#include "base/base.h"

struct hf_asset {
	const char *name; /* "pages-0123456789.js", "index.html" */
	const char *type; /* Content-Type */
	const char *etag; /* with quotes; of the content's SHA-256 */
	const char *body, *body_end, *gz, *gz_end;
};

/* Made by web/build.mjs. */
extern const struct hf_asset hf_assets[];
extern const size_t hf_n_assets;

/* The file called name; NULL when there is none. */
const struct hf_asset *hf_asset_find(struct hf_sv name);

#endif
