/* tls.c - the server's certificate and key, read again when their files change. */
#include "server/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <pthread.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io/clock.h"
#include "base/io/log.h"

enum { FILE_MAX = 256 << 10, CHAIN_MAX = 10, CHECK_MS = 1000 };

const char hf_tls_priorities[] =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-CIPHER-ALL:+AES-256-GCM:"
    "+CHACHA20-POLY1305:+AES-128-GCM:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-MAC-ALL:+AEAD:"
    "-SIGN-RSA-SHA1:-SIGN-ECDSA-SHA1:%SERVER_PRECEDENCE";

/* Which state of a file was read. */
struct mark {
	ino_t inode;
	off_t size;
	struct timespec changed;
};

struct pair {
	gnutls_pcert_st chain[CHAIN_MAX];
	unsigned n;
	gnutls_privkey_t key;
	hf_time expires;
	struct pair *older; /* sessions may still point to it */
};

struct hf_tls {
	char *cert, *key, *client_ca;
	pthread_mutex_t lock;
	struct pair *pair;
	struct mark cert_mark, key_mark;
	uint64_t checked; /* hf_mono_ns() */
	int64_t reloads, failures;
};

/* ---- files ---- */

static void
wipe(gnutls_datum_t *d)
{
	if (d->data)
		sodium_memzero(d->data, d->size);
	free(d->data);
	d->data = NULL;
}

static enum hf_rc
cannot_read(const char *path, struct hf_err *err)
{
	return hf_fail(err, HF_INVALID, NULL, "%s cannot be read: %s", path,
		       strerror(errno));
}

/* The whole file and a NUL behind it; wipe() it. */
static enum hf_rc
read_file(const char *path, gnutls_datum_t *out, struct hf_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 0;
	size_t all = 0;

	if (fd < 0)
		return cannot_read(path, err);
	out->data = malloc(FILE_MAX + 1);
	while (out->data && all < FILE_MAX &&
	       (n = read(fd, out->data + all, FILE_MAX - all)) > 0)
		all += (size_t)n;
	close(fd);
	out->size = (unsigned)all;
	if (!out->data)
		return hf_fail(err, HF_FAULT, NULL, "no memory to read %s", path);
	out->data[all] = '\0';
	if (n < 0) {
		wipe(out);
		return cannot_read(path, err);
	}
	if (all == FILE_MAX) {
		wipe(out);
		return hf_fail(err, HF_INVALID, NULL,
			       "%s is longer than a file of certificates is", path);
	}
	return HF_OK;
}

static enum hf_rc
mark_of(const char *path, struct mark *out, struct hf_err *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return cannot_read(path, err);
	*out = (struct mark){st.st_ino, st.st_size, st.st_mtim};
	return HF_OK;
}

static bool
same_mark(const struct mark *a, const struct mark *b)
{
	return a->inode == b->inode && a->size == b->size &&
	       a->changed.tv_sec == b->changed.tv_sec &&
	       a->changed.tv_nsec == b->changed.tv_nsec;
}

/* A key that others on the machine can read is none. */
static enum hf_rc
check_private(const char *path, struct hf_err *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return cannot_read(path, err);
	if (st.st_mode & 07)
		return hf_fail(err, HF_INVALID, NULL,
			       "%s can be read by every user of this machine; take "
			       "that away with chmod o= and renew the key",
			       path);
	return HF_OK;
}

/* ---- pairs ---- */

static void
free_pair(struct pair *p)
{
	if (!p)
		return;
	for (unsigned i = 0; i < p->n; i++)
		gnutls_pcert_deinit(&p->chain[i]);
	if (p->key)
		gnutls_privkey_deinit(p->key);
	free(p);
}

static enum hf_rc
bad_pem(const char *path, const char *what, int code, struct hf_err *err)
{
	return hf_fail(err, HF_INVALID, NULL, "%s holds no %s in PEM: %s", path, what,
		       gnutls_strerror(code));
}

/* Of the first certificate: its time, and is its key strong enough? */
static enum hf_rc
check_leaf(const char *path, gnutls_x509_crt_t leaf, hf_time now, hf_time *expires,
	   struct hf_err *err)
{
	time_t from = gnutls_x509_crt_get_activation_time(leaf);
	time_t to = gnutls_x509_crt_get_expiration_time(leaf);
	unsigned bits = 0;
	int kind = gnutls_x509_crt_get_pk_algorithm(leaf, &bits);
	char text[32];

