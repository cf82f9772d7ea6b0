/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "pf-error.h"
#include "pf-shortcut-backend.h"

/* kglobalaccel binds key combinations to actions of components. A component whose name ends in ".desktop" is
 * a desktop file below kglobalaccel/ in a data folder; its action "_launch" runs what the file says (KDE
 * Frameworks 5 and 6, kserviceactioncomponent.cpp). So each command has such a file of ours. */

#define KGLOBALACCEL "org.kde.kglobalaccel"
#define PATH "/kglobalaccel"
#define INTERFACE "org.kde.KGlobalAccel"
#define LAUNCH "_launch"
#define PREFIX "portferry-"
#define SUFFIX ".desktop"

/* Flags of setShortcut (kglobalacceld.h): the action is there now; take the keys that are given, not
 * remembered ones. */
#define SET_PRESENT 2
#define NO_AUTOLOADING 4

static const char *const desktops[] = { "KDE", NULL };

static char *
get_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "kglobalaccel", NULL);
}

static GVariant *
make_action (const char *component, const char *label)
{
  const char *id[] = { component, LAUNCH, label, label, NULL };

  return g_variant_new_strv (id, -1);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* Returns: (transfer full) (array zero-terminated=1): the names of our files, sorted */
static char **
list_components (void)
{
  g_autofree char *folder = get_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *names = g_ptr_array_new ();
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, PREFIX) && g_str_has_suffix (name, SUFFIX))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

static GPtrArray *
ask (const PfAccel *wanted)
{
  GPtrArray *calls = pf_shortcut_calls_new ();
  g_auto (GStrv) components = list_components ();
  gint32 code;

  for (gsize i = 0; components[i] != NULL; i++)
    pf_shortcut_calls_add (calls, KGLOBALACCEL, PATH, INTERFACE, "shortcut",
                           g_variant_new ("(@as)", make_action (components[i], "")));
  if (wanted != NULL && pf_accel_to_qt (wanted, &code, NULL))
    pf_shortcut_calls_add (calls, KGLOBALACCEL, PATH, INTERFACE, "getGlobalShortcutsByKey",
                           g_variant_new ("(i)", code));
  return calls;
}

static char *
read_command (const char *component)
{
  g_autofree char *folder = get_folder ();
  g_autofree char *path = g_build_filename (folder, component, NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return NULL;
  return g_key_file_get_string (file, "Desktop Entry", "Exec", NULL);
}

static void
read_own (GPtrArray *entries, GVariant *answer, const char *component)
{
  g_autofree char *command = read_command (component);
  GVariantIter iter;
  g_autoptr (GVariant) keys = NULL;
  gint32 code;

  if (!g_variant_is_of_type (answer, G_VARIANT_TYPE ("(ai)")))
    return;
  keys = g_variant_get_child_value (answer, 0);
  g_variant_iter_init (&iter, keys);
  while (g_variant_iter_next (&iter, "i", &code))
    pf_shortcut_entries_add_accel (entries, pf_accel_new_from_qt (code), command, command, component);
}

/* Who has the wanted keys: action and component, by their names and for people, their context, their keys. */
static void
read_others (GPtrArray *entries, GVariant *answer)
{
  g_autoptr (GVariant) list = NULL;

  if (!g_variant_is_of_type (answer, G_VARIANT_TYPE ("(a(ssssssaiai))")))
    return;
  list = g_variant_get_child_value (answer, 0);
  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      const char *action, *component, *component_label;
      g_autoptr (GVariantIter) keys = NULL;
      g_autofree char *what = NULL;
      gint32 code;

      g_variant_get_child (list, i, "(&s&s&s&s&s&saiai)", NULL, &action, &component, &component_label, NULL,
                           NULL, &keys, NULL);
      what = g_strdup_printf ("%s: %s", component_label, action);
      while (!g_str_has_prefix (component, PREFIX) && g_variant_iter_next (keys, "i", &code))
        pf_shortcut_entries_add_accel (entries, pf_accel_new_from_qt (code), NULL, what, component);
    }
}

