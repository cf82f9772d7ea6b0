/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-shortcut-gsettings.h"

/* gnome-settings-daemon reads the list of paths, and what is at each. */

#define MEDIA_KEYS "org.gnome.settings-daemon.plugins.media-keys"

static const char *const desktops[] = { "GNOME", "GNOME-Classic", "Unity", "Budgie", "Pantheon", NULL };
static const char *const others[] = { MEDIA_KEYS,
                                      "org.gnome.desktop.wm.keybindings",
                                      "org.gnome.shell.keybindings",
                                      "org.gnome.mutter.keybindings",
                                      "org.gnome.mutter.wayland.keybindings",
                                      NULL };

static const PfShortcutStore store = {
  .list_schema = MEDIA_KEYS,
  .list_key = "custom-keybindings",
  .lists_paths = TRUE,
  .item_schema = MEDIA_KEYS ".custom-keybinding",
  .base = "/org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/",
  .command_key = "command",
  .others = others,
};

static GPtrArray *
read_entries (GPtrArray *answers)
{
  return pf_shortcut_gsettings_read (&store);
}

static GPtrArray *
set (GPtrArray *answers, const PfAccel *accel, const char *command, const char *label, GError **error)
{
  return pf_shortcut_gsettings_set (&store, accel, command, label, error) ? pf_shortcut_calls_new () : NULL;
}

static GPtrArray *
remove_entry (const PfShortcutEntry *entry)
{
  pf_shortcut_gsettings_remove (&store, entry);
  return pf_shortcut_calls_new ();
}

const PfShortcutBackend pf_shortcut_gnome = {
  .id = "gnome",
  .label = "GNOME",
  .desktops = desktops,
  .schema = MEDIA_KEYS,
  .read = read_entries,
  .set = set,
  .remove = remove_entry,
};
