/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The key combination in the settings of each desktop: GNOME's, MATE's and Cinnamon's real schemas in memory,
 * Xfce's real settings daemon, and a played kglobalaccel. */
#include <glib/gstdio.h>
#include <string.h>

#include "pf-error.h"
#include "pf-shortcut.h"
#include "pf-test-kglobalaccel.h"

#define TOGGLE "portferryctl toggle"
#define WINDOWS "portferryctl switch windows"

#define XFCONF_SERVICE "org.xfce.Xfconf.service"

/* Where the bus finds Xfce's settings daemon, and no other desktop's services, whatever is installed. */
static char *services;

typedef struct
{
  GTestDBus *bus;
  PfShortcut *shortcut;
} Fixture;

static void
store_result (GObject *source, GAsyncResult *result, gpointer where)
{
  *(GAsyncResult **) where = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static PfShortcut *
open_shortcut (void)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  PfShortcut *shortcut;

  pf_shortcut_open_async (store_result, &result);
  shortcut = pf_shortcut_open_finish (wait_for (&result), &error);
  g_assert_no_error (error);
  return shortcut;
}

static void
set_up (Fixture *fixture, gconstpointer desktop)
{
  g_setenv ("XDG_CURRENT_DESKTOP", desktop, TRUE);
  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_add_service_dir (fixture->bus, services);
  g_test_dbus_up (fixture->bus);
}

static void
tear_down (Fixture *fixture, gconstpointer desktop)
{
  g_clear_object (&fixture->shortcut);
  g_test_dbus_down (fixture->bus);
  g_object_unref (fixture->bus);
}

static gboolean
set (PfShortcut *shortcut, const char *keys, const char *command, gboolean in_spite, GError **error)
{
  g_autoptr (PfAccel) accel = pf_accel_parse (keys, NULL);
  g_autofree char *label = pf_shortcut_describe_command (command);
  g_autoptr (GAsyncResult) result = NULL;

  pf_shortcut_set_async (shortcut, accel, command, label, in_spite, store_result, &result);
  return pf_shortcut_set_finish (shortcut, wait_for (&result), error);
}

static void
assert_sets (PfShortcut *shortcut, const char *keys, const char *command)
{
  g_autoptr (GError) error = NULL;

  set (shortcut, keys, command, FALSE, &error);
  g_assert_no_error (error);
}

static void
assert_conflict (PfShortcut *shortcut, const char *keys, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (set (shortcut, keys, TOGGLE, FALSE, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_OBJECTION);
  if (strstr (error->message, words) == NULL)
    g_error ("%s", error->message);
}

static void
assert_removes (PfShortcut *shortcut, const char *command)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  pf_shortcut_remove_async (shortcut, command, store_result, &result);
  pf_shortcut_remove_finish (shortcut, wait_for (&result), &error);
  g_assert_no_error (error);
}

/* @wanted: "Super+F12=portferryctl toggle", in any order; a new look, as by another program */
static void
assert_lists (const char *const *wanted)
{
  g_autoptr (PfShortcut) shortcut = open_shortcut ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;

  pf_shortcut_list_async (shortcut, store_result, &result);
  entries = pf_shortcut_list_finish (shortcut, wait_for (&result), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < entries->len; i++)
    {
      const PfShortcutEntry *entry = g_ptr_array_index (entries, i);
      g_autofree char *keys = pf_accel_to_words (entry->accel);
      g_autofree char *text = g_strconcat (keys, "=", entry->command, NULL);

      if (!g_strv_contains (wanted, text))
        g_error ("there is %s", text);
    }
  g_assert_cmpuint (entries->len, ==, g_strv_length ((char **) wanted));
}

#define ASSERT_LISTS(...) assert_lists ((const char *const[]){ __VA_ARGS__ __VA_OPT__ (, ) NULL })

