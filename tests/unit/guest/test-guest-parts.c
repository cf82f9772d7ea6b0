/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often a virtual machine is let in, and what it is told. */
#include <string.h>

#include "pf-error.h"
#include "pf-guest-rate.h"
#include "pf-guest-reply.h"

#define SECOND G_TIME_SPAN_SECOND

static void
test_rate (void)
{
  PfGuestRate rate = { 0 };
  gint64 now = 1000 * SECOND;

  for (guint i = 0; i < PF_GUEST_RATE_COUNT; i++)
    g_assert_true (pf_guest_rate_let_in (&rate, now + i * SECOND / 2));
  for (guint i = 0; i < 100000; i++)
    g_assert_false (pf_guest_rate_let_in (&rate, now + 10 * SECOND - 1));
  /* One for each that is long enough ago, however many were turned away. */
  g_assert_true (pf_guest_rate_let_in (&rate, now + 10 * SECOND));
  g_assert_false (pf_guest_rate_let_in (&rate, now + 10 * SECOND));
  g_assert_true (pf_guest_rate_let_in (&rate, now + 10 * SECOND + SECOND / 2));
}

/* In no ten seconds more than ten. */
static void
test_rate_window (void)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  PfGuestRate rate = { 0 };
  gint64 now = 0;

  for (guint i = 0; i < 20000; i++)
    {
      now += g_test_rand_int_range (0, SECOND);
      if (!pf_guest_rate_let_in (&rate, now))
        continue;
      g_array_append_val (times, now);
      if (times->len > PF_GUEST_RATE_COUNT)
        g_assert_cmpint (now - g_array_index (times, gint64, times->len - 1 - PF_GUEST_RATE_COUNT), >=,
                         PF_GUEST_RATE_SECONDS * SECOND);
    }
  g_assert_cmpuint (times->len, >, 1000);
}

static void
test_rate_fresh (void)
{
  PfGuestRate rate = { 0 };

  g_assert_true (pf_guest_rate_is_fresh (&rate, 0));
  g_assert_true (pf_guest_rate_let_in (&rate, SECOND));
  g_assert_false (pf_guest_rate_is_fresh (&rate, 11 * SECOND - 1));
  g_assert_true (pf_guest_rate_is_fresh (&rate, 11 * SECOND));
}

/* What the helper says about the host stays on the host, whatever went wrong. */
static void
test_errors (void)
{
  for (guint i = 0; i < PF_N_ERRORS; i++)
    {
      g_autoptr (GError) error
          = g_error_new_literal (PF_ERROR, (int) i, "/home/alice is on sdb1\nok profile=x");
      g_autofree char *line = pf_guest_reply_for_error (error);

      g_assert_true (g_str_has_prefix (line, "error "));
      g_assert_null (strstr (line, "alice"));
      g_assert_true (strstr (line, "\r\n") == line + strlen (line) - 2);
    }
}

static void
test_words (void)
{
  g_autoptr (GError) denied = g_error_new_literal (PF_ERROR, PF_ERROR_NOT_AUTHORIZED, "x");
  g_autoptr (GError) foreign = g_error_new_literal (g_quark_from_static_string ("x"), PF_ERROR_BUSY, "x");
  g_autofree char *no = pf_guest_reply_for_error (denied);
  g_autofree char *failed = pf_guest_reply_for_error (foreign);
  g_autofree char *plain = pf_guest_reply_for_state ("idle", "home", 0, 0);
  g_autofree char *full = pf_guest_reply_for_state ("awaiting-confirmation", "games", 15, 2);

  g_assert_cmpstr (no, ==, "error not-authorized The host does not let a guest ask for that.\r\n");
  g_assert_true (g_str_has_prefix (failed, "error failed "));
  g_assert_cmpstr (plain, ==, "ok profile=home state=idle\r\n");
  g_assert_cmpstr (full, ==, "ok profile=games state=awaiting-confirmation seconds=15 left=2\r\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guest/rate/limit", test_rate);
  g_test_add_func ("/guest/rate/window", test_rate_window);
  g_test_add_func ("/guest/rate/fresh", test_rate_fresh);
  g_test_add_func ("/guest/reply/errors", test_errors);
  g_test_add_func ("/guest/reply/words", test_words);
  return g_test_run ();
}
