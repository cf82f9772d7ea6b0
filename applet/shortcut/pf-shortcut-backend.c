/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-shortcut-backend.h"

static void
free_entry (gpointer data)
{
  PfShortcutEntry *entry = data;

  pf_accel_free (entry->accel);
  g_free (entry->command);
  g_free (entry->what);
  g_free (entry->place);
  g_free (entry);
}

GPtrArray *
pf_shortcut_entries_new (void)
{
  return g_ptr_array_new_with_free_func (free_entry);
}

/**
 * pf_shortcut_entries_add_accel:
 * @accel: (transfer full) (nullable): without it nothing is added
 */
void
pf_shortcut_entries_add_accel (
    GPtrArray *entries, PfAccel *accel, const char *command, const char *what, const char *place)
{
  PfShortcutEntry *entry;

  if (accel == NULL)
    return;
  entry = g_new0 (PfShortcutEntry, 1);
  entry->accel = accel;
  entry->command = g_strdup (command);
  entry->what = g_strdup (what);
  entry->place = g_strdup (place);
  g_ptr_array_add (entries, entry);
}

/**
 * pf_shortcut_entries_add:
 * @accel: as GTK writes it; what cannot be read as a key combination is left out
 */
void
pf_shortcut_entries_add (
    GPtrArray *entries, const char *accel, const char *command, const char *what, const char *place)
{
  pf_shortcut_entries_add_accel (entries, pf_accel_parse_loosely (accel), command, what, place);
}

static void
free_call (gpointer data)
{
  PfShortcutCall *call = data;

  g_clear_pointer (&call->parameters, g_variant_unref);
  g_free (call);
}

GPtrArray *
pf_shortcut_calls_new (void)
{
  return g_ptr_array_new_with_free_func (free_call);
}

/**
 * pf_shortcut_calls_add:
 * @name: and the following three: static strings
 * @parameters: (transfer floating) (nullable): what the method takes
 */
void
pf_shortcut_calls_add (GPtrArray *calls,
                       const char *name,
                       const char *path,
                       const char *interface,
                       const char *method,
                       GVariant *parameters)
{
  PfShortcutCall *call = g_new0 (PfShortcutCall, 1);

  call->name = name;
  call->path = path;
  call->interface = interface;
  call->method = method;
  call->parameters = parameters != NULL ? g_variant_ref_sink (parameters) : NULL;
  g_ptr_array_add (calls, call);
}

/**
 * pf_shortcut_command_to_name:
 * @command: "portferryctl switch windows"
 *
 * Returns: (transfer full): a name for it in settings, of letters, digits, "-" and "_":
 * "portferry-switch-windows"
 */
char *
pf_shortcut_command_to_name (const char *command)
{
  g_auto (GStrv) words = g_strsplit (command, " ", -1);
  g_autofree char *rest = words[0] != NULL ? g_strjoinv ("-", words + 1) : g_strdup ("");

  return g_strconcat ("portferry-", rest, NULL);
}