/* What every desktop has to do. */
static void
check_life (Fixture *fixture, const char *id)
{
  PfShortcut *shortcut = open_shortcut ();

  fixture->shortcut = shortcut;
  g_assert_cmpstr (pf_shortcut_get_id (shortcut), ==, id);
  ASSERT_LISTS ();
  assert_sets (shortcut, "Super+F12", TOGGLE);
  ASSERT_LISTS ("Super+F12=" TOGGLE);
  assert_sets (shortcut, "Ctrl+Alt+w", WINDOWS);
  ASSERT_LISTS ("Super+F12=" TOGGLE, "Ctrl+Alt+W=" WINDOWS);
  /* The same again changes nothing; other keys for the same take the place of the first. */
  assert_sets (shortcut, "Super+F12", TOGGLE);
  assert_sets (shortcut, "Super+Pause", TOGGLE);
  ASSERT_LISTS ("Super+Pause=" TOGGLE, "Ctrl+Alt+W=" WINDOWS);
  assert_conflict (shortcut, "Ctrl+Alt+w", "indows");
  ASSERT_LISTS ("Super+Pause=" TOGGLE, "Ctrl+Alt+W=" WINDOWS);
  assert_removes (shortcut, TOGGLE);
  ASSERT_LISTS ("Ctrl+Alt+W=" WINDOWS);
  assert_sets (shortcut, "Super+F12", TOGGLE);
  assert_removes (shortcut, NULL);
  ASSERT_LISTS ();
}

static GSettings *
open_settings (const char *schema, const char *path)
{
  return path != NULL ? g_settings_new_with_path (schema, path) : g_settings_new (schema);
}

static void
assert_string (const char *schema, const char *path, const char *key, const char *wanted)
{
  g_autoptr (GSettings) settings = open_settings (schema, path);
  g_autofree char *value = g_settings_get_string (settings, key);

  g_assert_cmpstr (value, ==, wanted);
}

static void
assert_list (const char *schema, const char *path, const char *key, const char *wanted)
{
  g_autoptr (GSettings) settings = open_settings (schema, path);
  g_auto (GStrv) value = g_settings_get_strv (settings, key);
  g_autofree char *text = g_strjoinv (" ", value);

  g_assert_cmpstr (text, ==, wanted);
}

/* --- GNOME --- */

#define GNOME "org.gnome.settings-daemon.plugins.media-keys"
#define GNOME_PATH "/org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/"

static void
test_gnome (Fixture *fixture, gconstpointer data)
{
  const char *others[] = { GNOME_PATH "custom0/", NULL };
  g_autoptr (GSettings) settings = g_settings_new (GNOME);
  g_autoptr (GSettings) custom = g_settings_new_with_path (GNOME ".custom-keybinding", others[0]);

  g_settings_set_strv (settings, "custom-keybindings", others);
  g_settings_set_string (custom, "command", "xterm");
  g_settings_set_string (custom, "name", "A terminal");
  g_settings_set_string (custom, "binding", "<Super>F9");
  check_life (fixture, "gnome");
  assert_list (GNOME, NULL, "custom-keybindings", GNOME_PATH "custom0/");
  assert_sets (fixture->shortcut, "Super+F12", TOGGLE);
  assert_list (GNOME, NULL, "custom-keybindings", GNOME_PATH "custom0/ " GNOME_PATH "portferry-toggle/");
  assert_string (GNOME ".custom-keybinding", GNOME_PATH "portferry-toggle/", "binding", "<Super>F12");
  assert_string (GNOME ".custom-keybinding", GNOME_PATH "portferry-toggle/", "command", TOGGLE);
  assert_string (GNOME ".custom-keybinding", GNOME_PATH "portferry-toggle/", "name",
                 "Portferry: switch back and forth");
  assert_conflict (fixture->shortcut, "Super+F9", "A terminal");
  assert_conflict (fixture->shortcut, "Super+l", "Lock screen"); /* gnome-settings-daemon's own */
  assert_conflict (fixture->shortcut, "Alt+F4", "Close window"); /* the window manager's */
  g_assert_true (set (fixture->shortcut, "Alt+F4", TOGGLE, TRUE, NULL));
  assert_removes (fixture->shortcut, NULL);
  assert_string (GNOME ".custom-keybinding", others[0], "command", "xterm");
}

/* --- MATE --- */

#define MATE "org.mate.control-center.keybinding"
#define MATE_PATH "/org/mate/desktop/keybindings/"

static void
test_mate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSettings) custom = g_settings_new_with_path (MATE, MATE_PATH "custom0/");

  g_settings_set_string (custom, "action", "xterm");
  g_settings_set_string (custom, "name", "A terminal");
  g_settings_set_string (custom, "binding", "<Mod4>F9");
  check_life (fixture, "mate");
  assert_sets (fixture->shortcut, "Super+F12", TOGGLE);
  assert_string (MATE, MATE_PATH "custom1/", "binding", "<Super>F12");
  assert_string (MATE, MATE_PATH "custom1/", "action", TOGGLE);
  assert_conflict (fixture->shortcut, "Super+F9", "A terminal");
  assert_removes (fixture->shortcut, NULL);
  assert_string (MATE, MATE_PATH "custom1/", "action", "");
  assert_string (MATE, MATE_PATH "custom0/", "action", "xterm");
}