	*expires = (hf_time)to * 1000;
	if (*expires <= now)
		return hf_fail(err, HF_INVALID, NULL,
			       "the certificate in %s expired at %s; renew it", path,
			       hf_time_format(*expires, text, sizeof text));
	if ((hf_time)from * 1000 > now)
		return hf_fail(err, HF_INVALID, NULL,
			       "the certificate in %s is valid from %s on only; is "
			       "the clock of this machine right?",
			       path,
			       hf_time_format((hf_time)from * 1000, text, sizeof text));
	if ((kind == GNUTLS_PK_RSA && bits < 2048) || bits < 255)
		return hf_fail(err, HF_INVALID, NULL,
			       "the key of the certificate in %s has %u bits only; "
			       "take RSA from 2048 or a curve from P-256 on",
			       path, bits);
	return HF_OK;
}

static enum hf_rc
import_chain(const char *path, const gnutls_datum_t *pem, hf_time now, struct pair *p,
	     struct hf_err *err)
{
	gnutls_x509_crt_t list[CHAIN_MAX];
	unsigned n = CHAIN_MAX;
	enum hf_rc rc;
	int code;

	code = gnutls_x509_crt_list_import(list, &n, pem, GNUTLS_X509_FMT_PEM,
					   GNUTLS_X509_CRT_LIST_IMPORT_FAIL_IF_EXCEED);
	if (code < 0)
		return bad_pem(path, "certificate", code, err);
	rc = check_leaf(path, list[0], now, &p->expires, err);
	if (rc == HF_OK) {
		p->n = n;
		code = gnutls_pcert_import_x509_list(p->chain, list, &p->n,
						     GNUTLS_X509_CRT_LIST_SORT);
		if (code < 0) {
			p->n = 0;
			rc = hf_fail(err, HF_INVALID, NULL,
				     "the certificates in %s are no chain: %s", path,
				     gnutls_strerror(code));
		}
	}
	for (unsigned i = 0; i < n; i++)
		gnutls_x509_crt_deinit(list[i]);
	return rc;
}

/* Do they belong together?  Tried on credentials that are thrown away. */
static enum hf_rc
check_match(const struct hf_tls *t, const gnutls_datum_t *cert,
	    const gnutls_datum_t *key, struct hf_err *err)
{
	gnutls_certificate_credentials_t cred;
	int code = gnutls_certificate_allocate_credentials(&cred);

	if (code == 0) {
		code = gnutls_certificate_set_x509_key_mem(cred, cert, key,
							   GNUTLS_X509_FMT_PEM);
		gnutls_certificate_free_credentials(cred);
	}
	if (code == GNUTLS_E_CERTIFICATE_KEY_MISMATCH)
		return hf_fail(err, HF_INVALID, NULL,
			       "the key in %s is not that of the certificate in %s",
			       t->key, t->cert);
	if (code < 0)
		return bad_pem(t->key, "private key without a passphrase", code, err);
	return HF_OK;
}

static enum hf_rc
import_key(const char *path, const gnutls_datum_t *pem, struct pair *p,
	   struct hf_err *err)
{
	int code = gnutls_privkey_init(&p->key);

	if (code == 0)
		code = gnutls_privkey_import_x509_raw(p->key, pem, GNUTLS_X509_FMT_PEM,
						      NULL, 0);
	if (code < 0)
		return bad_pem(path, "private key without a passphrase", code, err);
	return HF_OK;
}

static enum hf_rc
load_pair(const struct hf_tls *t, struct pair **out, struct hf_err *err)
{
	gnutls_datum_t cert = {NULL, 0}, key = {NULL, 0};
	struct pair *p = calloc(1, sizeof *p);
	enum hf_rc rc = p ? HF_OK : hf_fail(err, HF_FAULT, NULL, "no memory");

	if (rc == HF_OK)
		rc = check_private(t->key, err);
	if (rc == HF_OK)
		rc = read_file(t->cert, &cert, err);
	if (rc == HF_OK)
		rc = read_file(t->key, &key, err);
	if (rc == HF_OK)
		rc = import_chain(t->cert, &cert, hf_now(), p, err);
	if (rc == HF_OK)
		rc = check_match(t, &cert, &key, err);
	if (rc == HF_OK)
		rc = import_key(t->key, &key, p, err);
	wipe(&cert);
	wipe(&key);
	if (rc) {
		free_pair(p);
		return rc;
	}
	*out = p;
	return HF_OK;
}

static enum hf_rc
load_client_ca(struct hf_tls *t, const char *path, struct hf_err *err)
{
	gnutls_datum_t pem = {NULL, 0};
	gnutls_x509_trust_list_t list;
	enum hf_rc rc = read_file(path, &pem, err);
	int n;

	if (rc)
		return rc;
	n = gnutls_x509_trust_list_init(&list, 0);
	if (n == 0) {
		n = gnutls_x509_trust_list_add_trust_mem(list, &pem, NULL,
							 GNUTLS_X509_FMT_PEM, 0, 0);
		gnutls_x509_trust_list_deinit(list, 1);
	}
	if (n <= 0) {
		wipe(&pem);
		return bad_pem(path, "certificate", n, err);
	}
	t->client_ca = (char *)pem.data;
	return HF_OK;
}