static GPtrArray *
read_entries (const PfShortcutBackend *backend, GPtrArray *answers)
{
  GPtrArray *entries = pf_shortcut_entries_new ();
  g_auto (GStrv) components = list_components ();
  guint n = g_strv_length (components);

  for (guint i = 0; i < answers->len; i++)
    {
      GVariant *answer = g_ptr_array_index (answers, i);

      if (answer != NULL && i < n)
        read_own (entries, answer, components[i]);
      else if (answer != NULL)
        read_others (entries, answer);
    }
  return entries;
}

static gboolean
write_file (const char *component, const char *command, const char *label, GError **error)
{
  g_autofree char *folder = get_folder ();
  g_autofree char *path = g_build_filename (folder, component, NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) wrong = NULL;

  g_key_file_set_string (file, "Desktop Entry", "Type", "Application");
  g_key_file_set_string (file, "Desktop Entry", "Name", label);
  g_key_file_set_string (file, "Desktop Entry", "Exec", command);
  g_key_file_set_string (file, "Desktop Entry", "Icon", "org.portferry.Portferry");
  g_key_file_set_boolean (file, "Desktop Entry", "NoDisplay", TRUE);
  g_key_file_set_boolean (file, "Desktop Entry", "StartupNotify", FALSE);
  /* Among the commands in Plasma's own settings, where it can be changed, and not among the programs. */
  g_key_file_set_boolean (file, "Desktop Entry", "X-KDE-GlobalAccel-CommandShortcut", TRUE);
  if (g_mkdir_with_parents (folder, 0700) == 0 && g_key_file_save_to_file (file, path, &wrong))
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_FAILED, _ ("%s could not be written: %s"), path,
               wrong != NULL ? wrong->message : _ ("the folder could not be made"));
  return FALSE;
}

static GPtrArray *
set (const PfShortcutBackend *backend,
     GPtrArray *answers,
     const PfAccel *accel,
     const char *command,
     const char *label,
     GError **error)
{
  g_autofree char *name = pf_shortcut_command_to_name (command);
  g_autofree char *component = g_strconcat (name, SUFFIX, NULL);
  GPtrArray *calls;
  gint32 code;

  if (!pf_accel_to_qt (accel, &code, error) || !write_file (component, command, label, error))
    return NULL;
  calls = pf_shortcut_calls_new ();
  pf_shortcut_calls_add (calls, KGLOBALACCEL, PATH, INTERFACE, "doRegister",
                         g_variant_new ("(@as)", make_action (component, label)));
  pf_shortcut_calls_add (
      calls, KGLOBALACCEL, PATH, INTERFACE, "setShortcut",
      g_variant_new ("(@as@aiu)", make_action (component, label),
                     g_variant_new_fixed_array (G_VARIANT_TYPE_INT32, &code, 1, sizeof code),
                     SET_PRESENT | NO_AUTOLOADING));
  return calls;
}

static GPtrArray *
remove_entry (const PfShortcutBackend *backend, const PfShortcutEntry *entry)
{
  GPtrArray *calls = pf_shortcut_calls_new ();
  g_autofree char *folder = get_folder ();
  g_autofree char *path = g_build_filename (folder, entry->place, NULL);

  g_unlink (path);
  pf_shortcut_calls_add (calls, KGLOBALACCEL, PATH, INTERFACE, "unregister",
                         g_variant_new ("(ss)", entry->place, LAUNCH));
  return calls;
}

const PfShortcutBackend pf_shortcut_kde = {
  .id = "kde",
  .label = "KDE Plasma",
  .desktops = desktops,
  .service = KGLOBALACCEL,
  .ask = ask,
  .read = read_entries,
  .set = set,
  .remove = remove_entry,
};