/* --- Cinnamon --- */

#define CINNAMON "org.cinnamon.desktop.keybindings"
#define CINNAMON_PATH "/org/cinnamon/desktop/keybindings/custom-keybindings/"

static void
test_cinnamon (Fixture *fixture, gconstpointer data)
{
  check_life (fixture, "cinnamon");
  assert_sets (fixture->shortcut, "Super+F12", TOGGLE);
  assert_list (CINNAMON, NULL, "custom-list", "portferry-toggle");
  assert_list (CINNAMON ".custom-keybinding", CINNAMON_PATH "portferry-toggle/", "binding", "<Super>F12");
  assert_conflict (fixture->shortcut, "Super+s", "Show desklets");
  assert_conflict (fixture->shortcut, "Super+Left", "push-tile-left");
  assert_removes (fixture->shortcut, NULL);
  assert_list (CINNAMON, NULL, "custom-list", "");
}

/* --- Xfce --- */

static char *
query_xfconf (const char *method, GVariant *parameters)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
      = g_dbus_connection_call_sync (bus, "org.xfce.Xfconf", "/org/xfce/Xfconf", "org.xfce.Xfconf", method,
                                     parameters, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_autoptr (GVariant) value = NULL;

  g_assert_no_error (error);
  if (g_variant_n_children (answer) == 0)
    return NULL;
  value = g_variant_get_child_value (answer, 0);
  return g_variant_print (value, FALSE);
}

static void
assert_xfconf (const char *property, const char *wanted)
{
  g_autofree char *value
      = query_xfconf ("GetProperty", g_variant_new ("(ss)", "xfce4-keyboard-shortcuts", property));

  g_assert_cmpstr (value, ==, wanted);
}

static void
set_xfconf (const char *property, GVariant *value)
{
  g_autofree char *answer
      = query_xfconf ("SetProperty", g_variant_new ("(ssv)", "xfce4-keyboard-shortcuts", property, value));

  g_assert_null (answer);
}

static void
test_xfce (Fixture *fixture, gconstpointer data)
{
  set_xfconf ("/commands/default/<Super>F9", g_variant_new_string ("xterm"));
  set_xfconf ("/commands/default/<Super>F9/startup-notify", g_variant_new_boolean (TRUE));
  set_xfconf ("/xfwm4/default/<Super>F8", g_variant_new_string ("close_window_key"));
  check_life (fixture, "xfce");
  assert_sets (fixture->shortcut, "Super+F12", TOGGLE);
  assert_xfconf ("/commands/custom/<Super>F12", "<'" TOGGLE "'>");
  assert_xfconf ("/commands/custom/override", "<true>");
  /* What the system has goes on. */
  assert_xfconf ("/commands/custom/<Super>F9", "<'xterm'>");
  assert_xfconf ("/commands/custom/<Super>F9/startup-notify", "<true>");
  assert_conflict (fixture->shortcut, "Super+F9", "xterm");
  assert_conflict (fixture->shortcut, "Super+F8", "close_window_key");
  g_assert_true (set (fixture->shortcut, "Super+F9", TOGGLE, TRUE, NULL));
  assert_xfconf ("/commands/custom/<Super>F9", "<'" TOGGLE "'>");
}

/* --- KDE --- */

static void
test_kde (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfTestKGlobalAccel) played = pf_test_kglobalaccel_new ();
  g_autofree char *path
      = g_build_filename (g_get_user_data_dir (), "kglobalaccel", "portferry-toggle.desktop", NULL);
  g_autofree char *text = NULL;

  check_life (fixture, "kde");
  assert_sets (fixture->shortcut, "Super+F12", TOGGLE);
  g_assert_cmphex ((guint32) pf_test_kglobalaccel_get_key (played, "portferry-toggle.desktop"), ==,
                   0x1100003b);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\nExec=" TOGGLE "\n"));
  assert_conflict (fixture->shortcut, "Super+F11", "KWin: Show Desktop");
  assert_removes (fixture->shortcut, NULL);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmphex ((guint32) pf_test_kglobalaccel_get_key (played, "portferry-toggle.desktop"), ==, 0);
}

/* --- Others --- */

