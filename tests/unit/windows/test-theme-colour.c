/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-theme-colour.h"

#define LEAST 4.5 /* WCAG 2.1, 1.4.3 */

/* Known values: https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio gives the ends, and #767676 is the lightest
 * grey that can be read on white. */
static void
test_contrast (void)
{
  g_assert_cmpfloat_with_epsilon (pf_theme_colour_contrast (0x000000, 0xffffff), 21, 0.001);
  g_assert_cmpfloat_with_epsilon (pf_theme_colour_contrast (0x123456, 0x123456), 1, 0.001);
  g_assert_cmpfloat_with_epsilon (pf_theme_colour_contrast (0x767676, 0xffffff), 4.54, 0.01);
}

static void
test_badges (void)
{
  for (guint i = 0; i < pf_theme_n_colours; i++)
    g_assert_cmpfloat (pf_theme_colour_contrast (pf_theme_colours[i].paper, pf_theme_colours[i].ink), >=,
                       LEAST);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/theme-colour/contrast", test_contrast);
  g_test_add_func ("/theme-colour/badges", test_badges);
  return g_test_run ();
}
