/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-shortcut-gsettings.h"

/* mate-settings-daemon looks at everything below one path; there is no list. */

#define KEYBINDING "org.mate.control-center.keybinding"

static const char *const desktops[] = { "MATE", NULL };
static const char *const others[]
    = { "org.mate.Marco.global-keybindings", "org.mate.Marco.window-keybindings",
        "org.mate.Marco.keybinding-commands", "org.mate.SettingsDaemon.plugins.media-keys", NULL };

static const PfShortcutStore store = {
  .item_schema = KEYBINDING,
  .base = "/org/mate/desktop/keybindings/",
  .command_key = "action",
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

const PfShortcutBackend pf_shortcut_mate = {
  .id = "mate",
  .label = "MATE",
  .desktops = desktops,
  .schema = KEYBINDING,
  .read = read_entries,
  .set = set,
  .remove = remove_entry,
};