static void
test_unknown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfShortcut) shortcut = open_shortcut ();
  g_autoptr (GError) error = NULL;

  g_assert_null (pf_shortcut_get_id (shortcut));
  g_assert_false (set (shortcut, "Super+F12", TOGGLE, FALSE, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
}

/* KDE without kglobalaccel: whatever the desktop calls itself, what it needs has to be there. */
static void
test_absent (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfShortcut) shortcut = open_shortcut ();

  g_assert_null (pf_shortcut_get_id (shortcut));
}

static void
test_lines (void)
{
  g_autoptr (PfAccel) accel = pf_accel_parse ("Super+F12", NULL);
  g_autofree char *text = pf_shortcut_describe_lines (accel, TOGGLE);

  g_assert_nonnull (strstr (text, "\nbindsym --release Mod4+F12 exec --no-startup-id portferryctl toggle\n"));
  g_assert_nonnull (strstr (text, "\nbindsym --release Mod4+F12 exec portferryctl toggle\n"));
  g_assert_nonnull (strstr (text, "\nbindr = SUPER, F12, exec, portferryctl toggle\n"));
}

static void
assert_command (const char *action, const char *profile, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *command = pf_shortcut_make_command (action, profile, &error);
  g_autofree char *same_action = NULL;
  g_autofree char *same_profile = NULL;

  g_assert_cmpstr (command, ==, wanted);
  g_assert_cmpint (error == NULL, ==, wanted != NULL);
  if (wanted == NULL)
    return;
  g_assert_true (pf_shortcut_split_command (command, &same_action, &same_profile));
  g_assert_cmpstr (same_action, ==, action != NULL ? action : "toggle");
  g_assert_cmpstr (same_profile, ==, profile);
}

/* What pf_shortcut_make_command() does not make is none of ours. */
static void
test_foreign_commands (void)
{
  static const char *const foreign[]
      = { "",          "portferryctl",        "portferryctl remove windows", "portferryctl toggle; reboot",
          "portferry", "portferryctl switch", "portferryctl  toggle",        "/bin/sh toggle",
          "reboot",    "portferryctl switch ../etc" };

  for (gsize i = 0; i < G_N_ELEMENTS (foreign); i++)
    g_assert_false (pf_shortcut_split_command (foreign[i], NULL, NULL));
}

static void
test_commands (void)
{
  assert_command (NULL, NULL, TOGGLE);
  assert_command ("toggle", NULL, TOGGLE);
  assert_command ("home", NULL, "portferryctl home");
  assert_command ("switch", "windows", WINDOWS);
  assert_command ("switch", NULL, NULL);
  assert_command ("switch", "a; reboot", NULL);
  assert_command ("toggle", "windows", NULL);
  assert_command ("remove", "windows", NULL);
}

static void
remove_below (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_below (child);
    }
  g_remove (path);
}

static void
provide_xfconf (void)
{
  g_autofree char *copy = g_build_filename (services, XFCONF_SERVICE, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (services, 0700), ==, 0);
  g_file_get_contents ("/usr/share/dbus-1/services/" XFCONF_SERVICE, &text, NULL, &error);
  g_assert_no_error (error);
  g_file_set_contents (copy, text, -1, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("portferry-shortcut-XXXXXX", NULL);
  int status;

  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  g_setenv ("XDG_CONFIG_HOME", folder, TRUE);
  g_setenv ("XDG_DATA_HOME", folder, TRUE);
  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shortcut/lines", test_lines);
  g_test_add_func ("/shortcut/commands", test_commands);
  g_test_add_func ("/shortcut/commands/foreign", test_foreign_commands);
  g_test_add ("/shortcut/gnome", Fixture, "ubuntu:GNOME", set_up, test_gnome, tear_down);
  g_test_add ("/shortcut/mate", Fixture, "MATE", set_up, test_mate, tear_down);
  g_test_add ("/shortcut/cinnamon", Fixture, "X-Cinnamon", set_up, test_cinnamon, tear_down);
  g_test_add ("/shortcut/xfce", Fixture, "XFCE", set_up, test_xfce, tear_down);
  g_test_add ("/shortcut/kde", Fixture, "KDE", set_up, test_kde, tear_down);
  g_test_add ("/shortcut/absent", Fixture, "KDE", set_up, test_absent, tear_down);
  g_test_add ("/shortcut/unknown", Fixture, "i3", set_up, test_unknown, tear_down);
  services = g_build_filename (folder, "services", NULL);
  provide_xfconf ();
  status = g_test_run ();
  g_free (services);
  remove_below (folder);
  return status;
}
