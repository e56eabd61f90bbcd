/* Certificates of clients, as server/tls.h promises them: over real handshakes, with
 * certificates made here. */
#include "server/tls.h"

#include <arpa/inet.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <netinet/in.h>
#include <sodium.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/feed.h"
#include "server/http.h"
#include "test/hf_test.h"

/* A key and its certificate. */
struct party {
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t crt;
};

struct wish {
	const struct party *by;	 /* NULL: itself */
	const char *purpose;	 /* of the key; NULL: none */
	long from_days, to_days; /* around now */
	bool ca;
};

static char folder[] = "/tmp/hf-tls-XXXXXX";
static struct party ours, root, other_root;
static struct hf_http *http;
static struct hf_tls *tls;
static struct hf_feed *feed;

static void
ok(int code)
{
	if (code < 0)
		fail_msg("%s", gnutls_strerror(code));
}

static struct party
make(const char *name, struct wish w)
{
	static unsigned char serial = 1;
	struct party p;
	time_t now = time(NULL);

	ok(gnutls_x509_privkey_init(&p.key));
	ok(gnutls_x509_privkey_generate(
	    p.key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
	    0));
	ok(gnutls_x509_crt_init(&p.crt));
	ok(gnutls_x509_crt_set_version(p.crt, 3));
	ok(gnutls_x509_crt_set_serial(p.crt, &serial, 1));
	serial++;
	ok(gnutls_x509_crt_set_dn_by_oid(p.crt, GNUTLS_OID_X520_COMMON_NAME, 0, name,
					 (unsigned)strlen(name)));
	ok(gnutls_x509_crt_set_activation_time(p.crt, now + w.from_days * 86400));
	ok(gnutls_x509_crt_set_expiration_time(p.crt, now + w.to_days * 86400));
	ok(gnutls_x509_crt_set_key(p.crt, p.key));
	ok(gnutls_x509_crt_set_basic_constraints(p.crt, w.ca, -1));
	if (w.ca)
		ok(gnutls_x509_crt_set_key_usage(p.crt, GNUTLS_KEY_KEY_CERT_SIGN));
	if (w.purpose)
		ok(gnutls_x509_crt_set_key_purpose_oid(p.crt, w.purpose, 0));
	ok(gnutls_x509_crt_sign2(p.crt, w.by ? w.by->crt : p.crt,
				 w.by ? w.by->key : p.key, GNUTLS_DIG_SHA256, 0));
	return p;
}

static void
drop(struct party *p)
{
	gnutls_x509_crt_deinit(p->crt);
	gnutls_x509_privkey_deinit(p->key);
}

static const char *
path_of(const char *name)
{
	static char paths[3][64];
	static unsigned i;
	char *path = paths[i++ % 3];

	snprintf(path, 64, "%s/%s", folder, name);
	return path;
}

static void
put(const char *name, const gnutls_datum_t *d)
{
	FILE *f = fopen(path_of(name), "w");

	assert_non_null(f);
	assert_int_equal(fwrite(d->data, 1, d->size, f), d->size);
	fclose(f);
	chmod(path_of(name), 0600);
}

static void
put_pair(const char *cert, const char *key, const struct party *p)
{
	gnutls_datum_t d;

	ok(gnutls_x509_crt_export2(p->crt, GNUTLS_X509_FMT_PEM, &d));
	put(cert, &d);
	gnutls_free(d.data);
	ok(gnutls_x509_privkey_export2(p->key, GNUTLS_X509_FMT_PEM, &d));
	put(key, &d);
	gnutls_free(d.data);
}

/* ---- a server that tells the thumbprint ---- */

static size_t
no_body(struct hf_req *req, void *ctx)
{
	(void)req;
	(void)ctx;
	return 0;
}

