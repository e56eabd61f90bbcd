/* near.h - numbers that agree to within a tolerance. */
#ifndef TEST_MEASURE_NEAR_H
#define TEST_MEASURE_NEAR_H

#include <math.h>

#define assert_near(got, want, within)                                                 \
	do {                                                                           \
		double got_ = (got), want_ = (want);                                   \
		if (!(fabs(got_ - want_) <= (within)))                                 \
			fail_msg("%s is %.10g, not %.10g", #got, got_, want_);         \
	} while (0)

#define assert_missing(got)                                                            \
	do {                                                                           \
		double got_ = (got);                                                   \
		if (!isnan(got_))                                                      \
			fail_msg("%s is %.10g, not missing", #got, got_);              \
	} while (0)

#endif
