/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is left of the time until something goes back, whatever the helper says. */

#include "pf-deadline.h"

#define NOW (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

static void
test_left (void)
{
  g_assert_cmpuint (pf_deadline_get_seconds_left (0, NOW), ==, 0);
  g_assert_cmpuint (pf_deadline_get_seconds_left (NOW, NOW), ==, 0);
  g_assert_cmpuint (pf_deadline_get_seconds_left (NOW + 1, NOW), ==, 1);
  g_assert_cmpuint (pf_deadline_get_seconds_left (NOW + G_USEC_PER_SEC, NOW), ==, 1);
  g_assert_cmpuint (pf_deadline_get_seconds_left (NOW + 15 * G_USEC_PER_SEC - 1, NOW), ==, 15);
}

static void
test_far (void)
{
  g_assert_cmpuint (pf_deadline_get_seconds_left (G_GUINT64_CONSTANT (1) << 63, NOW), ==, G_MAXUINT);
  g_assert_cmpuint (pf_deadline_get_seconds_left (G_MAXUINT64, NOW), ==, G_MAXUINT);
  g_assert_cmpuint (pf_deadline_get_seconds_left (G_MAXUINT64, -1), ==, 0);
  g_assert_cmpint (pf_deadline_clamp (G_GUINT64_CONSTANT (1) << 63), ==, G_MAXINT64);
  g_assert_cmpint (pf_deadline_clamp (G_MAXUINT64), ==, G_MAXINT64);
  g_assert_cmpint (pf_deadline_clamp (NOW), ==, NOW);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deadline/left", test_left);
  g_test_add_func ("/deadline/far", test_far);
  return g_test_run ();
}
