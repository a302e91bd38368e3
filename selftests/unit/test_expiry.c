// SPDX-License-Identifier: GPL-2.0-or-later
/* When people are warned of a certificate's end. */
#include "kntsd/expiry.h"
#include "unit.h"

#define HOUR 3600L
#define DAY (24 * HOUR)
#define END 1800000000L

static enum expiry at(long life_s, long left_s)
{
	const struct certs certs = { .chain_path = "/x.pem",
				     .not_before = END - life_s,
				     .not_after = END };

	return expiry_of(&certs, END - left_s);
}

static void says(long life_s, long left_s, const char *expected)
{
	const struct certs certs = { .chain_path = "/x.pem",
				     .not_before = END - life_s,
				     .not_after = END };
	char text[256] = "left from before";

	expiry_sentence(&certs, END - left_s, text, sizeof(text));
	assert_string_equal(text, expected);
}

static void stages_of_90_days(void **state)
{
	const long life = 90 * DAY;

	assert_int_equal(at(life, 90 * DAY), EXPIRY_FAR);
	assert_int_equal(at(life, 30 * DAY + 1), EXPIRY_FAR);
	assert_int_equal(at(life, 30 * DAY), EXPIRY_30_DAYS);
	assert_int_equal(at(life, 7 * DAY + 1), EXPIRY_30_DAYS);
	assert_int_equal(at(life, 7 * DAY), EXPIRY_7_DAYS);
	assert_int_equal(at(life, DAY + 1), EXPIRY_7_DAYS);
	assert_int_equal(at(life, DAY), EXPIRY_1_DAY);
	assert_int_equal(at(life, 1), EXPIRY_1_DAY);
	assert_int_equal(at(life, 0), EXPIRY_PAST);
	assert_int_equal(at(life, -1000 * DAY), EXPIRY_PAST);
}

static void short_lives_are_no_cause_for_alarm(void **state)
{
	assert_int_equal(at(59 * DAY, 20 * DAY), EXPIRY_FAR);
	assert_int_equal(at(60 * DAY, 20 * DAY), EXPIRY_30_DAYS);
	assert_int_equal(at(13 * DAY, 6 * DAY), EXPIRY_FAR);
	assert_int_equal(at(14 * DAY, 6 * DAY), EXPIRY_7_DAYS);
	assert_int_equal(at(6 * DAY, 2 * DAY), EXPIRY_FAR);
	assert_int_equal(at(6 * DAY, DAY), EXPIRY_1_DAY);
	assert_int_equal(at(DAY, HOUR), EXPIRY_FAR);
	assert_int_equal(at(DAY, 0), EXPIRY_PAST);
}

static void sentences(void **state)
{
	const long life = 90 * DAY;

	says(life, 31 * DAY, "");
	says(life, 29 * DAY + HOUR,
	     "the certificate in \"/x.pem\" expires in 29 days, at "
	     "2027-01-15T08:00:00Z: renew it, the new files are taken up by "
	     "themselves");
	says(life, DAY + HOUR,
	     "the certificate in \"/x.pem\" expires in 25 hours, at "
	     "2027-01-15T08:00:00Z: renew it, the new files are taken up by "
	     "themselves");
	says(life, 2 * HOUR - 1,
	     "the certificate in \"/x.pem\" expires in 119 minutes, at "
	     "2027-01-15T08:00:00Z: renew it, the new files are taken up by "
	     "themselves");
	says(life, 0,
	     "the certificate in \"/x.pem\" has expired at "
	     "2027-01-15T08:00:00Z and clients refuse it: renew it, the new "
	     "files are taken up by themselves");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stages_of_90_days),
		cmocka_unit_test(short_lives_are_no_cause_for_alarm),
		cmocka_unit_test(sentences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
