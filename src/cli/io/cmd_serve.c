/* cmd_serve.c - homefirst serve. */
#include "base/io/log.h"
#include "cli/io/cli.h"

#include "server/serve.h"

HF_COMMAND(hf_cmd_serve);
const char hf_help_serve[] =
    "Serves the pages at / and FHIR R4 at /fhir until it gets SIGTERM or SIGINT, then\n"
    "finishes what is under way and ends with 0.  It prints its address to standard\n"
    "output as soon as it answers.  Other machines reach it with TLS only: give a\n"
    "certificate and a key, or say that a proxy in front does TLS.  With --store the\n"
    "audit is kept in the folder that --data names, or in homefirst-audit in the\n"
    "current folder.";

struct options {
	struct hf_cli_store where;
	struct hf_listen_config net;
	const char *compress;
	int64_t threads, per_address, connections, idle, request;
	int64_t session_idle, session_most, session_n, downtime_every;
	bool open_loopback, quiet, verbose;
};

static bool
read_compress(const char *text, enum hf_compress *out)
{
	static const struct {
		const char *name;
		enum hf_compress value;
	} names[] = {{"auto", HF_COMPRESS_AUTO},
		     {"always", HF_COMPRESS_ALWAYS},
		     {"never", HF_COMPRESS_NEVER}};

	for (size_t i = 0; i < HF_COUNT(names); i++)
		if (strcmp(text, names[i].name) == 0) {
			*out = names[i].value;
			return true;
		}
	return false;
}

static struct hf_session_limits
limits_of(const struct options *o)
{
	struct hf_session_limits l = hf_session_limits_default;

	if (o->session_idle)
		l.idle = o->session_idle * 1000;
	if (l.idle_kiosk > l.idle)
		l.idle_kiosk = l.idle;
	if (o->session_most)
		l.absolute = o->session_most * 1000;
	if (o->session_n)
		l.concurrent = (unsigned)o->session_n;
	return l;
}

