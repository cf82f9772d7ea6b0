/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-shortcut-gsettings.h"

/* Cinnamon reads the list of names, and what is below each; a key combination there is a list, too. */

#define KEYBINDINGS "org.cinnamon.desktop.keybindings"

static const char *const desktops[] = { "X-Cinnamon", "Cinnamon", NULL };
static const char *const others[] = { KEYBINDINGS, KEYBINDINGS ".wm", KEYBINDINGS ".media-keys", NULL };

static const PfShortcutStore store = {
  .list_schema = KEYBINDINGS,
  .list_key = "custom-list",
  .item_schema = KEYBINDINGS ".custom-keybinding",
  .base = "/org/cinnamon/desktop/keybindings/custom-keybindings/",
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

const PfShortcutBackend pf_shortcut_cinnamon = {
  .id = "cinnamon",
  .label = "Cinnamon",
  .desktops = desktops,
  .schema = KEYBINDINGS,
  .read = read_entries,
  .set = set,
  .remove = remove_entry,
};
