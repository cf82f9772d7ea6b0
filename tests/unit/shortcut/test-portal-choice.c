/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was chosen for the GlobalShortcuts portal, on disk: it comes back as it was, and a file that people
 * have edited gives what is right in it. */
#include <glib/gstdio.h>

#include <string.h>

#include "pf-portal-choice.h"

#define TOGGLE "portferryctl toggle"
#define WINDOWS "portferryctl switch windows"

static void
write_text (const char *text)
{
  g_autofree char *path = pf_portal_choices_get_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
set (GPtrArray *choices, const char *command, const char *keys)
{
  g_autoptr (PfAccel) accel = pf_accel_parse (keys, NULL);

  pf_portal_choices_set (choices, command, accel);
}

static void
assert_keys (GPtrArray *choices, const char *command, const char *wanted)
{
  const PfPortalChoice *choice = pf_portal_choices_find (choices, command);
  g_autofree char *keys = choice != NULL ? pf_accel_to_words (choice->accel) : NULL;

  g_assert_cmpstr (keys, ==, wanted);
}

static void
test_round_trip (void)
{
  g_autoptr (GPtrArray) choices = pf_portal_choices_load ();
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (choices->len, ==, 0);
  set (choices, TOGGLE, "Super+F12");
  set (choices, WINDOWS, "Ctrl+Alt+w");
  pf_portal_choices_find (choices, WINDOWS)->was_bound = TRUE;
  pf_portal_choices_save (choices, &error);
  g_assert_no_error (error);
  again = pf_portal_choices_load ();
  g_assert_true (pf_portal_choices_equal (choices, again));
  assert_keys (again, TOGGLE, "Super+F12");
  assert_keys (again, WINDOWS, "Ctrl+Alt+W");
  g_assert_false (pf_portal_choices_find (again, TOGGLE)->was_bound);
  g_assert_true (pf_portal_choices_find (again, WINDOWS)->was_bound);
}

/* Whoever chooses the same again wants it tried again. */
static void
test_same_again (void)
{
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;

  write_text ("[" TOGGLE "]\nKeys=Super+F12\nChosen=5\nWasBound=true\n");
  before = pf_portal_choices_load ();
  after = pf_portal_choices_load ();
  g_assert_true (pf_portal_choices_equal (before, after));
  set (after, TOGGLE, "Super+F12");
  g_assert_cmpuint (after->len, ==, 1);
  g_assert_false (pf_portal_choices_find (after, TOGGLE)->was_bound);
  g_assert_false (pf_portal_choices_equal (before, after));
  pf_portal_choices_remove (after, TOGGLE);
  pf_portal_choices_remove (after, WINDOWS);
  g_assert_cmpuint (after->len, ==, 0);
  g_assert_false (pf_portal_choices_equal (before, after));
  g_assert_false (pf_portal_choices_equal (after, before));
}

static void
test_edited_by_hand (void)
{
  g_autoptr (GPtrArray) choices = NULL;
  g_autoptr (GPtrArray) none = NULL;

  write_text ("[reboot]\nKeys=Super+F1\n[portferryctl switch ../x]\nKeys=Super+F2\n"
              "[portferryctl home]\nKeys=nonsense+\n[" WINDOWS "]\nChosen=3\n"
              "[" TOGGLE "]\nKeys=Super+F12\nChosen=soon\nWasBound=perhaps\nOther=1\n");
  choices = pf_portal_choices_load ();
  g_assert_cmpuint (choices->len, ==, 1);
  assert_keys (choices, TOGGLE, "Super+F12");
  g_assert_false (pf_portal_choices_find (choices, TOGGLE)->was_bound);
  write_text ("\xff\xfe no key file");
  none = pf_portal_choices_load ();
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_cannot_be_written (void)
{
  g_autoptr (GPtrArray) choices = pf_portal_choices_load ();
  g_autofree char *path = pf_portal_choices_get_path ();
  g_autoptr (GError) error = NULL;

  g_remove (path);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  set (choices, TOGGLE, "Super+F12");
  g_assert_false (pf_portal_choices_save (choices, &error));
  g_assert_nonnull (strstr (error->message, path));
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("portferry-choice-XXXXXX", NULL);
  g_autofree char *own = g_build_filename (folder, "portferry", NULL);
  int status;

  g_setenv ("XDG_CONFIG_HOME", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/portal-choice/round-trip", test_round_trip);
  g_test_add_func ("/portal-choice/same-again", test_same_again);
  g_test_add_func ("/portal-choice/edited-by-hand", test_edited_by_hand);
  g_test_add_func ("/portal-choice/cannot-be-written", test_cannot_be_written);
  status = g_test_run ();
  g_rmdir (own);
  g_rmdir (folder);
  return status;
}
