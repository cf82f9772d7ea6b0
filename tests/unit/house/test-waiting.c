/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What has windows never stands still: in the sources of the applet, nothing asks a bus and waits for the
 * answer, and nothing runs a main loop inside the main loop. What was generated from the D-Bus XML has such
 * functions; nobody calls them.
 *
 * test-waiting SOURCE */

#include <gio/gio.h>
#include <string.h>

#define MIN_FILES 80 /* there are more; a walk that finds none would find nothing wrong */

/* "g_settings_sync" waits for a daemon too, at the end of portferryctl, which has no windows. */
static const struct
{
  const char *folder;
  const char *pattern;
} rules[] = {
  { "applet", "\\b(g_bus|g_dbus|pf_dbus|pf_client|g_file|g_subprocess|g_spawn|polkit)(_\\w+)?_sync\\s*\\(" },
  { "applet", "\\bg_initable_new\\b|\\bg_task_run_in_thread_sync\\b" },
  { "applet", "\\bgtk_(native_)?dialog_run\\b|\\bgtk_main\\b|\\bgtk_events_pending\\b" },
  { "applet/tray",
    "\\bg_main_(loop_run|context_iteration)\\b|\\bg_settings_sync\\b|\\b(sleep|usleep)\\s*\\(" },
  { "applet/windows",
    "\\bg_main_(loop_run|context_iteration)\\b|\\bg_settings_sync\\b|\\b(sleep|usleep)\\s*\\(" },
  { "applet/client", "\\bg_main_(loop_run|context_iteration)\\b" },
  { "applet/shortcut", "\\bg_main_(loop_run|context_iteration)\\b|\\bg_settings_sync\\b" },
  { "applet/doctor", "\\bg_main_(loop_run|context_iteration)\\b" },
};

static const char *source;

static void
check_file (const char *path, const char *pattern)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_regex_match_simple (pattern, lines[i], 0, 0))
      g_error ("%s:%u waits: %s", path, i + 1, g_strstrip (lines[i]));
}

/* Returns: how many C files there were */
static guint
check_folder (const char *path, const char *pattern)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        n += check_folder (child, pattern);
      else if (g_str_has_suffix (name, ".c"))
        {
          check_file (child, pattern);
          n++;
        }
    }
  return n;
}

static void
test_nothing_waits (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autofree char *folder = g_build_filename (source, rules[i].folder, NULL);
      guint n = check_folder (folder, rules[i].pattern);

      g_assert_cmpuint (n, >, g_str_equal (rules[i].folder, "applet") ? MIN_FILES : 5);
    }
}

/* The rules find what they are for. */
static void
test_rules (void)
{
  static const char *const bad[] = {
    "  reply = g_dbus_connection_call_sync (bus, name, path, interface, method, NULL, NULL, 0, -1, NULL, "
    "NULL);",
    "  proxy = g_dbus_proxy_new_sync (bus, 0, NULL, name, path, interface, NULL, &error);",
    "  bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, &error);",
    "  pf_dbus_manager_call_preview_sync (manager, path, &moves, &objections, NULL, &error);",
    "  gtk_native_dialog_run (GTK_NATIVE_DIALOG (chooser));",
    "  if (gtk_dialog_run (GTK_DIALOG (dialog)) == GTK_RESPONSE_OK)",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      gboolean found = FALSE;

      for (gsize k = 0; k < G_N_ELEMENTS (rules); k++)
        found |= g_str_equal (rules[k].folder, "applet")
                 && g_regex_match_simple (rules[k].pattern, bad[i], 0, 0);
      if (!found)
        g_error ("no rule finds: %s", bad[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  source = argv[1];
  g_test_add_func ("/waiting/rules", test_rules);
  g_test_add_func ("/waiting/nothing-waits", test_nothing_waits);
  return g_test_run ();
}