static void
tell(struct hf_req *req, void *ctx)
{
	char thumb[HF_TLS_THUMB] = "none";

	(void)ctx;
	assert(hf_req_secure(req));
	if (hf_sv_is(hf_req_path(req), "/feed")) {
		hf_reply_feed(req, feed, &(struct hf_feed_ask){.after = HF_FEED_NOW});
		return;
	}
	(void)hf_req_client_cert(req, thumb);
	hf_buf_printf(hf_req_buf(req), "<%s>", thumb);
	hf_reply(req, 200, hf_buf_view(hf_req_buf(req)));
}

static void
refuse(struct hf_req *req, const struct hf_err *err, void *ctx)
{
	(void)err;
	tell(req, ctx);
}

static int
start(void **state)
{
	struct hf_tls_config files;
	struct hf_http_config config = {.address = "127.0.0.1",
					.threads = 2,
					.body_max = no_body,
					.handle = tell,
					.refuse = refuse};
	struct hf_err err = {0};

	(void)state;
	assert_non_null(mkdtemp(folder));
	root = make("root", (struct wish){.from_days = -1, .to_days = 30, .ca = true});
	other_root =
	    make("other", (struct wish){.from_days = -1, .to_days = 30, .ca = true});
	ours = make("localhost", (struct wish){.from_days = -1, .to_days = 30});
	put_pair("s.pem", "s.key", &ours);
	put_pair("root.pem", "root.key", &root);
	files = (struct hf_tls_config){path_of("s.pem"), path_of("s.key"),
				       path_of("root.pem")};
	if (hf_tls_new(&files, &tls, &err) != HF_OK)
		fail_msg("%s", err.text);
	config.tls = tls;
	feed = hf_feed_new(0, 0);
	assert_non_null(feed);
	assert_int_equal(hf_http_listen(&config, &http, &err), HF_OK);
	assert_int_equal(hf_http_start(http, &err), HF_OK);
	return 0;
}

static int
stop(void **state)
{
	static const char *const names[] = {"s.pem", "s.key", "root.pem", "root.key"};

	(void)state;
	hf_http_stop(http);
	hf_feed_free(feed);
	hf_tls_free(tls);
	drop(&ours);
	drop(&root);
	drop(&other_root);
	for (size_t i = 0; i < HF_COUNT(names); i++)
		unlink(path_of(names[i]));
	rmdir(folder);
	return 0;
}

/* ---- a client ---- */

static const struct party *shown;

/* Shows it whoever the server says it trusts. */
static int
show(gnutls_session_t session, const gnutls_datum_t *names, int n,
     const gnutls_pk_algorithm_t *kinds, int n_kinds, gnutls_retr2_st *out)
{
	(void)session;
	(void)names;
	(void)n;
	(void)kinds;
	(void)n_kinds;
	*out = (gnutls_retr2_st){.cert_type = GNUTLS_CRT_X509,
				 .key_type = GNUTLS_PRIVKEY_X509};
	if (shown) {
		out->ncerts = 1;
		out->cert.x509 = (gnutls_x509_crt_t *)(uintptr_t)&shown->crt;
		out->key.x509 = shown->key;
	}
	return 0;
}

static int
dial(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons(hf_http_port(http)),
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	return fd;
}

struct client {
	int fd;
	gnutls_certificate_credentials_t cred;
	gnutls_session_t s;
	char answer[4096];
	size_t n;
};

static void
send_request(struct client *c, const struct party *client, const char *request)
{
	*c = (struct client){.fd = dial()};
	shown = client;
	ok(gnutls_certificate_allocate_credentials(&c->cred));
	gnutls_certificate_set_retrieve_function(c->cred, show);
	ok(gnutls_init(&c->s, GNUTLS_CLIENT));
	ok(gnutls_set_default_priority(c->s));
	ok(gnutls_credentials_set(c->s, GNUTLS_CRD_CERTIFICATE, c->cred));
	gnutls_transport_set_int(c->s, c->fd);
	ok(gnutls_handshake(c->s));
	ok((int)gnutls_record_send(c->s, request, strlen(request)));
}

