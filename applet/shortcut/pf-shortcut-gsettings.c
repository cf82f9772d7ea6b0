/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-shortcut-gsettings.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pf-error.h"

/* The names that a control centre without a list gives: custom0, custom1 ... */
#define MAX_NUMBERED 64

static GSettings *
open_schema (const char *id, const char *path)
{
  g_autoptr (GSettingsSchema) schema
      = g_settings_schema_source_lookup (g_settings_schema_source_get_default (), id, TRUE);

  if (schema == NULL || (path == NULL && g_settings_schema_get_path (schema) == NULL))
    return NULL;
  return g_settings_new_full (schema, NULL, path);
}

static char *
make_path (const PfShortcutStore *store, const char *name)
{
  return store->lists_paths && name[0] == '/' ? g_strdup (name)
                                              : g_strdup_printf ("%s%s/", store->base, name);
}

/* Adds what a value of a desktop's own key says: one accelerator, or several. */
static void
add_value (GPtrArray *entries, GVariant *value, const char *command, const char *what, const char *place)
{
  g_autofree const char **accels = NULL;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    pf_shortcut_entries_add (entries, g_variant_get_string (value, NULL), command, what, place);
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return;
  accels = g_variant_get_strv (value, NULL);
  for (gsize i = 0; accels[i] != NULL; i++)
    pf_shortcut_entries_add (entries, accels[i], command, what, place);
}

static void
read_own (GPtrArray *entries, const PfShortcutStore *store, const char *id)
{
  g_autoptr (GSettings) settings = open_schema (id, NULL);
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) keys = NULL;

  if (settings == NULL)
    return;
  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (gsize i = 0; keys[i] != NULL; i++)
    {
      g_autoptr (GSettingsSchemaKey) key = g_settings_schema_get_key (schema, keys[i]);
      g_autoptr (GVariant) value = g_settings_get_value (settings, keys[i]);
      const char *summary = g_settings_schema_key_get_summary (key);

      if (g_strcmp0 (keys[i], store->list_key) != 0)
        add_value (entries, value, NULL, summary != NULL ? summary : keys[i], NULL);
    }
}

static void
read_item (GPtrArray *entries, const PfShortcutStore *store, const char *name)
{
  g_autofree char *path = make_path (store, name);
  g_autoptr (GSettings) settings = open_schema (store->item_schema, path);
  g_autofree char *command = g_settings_get_string (settings, store->command_key);
  g_autofree char *label = g_settings_get_string (settings, "name");
  g_autoptr (GVariant) binding = g_settings_get_value (settings, "binding");

  if (*command != '\0')
    add_value (entries, binding, command, *label != '\0' ? label : command, path);
}

/* Those that the desktop lists, or where it does not, those that it would make. */
static char **
list_items (const PfShortcutStore *store)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GSettings) settings = NULL;

  if (store->list_schema != NULL)
    {
      settings = open_schema (store->list_schema, NULL);
      return g_settings_get_strv (settings, store->list_key);
    }
  for (guint i = 0; i < MAX_NUMBERED; i++)
    {
      g_autofree char *name = g_strdup_printf ("custom%u", i);

      g_strv_builder_add (names, name);
    }
  return g_strv_builder_end (names);
}

/**
 * pf_shortcut_gsettings_read:
 *
 * Returns: (transfer full) (element-type PfShortcutEntry): the custom key combinations and the desktop's own
 */
GPtrArray *
pf_shortcut_gsettings_read (const PfShortcutBackend *backend, GPtrArray *answers)
{
  const PfShortcutStore *store = backend->store;
  GPtrArray *entries = pf_shortcut_entries_new ();
  g_auto (GStrv) names = list_items (store);

  for (gsize i = 0; names[i] != NULL; i++)
    read_item (entries, store, names[i]);
  for (gsize i = 0; store->others[i] != NULL; i++)
    read_own (entries, store, store->others[i]);
  return entries;
}

