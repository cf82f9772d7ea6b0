/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The arrows of docs/ARCHITECTURE.md, seen in what was linked: the applet, portferryctl and portferry-guest have no symbol of core/hw,
 * the helper no GTK, and portferryctl none either.
 *
 * test-layers HW-LIBRARY HELPER CTL GUEST [APPLET] */

#include <gio/gio.h>
#include <string.h>

static const char *hw_library;
static const char *helper;
static const char *ctl;
static const char *guest;
static const char *applet;

static char *
run (const char *program, const char *option, const char *file)
{
  const char *arguments[] = { program, option, file, NULL };
  g_autoptr (GError) error = NULL;
  char *output = NULL;
  int status;

  g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &output,
                NULL, &status, &error);
  g_assert_no_error (error);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);
  return output;
}

/* Names of the functions that a program or library defines, from lines such as "0000abcd T pf_scan". */
static GHashTable *
read_functions (const char *file)
{
  g_autofree char *output = run ("nm", "--defined-only", file);
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", -1);

      if (g_strv_length (words) == 3 && g_str_equal (words[1], "T"))
        g_hash_table_add (names, g_strdup (words[2]));
    }
  return names;
}

static void
assert_no_hw (const char *program)
{
  g_autoptr (GHashTable) hw = read_functions (hw_library);
  g_autoptr (GHashTable) functions = read_functions (program);
  GHashTableIter iter;
  gpointer name;

  g_assert_true (g_hash_table_contains (hw, "pf_scan"));
  g_assert_true (g_hash_table_contains (functions, "main"));
  g_hash_table_iter_init (&iter, functions);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (g_hash_table_contains (hw, name))
      g_error ("%s has %s of core/hw", program, (const char *) name);
}

static void
assert_not_needed (const char *program, const char *library)
{
  g_autofree char *output = run ("readelf", "--dynamic", program);

  g_assert_nonnull (g_strstr_len (output, -1, "libglib-2.0"));
  if (g_strstr_len (output, -1, library) != NULL)
    g_error ("%s links %s", program, library);
}

/* libvirt is not linked but loaded, by its name; and only portferryctl and the applet may do so. */
static void
assert_no_text (const char *program, const char *text)
{
  g_autofree char *bytes = NULL;
  gsize length;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (program, &bytes, &length, &error);
  g_assert_no_error (error);
  if (memmem (bytes, length, text, strlen (text)) != NULL)
    g_error ("%s has “%s” in it", program, text);
}

static void
test_applet_has_no_hw (void)
{
  assert_no_hw (applet);
  assert_not_needed (applet, "libkmod");
  assert_not_needed (applet, "libvirt");
}

static void
test_ctl_has_no_hw (void)
{
  assert_no_hw (ctl);
  assert_not_needed (ctl, "libkmod");
  assert_not_needed (ctl, "libvirt");
}

static void
test_ctl_has_no_gtk (void)
{
  assert_not_needed (ctl, "libgtk");
  assert_not_needed (ctl, "libgdk");
}

static void
test_guest_has_little (void)
{
  assert_no_hw (guest);
  assert_not_needed (guest, "libkmod");
  assert_no_text (guest, "libvirt.so");
  assert_not_needed (guest, "libgtk");
  assert_not_needed (guest, "libgdk");
}

static void
test_helper_has_no_gtk (void)
{
  g_autoptr (GHashTable) functions = read_functions (helper);

  g_assert_true (g_hash_table_contains (functions, "pf_scan"));
  assert_no_text (helper, "libvirt.so");
  assert_not_needed (helper, "libgtk");
  assert_not_needed (helper, "libgdk");
  assert_not_needed (helper, "appindicator");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, >=, 5);
  hw_library = argv[1];
  helper = argv[2];
  ctl = argv[3];
  guest = argv[4];
  applet = argc > 5 ? argv[5] : NULL;
  g_test_add_func ("/layers/helper-has-no-gtk", test_helper_has_no_gtk);
  g_test_add_func ("/layers/ctl-has-no-gtk", test_ctl_has_no_gtk);
  g_test_add_func ("/layers/ctl-has-no-hw", test_ctl_has_no_hw);
  g_test_add_func ("/layers/guest-has-little", test_guest_has_little);
  if (applet != NULL)
    g_test_add_func ("/layers/applet-has-no-hw", test_applet_has_no_hw);
  return g_test_run ();
}
