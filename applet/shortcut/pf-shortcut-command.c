/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "pf-error.h"
#include "pf-profile.h"
#include "pf-shortcut.h"

#define TOGGLE "portferryctl toggle"
#define HOME "portferryctl home"
#define SWITCH "portferryctl switch "

/**
 * pf_shortcut_make_command:
 * @action: (nullable): "toggle", "home" or "switch"; %NULL for "toggle"
 * @profile: (nullable): the profile to switch to
 * @error: where these make no sense
 *
 * Returns: (transfer full): the command line for it; a profile's id needs no quotes
 */
char *
pf_shortcut_make_command (const char *action, const char *profile, GError **error)
{
  if (action == NULL || g_str_equal (action, "toggle") || g_str_equal (action, "home"))
    {
      if (profile == NULL)
        return g_strconcat ("portferryctl ", action != NULL ? action : "toggle", NULL);
    }
  else if (g_str_equal (action, "switch") && profile != NULL)
    return pf_profile_id_is_valid (profile, error) ? g_strconcat (SWITCH, profile, NULL) : NULL;
  g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
               _ ("An action is: toggle, home, or switch with the id of a profile."));
  return NULL;
}

/**
 * pf_shortcut_split_command:
 * @command: what may be one of ours
 * @action: (out) (transfer full) (optional): "toggle", "home" or "switch"
 * @profile: (out) (transfer full) (optional) (nullable): the profile to switch to
 *
 * Returns: whether it is one that pf_shortcut_make_command() makes
 */
gboolean
pf_shortcut_split_command (const char *command, char **action, char **profile)
{
  g_auto (GStrv) words = g_strsplit (command, " ", -1);
  guint n = g_strv_length (words);
  g_autofree char *made = n == 2 || n == 3 ? pf_shortcut_make_command (words[1], words[2], NULL) : NULL;

  if (g_strcmp0 (made, command) != 0)
    return FALSE;
  if (action != NULL)
    *action = g_strdup (words[1]);
  if (profile != NULL)
    *profile = g_strdup (words[2]);
  return TRUE;
}

/**
 * pf_shortcut_describe_command:
 *
 * Returns: (transfer full): what it does, for people and for the desktop's settings
 */
char *
pf_shortcut_describe_command (const char *command)
{
  if (g_str_equal (command, TOGGLE))
    return g_strdup (_ ("Portferry: switch back and forth"));
  if (g_str_equal (command, HOME))
    return g_strdup (_ ("Portferry: bring everything home"));
  if (g_str_has_prefix (command, SWITCH))
    return g_strdup_printf (_ ("Portferry: switch to %s"), command + strlen (SWITCH));
  return g_strdup (command);
}

/**
 * pf_shortcut_describe_lines:
 *
 * Returns: (transfer full): the lines to copy for those that keep their key combinations in a file, each
 * under a comment with its name. They act when the key comes up: on Wayland no program can know that it is
 * down, and one that is lent with a key down leaves it down here.
 */
char *
pf_shortcut_describe_lines (const PfAccel *accel, const char *command)
{
  g_autofree char *sway = pf_accel_to_sway (accel);
  g_autofree char *hyprland = pf_accel_to_hyprland (accel);

  return g_strdup_printf ("# i3 (~/.config/i3/config)\n"
                          "bindsym --release %s exec --no-startup-id %s\n"
                          "# sway (~/.config/sway/config)\n"
                          "bindsym --release %s exec %s\n"
                          "# Hyprland (~/.config/hypr/hyprland.conf)\n"
                          "bindr = %s, exec, %s\n"
                          "# xbindkeys (~/.xbindkeysrc)\n"
                          "\"%s\"\n  %s\n",
                          sway, command, sway, command, hyprland, command, command, sway);
}