/* Returns: (transfer full) (nullable): the name of a place that nothing uses */
static char *
find_free_name (const PfShortcutStore *store, const char *command)
{
  g_auto (GStrv) names = NULL;

  if (store->list_schema != NULL)
    return pf_shortcut_command_to_name (command);
  names = list_items (store);
  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = make_path (store, names[i]);
      g_autoptr (GSettings) settings = open_schema (store->item_schema, path);
      g_autofree char *other = g_settings_get_string (settings, store->command_key);

      if (*other == '\0')
        return g_strdup (names[i]);
    }
  return NULL;
}

static char *
to_list_item (const PfShortcutStore *store, const char *name)
{
  return store->lists_paths ? make_path (store, name) : g_strdup (name);
}

static void
add_to_list (const PfShortcutStore *store, const char *item)
{
  g_autoptr (GSettings) settings = open_schema (store->list_schema, NULL);
  g_auto (GStrv) names = g_settings_get_strv (settings, store->list_key);
  g_autoptr (GStrvBuilder) longer = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  if (g_strv_contains ((const char *const *) names, item))
    return;
  g_strv_builder_addv (longer, (const char **) names);
  g_strv_builder_add (longer, item);
  list = g_strv_builder_end (longer);
  g_settings_set_strv (settings, store->list_key, (const char *const *) list);
}

static void
remove_from_list (const PfShortcutStore *store, const char *path)
{
  g_autoptr (GSettings) settings = open_schema (store->list_schema, NULL);
  g_auto (GStrv) names = g_settings_get_strv (settings, store->list_key);
  g_autoptr (GStrvBuilder) shorter = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autofree char *other = make_path (store, names[i]);

      if (!g_str_equal (other, path))
        g_strv_builder_add (shorter, names[i]);
    }
  list = g_strv_builder_end (shorter);
  g_settings_set_strv (settings, store->list_key, (const char *const *) list);
}

static gboolean
set_binding (GSettings *settings, const char *accel)
{
  g_autoptr (GVariant) now = g_settings_get_value (settings, "binding");
  const char *list[] = { accel, NULL };

  if (g_variant_is_of_type (now, G_VARIANT_TYPE_STRING_ARRAY))
    return g_settings_set_strv (settings, "binding", list);
  return g_settings_set_string (settings, "binding", accel);
}

/**
 * pf_shortcut_gsettings_set:
 *
 * Writes one of ours, and then its name into the list, so that the desktop finds it whole.
 *
 * Returns: (transfer full) (nullable): no calls: all is done; NULL where the settings cannot be written
 */
GPtrArray *
pf_shortcut_gsettings_set (const PfShortcutBackend *backend,
                           GPtrArray *answers,
                           const PfAccel *accel,
                           const char *command,
                           const char *label,
                           GError **error)
{
  const PfShortcutStore *store = backend->store;
  g_autofree char *name = find_free_name (store, command);
  g_autofree char *path = name != NULL ? make_path (store, name) : NULL;
  g_autofree char *binding = pf_accel_to_gtk (accel);
  g_autoptr (GSettings) settings = path != NULL ? open_schema (store->item_schema, path) : NULL;

  if (settings == NULL || !g_settings_set_string (settings, "name", label)
      || !g_settings_set_string (settings, store->command_key, command) || !set_binding (settings, binding))
    {
      g_set_error_literal (
          error, PF_ERROR, PF_ERROR_FAILED,
          _ ("The desktop's settings cannot be written: they are full, or an administrator has "
             "locked them."));
      return NULL;
    }
  if (store->list_schema != NULL)
    {
      g_autofree char *item = to_list_item (store, name);

      add_to_list (store, item);
    }
  return pf_shortcut_calls_new ();
}

/**
 * pf_shortcut_gsettings_remove:
 * @backend: with a PfShortcutStore
 * @entry: one of ours
 *
 * Returns: (transfer full): no calls: all is done
 */
GPtrArray *
pf_shortcut_gsettings_remove (const PfShortcutBackend *backend, const PfShortcutEntry *entry)
{
  const PfShortcutStore *store = backend->store;
  g_autoptr (GSettings) settings = open_schema (store->item_schema, entry->place);

  if (store->list_schema != NULL)
    remove_from_list (store, entry->place);
  g_settings_reset (settings, "binding");
  g_settings_reset (settings, store->command_key);
  g_settings_reset (settings, "name");
  return pf_shortcut_calls_new ();
}
