/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-origin.h"

#define LONGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
test_valid (void)
{
  static const char *const valid[] = { "x", "Windows 10", "f\303\266n", "a:b", LONGEST LONGEST };
  static const char *const invalid[]
      = { "", "a\nb", "a\tb", "\033[2J", "\377", "\342\200\256x", LONGEST LONGEST "x" };

  for (guint i = 0; i < G_N_ELEMENTS (valid); i++)
    g_assert_true (pf_origin_vm_is_valid (valid[i]));
  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    g_assert_false (pf_origin_vm_is_valid (invalid[i]));
}

static void
test_both (void)
{
  g_autofree char *named = pf_origin_new (PF_ORIGIN_GUEST, "win:10");
  g_autofree char *unnamed = pf_origin_new (PF_ORIGIN_GUEST, NULL);
  g_autofree char *person = pf_origin_new ("tray", NULL);

  g_assert_cmpstr (named, ==, "guest:win:10");
  g_assert_true (pf_origin_is_guest (named));
  g_assert_cmpstr (pf_origin_get_vm (named), ==, "win:10");
  g_assert_cmpstr (unnamed, ==, "guest");
  g_assert_true (pf_origin_is_guest (unnamed));
  g_assert_null (pf_origin_get_vm (unnamed));
  g_assert_cmpstr (person, ==, "tray");
  g_assert_false (pf_origin_is_guest (person));
  g_assert_null (pf_origin_get_vm (person));
  g_assert_false (pf_origin_is_guest ("guests"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/origin/valid", test_valid);
  g_test_add_func ("/model/origin/both", test_both);
  return g_test_run ();
}
