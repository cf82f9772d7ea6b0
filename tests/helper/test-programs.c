/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two programs: nothing moves the roots of the one that is installed, and the other does not work as
 * root. Board: z97. */
#include <string.h>

#include "pf-test-helper.h"

static int
run (const char *user, const char *program, const char *option, char **errors)
{
  g_autofree char *path = g_build_filename (g_getenv ("PF_BUILD"), "helper", program, NULL);
  const char *argv[] = { path, option, option != NULL ? g_getenv ("PF_KERNEL") : NULL, NULL };

  return pf_desk_run_as (user, argv, NULL, errors);
}

static void
test_shipped (void)
{
  static const char *const options[]
      = { "--kernel", "--state", "--chipsets", "--idle-seconds", "--help", "x" };

  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      g_autofree char *errors = NULL;

      g_assert_cmpint (run ("root", "portferry-helper", options[i], &errors), ==, 2);
      g_assert_nonnull (strstr (errors, "takes no options"));
    }
}

/* Only root may have the name: whoever else starts it gets nothing. */
static void
test_not_root (void)
{
  g_autofree char *errors = NULL;

  g_assert_cmpint (run ("active", "portferry-helper", NULL, &errors), ==, 1);
  g_assert_cmpstr (errors, !=, "");
}

static void
test_test_program (void)
{
  g_autofree char *as_root = NULL;
  g_autofree char *no_options = NULL;
  g_autofree char *half = NULL;

  g_assert_cmpint (run ("root", "portferry-helper-test", "--kernel", &as_root), ==, 2);
  g_assert_nonnull (strstr (as_root, "must not be run as root"));
  g_assert_cmpint (run ("helper", "portferry-helper-test", NULL, &no_options), ==, 2);
  g_assert_cmpint (run ("helper", "portferry-helper-test", "--kernel", &half), ==, 2);
  g_assert_nonnull (strstr (half, "--state"));
}

int
main (int argc, char **argv)
{
  pf_test_init (&argc, &argv);
  g_test_add_func ("/programs/shipped", test_shipped);
  g_test_add_func ("/programs/not-root", test_not_root);
  g_test_add_func ("/programs/test-program", test_test_program);
  return g_test_run ();
}