/* Receives until this text is there; NULL: until the end. */
static void
hear(struct client *c, const char *until)
{
	while (!until || !strstr(c->answer, until)) {
		size_t room = sizeof c->answer - 1 - c->n;
		ssize_t r = gnutls_record_recv(c->s, c->answer + c->n, room);

		if (r == GNUTLS_E_AGAIN || r == GNUTLS_E_INTERRUPTED)
			continue;
		if (r <= 0)
			break;
		c->n += (size_t)r;
	}
	if (until)
		assert_non_null(strstr(c->answer, until));
}

static void
hang_up(struct client *c)
{
	gnutls_deinit(c->s);
	gnutls_certificate_free_credentials(c->cred);
	close(c->fd);
}

/* What the server tells of us: "<thumbprint>" or "<none>". */
static const char *
ask(const struct party *client)
{
	static struct client c;

	send_request(&c, client,
		     "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
	hear(&c, NULL);
	hang_up(&c);
	assert_non_null(strchr(c.answer, '<'));
	return strchr(c.answer, '<');
}

static void
expect_none(const char *name, struct wish w)
{
	struct party p = make(name, w);

	assert_string_equal(ask(&p), "<none>");
	drop(&p);
}

HF_TEST(a_client_without_a_certificate_is_served_and_has_no_thumbprint)
{
	assert_string_equal(ask(NULL), "<none>");
}

HF_TEST(a_certificate_of_the_named_authority_has_its_thumbprint)
{
	struct party p = make("ward", (struct wish){.by = &root,
						    .purpose = GNUTLS_KP_TLS_WWW_CLIENT,
						    .from_days = -1,
						    .to_days = 1});
	char want[HF_TLS_THUMB + 2] = "<";
	uint8_t sum[32];
	size_t size = sizeof sum;

	ok(gnutls_x509_crt_get_fingerprint(p.crt, GNUTLS_DIG_SHA256, sum, &size));
	sodium_bin2base64(want + 1, HF_TLS_THUMB, sum, sizeof sum,
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	memcpy(want + strlen(want), ">", 2);
	assert_string_equal(ask(&p), want);
	drop(&p);
}

HF_TEST(a_certificate_that_is_not_to_be_believed_has_none)
{
	const char *client = GNUTLS_KP_TLS_WWW_CLIENT;

	expect_none("stranger", (struct wish){&other_root, client, -1, 1, false});
	expect_none("itself", (struct wish){NULL, client, -1, 1, false});
	expect_none("over", (struct wish){&root, client, -3, -1, false});
	expect_none("not yet", (struct wish){&root, client, 1, 3, false});
	expect_none("a server",
		    (struct wish){&root, GNUTLS_KP_TLS_WWW_SERVER, -1, 1, false});
}

HF_TEST(the_present_pair_is_told_with_its_end)
{
	struct hf_tls_status status;

	hf_tls_status(tls, &status);
	assert_int_equal(status.failures, 0);
	assert_true(status.expires / 1000 - time(NULL) > 29 * 86400);
	assert_true(status.expires / 1000 - time(NULL) <= 30 * 86400);
}

HF_TEST(a_feed_goes_on_after_each_rest)
{
	struct client c;
	char text[32];

	send_request(&c, NULL, "GET /feed HTTP/1.1\r\nHost: localhost\r\n\r\n");
	hear(&c, "id: 0");
	for (int i = 1; i <= 10; i++) {
		snprintf(text, sizeof text, "[%d]", i);
		hf_feed_publish(feed, "row", hf_sv_from(text), i);
		hear(&c, text);
	}
	hf_feed_end(feed);
	hear(&c, "\r\n0\r\n\r\n");
	hang_up(&c);
}

#define T(name) cmocka_unit_test(name)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(a_client_without_a_certificate_is_served_and_has_no_thumbprint),
	    T(a_certificate_of_the_named_authority_has_its_thumbprint),
	    T(a_certificate_that_is_not_to_be_believed_has_none),
	    T(the_present_pair_is_told_with_its_end),
	    T(a_feed_goes_on_after_each_rest),
	};

	return cmocka_run_group_tests_name("server/tls", tests, start, stop);
}
