/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "pf-shortcut-backend.h"

/* Xfce's settings daemon watches a channel of xfconf. A key combination is a property's name, what it runs
 * the value. There are the system's (/commands/default) and the user's (/commands/custom); the latter count
 * once /commands/custom/override is set, and then the former no more: who sets the first one copies them
 * (libxfce4kbd-private, xfce-shortcuts-provider.c). Those of the window manager are beside them, below
 * /xfwm4. */

#define XFCONF "org.xfce.Xfconf"
#define PATH "/org/xfce/Xfconf"
#define CHANNEL "xfce4-keyboard-shortcuts"
#define CUSTOM "/commands/custom/"
#define DEFAULT "/commands/default/"
#define OVERRIDE "/commands/custom/override"

static const char *const desktops[] = { "XFCE", NULL };

static GPtrArray *
ask (const PfAccel *wanted)
{
  GPtrArray *calls = pf_shortcut_calls_new ();

  pf_shortcut_calls_add (calls, XFCONF, PATH, XFCONF, "GetAllProperties",
                         g_variant_new ("(ss)", CHANNEL, "/"));
  return calls;
}

/* Returns: (transfer full) (nullable): the properties of the channel, an a{sv} */
static GVariant *
get_properties (GPtrArray *answers)
{
  GVariant *answer = answers->len > 0 ? g_ptr_array_index (answers, 0) : NULL;

  if (answer == NULL || !g_variant_is_of_type (answer, G_VARIANT_TYPE ("(a{sv})")))
    return NULL;
  return g_variant_get_child_value (answer, 0);
}

static gboolean
has_override (GVariant *properties, const char *name)
{
  gboolean value = FALSE;

  return g_variant_lookup (properties, name, "b", &value) && value;
}

/* "<Super>e/startup-notify" belongs to a key combination and is none. */
static gboolean
is_below (const char *name, const char *folder)
{
  return g_str_has_prefix (name, folder) && strchr (name + strlen (folder), '/') == NULL
         && !g_str_has_suffix (name, "/override");
}

static GPtrArray *
read_entries (const PfShortcutBackend *backend, GPtrArray *answers)
{
  GPtrArray *entries = pf_shortcut_entries_new ();
  g_autoptr (GVariant) properties = get_properties (answers);
  gboolean custom = properties != NULL && has_override (properties, OVERRIDE);
  gboolean custom_wm = properties != NULL && has_override (properties, "/xfwm4/custom/override");
  const char *folder = custom ? CUSTOM : DEFAULT;
  const char *wm_folder = custom_wm ? "/xfwm4/custom/" : "/xfwm4/default/";
  GVariantIter iter;
  const char *name;
  GVariant *value;

  if (properties == NULL)
    return entries;
  g_variant_iter_init (&iter, properties);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    {
      const char *text
          = g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) ? g_variant_get_string (value, NULL) : "";

      if (is_below (name, folder) && *text != '\0')
        pf_shortcut_entries_add (entries, name + strlen (folder), text, text, name);
      else if (is_below (name, wm_folder) && *text != '\0')
        pf_shortcut_entries_add (entries, name + strlen (wm_folder), NULL, text, name);
    }
  return entries;
}

static void
add_set (GPtrArray *calls, const char *property, GVariant *value)
{
  pf_shortcut_calls_add (calls, XFCONF, PATH, XFCONF, "SetProperty",
                         g_variant_new ("(ssv)", CHANNEL, property, value));
}

static void
copy_defaults (GPtrArray *calls, GVariant *properties)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, properties);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    if (g_str_has_prefix (name, DEFAULT))
      {
        g_autofree char *copy = g_strconcat (CUSTOM, name + strlen (DEFAULT), NULL);

        add_set (calls, copy, value);
      }
}

static GPtrArray *
set (const PfShortcutBackend *backend,
     GPtrArray *answers,
     const PfAccel *accel,
     const char *command,
     const char *label,
     GError **error)
{
  GPtrArray *calls = pf_shortcut_calls_new ();
  g_autoptr (GVariant) properties = get_properties (answers);
  g_autofree char *binding = pf_accel_to_gtk (accel);
  g_autofree char *property = g_strconcat (CUSTOM, binding, NULL);

  if (properties == NULL || !has_override (properties, OVERRIDE))
    {
      if (properties != NULL)
        copy_defaults (calls, properties);
      add_set (calls, OVERRIDE, g_variant_new_boolean (TRUE));
    }
  add_set (calls, property, g_variant_new_string (command));
  return calls;
}

static GPtrArray *
remove_entry (const PfShortcutBackend *backend, const PfShortcutEntry *entry)
{
  GPtrArray *calls = pf_shortcut_calls_new ();

  pf_shortcut_calls_add (calls, XFCONF, PATH, XFCONF, "ResetProperty",
                         g_variant_new ("(ssb)", CHANNEL, entry->place, FALSE));
  return calls;
}

const PfShortcutBackend pf_shortcut_xfce = {
  .id = "xfce",
  .label = "Xfce",
  .desktops = desktops,
  .service = XFCONF,
  .ask = ask,
  .read = read_entries,
  .set = set,
  .remove = remove_entry,
};
