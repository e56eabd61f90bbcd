/* log.c - lines on stderr, each written by one write(2). */
#include "base/io/log.h"

#include <stdarg.h>
#include <unistd.h>

#include "base/io/clock.h"

static _Atomic int most = HF_LOG_INFO;

void
hf_log_level(enum hf_log_kind level)
{
	most = level;
}

void
hf_log(enum hf_log_kind level, const char *room, const char *fmt, ...)
{
	static const char *const names[] = {"error", "warn", "info", "debug"};
	static const int priorities[] = {3, 4, 6, 7};
	char line[1024], at[32];
	va_list ap;
	int n, m;

	if ((int)level > most)
		return;
	if (getenv("JOURNAL_STREAM"))
		n = snprintf(line, sizeof line, "<%d>", priorities[level]);
	else
		n = snprintf(line, sizeof line, "%s ",
			     hf_time_format(hf_now(), at, sizeof at));
	n += snprintf(line + n, sizeof line - (size_t)n, "%s %s: ", names[level], room);
	va_start(ap, fmt);
	m = vsnprintf(line + n, sizeof line - (size_t)n, fmt, ap);
	va_end(ap);
	n += m < 0 ? 0 : m;
	if ((size_t)n > sizeof line - 2)
		n = (int)sizeof line - 2;
	line[n++] = '\n';
	(void)!write(STDERR_FILENO, line, (size_t)n);
}