int
hf_cmd_serve(const struct hf_command *cmd, int argc, char **argv)
{
	struct hf_serve_config config = {0};
	struct options o = {.net.listen = "127.0.0.1:8080", .compress = "auto"};
	/* clang-format off */
	const struct hf_opt opts[] = {
		HF_CLI_STORE_OPTS(&o.where),
		{.name = "listen", .letter = 'l', .kind = HF_OPT_TEXT, .arg = "ADDR:PORT",
		 .help = "where to listen (127.0.0.1:8080); port 0 takes a free one",
		 .out = &o.net.listen},
		{.name = "tls-cert", .kind = HF_OPT_TEXT, .arg = "FILE",
		 .help = "certificate and chain (PEM): serve HTTPS; read again when it\n"
			 "changes",
		 .out = &o.net.tls_cert},
		{.name = "tls-key", .kind = HF_OPT_TEXT, .arg = "FILE",
		 .help = "its private key (PEM)", .out = &o.net.tls_key},
		{.name = "tls-client-ca", .kind = HF_OPT_TEXT, .arg = "FILE",
		 .help = "who signs certificates of systems that connect "
			 "(PEM); nothing is decided by them yet",
		 .out = &o.net.tls_client_ca},
		{.name = "http-redirect", .kind = HF_OPT_TEXT, .arg = "ADDR:PORT",
		 .help = "a plain HTTP port that sends to --public-url",
		 .out = &o.net.http_redirect},
		{.name = "public-url", .kind = HF_OPT_TEXT, .arg = "URL",
		 .help = "what people type: https://NAME; this machine's names when\n"
			 "left out",
		 .out = &o.net.public_url},
		{.name = "behind-proxy", .kind = HF_OPT_TEXT, .arg = "NET,...",
		 .help = "believe X-Forwarded-For, -Proto and -Host from there",
		 .out = &o.net.behind_proxy},
		{.name = "insecure-listen", .kind = HF_OPT_FLAG,
		 .help = "plain HTTP beyond this machine: the proxy does TLS",
		 .out = &o.net.insecure_listen},
		{.name = "connections", .kind = HF_OPT_NUMBER, .arg = "N",
		 .help = "most at once (1024)", .out = &o.connections,
		 .min = 1, .max = 65536},
		{.name = "per-address", .kind = HF_OPT_NUMBER, .arg = "N",
		 .help = "most at once from one address (256)",
		 .out = &o.per_address, .min = 1, .max = 65536},
		{.name = "idle-timeout", .kind = HF_OPT_NUMBER, .arg = "SECONDS",
		 .help = "a connection on which nothing happens is closed (60)",
		 .out = &o.idle, .min = 1, .max = 3600},
		{.name = "request-timeout", .kind = HF_OPT_NUMBER, .arg = "SECONDS",
		 .help = "the longest a client may take to send a request (20), and\n"
			 "a second more for each 16 KB",
		 .out = &o.request, .min = 1, .max = 3600},
		{.name = "threads", .kind = HF_OPT_NUMBER, .arg = "N",
		 .help = "how many threads answer (two for each core)",
		 .out = &o.threads, .min = 1, .max = 256},
		{.name = "compress", .kind = HF_OPT_TEXT, .arg = "WHEN",
		 .help = "gzip for who asks: always, never, or auto (not for this\n"
			 "machine)",
		 .out = &o.compress},
		{.name = "open-loopback", .kind = HF_OPT_FLAG,
		 .help = "nobody signs in: for trials and benchmarks, on a loopback\n"
			 "address only",
		 .out = &o.open_loopback},
		{.name = "audit-key", .kind = HF_OPT_TEXT, .arg = "FILE",
		 .help = "the key that signs the audit (audit/sign.key); made when it\n"
			 "is not there",
		 .out = &config.audit_key},
		{.name = "audit-copy", .kind = HF_OPT_TEXT, .arg = "DIR",
		 .help = "copy each signed head of the audit there at once: a folder\n"
			 "that who runs this machine cannot change",
		 .out = &config.audit_copy},
		{.name = "access", .kind = HF_OPT_TEXT, .arg = "DIR",
		 .help = "roles.json, rules.json, sensitivity.json, optouts.json of this\n"
			 "place; what is not there is built in ('access check DIR' looks\n"
			 "at them)",
		 .out = &config.access},
		{.name = "pathways", .kind = HF_OPT_TEXT, .arg = "DIR",
		 .help = "pathways of this place (*.json), beside those that are built in;\n"
			 "\"pathway check\" looks at them",
		 .out = &config.pathways},
		{.name = "demonstration", .kind = HF_OPT_FLAG,
		 .help = "accounts made by \"user demo\" sign in by a click: for trials,\n"
			 "on a loopback address only",
		 .out = &config.demonstration},
		{.name = "idle", .kind = HF_OPT_NUMBER, .arg = "SECONDS",
		 .help = "a session ends when nothing was done for so long (900)",
		 .out = &o.session_idle, .min = 1, .max = 3600},
		{.name = "session", .kind = HF_OPT_NUMBER, .arg = "SECONDS",
		 .help = "and at the latest after this time (43200)",
		 .out = &o.session_most, .min = 2, .max = 43200},
		{.name = "sessions", .kind = HF_OPT_NUMBER, .arg = "N",
		 .help = "how many one account may have at once (3)",
		 .out = &o.session_n, .min = 1, .max = 20},
		{.name = "oidc", .kind = HF_OPT_TEXT, .arg = "FILE",
		 .help = "OpenID providers that people sign in at (JSON)",
		 .out = &config.oidc},
		{.name = "outbound-ca", .kind = HF_OPT_TEXT, .arg = "FILE",
		 .help = "certificates to trust when providers and clients' keys are\n"
			 "asked for (PEM); the system's when left out",
		 .out = &config.outbound_ca},
		{.name = "downtime", .kind = HF_OPT_TEXT, .arg = "DIR",
		 .help = "write what is open as pages there, for when nothing answers\n"
			 "('homefirst downtime --help')",
		 .out = &config.downtime},
		{.name = "downtime-every", .kind = HF_OPT_NUMBER, .arg = "SECONDS",
		 .help = "how often (300)", .out = &o.downtime_every,
		 .min = 1, .max = 86400},
		{.name = "verbose", .kind = HF_OPT_FLAG,
		 .help = "log failed handshakes and malformed requests too",
		 .out = &o.verbose},
		{.name = "quiet", .letter = 'q', .kind = HF_OPT_FLAG,
		 .help = "do not print the address", .out = &o.quiet},
	};
	/* clang-format on */
	struct hf_err err = {0};
	struct hf_listen where;
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first < argc)
		return hf_misuse(cmd, "\"%s\" is no option", argv[first]);
	if (o.where.data == NULL && o.where.url == NULL)
		return hf_misuse(cmd, "say which store: --data DIR or --store URL");
	if (hf_cli_check_url(cmd, o.where.url) != HF_EXIT_DONE)
		return HF_EXIT_MISUSED;
	if (hf_listen_read(&o.net, o.open_loopback, &where, &err) == HF_INVALID)
		return hf_misuse(cmd, "%s: %s", err.path, err.text);
	if (!read_compress(o.compress, &config.compress))
		return hf_misuse(cmd,
				 "--compress takes auto, always or never, not \"%s\"",
				 o.compress);
	config.data = o.where.data ? o.where.data : "homefirst-audit";
	config.url = o.where.url;
	config.net = o.net;
	config.net.connections = (unsigned)o.connections;
	config.net.per_address = (unsigned)o.per_address;
	config.net.idle_s = (unsigned)o.idle;
	config.net.request_s = (unsigned)o.request;
	config.threads = (unsigned)o.threads;
	config.cache_bytes = (size_t)o.where.cache_mb << 20;
	config.downtime_every_s = (unsigned)o.downtime_every;
	config.open_loopback = o.open_loopback;
	config.quiet = o.quiet;
	if (o.verbose)
		hf_log_level(HF_LOG_DEBUG);
	config.sessions = limits_of(&o);
	if (hf_serve(&config, &err) != HF_OK)
		return hf_cli_fail(cmd, &err);
	return HF_EXIT_DONE;
}
