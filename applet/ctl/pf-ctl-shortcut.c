/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "pf-ctl-json.h"
#include "pf-ctl.h"
#include "pf-shortcut.h"

static gboolean in_spite;

static PfShortcut *
open_shortcut (GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pf_shortcut_open_async (pf_ctl_store_result, &result);
  pf_ctl_await (&result);
  return pf_shortcut_open_finish (result, error);
}

static void
add_entry (JsonBuilder *json, const PfShortcutEntry *entry)
{
  g_autofree char *accel = pf_accel_to_words (entry->accel);

  json_builder_begin_object (json);
  pf_ctl_json_add_string (json, "keys", accel);
  pf_ctl_json_add_string (json, "command", entry->command);
  json_builder_end_object (json);
}

static void
print_json (PfShortcut *shortcut, GPtrArray *entries)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_object (json);
  pf_ctl_json_add_string (json, "desktop", pf_shortcut_get_id (shortcut));
  json_builder_set_member_name (json, "shortcuts");
  json_builder_begin_array (json);
  for (guint i = 0; i < entries->len; i++)
    add_entry (json, g_ptr_array_index (entries, i));
  json_builder_end_array (json);
  json_builder_end_object (json);
  pf_ctl_json_print (json, TRUE);
}

static void
print_text (const PfCtl *ctl, PfShortcut *shortcut, GPtrArray *entries)
{
  if (entries->len == 0)
    pf_ctl_screen_say (
        &ctl->screen, 0, PF_CTL_STYLE_PLAIN,
        _ ("%s has no keyboard shortcut for Portferry. Set one with: portferryctl shortcut set "
           "Super+F12"),
        pf_shortcut_get_label (shortcut));
  for (guint i = 0; i < entries->len; i++)
    {
      const PfShortcutEntry *entry = g_ptr_array_index (entries, i);
      g_autofree char *accel = pf_accel_to_words (entry->accel);

      pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, "%s: %s", accel, entry->command);
    }
  if (entries->len > 0 && g_str_equal (pf_shortcut_get_id (shortcut), PF_SHORTCUT_PORTAL))
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_FAINT,
                       _ ("These are wishes: the desktop may ask first, and give other keys. They work while "
                          "Portferry's icon is in the panel."));
}

/* What there is, as the desktop has it now. */
static gboolean
show (PfCtl *ctl, PfShortcut *shortcut, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) entries = NULL;

  pf_shortcut_list_async (shortcut, pf_ctl_store_result, &result);
  pf_ctl_await (&result);
  entries = pf_shortcut_list_finish (shortcut, result, error);
  if (entries == NULL)
    return FALSE;
  if (ctl->json)
    print_json (shortcut, entries);
  else
    print_text (ctl, shortcut, entries);
  return TRUE;
}

/* A desktop that is not known gets the lines to copy, and the failure. */
static void
print_lines (const PfCtl *ctl, const PfAccel *accel, const char *command)
{
  g_autofree char *lines = pf_shortcut_describe_lines (accel, command);

  if (!ctl->json)
    pf_ctl_screen_write (&ctl->screen, lines);
}

static gboolean
set (PfCtl *ctl, PfShortcut *shortcut, char **arguments, GError **error)
{
  g_autoptr (PfAccel) accel = arguments[0] != NULL ? pf_accel_parse (arguments[0], error) : NULL;
  g_autofree char *command = NULL;
  g_autofree char *label = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  if (arguments[0] == NULL)
    g_set_error_literal (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                         _ ("Which keys? For example: portferryctl shortcut set Super+F12"));
  if (accel == NULL)
    return FALSE;
  command = pf_shortcut_make_command (arguments[1], arguments[1] != NULL ? arguments[2] : NULL, error);
  if (command == NULL)
    return FALSE;
  if (pf_shortcut_get_id (shortcut) == NULL)
    print_lines (ctl, accel, command);
  label = pf_shortcut_describe_command (command);
  pf_shortcut_set_async (shortcut, accel, command, label, in_spite, pf_ctl_store_result, &result);
  pf_ctl_await (&result);
  return pf_shortcut_set_finish (shortcut, result, error);
}

static gboolean
remove_some (PfCtl *ctl, PfShortcut *shortcut, char **arguments, GError **error)
{
  g_autofree char *command = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  if (arguments[0] != NULL)
    {
      command = pf_shortcut_make_command (arguments[0], arguments[1], error);
      if (command == NULL)
        return FALSE;
    }
  pf_shortcut_remove_async (shortcut, command, pf_ctl_store_result, &result);
  pf_ctl_await (&result);
  return pf_shortcut_remove_finish (shortcut, result, error);
}

static gboolean
run_shortcut (PfCtl *ctl, char **arguments, GError **error)
{
  const char *verb = arguments[0] != NULL ? arguments[0] : "show";
  g_autoptr (PfShortcut) shortcut = open_shortcut (error);
  gboolean done;

  if (shortcut == NULL)
    return FALSE;
  if (g_str_equal (verb, "show"))
    done = TRUE;
  else if (g_str_equal (verb, "set"))
    done = set (ctl, shortcut, arguments + 1, error);
  else if (g_str_equal (verb, "remove"))
    done = remove_some (ctl, shortcut, arguments + 1, error);
  else
    {
      g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT, _ ("“%s” is not show, set or remove."), verb);
      done = FALSE;
    }
  /* dconf writes in the background, and this program is about to end. */
  g_settings_sync ();
  return done && show (ctl, shortcut, error);
}

static const GOptionEntry entries[] = {
  { "force", 0, 0, G_OPTION_ARG_NONE, &in_spite, N_ ("Set keys that do something else already"), NULL },
  { NULL },
};

const PfCtlCommand pf_ctl_command_shortcut = {
  .name = "shortcut",
  .arguments = "[show | set KEYS [ACTION [ID]] | remove [ACTION [ID]]]",
  .summary = N_ ("Show, set or remove the desktop's keyboard shortcut"),
  .details
  = N_ ("For example: portferryctl shortcut set Super+F12, or: portferryctl shortcut set Ctrl+Alt+w switch "
        "windows. An action is toggle, home, or switch with the id of a profile."),
  .entries = entries,
  .max_arguments = 4,
  .run = run_shortcut,
};