/* ---- what others call ---- */

enum hf_rc
hf_tls_new(const struct hf_tls_config *config, struct hf_tls **out, struct hf_err *err)
{
	struct hf_tls *t = calloc(1, sizeof *t);
	enum hf_rc rc;

	if (!t)
		return hf_fail(err, HF_FAULT, NULL, "no memory for TLS");
	pthread_mutex_init(&t->lock, NULL);
	t->cert = strdup(config->cert);
	t->key = strdup(config->key);
	if (!t->cert || !t->key)
		rc = hf_fail(err, HF_FAULT, NULL, "no memory for TLS");
	else
		rc = mark_of(t->cert, &t->cert_mark, err);
	if (rc == HF_OK)
		rc = mark_of(t->key, &t->key_mark, err);
	if (rc == HF_OK)
		rc = load_pair(t, &t->pair, err);
	if (rc == HF_OK && config->client_ca)
		rc = load_client_ca(t, config->client_ca, err);
	t->checked = hf_mono_ns();
	if (rc) {
		hf_tls_free(t);
		return rc;
	}
	*out = t;
	return HF_OK;
}

void
hf_tls_free(struct hf_tls *t)
{
	if (!t)
		return;
	while (t->pair) {
		struct pair *older = t->pair->older;

		free_pair(t->pair);
		t->pair = older;
	}
	pthread_mutex_destroy(&t->lock);
	free(t->cert);
	free(t->key);
	free(t->client_ca);
	free(t);
}

/* A pair of which one half came a moment ago does not match: the marks are kept all the
 * same, because the other half changes them again. */
static void
look_again(struct hf_tls *t)
{
	struct mark cert, key;
	struct pair *fresh = NULL;
	struct hf_err err;
	enum hf_rc rc;

	if (hf_mono_ns() - t->checked < (uint64_t)CHECK_MS * 1000000)
		return;
	t->checked = hf_mono_ns();
	rc = mark_of(t->cert, &cert, &err);
	if (rc == HF_OK)
		rc = mark_of(t->key, &key, &err);
	if (rc) /* between removing and renaming there is none */
		return;
	if (same_mark(&cert, &t->cert_mark) && same_mark(&key, &t->key_mark))
		return;
	t->cert_mark = cert;
	t->key_mark = key;
	rc = load_pair(t, &fresh, &err);
	if (rc) {
		t->failures++;
		hf_log(HF_LOG_ERROR, "server",
		       "the old certificate stays in use, the new one is no good: %s",
		       err.text);
		return;
	}
	/* Handshakes under way point to the old pair: it is kept to the end. */
	fresh->older = t->pair;
	t->pair = fresh;
	t->reloads++;
	hf_log(HF_LOG_INFO, "server", "a new certificate is in use");
}

void
hf_tls_pair(struct hf_tls *t, gnutls_pcert_st **chain, unsigned *n,
	    gnutls_privkey_t *key)
{
	pthread_mutex_lock(&t->lock);
	look_again(t);
	*chain = t->pair->chain;
	*n = t->pair->n;
	*key = t->pair->key;
	pthread_mutex_unlock(&t->lock);
}

const char *
hf_tls_client_ca(const struct hf_tls *t)
{
	return t->client_ca;
}

bool
hf_tls_thumbprint(gnutls_session_t session, char out[HF_TLS_THUMB])
{
	char purpose[] = GNUTLS_KP_TLS_WWW_CLIENT;
	gnutls_typed_vdata_st data = {GNUTLS_DT_KEY_PURPOSE_OID, (void *)purpose, 0};
	const gnutls_datum_t *list;
	uint8_t sum[32];
	size_t size = sizeof sum;
	unsigned n = 0, status = 0;

	list = gnutls_certificate_get_peers(session, &n);
	if (!list || n == 0 ||
	    gnutls_certificate_verify_peers(session, &data, 1, &status) != 0 ||
	    status != 0 ||
	    gnutls_fingerprint(GNUTLS_DIG_SHA256, &list[0], sum, &size) != 0)
		return false;
	sodium_bin2base64(out, HF_TLS_THUMB, sum, sizeof sum,
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return true;
}

void
hf_tls_status(struct hf_tls *t, struct hf_tls_status *out)
{
	pthread_mutex_lock(&t->lock);
	look_again(t);
	*out = (struct hf_tls_status){.expires = t->pair->expires,
				      .reloads = t->reloads,
				      .failures = t->failures};
	pthread_mutex_unlock(&t->lock);
}
